// The grammar of holiday data: rules that name one civil day per year, and what happens when that day is on a weekend.
import { SATURDAY, SUNDAY, civilDay, civilDayOf, weekdayOf } from './civil-day.js';
import type { CivilDay } from './civil-day.js';
import type { TradingDay } from '../model/time.js';

/** Names the day of a holiday in a year; undefined where it is not kept that year. */
export type HolidayRule = (year: number) => CivilDay | undefined;

/** The same date every year. */
export function fixed(month: number, day: number): HolidayRule {
  return (year) => civilDay(year, month, day);
}

/** The n-th given weekday of a month, n from 1. */
export function nthWeekday(month: number, weekday: number, n: number): HolidayRule {
  return (year) => {
    const first = civilDay(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7;
  };
}

/** The last given weekday of a month. */
export function lastWeekday(month: number, weekday: number): HolidayRule {
  return (year) => {
    const last = civilDay(year, month + 1, 1) - 1;
    return last - ((weekdayOf(last) - weekday + 7) % 7);
  };
}

/** Days after Easter Sunday of the western church: -2 is Good Friday, 1 Easter Monday. Source: the anonymous Gregorian computus. */
export function easter(offset: number): HolidayRule {
  return (year) => {
    const golden = year % 19;
    const century = Math.floor(year / 100);
    const yearOfCentury = year % 100;
    const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
    const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
    const sunday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
    const shift = Math.floor((golden + 11 * epact + 22 * sunday) / 451);
    const days = epact + sunday - 7 * shift + 114;
    return civilDay(year, Math.floor(days / 31), (days % 31) + 1) + offset;
  };
}

/** The rule from a year on, and until a year where given; both inclusive. */
export function during(rule: HolidayRule, fromYear: number, toYear = Number.POSITIVE_INFINITY): HolidayRule {
  return (year) => (year >= fromYear && year <= toYear ? rule(year) : undefined);
}

/** The rule in all years but those given. */
export function except(rule: HolidayRule, ...years: readonly number[]): HolidayRule {
  return (year) => (years.includes(year) ? undefined : rule(year));
}

/** Where a holiday on a weekend is kept instead. */
export type Observance = (day: CivilDay) => CivilDay;

/** The rule with weekends moved. */
export function observed(rule: HolidayRule, observance: Observance): HolidayRule {
  return (year) => {
    const day = rule(year);
    return day === undefined ? undefined : observance(day);
  };
}

/** Saturday is kept on Friday, Sunday on Monday. */
export function nearestWeekday(day: CivilDay): CivilDay {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day + 1 : day;
}

/** Sunday is kept on Monday; Saturday is not made up for. */
export function sundayToMonday(day: CivilDay): CivilDay {
  return weekdayOf(day) === SUNDAY ? day + 1 : day;
}

/** Saturday and Sunday are kept on Monday. */
export function weekendToMonday(day: CivilDay): CivilDay {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day + 2;
  return weekday === SUNDAY ? day + 1 : day;
}

/** The latest weekday at or before a day. */
export function weekdayAtOrBefore(day: CivilDay): CivilDay {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day - 2 : day;
}

/** The first day at or after `day` that is not taken. */
export function nextFreeDay(day: CivilDay, isTaken: (day: CivilDay) => boolean): CivilDay {
  let candidate = day;
  while (isTaken(candidate)) candidate += 1;
  return candidate;
}

/** Every day that the rules name from the first to the last year. */
export function holidaysOf(rules: readonly HolidayRule[], fromYear: number, toYear: number): Set<CivilDay> {
  const days = new Set<CivilDay>();
  for (let year = fromYear; year <= toYear; year += 1) {
    for (const rule of rules) {
      const day = rule(year);
      if (day !== undefined) days.add(day);
    }
  }
  return days;
}

/** Adds days given as YYYYMMDD. */
export function addDays(days: Set<CivilDay>, list: readonly TradingDay[]): void {
  for (const day of list) days.add(civilDayOf(day));
}
