// Executions of one order: each told once, with its commission if that comes in time, and told anew if IB revises it.
import type { Clock, Fill } from '@bookrunner/sdk';
import { exactDecimal } from './exact-decimal.js';
import type { IbExecution, IbFee } from './ib-execution.js';

/** What {@link OrderFills} tells. */
export type FillReport =
  | { readonly kind: 'filled'; readonly fill: Fill; readonly leavesQty: number }
  | { readonly kind: 'corrected'; readonly executionId: string; readonly fill: Fill }
  | { readonly kind: 'commission'; readonly executionId: string; readonly fee: number; readonly feeCurrency: string };

/** What the fills of an order are made with. */
export interface OrderFillsParts {
  readonly clock: Clock;
  /** How long a fill waits for its commission. */
  readonly commissionWaitMs: number;
  readonly quantityDecimals: number;
  /** Ordered now: a replace changes it. NaN where it is not known. */
  readonly qty: () => number;
  readonly describe: (execution: IbExecution, fee: IbFee | undefined) => Fill;
  readonly tell: (report: FillReport) => void;
}

interface Entry {
  execution: IbExecution;
  fee: IbFee | undefined;
  isTold: boolean;
  /** Its commission has been waited for. */
  isDue: boolean;
  stopTimer: () => void;
}

/** In the order in which they came; one that waits for its commission holds back those after it. */
export class OrderFills {
  readonly #parts: OrderFillsParts;
  readonly #entries = new Map<string, Entry>();
  #toldQty = 0;

  constructor(parts: OrderFillsParts) {
    this.#parts = parts;
  }

  /** Units of all executions known, told or not. */
  get qty(): number {
    let qty = 0;
    for (const { execution } of this.#entries.values()) qty = this.exact(qty + execution.qty);
    return qty;
  }

  /** Units of those told. */
  get toldQty(): number {
    return this.#toldQty;
  }

  /** A sum or difference of quantities without what doubles leave in the last bit. NaN stays NaN. */
  exact(qty: number): number {
    return exactDecimal(qty, this.#parts.quantityDecimals);
  }

  get isWaiting(): boolean {
    return [...this.#entries.values()].some(({ isTold }) => !isTold);
  }

  /** A copy of what is known, and a revision older than that, say nothing. */
  add(execution: IbExecution, fee: IbFee | undefined): void {
    const known = this.#entries.get(execution.executionId);
    if (known !== undefined) return this.#revise(known, execution);
    const entry: Entry = { execution, fee, isTold: false, isDue: false, stopTimer: () => undefined };
    this.#entries.set(execution.executionId, entry);
    this.#await(entry);
    this.#drain();
  }

  /** An execution that was booked before this process began: known, and not told. */
  know(execution: IbExecution, fee: IbFee | undefined): void {
    if (this.#entries.has(execution.executionId)) return this.add(execution, fee);
    const entry: Entry = { execution, fee, isTold: true, isDue: true, stopTimer: () => undefined };
    this.#entries.set(execution.executionId, entry);
    this.#toldQty = this.exact(this.#toldQty + execution.qty);
    // Whoever booked it may have booked it as it was first.
    if (execution.revision > 1) this.#correct(entry);
  }

  addFee(fee: IbFee): void {
    const entry = this.#entries.get(fee.executionId);
    if (entry === undefined || (entry.fee?.fee === fee.fee && entry.fee.currency === fee.currency)) return;
    entry.fee = fee;
    if (!entry.isTold) return this.#drain();
    const { executionId, currency: feeCurrency } = fee;
    this.#parts.tell({ kind: 'commission', executionId, fee: fee.fee, feeCurrency });
  }

  /** A fee that a snapshot will show. */
  keepFee(fee: IbFee): void {
    const entry = this.#entries.get(fee.executionId);
    if (entry?.isTold === true) entry.fee = fee;
    else this.addFee(fee);
  }

  /** Nothing is told any more. */
  stop(): void {
    for (const entry of this.#entries.values()) entry.stopTimer();
  }

  #await(entry: Entry): void {
    const { clock, commissionWaitMs } = this.#parts;
    if (commissionWaitMs <= 0) {
      entry.isDue = true;
      return;
    }
    entry.stopTimer = clock.callAt(clock.nowUtc() + commissionWaitMs, () => {
      entry.isDue = true;
      this.#drain();
    });
  }

  #drain(): void {
    for (const entry of this.#entries.values()) {
      if (entry.isTold) continue;
      if (entry.fee === undefined && !entry.isDue) return;
      this.#tell(entry);
    }
  }

  #tell(entry: Entry): void {
    const { describe, tell, qty } = this.#parts;
    entry.isTold = true;
    entry.stopTimer();
    this.#toldQty = this.exact(this.#toldQty + entry.execution.qty);
    const ordered = qty();
    const leaves = Number.isNaN(ordered) ? 0 : Math.max(0, this.exact(ordered - this.#toldQty));
    const fill = describe(entry.execution, entry.fee);
    tell({ kind: 'filled', fill, leavesQty: leaves });
  }

  #revise(entry: Entry, execution: IbExecution): void {
    const { execution: known } = entry;
    const isSame = known.qty === execution.qty && known.price === execution.price && known.side === execution.side;
    if (execution.revision < known.revision) return;
    entry.execution = execution;
    if (isSame || !entry.isTold) return;
    this.#toldQty = this.exact(this.#toldQty + execution.qty - known.qty);
    this.#correct(entry);
  }

  #correct({ execution, fee }: Entry): void {
    const { describe, tell } = this.#parts;
    tell({ kind: 'corrected', executionId: execution.executionId, fill: describe(execution, fee) });
  }
}
