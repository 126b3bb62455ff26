// Turns calendar rules into columns of sessions in UTC.
import { sdkError } from '../errors.js';
import { DAY_MS, MINUTE_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';
import type { CalendarRules, DayExceptions, DaySession, HoursPeriod } from './calendar-rules.js';
import { formatCivilDay, tradingDayOf, weekdayOf } from './civil-day.js';
import type { CivilDay } from './civil-day.js';
import { timeZoneOffsets } from './time-zone.js';
import type { TimeZoneOffsets } from './time-zone.js';

/** Sessions as columns, ascending. Invariant: opens[i] < closes[i] <= opens[i + 1], tradingDays do not descend. */
export interface SessionTable {
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  /** YYYYMMDD. */
  readonly tradingDays: Float64Array;
  readonly length: number;
  /** Local midnight that starts the first day, or its first open if earlier, and the last millisecond of the last day. */
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
}

// Room around the range, so that sessions of the evening before and every zone's midnight lie inside.
const MARGIN_MS = 14 * DAY_MS;

/** Computes every session of the range. Errors: CALENDAR_INVALID where sessions overlap or none is left. */
export function buildSessionTable(rules: CalendarRules): SessionTable {
  const zone = timeZoneOffsets(rules.timeZone, rules.from * DAY_MS - MARGIN_MS, rules.to * DAY_MS + MARGIN_MS);
  const exceptions = rules.exceptions();
  const columns = new SessionColumns(rules, exceptions, zone);
  let period = 0;
  for (let day = rules.from; day <= rules.to; day += 1) {
    while (period + 1 < rules.hours.length && rules.hours[period + 1]!.since <= day) period += 1;
    columns.addDay(day, sessionsOf(day, rules.hours[period]!, exceptions));
  }
  const length = columns.length;
  if (length === 0) throw sdkError('CALENDAR_INVALID', `Calendar '${rules.id}' has no session in its range.`);
  return {
    opens: columns.opens.slice(0, length),
    closes: columns.closes.slice(0, length),
    tradingDays: columns.tradingDays.slice(0, length),
    length,
    validFrom: Math.min(zone.toUtc(rules.from * DAY_MS), columns.opens[0]!),
    validTo: zone.toUtc((rules.to + 1) * DAY_MS) - 1,
  };
}

class SessionColumns {
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly tradingDays: Float64Array;
  length = 0;
  readonly #id: string;
  readonly #zone: TimeZoneOffsets;

  constructor(rules: CalendarRules, exceptions: DayExceptions, zone: TimeZoneOffsets) {
    this.#id = rules.id;
    this.#zone = zone;
    const perDay = mostSessions(
      rules.hours.flatMap((period) => period.weekdays).concat([...exceptions.sessions.values()]),
    );
    const capacity = (rules.to - rules.from + 1) * perDay;
    this.opens = new Float64Array(capacity);
    this.closes = new Float64Array(capacity);
    this.tradingDays = new Float64Array(capacity);
  }

  addDay(day: CivilDay, sessions: readonly DaySession[]): void {
    if (sessions.length === 0) return;
    const tradingDay = tradingDayOf(day);
    for (const session of sessions) {
      const open = this.#zone.toUtc(day * DAY_MS + session.open * MINUTE_MS);
      const close = this.#zone.toUtc(day * DAY_MS + session.close * MINUTE_MS);
      // A session that lies wholly in the hour that a clock change skips does not take place.
      if (close <= open) continue;
      if (this.length > 0 && open < this.closes[this.length - 1]!) {
        throw sdkError(
          'CALENDAR_INVALID',
          `Calendar '${this.#id}': a session of ${formatCivilDay(day)} starts before the one ahead of it has ended.`,
          { details: { open, previousClose: this.closes[this.length - 1] } },
        );
      }
      this.opens[this.length] = open;
      this.closes[this.length] = close;
      this.tradingDays[this.length] = tradingDay;
      this.length += 1;
    }
  }
}

function mostSessions(days: readonly (readonly DaySession[])[]): number {
  return days.reduce((most, sessions) => Math.max(most, sessions.length), 0);
}

function sessionsOf(day: CivilDay, hours: HoursPeriod, exceptions: DayExceptions): readonly DaySession[] {
  if (exceptions.closed.has(day)) return [];
  const listed = exceptions.sessions.get(day);
  if (listed !== undefined) return listed;
  const usual = hours.weekdays[weekdayOf(day)] ?? [];
  const end = exceptions.earlyCloses.get(day);
  if (end === undefined) return usual;
  return usual
    .filter((session) => session.open < end)
    .map((session) => (session.close > end ? { open: session.open, close: end } : session));
}
