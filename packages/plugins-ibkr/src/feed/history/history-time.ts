import type { EpochMs, MarketCalendar } from '@bookrunner/sdk';
import { knownTimeZone } from '../../contracts/contract-time-zone.js';
import { executionTime } from '../../venue/execution-time.js';

const HOUR_MS = 3_600_000;
const PROBES_MS = [0, 6, 12, 18, -6].map((hours) => hours * HOUR_MS);

/** An instant as requests carry it, in UTC: `20260918-13:30:00`. */
export function requestTime(ts: EpochMs): string {
  const text = new Date(ts).toISOString();
  return `${text.slice(0, 10).replaceAll('-', '')}-${text.slice(11, 19)}`;
}

/** Start and end of a bar as answers date it: in seconds, or by trading day. */
export interface BarTime {
  readonly ts: EpochMs;
  /** NaN where the length of the bars tells. */
  readonly endTs: EpochMs;
}

/**
 * Reads the date of a bar, which is asked for in seconds; undefined for what is no date, and for one in a zone that it does not name:
 * which it was then nobody can tell. Days are those of the instrument's calendar.
 */
export function barTime(date: string, calendar: MarketCalendar): BarTime | undefined {
  if (!/^\d{8,11}$/.test(date)) return writtenTime(date);
  return date.length === 8 ? tradingDayTime(date, calendar) : { ts: Number(date) * 1_000, endTs: Number.NaN };
}

/** `20230413 09:30:00 US/Eastern`, as gateways write that do not keep to seconds. */
function writtenTime(date: string): BarTime | undefined {
  const [, wall, name = ''] = /^(\d{8}\s+\d\d:\d\d:\d\d)\s+(\S.*)$/.exec(date.trim()) ?? [];
  const zone = knownTimeZone(name);
  const ts = zone === undefined ? Number.NaN : executionTime(wall, zone);
  return Number.isNaN(ts) ? undefined : { ts, endTs: Number.NaN };
}

function tradingDayTime(date: string, calendar: MarketCalendar): BarTime | undefined {
  const midnight = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`);
  if (Number.isNaN(midnight)) return undefined;
  // Sessions of a day lie around it, before or after its midnight in UTC: one of these instants belongs to it.
  for (const probe of PROBES_MS) {
    const ts = midnight + probe;
    if (ts < calendar.validFrom || ts >= calendar.validTo || calendar.tradingDay(ts) !== Number(date)) continue;
    return { ts: calendar.dayOpen(ts), endTs: calendar.dayClose(ts) };
  }
  return { ts: midnight, endTs: midnight + 24 * HOUR_MS };
}
