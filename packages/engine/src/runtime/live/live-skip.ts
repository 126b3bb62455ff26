import { type BarColumns, BarSchedule, type EpochMs, type MarketCalendar } from '@bookrunner/sdk';

/** Looks whether ready bars of one stream follow each other. */
export class SkipWatch {
  readonly #calendar: MarketCalendar;
  readonly #schedule: BarSchedule | undefined;

  constructor(calendar: MarketCalendar, barMs: number) {
    this.#calendar = calendar;
    this.#schedule = Number.isFinite(barMs) ? new BarSchedule(calendar, barMs) : undefined;
  }

  /** Whether a whole bar of the open market lies between two bars that start at these instants. */
  hasSkipped(before: EpochMs, ts: EpochMs): boolean {
    const { validFrom, validTo } = this.#calendar;
    if (this.#schedule === undefined || !(before >= validFrom) || !(ts < validTo)) return false;
    const end = this.#schedule.nextEnd(before);
    return end < ts && this.#schedule.nextEnd(end) <= ts;
  }
}

/** The rows of columns from one on; the columns are shared. */
export function barsFrom(columns: BarColumns, row: number): BarColumns {
  const from = (column: Float64Array): Float64Array => column.subarray(row, columns.length);
  const { open, high, low, close, volume, endTs, nTicks, vwap } = columns;
  return {
    ...{ symbol: columns.symbol, length: columns.length - row, ts: from(columns.ts) },
    ...{ open: from(open), high: from(high), low: from(low), close: from(close), volume: from(volume) },
    ...(endTs === undefined ? {} : { endTs: from(endTs) }),
    ...(nTicks === undefined ? {} : { nTicks: from(nTicks) }),
    ...(vwap === undefined ? {} : { vwap: from(vwap) }),
  };
}
