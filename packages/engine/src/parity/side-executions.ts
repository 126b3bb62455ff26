// What brokers tell of executions beside the reports of fills: fees told later, corrections, and what no report told of.
import type { EpochMs, Fill } from '@bookrunner/sdk';
import type { ExecutionEvent } from '../kernel/event.js';
import type { SideFill, SideOrder } from './side-ledger.js';

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
    if (executionId !== '') this.#known.set(key, { order, fill: told });
    this.#onFilled(order, told.qty);
  }

  /** What a broker says of one by itself; `order` is whose it is, where it is known. */
  change({ change, execution, at }: ExecutionEvent, order: SideOrder | undefined): void {
    const { executionId, symbol, fee, feeCurrency } = execution;
    const key = keyOf(symbol, executionId);
    const known = this.#known.get(key);
    switch (change) {
      case 'commission':
        if (known === undefined) this.#earlyFees.set(key, { fee, feeCurrency });
        else if (known.fill !== undefined) this.#put(key, known.order, { ...known.fill, fee, feeCurrency });
        return;
      case 'busted':
        if (known !== undefined) this.#put(key, known.order, undefined);
        return;
      case 'corrected':
        if (known === undefined) return this.show(execution, at, order);
        return this.#put(key, known.order, {
          ...{ ts: at, fee: 0, feeCurrency, ...known.fill, qty: execution.qty, price: execution.price },
          ...(Number.isNaN(fee) ? {} : { fee, feeCurrency }),
        });
      case 'fill':
        return this.show(execution, at, order);
    }
  }

  /** One that a snapshot shows: news where no report told of it, or of its fee. */
  show({ executionId, symbol, qty, price, fee, feeCurrency }: Fill, at: EpochMs, order: SideOrder | undefined): void {
    const key = keyOf(symbol, executionId);
    const known = this.#known.get(key);
    if (known === undefined) {
      if (order !== undefined) this.add(order, { ts: at, qty, price, fee, feeCurrency }, executionId);
      return;
    }
    const isFeeNew = known.fill?.fee === 0 && Number.isFinite(fee) && fee !== 0;
    if (isFeeNew) this.#put(key, known.order, { ...known.fill, fee, feeCurrency });
  }

  #put(key: string, order: SideOrder, fill: SideFill | undefined): void {
    const before = this.#known.get(key)?.fill;
    const place = before === undefined ? order.fills.length : order.fills.indexOf(before);
    order.fills.splice(place, 1, ...(fill === undefined ? [] : [fill]));
    this.#known.set(key, { order, fill });
    this.#onFilled(order, (fill?.qty ?? 0) - (before?.qty ?? 0));
  }
}

function keyOf(symbol: string, executionId: string): string {
  return `${symbol}\u0000${executionId}`;
}
