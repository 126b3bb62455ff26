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
  const columns = new SessionColumns(rules.id, zone);
  const exceptions = rules.exceptions();
  let period = 0;
  for (let day = rules.from; day <= rules.to; day += 1) {
    while (period + 1 < rules.hours.length && rules.hours[period + 1]!.since <= day) period += 1;
    for (const session of sessionsOf(day, rules.hours[period]!, exceptions)) columns.add(day, session);
  }
  if (columns.opens.length === 0) {
    throw sdkError('CALENDAR_INVALID', `Calendar '${rules.id}' has no session in its range.`);
  }
  return {
    opens: Float64Array.from(columns.opens),
    closes: Float64Array.from(columns.closes),
    tradingDays: Float64Array.from(columns.tradingDays),
    length: columns.opens.length,
    validFrom: Math.min(zone.toUtc(rules.from * DAY_MS), columns.opens[0]!),
    validTo: zone.toUtc((rules.to + 1) * DAY_MS) - 1,
  };
}

class SessionColumns {
  readonly opens: number[] = [];
  readonly closes: number[] = [];
  readonly tradingDays: number[] = [];
  readonly #id: string;
  readonly #zone: TimeZoneOffsets;

  constructor(id: string, zone: TimeZoneOffsets) {
    this.#id = id;
    this.#zone = zone;
  }

  add(day: CivilDay, session: DaySession): void {
    const open = this.#zone.toUtc(day * DAY_MS + session.open * MINUTE_MS);
    const close = this.#zone.toUtc(day * DAY_MS + session.close * MINUTE_MS);
    // A session that lies wholly in the hour that a clock change skips does not take place.
    if (close <= open) return;
    const last = this.closes.at(-1);
    if (last !== undefined && open < last) {
      throw sdkError(
        'CALENDAR_INVALID',
        `Calendar '${this.#id}': a session of ${formatCivilDay(day)} starts before the one ahead of it has ended.`,
        { details: { open, previousClose: last } },
      );
    }
    this.opens.push(open);
    this.closes.push(close);
    this.tradingDays.push(tradingDayOf(day));
  }
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
