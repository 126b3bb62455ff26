// Wall clock times of named zones, as the TWS API writes and reads them.
import { DAY_MS, MINUTE_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';

// Zones change their offsets at quarter hours.
const STEADY_MS = 15 * MINUTE_MS;

const readers = new Map<string, (ts: EpochMs) => number>();

/** Whether the platform knows the zone. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC for the wall clock of a zone. */
export function offsetAt(ts: EpochMs, zone: string): number {
  let reader = readers.get(zone);
  if (reader === undefined) readers.set(zone, (reader = offsetReader(zone)));
  return reader(ts);
}

/** The instant at which the zone's wall clock shows `local`, milliseconds since 1970 on that clock. */
export function fromWallClock(local: number, zone: string): EpochMs {
  const near = local - offsetAt(local, zone);
  return local - offsetAt(near, zone);
}

/** `yyyymmdd` of an instant. */
export function dayText(ts: EpochMs, zone: string): string {
  return isoAt(ts, zone).slice(0, 10).replaceAll('-', '');
}

/** `hh:mm:ss` of an instant. */
export function timeText(ts: EpochMs, zone: string): string {
  return isoAt(ts, zone).slice(11, 19);
}

/** `20250820 09:30:01 US/Eastern`. */
export function instantText(ts: EpochMs, zone: string): string {
  return `${dayText(ts, zone)} ${timeText(ts, zone)} ${zone}`;
}

/** Instant of `yyyymmdd` at a time of day. */
export function instantOfDay(day: string, time: string, zone: string): EpochMs {
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
  return fromWallClock(Date.parse(`${date}T${time}Z`), zone);
}

/** First instant of the civil day that holds an instant. */
export function startOfDay(ts: EpochMs, zone: string): EpochMs {
  const local = ts + offsetAt(ts, zone);
  return fromWallClock(Math.floor(local / DAY_MS) * DAY_MS, zone);
}

/**
 * An instant as a client writes it: `yyyymmdd hh:mm:ss` on the wall clock of `zone`, the same followed by a zone, `yyyymmdd-hh:mm:ss`
 * in UTC, or `yyyymmdd` alone. NaN where it is none of these.
 */
export function parseInstant(text: string, zone: string): EpochMs {
  const match = /^(\d{8})(?:(-| {1,2})(\d{2}:\d{2}:\d{2})(?: (\S.*))?)?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  const [, day = '', separator, time = '00:00:00', named] = match;
  if (separator === '-') return named === undefined ? instantOfDay(day, time, 'UTC') : Number.NaN;
  if (named !== undefined && !isZone(named)) return Number.NaN;
  return instantOfDay(day, time, named ?? zone);
}

function isoAt(ts: EpochMs, zone: string): string {
  return new Date(ts + offsetAt(ts, zone)).toISOString();
}

function offsetReader(zone: string): (ts: EpochMs) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (ts) => {
    const place = Math.floor(ts / STEADY_MS);
    let offset = known.get(place);
    if (offset !== undefined) return offset;
    const parts = Object.fromEntries(
      format.formatToParts(place * STEADY_MS).map((part) => [part.type, Number(part.value)]),
    );
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    offset = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - place * STEADY_MS;
    known.set(place, offset);
    return offset;
  };
}
