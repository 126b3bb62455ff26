import { DAY_MS, type EpochMs } from '@bookrunner/sdk';
import { instantText } from '../../instant-text.js';
import type { BarColumns, BarSpec, HistoryBlock } from '@bookrunner/sdk';
import { BlockBuilder } from './block-builder.js';
import type { BlockBuilderOptions } from './block-builder.js';
import { unitHint } from '../time/unit-hint.js';
import { ROW_FAULT } from './row-fault.js';
import type { RowFault } from './row-fault.js';

/** Columns of bars in slot order. */
export const BAR_COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume', 'endTs', 'nTicks', 'vwap'] as const;

const [OPEN, HIGH, LOW, CLOSE, VOLUME, END_TS, N_TICKS, VWAP] = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/**
 * Blocks of bars. A good bar has a time after the one before it, four prices above zero (unless allowed otherwise) with open and
 * close inside low … high, a volume of zero or more, and an end after its start or not known. Without a volume column the volume is 0.
 * Bars below a day start when the one before has ended; days do not, where clocks change.
 */
export class BarBlockBuilder extends BlockBuilder {
  readonly spec: BarSpec;
  readonly #has: readonly boolean[];
  // Whether end, tick count or average have to be looked at at all.
  private readonly hasMore: boolean;
  /** Length of bars below a day in ms; 0 for others. */
  readonly #lengthMs: number;
  /** Milliseconds from a start on in which no bar starts, whatever ends there are. */
  private readonly apartMs: number;
  /** End of the last good row that said it; a row after it may not have. NaN before the first. */
  private saidEnd: EpochMs = Number.NaN;

  constructor(spec: BarSpec, options: BlockBuilderOptions) {
    const has = BAR_COLUMNS.map((name) => options.present.includes(name));
    super(
      has.map((isPresent, slot) => slot <= VOLUME || isPresent),
      options,
    );
    this.spec = spec;
    this.#has = has;
    const lengthMs = Number(spec.options['seconds']) * 1_000;
    this.#lengthMs = lengthMs < DAY_MS ? lengthMs : 0;
    this.apartMs = has[END_TS] === true ? 1 : Math.max(this.#lengthMs, 1);
    this.hasMore = has[END_TS] === true || has[N_TICKS] === true || has[VWAP] === true;
  }

  protected override judge(row: number): RowFault {
    // The six columns that every bar has are the first, so they lie a block apart. `| 0`: no place is checked for overflow.
    const { values, blockRows } = this;
    const ts = Math.floor(values[row]!);
    values[row] = ts;
    const open = values[(row + OPEN * blockRows) | 0]!;
    const high = values[(row + HIGH * blockRows) | 0]!;
    const low = values[(row + LOW * blockRows) | 0]!;
    const close = values[(row + CLOSE * blockRows) | 0]!;
    const volume = values[(row + VOLUME * blockRows) | 0]!;
    const isSound = open <= high && open >= low && close <= high && close >= low && volume >= 0 && volume < Infinity;
    // Comparisons with NaN are false, so a missing value takes the long way; so does an infinite one.
    if (
      isSound &&
      low > 0 &&
      high < Infinity &&
      !(ts < this.previousTs + this.apartMs) &&
      ts < Infinity &&
      !this.hasMore
    ) {
      return ROW_FAULT.none;
    }
    return this.#judgeSlowly(row, ts);
  }

  #judgeSlowly(row: number, ts: number): RowFault {
    const fault = this.#fault(row, ts);
    if (fault === ROW_FAULT.none && this.#has[END_TS] === true) this.saidEnd = this.columns[END_TS]![row]!;
    return fault;
  }

  override follow(builder: BlockBuilder): void {
    super.follow(builder);
    if (builder instanceof BarBlockBuilder) this.saidEnd = builder.saidEnd;
  }

  /** When the last good bar below a day ended, as it said or by its length; NaN before the first, and of days. */
  get #previousEnd(): EpochMs {
    if (this.#lengthMs === 0) return Number.NaN;
    return this.saidEnd > this.previousTs ? this.saidEnd : this.previousTs + this.#lengthMs;
  }

  #fault(row: number, ts: number): RowFault {
    const values = this.columns.map((column) => column[row]!);
    const [open, high, low, close] = [values[OPEN]!, values[HIGH]!, values[LOW]!, values[CLOSE]!];
    const faultOfTime = this.#faultOfTime(ts);
    if (faultOfTime !== ROW_FAULT.none) return faultOfTime;
    if (![open, high, low, close].every((price) => Number.isFinite(price))) return ROW_FAULT.priceMissing;
    if (!this.allowNonPositive && Math.min(open, high, low, close) <= 0) return ROW_FAULT.priceNotPositive;
    if (high < low) return ROW_FAULT.highBelowLow;
    if (Math.max(open, close) > high || Math.min(open, close) < low) return ROW_FAULT.outsideHighLow;
    if (!(values[VOLUME]! >= 0) || values[VOLUME] === Infinity) return ROW_FAULT.volume;
    return this.#faultOfMore(values);
  }

