// Offsets of an IANA time zone from the platform's own data (Intl), found by searching for the changes, not by asking per day.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';

// No zone changes its offset twice within this span since 1970; the shortest, a suspended summer time, lasted four weeks.
const PROBE_MS = 14 * DAY_MS;

const cache = new Map<string, TimeZoneOffsets>();

/** Whether the platform knows the IANA zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Offsets of a zone between two instants; the same object for the same arguments. */
export function timeZoneOffsets(timeZone: string, from: EpochMs, to: EpochMs): TimeZoneOffsets {
  const key = `${timeZone} ${from} ${to}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const offsets = new TimeZoneOffsets(timeZone, from, to);
  cache.set(key, offsets);
  return offsets;
}

/** Offset changes of one zone over a span; outside the span the nearest known offset goes on. */
export class TimeZoneOffsets {
  // #offsets[i] holds from #changes[i] on; #changes[0] is minus infinity.
  readonly #changes: number[] = [Number.NEGATIVE_INFINITY];
  readonly #offsets: number[] = [];
  // The span that answered last; walks through time ask for the same one again.
  #last = 0;
  // Wall clock times at least a day from any change, all with one offset; found by the last conversion.
  #steadyFrom = Number.NaN;
  #steadyTo = Number.NaN;
  #steadyOffset = 0;

  constructor(timeZone: string, from: EpochMs, to: EpochMs) {
    const read = offsetReader(timeZone);
    let previous = read(from);
    this.#offsets.push(previous);
    for (let probe = from; probe < to; probe += PROBE_MS) {
      const next = read(probe + PROBE_MS);
      if (next === previous) continue;
      this.#changes.push(changeBetween(read, probe, probe + PROBE_MS));
      this.#offsets.push(next);
      previous = next;
    }
  }

  /** Milliseconds to add to UTC to get the zone's wall clock at an instant. */
  offsetAt(ts: EpochMs): number {
    const changes = this.#changes;
    const last = this.#last;
    if (changes[last]! <= ts && (last + 1 === changes.length || ts < changes[last + 1]!)) return this.#offsets[last]!;
    let low = 0;
    let high = changes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (changes[middle]! <= ts) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return this.#offsets[low]!;
  }

  /**
   * The instant at which the wall clock shows `localMs` (milliseconds since 1970-01-01 00:00 on that clock). A time that occurs
   * twice means its first occurrence; one that is skipped means the same distance after the change.
   */
  toUtc(localMs: number): EpochMs {
    if (localMs >= this.#steadyFrom && localMs < this.#steadyTo) return localMs - this.#steadyOffset;
    const before = this.offsetAt(localMs - DAY_MS);
    const after = this.offsetAt(localMs + DAY_MS);
    this.#rememberSteady();
    const early = localMs - before;
    if (before === after || this.offsetAt(early) === before) return early;
    const late = localMs - after;
    return this.offsetAt(late) === after ? late : early;
  }

  #rememberSteady(): void {
    this.#steadyFrom = this.#changes[this.#last]! + DAY_MS;
    this.#steadyTo = (this.#changes[this.#last + 1] ?? Number.POSITIVE_INFINITY) - DAY_MS;
    this.#steadyOffset = this.#offsets[this.#last]!;
  }
}

function offsetReader(timeZone: string): (ts: EpochMs) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (ts) => parseOffset(format.format(ts));
}

/** Milliseconds of the offset at the end of a text such as `3/8/2020, GMT-05:00`; plain `GMT` is zero. */
function parseOffset(text: string): number {
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match?.[1] === undefined) return 0;
  const size = Number(match[2]) * HOUR_MS + Number(match[3]) * MINUTE_MS + Number(match[4] ?? 0) * SECOND_MS;
  return match[1] === '-' ? -size : size;
}

/** First whole minute with the later offset, by bisection. */
function changeBetween(read: (ts: EpochMs) => number, from: EpochMs, to: EpochMs): EpochMs {
  const earlier = read(from);
  let low = Math.floor(from / MINUTE_MS);
  let high = Math.floor(to / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (read(middle * MINUTE_MS) === earlier) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}
