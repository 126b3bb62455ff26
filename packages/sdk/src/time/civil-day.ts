// Dates without a time zone, as whole days since 1970-01-01 of the proleptic Gregorian calendar. No Date objects, no allocation.
import type { TradingDay } from '../model/time.js';

/** A civil date as days since 1970-01-01; the local calendar of the market, no time zone in it. */
export type CivilDay = number;

export const SUNDAY = 0;
export const MONDAY = 1;
export const TUESDAY = 2;
export const WEDNESDAY = 3;
export const THURSDAY = 4;
export const FRIDAY = 5;
export const SATURDAY = 6;

const DAYS_PER_ERA = 146_097;
// Days from 0000-03-01, where an era of 400 years starts, to 1970-01-01.
const EPOCH_SHIFT = 719_468;

/** The civil day of a year, month 1 to 12 and day of the month; days past the end of the month roll over. */
export function civilDay(year: number, month: number, day: number): CivilDay {
  // Years start in March here, so that the leap day is the last day of a year.
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_SHIFT;
}

/** The civil day as YYYYMMDD. */
export function tradingDayOf(day: CivilDay): TradingDay {
  const shifted = day + EPOCH_SHIFT;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 10_000 + month * 100 + dayOfMonth;
}

/** The civil day of a YYYYMMDD number. */
export function civilDayOf(day: TradingDay): CivilDay {
  return civilDay(Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100);
}

/** Day of the week, 0 Sunday to 6 Saturday. */
export function weekdayOf(day: CivilDay): number {
  // 1970-01-01 was a Thursday.
  return (((day + THURSDAY) % 7) + 7) % 7;
}

/** Whether the day is a Saturday or a Sunday. */
export function isWeekend(day: CivilDay): boolean {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY || weekday === SUNDAY;
}

/** The civil day of `YYYY-MM-DD` text; undefined where the text is not a date of the calendar. */
export function parseCivilDay(text: string): CivilDay | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const digits = Number(match[1]) * 10_000 + Number(match[2]) * 100 + Number(match[3]);
  const month = Number(match[2]);
  if (month < 1 || month > 12) return undefined;
  const day = civilDayOf(digits);
  return tradingDayOf(day) === digits ? day : undefined;
}

/** The civil day as `YYYY-MM-DD`. */
export function formatCivilDay(day: CivilDay): string {
  const digits = String(tradingDayOf(day)).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
