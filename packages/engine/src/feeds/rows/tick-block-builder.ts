import type { HistoryBlock, TickColumns } from '@bookrunner/sdk';
import { instantText } from '../../instant-text.js';
import { BlockBuilder } from './block-builder.js';
import type { BlockBuilderOptions } from './block-builder.js';
import { ROW_FAULT } from './row-fault.js';
import type { RowFault } from './row-fault.js';

/** Columns of ticks in slot order. */
export const TICK_COLUMNS = ['ts', 'bid', 'ask', 'last', 'bidSize', 'askSize', 'size', 'recvTs'] as const;

const [BID, ASK, LAST, RECV_TS] = [1, 2, 3, 7] as const;

type TickColumnName = (typeof TICK_COLUMNS)[number];

/**
 * Blocks of ticks. A good tick has a time (and a receive time, where there is one) not before that of the tick above it, at least
 * one price, every known price above zero and finite, the bid not above the ask (both unless allowed otherwise) and no negative
 * size. Several ticks at one time are good and keep their order.
 */
export class TickBlockBuilder extends BlockBuilder {
  readonly #present: readonly number[];
  readonly #has: readonly boolean[];
  #previousRecvTs = Number.NaN;

  constructor(options: BlockBuilderOptions) {
    const has = TICK_COLUMNS.map((name) => options.present.includes(name));
    super(
      has.map((isPresent, slot) => slot === 0 || isPresent),
      options,
    );
    this.#has = has;
    this.#present = TICK_COLUMNS.flatMap((_, slot) => (slot > 0 && has[slot] === true ? [slot] : []));
  }

  override follow(builder: BlockBuilder): void {
    super.follow(builder);
    // Whatever the rows before were ordered by orders these.
    if (builder instanceof TickBlockBuilder && builder.#has[RECV_TS] === true)
      this.previousTs = builder.#previousRecvTs;
    this.#previousRecvTs = this.previousTs;
  }

  protected override judge(row: number): RowFault {
    const times = this.columns[0]!;
    const ts = Math.floor(times[row]!);
    times[row] = ts;
    if (!(ts > -Infinity && ts < Infinity)) return ROW_FAULT.timeFormat;
    let hasPrice = false;
    for (const slot of this.#present) {
      const value = this.columns[slot]![row]!;
      if (value !== value) continue;
      const fault = this.#faultOfValue(slot, value);
      if (fault !== ROW_FAULT.none) return fault;
      hasPrice ||= slot <= LAST;
    }
    if (!hasPrice) return ROW_FAULT.priceMissing;
    if (!this.allowCrossed && this.#value(BID, row) > this.#value(ASK, row)) return ROW_FAULT.crossed;
    return this.#faultOfTime(ts, row);
  }

  #faultOfValue(slot: number, value: number): RowFault {
    if (slot === RECV_TS) return Math.abs(value) < Infinity ? ROW_FAULT.none : ROW_FAULT.timeFormat;
    if (slot > LAST) return value >= 0 && value < Infinity ? ROW_FAULT.none : ROW_FAULT.size;
    const isSound = (value > 0 || this.allowNonPositive) && Math.abs(value) < Infinity;
    return isSound ? ROW_FAULT.none : ROW_FAULT.priceNotPositive;
  }

  // Delivery ascends by the time of availability, so where receive times are known they must ascend as well.
  #faultOfTime(ts: number, row: number): RowFault {
    if (this.#has[RECV_TS] !== true) return ts < this.previousTs ? ROW_FAULT.timeBackwards : ROW_FAULT.none;
    const times = this.columns[RECV_TS]!;
    const recvTs = Math.floor(times[row]!);
    const available = recvTs === recvTs ? recvTs : ts;
    if (available < this.#previousRecvTs) return ROW_FAULT.timeBackwards;
    times[row] = recvTs;
    this.#previousRecvTs = available;
    return ROW_FAULT.none;
  }

  protected override availableAt(row: number, ts: number): number {
    const recvTs = this.#value(RECV_TS, row);
    return Number.isNaN(recvTs) ? ts : recvTs;
  }

  #value(slot: number, row: number): number {
    return this.#has[slot] === true ? this.columns[slot]![row]! : Number.NaN;
  }

  override describe(fault: RowFault): string {
    const value = (slot: number): number => this.#value(slot, this.row);
    const ts = this.columns[0]![this.row]!;
    switch (fault) {
      case ROW_FAULT.timeBackwards:
        return this.#has[RECV_TS] === true
          ? `it was available at ${instantText(value(RECV_TS))}, before the tick above it (${instantText(this.#previousRecvTs)})`
          : `time ${instantText(ts)} is before the tick above it (${instantText(this.previousTs)})`;
      case ROW_FAULT.priceMissing:
        return 'it has neither bid nor ask nor last';
      case ROW_FAULT.priceNotPositive:
        return `a price is not above zero: bid ${value(BID)}, ask ${value(ASK)}, last ${value(LAST)}`;
      case ROW_FAULT.crossed:
        return `bid ${value(BID)} is above ask ${value(ASK)}`;
      case ROW_FAULT.size:
        return 'a size is below zero or infinite';
      default:
        return 'the time is not a finite number';
    }
  }

  protected override block(length: number): HistoryBlock {
    const columns: Partial<Record<TickColumnName, Float64Array>> = {};
    for (const [slot, name] of TICK_COLUMNS.entries()) {
      if (this.#has[slot] === true) columns[name] = this.columns[slot]!.subarray(0, length);
    }
    return {
      kind: 'ticks',
      columns: {
        symbol: this.symbol,
        length,
        ...columns,
        ts: this.columns[0]!.subarray(0, length),
      } satisfies TickColumns,
    };
  }
}
