// CME Globex equity index futures (E-mini), 2000 to 2027. Sessions start at 17:00 Chicago on the evening before.
//
// Seen 2026-11: CME Group releases of 2005-03-16, 2006-01-10 and 2007-08-20 on holiday hours (cmegroup.com/media-room), of 2012-10-29
// (hurricane), 2018-12-02 and 2024-12-30 (mourning), all prnewswire.com or mondovisione.com; the later close with trade date 2012-11-19
// and the close at 16:00 with 2015-09-21 (ninjatrader.com/Advisories/Advisory25); July 2013 and Thanksgiving 2024 schedules as brokers
// published them; the end of the halt at 15:15 with trade date 2021-06-28 as pandas_market_calendars records it.
// Days compared 2026-11 with the Python packages exchange_calendars 4.13.2 and pandas_market_calendars 5.5.0; see ADR-0005.
// Simplified:
// - A shortened holiday session is a trading day of its own; CME counts it toward the next trade date.
// - Until 2012-11-16 the session 15:30 to 16:30 belongs to the date it is on; CME counted it toward the next trade date. It and the
//   17:00 opening are used back to 2000, though Sundays opened at 17:30 in 2003 at least.
// - On a holiday trading halts at 10:30 until 2013 and at 12:00 since 2014; the sources date the change only to between 2013 and 2023.
// - 2001-09-11 is closed as a whole; its overnight session was cut short in the morning.
// - 2004-06-11 and 2007-01-02 are closed as a whole. The overnight session of Good Friday 2026 follows the pattern of its forerunners.
// - Limit-price halts are not covered.
import {
  DATA_VERSION,
  FIRST_YEAR,
  LAST_YEAR,
  eveningBefore,
  minutes,
  mondayToFriday,
  noExceptions,
} from '../calendar-rules.js';
import type { CalendarRules, DayExceptions, DaySession } from '../calendar-rules.js';
import { FRIDAY, civilDay, civilDayOf } from '../civil-day.js';
import { addDays, holidaysOf } from '../holiday-rules.js';
import { US_HOLIDAYS, newYorkEarlyCloses } from './new-york.js';

const CLOSED_HOLIDAYS = [US_HOLIDAYS.newYear, US_HOLIDAYS.goodFriday, US_HOLIDAYS.christmas];

const SHORTENED_HOLIDAYS = [
  US_HOLIDAYS.martinLutherKing,
  US_HOLIDAYS.presidents,
  US_HOLIDAYS.memorial,
  US_HOLIDAYS.juneteenth,
  US_HOLIDAYS.independence,
  US_HOLIDAYS.labor,
  US_HOLIDAYS.thanksgiving,
];

const SPECIAL_CLOSURES = [20010911, 20010912, 20010913, 20010914, 20040611, 20070102];

// Good Fridays with an employment report: open overnight, so not closed.
const GOOD_FRIDAY_SESSIONS = [20100402, 20120406, 20150403, 20210402, 20230407, 20260403];

// Hurricane Sandy, and two days of mourning.
const SPECIAL_EARLY_CLOSES: readonly (readonly [day: number, minute: number])[] = [
  [20121029, minutes(8, 15)],
  [20121030, minutes(8, 15)],
  [20181205, minutes(8, 30)],
  [20250109, minutes(8, 30)],
];

const LATER_HOLIDAY_HALT = civilDay(2014, 1, 1);
const ONE_HOUR_BREAK = civilDayOf(20121119);

function exceptions(): DayExceptions {
  const result = noExceptions();
  for (const day of holidaysOf(CLOSED_HOLIDAYS, FIRST_YEAR, LAST_YEAR)) result.closed.add(day);
  addDays(result.closed, SPECIAL_CLOSURES);
  for (const day of GOOD_FRIDAY_SESSIONS.map(civilDayOf)) {
    result.closed.delete(day);
    result.earlyCloses.set(day, minutes(8, 15));
  }
  for (const day of result.closed) {
    // No evening session ahead of a closed day, while there was one.
    if (day < ONE_HOUR_BREAK) result.earlyCloses.set(day - 1, minutes(15, 15));
  }
  for (const day of newYorkEarlyCloses()) result.earlyCloses.set(day, minutes(12, 15));
  for (const day of holidaysOf(SHORTENED_HOLIDAYS, FIRST_YEAR, LAST_YEAR)) {
    result.earlyCloses.set(day, day < LATER_HOLIDAY_HALT ? minutes(10, 30) : minutes(12));
  }
  for (const [day, minute] of SPECIAL_EARLY_CLOSES) result.earlyCloses.set(civilDayOf(day), minute);
  return result;
}

const DAY: DaySession = { open: eveningBefore(17), close: minutes(15, 15) };

function withAfternoon(close: number): readonly DaySession[] {
  return [DAY, { open: minutes(15, 30), close }];
}

/** CME Globex equity index futures. */
export function cmesRules(): CalendarRules {
  const from = civilDay(FIRST_YEAR, 1, 1);
  const early = mondayToFriday(withAfternoon(minutes(16, 30))).map((day, weekday) =>
    weekday === FRIDAY ? [DAY] : day,
  );
  return {
    id: 'CMES',
    timeZone: 'America/Chicago',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(LAST_YEAR, 12, 31),
    hours: [
      { since: from, weekdays: early },
      { since: ONE_HOUR_BREAK, weekdays: mondayToFriday(withAfternoon(minutes(16, 15))) },
      { since: civilDayOf(20150921), weekdays: mondayToFriday(withAfternoon(minutes(16))) },
      {
        since: civilDayOf(20210628),
        weekdays: mondayToFriday([{ open: eveningBefore(17), close: minutes(16) }]),
      },
    ],
    exceptions,
  };
}
