// Spot foreign exchange: Sunday 17:00 to Friday 17:00 New York, a trading day from 17:00 to 17:00, named by the date it ends on.
//
// The convention of the market, not an exchange's rule, so it has no holiday data and reaches further than the exchanges do. Thin
// days (25 December, 1 January) are trading days here; a broker that closes on them is declared with `extends: 24x5`.
import { DATA_VERSION, eveningBefore, minutes, mondayToFriday, noExceptions } from '../calendar-rules.js';
import type { CalendarRules } from '../calendar-rules.js';
import { civilDay } from '../civil-day.js';

/** `24x5`, 1990 to 2039. Five sessions a week, each touching the next. */
export function forexRules(): CalendarRules {
  const from = civilDay(1990, 1, 1);
  return {
    id: '24x5',
    timeZone: 'America/New_York',
    dataVersion: DATA_VERSION,
    from,
    to: civilDay(2039, 12, 31),
    hours: [{ since: from, weekdays: mondayToFriday([{ open: eveningBefore(17), close: minutes(17) }]) }],
    exceptions: noExceptions,
  };
}
