// What brokers tell of executions beside the reports of fills: fees told later, corrections, and what no report told of.
import type { EpochMs, Fill } from '@bookrunner/sdk';
import type { ExecutionEvent } from '../kernel/event.js';
import type { SideAccounts } from './side-accounts.js';
import type { SideFill, SideOrder } from './side-ledger.js';

/** The order that an execution is of, if it is one of ours. */
type OrderOfFill = (fill: Fill, at: EpochMs) => SideOrder | undefined;

type Fee = Pick<SideFill, 'fee' | 'feeCurrency'>;

/** What {@link SideExecutions} is made from. */
interface SideExecutionsParts {
  readonly accounts: SideAccounts;
  /** The order that an execution is of, where this side knows it by now. */
  readonly liveOf: (orderId: string) => SideOrder | undefined;
  /** Called with the units by which what an order has filled changes. */
  readonly onFilled: (order: SideOrder, units: number) => void;
}

/** An execution that a venue tells of, and when. */
interface ToldExecution {
  readonly fill: Fill;
  readonly venue: string;
  readonly at: EpochMs;
}

/** Executions of one side by account and id, as the books have them, and as they are known in the end. */
export class SideExecutions {
  /** The order of each, and its fill; taken back where it has none. */
  readonly #known = new Map<string, { readonly order: SideOrder; readonly fill: SideFill | undefined }>();
  readonly #earlyFees = new Map<string, Fee>();
  readonly #parts: SideExecutionsParts;

  constructor(parts: SideExecutionsParts) {
    this.#parts = parts;
  }

  /** A fill of an order, unless it was told before. */
  add(order: SideOrder, fill: SideFill, executionId: string): void {
    const key = keyOf(this.#parts.accounts.of(order.book), executionId);
    if (executionId !== '' && this.#known.has(key)) return;
    const early = this.#earlyFees.get(key);
    this.#earlyFees.delete(key);
    // NaN: it is told later.
    const told = { ...fill, fee: Number.isNaN(fill.fee) ? 0 : fill.fee, ...early };
    order.fills.push(told);
    order.moves?.push({ ts: told.ts, qty: told.qty });
    if (executionId !== '') this.#known.set(key, { order, fill: told });
    this.#parts.onFilled(order, told.qty);
  }

  /** What a broker says of one by itself; `orderOf` tells whose it is, where that is known. */
  change({ change, execution, account, venue, at }: ExecutionEvent, orderOf: OrderOfFill): void {
    const { fee, feeCurrency } = execution;
    const told = { fill: { ...execution, account }, venue, at };
    const key = this.#keyOf(told);
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
        if (known === undefined) return this.show(told, orderOf);
        return this.#put(key, known.order, {
          at,
          fill: {
            ...{ ts: at, fee: 0, feeCurrency, ...known.fill, qty: execution.qty, price: execution.price },
            ...(Number.isNaN(fee) ? {} : { fee, feeCurrency }),
          },
        });
      case 'fill':
        return this.show(told, orderOf);
    }
  }

  /** One that a snapshot shows: news where no report told of it, or of its fee. */
  show(told: ToldExecution, orderOf: OrderOfFill): void {
    const { fill, at } = told;
    const { executionId, qty, price, fee, feeCurrency } = fill;
    const key = this.#keyOf(told);
    const known = this.#known.get(key);
    if (known === undefined) {
      const order = orderOf(fill, at);
      if (order !== undefined) this.add(order, { ts: at, qty, price, fee, feeCurrency }, executionId);
      return;
    }
    const isFeeNew = known.fill?.fee === 0 && Number.isFinite(fee) && fee !== 0;
    if (isFeeNew) this.#put(key, known.order, { at, fill: { ...known.fill, fee, feeCurrency } });
  }

  /**
   * Its account is that of its order, as of a fill's report, which names no other; else as told; a broker of several accounts may tell
   * none: then it is the one there that knows it, or the only one.
   */
  #keyOf({ fill: { account = '', executionId, orderId }, venue }: ToldExecution): string {
    const { accounts, liveOf } = this.#parts;
    const order = liveOf(orderId);
    if (order !== undefined) return keyOf(accounts.of(order.book), executionId);
    const candidates = (account === '' ? accounts.at(venue) : [account]).map((name) => keyOf(name, executionId));
    const known = candidates.filter((key) => this.#known.has(key));
    return [known, candidates].find((keys) => keys.length === 1)?.[0] ?? keyOf('', executionId);
  }

  #put(key: string, order: SideOrder, { at, fill }: { at: EpochMs; fill: SideFill | undefined }): void {
    const before = this.#known.get(key)?.fill;
    const place = before === undefined ? order.fills.length : order.fills.indexOf(before);
    order.fills.splice(place, 1, ...(fill === undefined ? [] : [fill]));
    this.#known.set(key, { order, fill });
    const qty = (fill?.qty ?? 0) - (before?.qty ?? 0);
    if (qty !== 0) order.moves?.push({ ts: at, qty });
    this.#parts.onFilled(order, qty);
  }
}

function keyOf(account: string, executionId: string): string {
  return `${account}\u0000${executionId}`;
}
