// Tokyo Stock Exchange (JPX), 2000 to 2027.
//
// Rules after the Act on National Holidays (Act No. 178 of 1948) with its amendments and the special measures of 2018 and 2020; the
// equinoxes by the usual approximation of the observatory's announcements. Hours: Jiji Press 2024-11-05
// (nippon.com/en/news/yjj2024110500956) for the 15:30 close, Nikkei QUICK 2024-10-11 (corporate.quick.co.jp) for mornings until 11:00
// before 2011-11, both seen 2026-11.
// Days compared 2026-11 with the Python packages exchange_calendars 4.13.2 and pandas_market_calendars 5.5.0; see ADR-0005.
// Without a document at hand: the day of that change, 2011-11-21, and the mornings-only first and last trading day of a year until
// 2009-01-05. Not covered: halts inside a day (2005-11-01, 2006-01-18) and the later afternoon opening of early 2006.
import { DATA_VERSION, FIRST_YEAR, LAST_YEAR, minutes, mondayToFriday, noExceptions } from '../calendar-rules.js';
import type { CalendarRules, DayExceptions } from '../calendar-rules.js';
import { MONDAY, SUNDAY, civilDay, civilDayOf, isWeekend, weekdayOf } from '../civil-day.js';
import type { CivilDay } from '../civil-day.js';
import { addDays, during, except, fixed, holidaysOf, nextFreeDay, nthWeekday } from '../holiday-rules.js';

/** Day of the equinox in years 1980 to 2099, as the observatory announces it a year ahead. */
function equinox(month: number, base: number): (year: number) => CivilDay {
  return (year) => civilDay(year, month, Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4)));
}

const NATIONAL_HOLIDAYS = [
  fixed(1, 1),
  nthWeekday(1, MONDAY, 2),
  fixed(2, 11),
  // The Emperor's Birthday; there was none in 2019.
  during(fixed(12, 23), FIRST_YEAR, 2018),
  during(fixed(2, 23), 2020),
  equinox(3, 20.8431),
  fixed(4, 29),
  fixed(5, 3),
  during(fixed(5, 4), 2007),
  fixed(5, 5),
  during(fixed(7, 20), FIRST_YEAR, 2002),
  during(except(nthWeekday(7, MONDAY, 3), 2020, 2021), 2003),
  during(except(fixed(8, 11), 2020, 2021), 2016),
  during(fixed(9, 15), FIRST_YEAR, 2002),
  during(nthWeekday(9, MONDAY, 3), 2003),
  equinox(9, 23.2488),
  except(nthWeekday(10, MONDAY, 2), 2020, 2021),
  fixed(11, 3),
  fixed(11, 23),
];

// Accession and enthronement (2019); Marine, Sports and Mountain Day moved around the Olympic Games (2020, 2021).
const SPECIAL_HOLIDAYS = [20190501, 20191022, 20200723, 20200724, 20200810, 20210722, 20210723, 20210808];

// The exchange's system failed for the whole day.
const SPECIAL_CLOSURES = [20201001];

const LAST_HALF_DAY = civilDayOf(20090105);

/** National holidays with their substitutes and the days between two of them. */
function nationalHolidays(): Set<CivilDay> {
  const days = holidaysOf(NATIONAL_HOLIDAYS, FIRST_YEAR, LAST_YEAR);
  addDays(days, SPECIAL_HOLIDAYS);
  const proclaimed = [...days];
  for (const day of proclaimed) {
    // A holiday on Sunday is made up for on the next day that is not a holiday.
    if (weekdayOf(day) === SUNDAY) days.add(nextFreeDay(day, (candidate) => days.has(candidate)));
  }
  const holidays = new Set(proclaimed);
  for (const day of proclaimed) if (holidays.has(day + 2)) days.add(day + 1);
  return days;
}

function exceptions(): DayExceptions {
  const result = noExceptions();
  for (const day of nationalHolidays()) result.closed.add(day);
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    for (const day of [civilDay(year, 1, 1), civilDay(year, 1, 2), civilDay(year, 1, 3), civilDay(year, 12, 31)]) {
      result.closed.add(day);
    }
  }
  addDays(result.closed, SPECIAL_CLOSURES);
  addHalfDays(result);
  return result;
}

/** First and last trading day of the year, morning only. */
function addHalfDays(result: DayExceptions): void {
  const isClosed = (day: CivilDay) => isWeekend(day) || result.closed.has(day);
  for (let year = FIRST_YEAR; year <= 2009; year += 1) {
    let last = civilDay(year, 12, 30);
    while (isClosed(last)) last -= 1;
    for (const day of [nextFreeDay(civilDay(year, 1, 4), isClosed), last]) {
      if (day <= LAST_HALF_DAY) result.earlyCloses.set(day, minutes(11));
    }
  }
}

function sessions(morningClose: number, afternoonClose: number) {
  return mondayToFriday([
    { open: minutes(9), close: morningClose },
    { open: minutes(12, 30), close: afternoonClose },
  ]);
}

/** Tokyo Stock Exchange. */
export function xtksRules(): CalendarRules {
  const from = civilDay(FIRST_YEAR, 1, 1);
  return {
    id: 'XTKS',
    timeZone: 'Asia/Tokyo',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(LAST_YEAR, 12, 31),
    hours: [
      { since: from, weekdays: sessions(minutes(11), minutes(15)) },
      { since: civilDayOf(20111121), weekdays: sessions(minutes(11, 30), minutes(15)) },
      { since: civilDayOf(20241105), weekdays: sessions(minutes(11, 30), minutes(15, 30)) },
    ],
    exceptions,
  };
}
