// New York Stock Exchange and Nasdaq: holidays, early closes and special closures, 2000 to 2027. Both kept the same days.
//
// Rules after NYSE Rule 7.2 and the exchange's holiday schedule (nyse.com/markets/hours-calendars). The opening at noon of 2002-09-11:
// Variety, "Market's mourning session", variety.com/2002/scene/markets-festivals/market-s-mourning-session-1117872664, seen 2026-11;
// taken for both exchanges.
// Days compared 2026-11 with the Python packages exchange_calendars 4.13.2 and pandas_market_calendars 5.5.0; see ADR-0005.
// Not covered: halts inside a day (circuit breakers, outages) and openings or closes moved by a few minutes.
import { DATA_VERSION, FIRST_YEAR, LAST_YEAR, minutes, mondayToFriday, noExceptions } from '../calendar-rules.js';
import type { CalendarRules, DayExceptions } from '../calendar-rules.js';
import { MONDAY, THURSDAY, civilDay, civilDayOf, weekdayOf } from '../civil-day.js';
import type { CivilDay } from '../civil-day.js';
import {
  addDays,
  during,
  easter,
  fixed,
  holidaysOf,
  lastWeekday,
  nearestWeekday,
  nthWeekday,
  observed,
  sundayToMonday,
} from '../holiday-rules.js';

/** Holidays that United States exchanges share, by name, so that the futures calendar can treat them one by one. */
export const US_HOLIDAYS = {
  // A New Year's Day on Saturday is not made up for: the books of the year close on that Friday.
  newYear: observed(fixed(1, 1), sundayToMonday),
  martinLutherKing: nthWeekday(1, MONDAY, 3),
  presidents: nthWeekday(2, MONDAY, 3),
  goodFriday: easter(-2),
  memorial: lastWeekday(5, MONDAY),
  juneteenth: during(observed(fixed(6, 19), nearestWeekday), 2022),
  independence: observed(fixed(7, 4), nearestWeekday),
  labor: nthWeekday(9, MONDAY, 1),
  thanksgiving: nthWeekday(11, THURSDAY, 4),
  christmas: observed(fixed(12, 25), nearestWeekday),
} as const;

// Attacks of 2001-09-11; mourning for Reagan, Ford, Bush and Carter; hurricane Sandy.
const SPECIAL_CLOSURES = [
  20010911, 20010912, 20010913, 20010914, 20040611, 20070102, 20121029, 20121030, 20181205, 20250109,
];

// 2002-07-05 took the place of the third of July; 2003-12-26 followed Christmas.
const SPECIAL_EARLY_CLOSES = [20020705, 20031226];

/** Days on which New York closes at 13:00. */
export function newYorkEarlyCloses(): Set<CivilDay> {
  const days = new Set<CivilDay>();
  addDays(days, SPECIAL_EARLY_CLOSES);
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    days.add(nthWeekday(11, THURSDAY, 4)(year)! + 1);
    for (const eve of [civilDay(year, 7, 3), civilDay(year, 12, 24)]) {
      // On a Friday the eve itself is the holiday kept.
      const weekday = weekdayOf(eve);
      if (weekday >= MONDAY && weekday <= THURSDAY) days.add(eve);
    }
  }
  days.delete(civilDayOf(20020703));
  return days;
}

/** Holidays and special closures. */
export function newYorkClosures(): Set<CivilDay> {
  const days = holidaysOf(Object.values(US_HOLIDAYS), FIRST_YEAR, LAST_YEAR);
  addDays(days, SPECIAL_CLOSURES);
  return days;
}

function exceptions(): DayExceptions {
  const result = noExceptions();
  for (const day of newYorkClosures()) result.closed.add(day);
  for (const day of newYorkEarlyCloses()) result.earlyCloses.set(day, minutes(13));
  result.sessions.set(civilDayOf(20020911), [{ open: minutes(12), close: minutes(16) }]);
  return result;
}

function newYorkRules(id: string): CalendarRules {
  const from = civilDay(FIRST_YEAR, 1, 1);
  return {
    id,
    timeZone: 'America/New_York',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(LAST_YEAR, 12, 31),
    hours: [{ since: from, weekdays: mondayToFriday([{ open: minutes(9, 30), close: minutes(16) }]) }],
    exceptions,
  };
}

/** New York Stock Exchange. */
export function xnysRules(): CalendarRules {
  return newYorkRules('XNYS');
}

/** Nasdaq. */
export function xnasRules(): CalendarRules {
  return newYorkRules('XNAS');
}