  #faultOfTime(ts: number): RowFault {
    if (!Number.isFinite(ts)) return ROW_FAULT.timeFormat;
    if (ts < this.previousTs) return ROW_FAULT.timeBackwards;
    if (ts === this.previousTs) return ROW_FAULT.timeDuplicate;
    return ts < this.#previousEnd ? ROW_FAULT.barOverlap : ROW_FAULT.none;
  }

  #faultOfMore(values: readonly number[]): RowFault {
    // Comparisons with NaN are false, so an end that is not known is none of these.
    if (this.#has[END_TS] === true && (values[END_TS]! <= values[0]! || values[END_TS] === Infinity))
      return ROW_FAULT.barEnd;
    if (this.#has[N_TICKS] === true && (values[N_TICKS]! < 0 || values[N_TICKS] === Infinity)) return ROW_FAULT.size;
    const vwap = values[VWAP]!;
    if (this.#has[VWAP] === true && (Math.abs(vwap) === Infinity || (vwap <= 0 && !this.allowNonPositive))) {
      return ROW_FAULT.priceNotPositive;
    }
    return ROW_FAULT.none;
  }

  override describe(fault: RowFault): string {
    const at = (slot: number): number => this.columns[slot]![this.row]!;
    const [open, high, low, close] = [at(OPEN), at(HIGH), at(LOW), at(CLOSE)];
    const ts = at(0);
    switch (fault) {
      case ROW_FAULT.timeBackwards:
        return `time ${instantText(ts)} is before the bar above it (${instantText(this.previousTs)})${asked(ts)}`;
      case ROW_FAULT.timeDuplicate:
        return `time ${instantText(ts)} repeats the bar above it${asked(ts)}`;
      case ROW_FAULT.priceMissing:
        return `a price is missing or not a finite number: open ${open}, high ${high}, low ${low}, close ${close}`;
      case ROW_FAULT.priceNotPositive:
        return `a price is not above zero: open ${open}, high ${high}, low ${low}, close ${close}`;
      case ROW_FAULT.highBelowLow:
        return `high ${high} is below low ${low}`;
      case ROW_FAULT.outsideHighLow:
        return `open ${open} or close ${close} is outside low ${low} to high ${high}`;
      case ROW_FAULT.volume:
        return `volume has to be a finite number of zero or more; it is ${at(VOLUME)}`;
      case ROW_FAULT.barEnd:
        return `end ${instantText(at(END_TS))} is not after the start ${instantText(ts)}`;
      case ROW_FAULT.barOverlap:
        return `time ${instantText(ts)} is before the bar above it has ended (${instantText(this.#previousEnd)})${asked(ts, 'are timeframe, time and endTs those of the file?')}`;
      case ROW_FAULT.size:
        return 'the number of ticks is below zero or infinite';
      default:
        return 'the time is not a finite number';
    }
  }

  protected override block(length: number): HistoryBlock {
    const column = (slot: number): Float64Array => this.columns[slot]!.subarray(0, length);
    const columns: BarColumns = {
      symbol: this.symbol,
      length,
      ts: column(0),
      open: column(OPEN),
      high: column(HIGH),
      low: column(LOW),
      close: column(CLOSE),
      volume: column(VOLUME),
      ...(this.#has[END_TS] === true ? { endTs: column(END_TS) } : {}),
      ...(this.#has[N_TICKS] === true ? { nTicks: column(N_TICKS) } : {}),
      ...(this.#has[VWAP] === true ? { vwap: column(VWAP) } : {}),
    };
    return { kind: 'bars', columns, spec: this.spec };
  }
}

/** What may be wrong with all times rather than with this one. */
function asked(ts: EpochMs, otherwise?: string): string {
  const question = unitHint(ts) ?? otherwise;
  return question === undefined ? '' : `: ${question}`;
}
