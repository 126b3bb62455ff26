// When IB says something happened: with a zone on new gateways, in the gateway's own on older ones, in UTC with a hyphen.
import type { EpochMs } from '@bookrunner/sdk';

const FORM = /^(\d{4})(\d{2})(\d{2})(?:\s+|(-))(\d{2}):(\d{2}):(\d{2})(?:\s+(\S.*))?$/;
const readers = new Map<string, Intl.DateTimeFormat | undefined>();

/** The instant of a text such as `20250820 09:30:01 US/Eastern`; NaN for what is no time. `zone` holds where the text names none that is known. */
export function executionTime(text: string | undefined, zone: string): EpochMs {
  const match = FORM.exec(text?.trim() ?? '');
  if (match === null) return Number.NaN;
  const [year, month, day] = [match[1], match[2], match[3]].map(Number) as [number, number, number];
  const [hour, minute, second] = [match[5], match[6], match[7]].map(Number) as [number, number, number];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (match[4] === '-') return wall;
  const reader = readerOf(match[8] ?? '') ?? readerOf(zone);
  if (reader === undefined) return wall;
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  const first = wall - offsetAt(reader, wall);
  return wall - offsetAt(reader, first);
}

/** `yyyymmdd-hh:mm:ss` in UTC, as orders take it whatever zone the gateway is in; a part of a second counts as a whole one. */
export function utcText(ts: EpochMs): string {
  const [day = '', rest = ''] = new Date(Math.ceil(ts / 1_000) * 1_000).toISOString().split('T');
  return `${day.replaceAll('-', '')}-${rest.slice(0, 8)}`;
}

/** Midnight in a zone at or before an instant. */
export function startOfDay(ts: EpochMs, zone: string): EpochMs {
  const reader = readerOf(zone);
  const offset = reader === undefined ? 0 : offsetAt(reader, ts);
  const day = new Date(ts + offset).toISOString().slice(0, 10).replaceAll('-', '');
  return executionTime(`${day} 00:00:00`, zone);
}

function offsetAt(reader: Intl.DateTimeFormat, ts: EpochMs): number {
  const parts = Object.fromEntries(reader.formatToParts(ts).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts as Record<string, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ts / 1_000) * 1_000;
}

function readerOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (timeZone === '') return undefined;
  if (!readers.has(timeZone)) readers.set(timeZone, makeReader(timeZone));
  return readers.get(timeZone);
}

function makeReader(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = '2-digit';
  const fields = { month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', ...fields });
  } catch {
    return undefined;
  }
}
