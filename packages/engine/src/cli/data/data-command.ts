// What the functions behind `bookrunner data …` share. They take parsed options, tell a reporter how far they are, and answer plain
// JSON; nothing here prints.
import type { Instrument, MarketCalendar, RejectedRow } from '@bookrunner/sdk';

/** How far a long piece of work is. */
export interface DataProgress {
  readonly stage: 'reading' | 'writing' | 'verifying';
  readonly done: number;
  /** Absent where it is not known. */
  readonly total?: number;
  readonly unit: 'bytes' | 'rows' | 'data sets';
}

/** Hears of progress and of rows left out, while the work runs. */
export interface DataReporter {
  progress?(progress: DataProgress): void;
  rejected?(row: RejectedRow): void;
}

/** What the commands need to know of the market. */
export interface DataMarket {
  /** The instrument of a symbol, where engine.yaml declares it. */
  instrument?(symbol: string): Instrument | undefined;
  /** Errors: CALENDAR_UNKNOWN. */
  calendar(id: string): MarketCalendar;
}

/** The calendar of a symbol: the one named, else that of its instrument, else none. */
export function calendarOf(market: DataMarket, symbol: string, named?: string): MarketCalendar | undefined {
  const id = named ?? market.instrument?.(symbol)?.calendar;
  return id === undefined ? undefined : market.calendar(id);
}

/** ISO text of an instant for JSON; null where there is none. */
export function isoOrNull(ts: number): string | null {
  return Number.isFinite(ts) ? new Date(ts).toISOString() : null;
}
