/** An instant: milliseconds since 1970-01-01T00:00:00Z, as a plain number. Every `ts` in the API is one. */
export type EpochMs = number;

/** Milliseconds in one second, minute, hour and civil day of 24 hours. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A trading day as the integer YYYYMMDD, for example 20140505. Comparable and printable without a time zone. */
export type TradingDay = number;

/** ISO 8601 text in UTC with milliseconds, for people and files. */
export function formatInstant(ts: EpochMs): string {
  return new Date(ts).toISOString();
}
