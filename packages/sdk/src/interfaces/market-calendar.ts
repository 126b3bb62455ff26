import type { EpochMs, TradingDay } from '../model/time.js';

/**
 * When a market trades. Sessions are continuous trading intervals `[open, close)`; a day with a lunch break has two sessions of
 * one trading day. All methods are binary searches over precomputed sessions.
 * Errors: CALENDAR_OUT_OF_RANGE where the instant, or the session asked for, lies outside `validFrom … validTo`.
 */
export interface MarketCalendar {
  readonly id: string;
  readonly timeZone: string;
  /** First and last instant the data covers. */
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
  /** Version of the holiday data, for example `2026-11`. */
  readonly dataVersion: string;
  /** Whether a session contains the instant: `open <= ts < close`. */
  isOpen(ts: EpochMs): boolean;
  /** Start of the session containing ts; NaN when closed. */
  sessionOpen(ts: EpochMs): EpochMs;
  /** End of the session containing ts; NaN when closed. */
  sessionClose(ts: EpochMs): EpochMs;
  /** First session start at or after ts; ts itself only if a session starts exactly there. */
  nextOpen(ts: EpochMs): EpochMs;
  /** First session end after ts. */
  nextClose(ts: EpochMs): EpochMs;
  /** The trading day of the session containing ts, else of the next session to open. */
  tradingDay(ts: EpochMs): TradingDay;
  /** First open of the trading day that {@link tradingDay} names for ts. */
  dayOpen(ts: EpochMs): EpochMs;
  /** Last close of the trading day that {@link tradingDay} names for ts: when DAY orders and daily limits of that day end. */
  dayClose(ts: EpochMs): EpochMs;
}
