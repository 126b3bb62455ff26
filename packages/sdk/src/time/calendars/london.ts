// London Stock Exchange, 2000 to 2027.
//
// Rules after the bank holidays of England and Wales (gov.uk/bank-holidays) and the exchange's business days.
// Days compared 2026-11 with the Python packages exchange_calendars 4.13.2 and pandas_market_calendars 5.5.0; see ADR-0005.
// Not covered: halts inside a day.
import { DATA_VERSION, FIRST_YEAR, LAST_YEAR, minutes, mondayToFriday, noExceptions } from '../calendar-rules.js';
import type { CalendarRules, DayExceptions } from '../calendar-rules.js';
import { MONDAY, civilDay, isWeekend } from '../civil-day.js';
import type { CivilDay } from '../civil-day.js';
import {
  addDays,
  easter,
  except,
  fixed,
  holidaysOf,
  lastWeekday,
  nextFreeDay,
  nthWeekday,
  observed,
  weekdayAtOrBefore,
  weekendToMonday,
} from '../holiday-rules.js';

const RULES = [
  observed(fixed(1, 1), weekendToMonday),
  easter(-2),
  easter(1),
  // Moved to 8 May in 2020, for the 75th anniversary of VE day.
  except(nthWeekday(5, MONDAY, 1), 2020),
  // Moved into June in the jubilee years.
  except(lastWeekday(5, MONDAY), 2002, 2012, 2022),
  lastWeekday(8, MONDAY),
];

// Golden Jubilee (2002), royal wedding (2011), Diamond Jubilee (2012), VE day (2020), Platinum Jubilee and the Queen's funeral (2022),
// coronation (2023).
const SPECIAL_CLOSURES = [
  20020603, 20020604, 20110429, 20120604, 20120605, 20200508, 20220602, 20220603, 20220919, 20230508,
];

const HALF_DAY_CLOSE = minutes(12, 30);

function exceptions(): DayExceptions {
  const result = noExceptions();
  for (const day of holidaysOf(RULES, FIRST_YEAR, LAST_YEAR)) result.closed.add(day);
  addDays(result.closed, SPECIAL_CLOSURES);
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    addChristmas(result.closed, year);
    result.earlyCloses.set(weekdayAtOrBefore(civilDay(year, 12, 24)), HALF_DAY_CLOSE);
    result.earlyCloses.set(weekdayAtOrBefore(civilDay(year, 12, 31)), HALF_DAY_CLOSE);
  }
  return result;
}

/** 25 and 26 December; each that falls on a weekend is kept on the next weekday that is free. */
function addChristmas(closed: Set<CivilDay>, year: number): void {
  const days = [civilDay(year, 12, 25), civilDay(year, 12, 26)];
  for (const day of days) if (!isWeekend(day)) closed.add(day);
  for (const day of days) {
    if (isWeekend(day)) closed.add(nextFreeDay(day, (candidate) => isWeekend(candidate) || closed.has(candidate)));
  }
}

/** London Stock Exchange. */
export function xlonRules(): CalendarRules {
  const from = civilDay(FIRST_YEAR, 1, 1);
  return {
    id: 'XLON',
    timeZone: 'Europe/London',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(LAST_YEAR, 12, 31),
    hours: [{ since: from, weekdays: mondayToFriday([{ open: minutes(8), close: minutes(16, 30) }]) }],
    exceptions,
  };
}
