// What brokers tell of executions beside the reports of fills: fees told later, corrections, and what no report told of.
import type { EpochMs, Fill } from '@bookrunner/sdk';
import type { ExecutionEvent } from '../kernel/event.js';
import type { SideFill, SideOrder } from './side-ledger.js';

/** The order that an execution is of, if it is one of ours. */
type OrderOfFill = (fill: Fill, at: EpochMs) => SideOrder | undefined;

type Fee = Pick<SideFill, 'fee' | 'feeCurrency'>;

/** Executions of one side by symbol and id, as they are known in the end. */
export class SideExecutions {
  /** The order of each, and its fill; taken back where it has none. */
  readonly #known = new Map<string, { readonly order: SideOrder; readonly fill: SideFill | undefined }>();
  readonly #earlyFees = new Map<string, Fee>();
  readonly #onFilled: (order: SideOrder, units: number) => void;

  /** `onFilled` is called with the units by which what an order has filled changes. */
  constructor(onFilled: (order: SideOrder, units: number) => void) {
    this.#onFilled = onFilled;
  }

  /** A fill of an order, unless it was told before. */
  add(order: SideOrder, fill: SideFill, executionId: string): void {
    const key = keyOf(order.symbol, executionId);
    if (executionId !== '' && this.#known.has(key)) return;
    const early = this.#earlyFees.get(key);
    this.#earlyFees.delete(key);
    // NaN: it is told later.
    const told = { ...fill, fee: Number.isNaN(fill.fee) ? 0 : fill.fee, ...early };
    order.fills.push(told);
    order.moves?.push({ ts: told.ts, qty: told.qty });
    if (executionId !== '') this.#known.set(key, { order, fill: told });
    this.#onFilled(order, told.qty);
  }

  /** What a broker says of one by itself; `orderOf` tells whose it is, where that is known. */
  change({ change, execution, at }: ExecutionEvent, orderOf: OrderOfFill): void {
    const { executionId, symbol, fee, feeCurrency } = execution;
    const key = keyOf(symbol, executionId);
    const known = this.#known.get(key);
    switch (change) {
      case 'commission':
        if (known === undefined) this.#earlyFees.set(key, { fee, feeCurrency });
        else if (known.fill !== undefined)
          this.#put(key, known.order, { at, fill: { ...known.fill, fee, feeCurrency } });
        return;
      case 'busted':
        if (known !== undefined) this.#put(key, known.order, { at, fill: undefined });
        return;
      case 'corrected':
        if (known === undefined) return this.show(execution, at, orderOf);
        return this.#put(key, known.order, {
          at,
          fill: {
            ...{ ts: at, fee: 0, feeCurrency, ...known.fill, qty: execution.qty, price: execution.price },
            ...(Number.isNaN(fee) ? {} : { fee, feeCurrency }),
          },
        });
      case 'fill':
        return this.show(execution, at, orderOf);
    }
  }

  /** One that a snapshot shows: news where no report told of it, or of its fee. */
  show(fill: Fill, at: EpochMs, orderOf: OrderOfFill): void {
    const { executionId, symbol, qty, price, fee, feeCurrency } = fill;
    const key = keyOf(symbol, executionId);
    const known = this.#known.get(key);
    if (known === undefined) {
      const order = orderOf(fill, at);
      if (order !== undefined) this.add(order, { ts: at, qty, price, fee, feeCurrency }, executionId);
      return;
    }
    const isFeeNew = known.fill?.fee === 0 && Number.isFinite(fee) && fee !== 0;
    if (isFeeNew) this.#put(key, known.order, { at, fill: { ...known.fill, fee, feeCurrency } });
  }

  #put(key: string, order: SideOrder, { at, fill }: { at: EpochMs; fill: SideFill | undefined }): void {
    const before = this.#known.get(key)?.fill;
    const place = before === undefined ? order.fills.length : order.fills.indexOf(before);
    order.fills.splice(place, 1, ...(fill === undefined ? [] : [fill]));
    this.#known.set(key, { order, fill });
    const qty = (fill?.qty ?? 0) - (before?.qty ?? 0);
    if (qty !== 0) order.moves?.push({ ts: at, qty });
    this.#onFilled(order, qty);
  }
}

function keyOf(symbol: string, executionId: string): string {
  return `${symbol}\u0000${executionId}`;
}
