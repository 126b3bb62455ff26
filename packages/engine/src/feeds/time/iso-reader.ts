import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import { ROW_FAULT } from '../rows/row-fault.js';
import { DateMemory, NO_TIME, NO_TWO_DIGITS, readFraction, readTwoDigits } from './time-reader.js';
import type { TimeFault, TimeReader } from './time-reader.js';
import type { ZoneClock } from './zone-clock.js';

const [MINUS, PLUS, POINT, COLON, SPACE, T, Z] = [45, 43, 46, 58, 32, 84, 90] as const;

/**
 * Reads ISO 8601 times: `2013-02-01T00:00:00+00:00`, with `T` or a space, seconds and fraction optional, and an offset (`Z`,
 * `+02:00`, `+0200`, `+02`). Without an offset it is the wall clock of the reader's zone; without a zone it is no time.
 */
export class IsoReader implements TimeReader {
  fault: TimeFault = NO_TIME;
  readonly endTs = Number.NaN;
  readonly noonTs = Number.NaN;
  readonly #zone: ZoneClock | undefined;
  readonly #separator: number;
  readonly #dates = new DateMemory();

  /** `separator` is a byte that may stand for the `T`, where date and time are two columns of a file. */
  constructor(zone?: ZoneClock, separator: number = SPACE) {
    this.#zone = zone;
    this.#separator = separator;
  }

  // oxlint-disable-next-line max-params -- called for every row: an object would be allocated each time
  read(bytes: Uint8Array, start: number, end: number, previousTs: number): number {
    this.fault = NO_TIME;
    const wall = this.#date(bytes, start) + this.#clock(bytes, start + 11, end);
    if (Number.isNaN(wall) || end - start < 16) return Number.NaN;
    const offsetStart = this.#clockEnd(bytes, start + 16, end);
    if (offsetStart < end)
      return wall + readFractionAt(bytes, start + 16, offsetStart) - readOffset(bytes, offsetStart, end);
    const ms = wall + readFractionAt(bytes, start + 16, end);
    if (this.#zone === undefined || Number.isNaN(ms)) return Number.NaN;
    const ts = this.#zone.toUtc(ms, previousTs);
    if (Number.isNaN(ts)) this.fault = ROW_FAULT.timeNonexistent;
    return ts;
  }

  #date(bytes: Uint8Array, start: number): number {
    const separator = bytes[start + 10];
    if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return Number.NaN;
    if (separator !== T && separator !== SPACE && separator !== this.#separator) return Number.NaN;
    const century = readTwoDigits(bytes, start);
    const year = readTwoDigits(bytes, start + 2);
    if (century === NO_TWO_DIGITS || year === NO_TWO_DIGITS) return Number.NaN;
    return this.#dates.toMs(century * 100 + year, readTwoDigits(bytes, start + 5), readTwoDigits(bytes, start + 8));
  }

  /** Milliseconds of `HH:mm` and, where it follows, `:ss`. */
  #clock(bytes: Uint8Array, start: number, end: number): number {
    const hour = readTwoDigits(bytes, start);
    const minute = readTwoDigits(bytes, start + 3);
    const hasSecond = end - start > 5 && bytes[start + 5] === COLON;
    const second = hasSecond ? readTwoDigits(bytes, start + 6) : 0;
    if (!(hour < 24 && minute < 60 && second < 60) || bytes[start + 2] !== COLON) return Number.NaN;
    return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
  }

  /** Where the offset starts; `end` where there is none. */
  #clockEnd(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i]!;
      if (byte === Z || byte === PLUS || byte === MINUS) return i;
    }
    return end;
  }
}

/** Milliseconds of what follows `HH:mm`: nothing, `:ss` (0 here), or `:ss.fff`. */
function readFractionAt(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || (bytes[start] === COLON && end === start + 3)) return 0;
  if (bytes[start] !== COLON || bytes[start + 3] !== POINT) return Number.NaN;
  return readFraction(bytes, start + 4, end);
}

function readOffset(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === Z) return end === start + 1 ? 0 : Number.NaN;
  const length = end - start;
  const minuteStart = bytes[start + 3] === COLON ? start + 4 : start + 3;
  const hasMinutes = length === minuteStart - start + 2;
  if (length !== 3 && !hasMinutes) return Number.NaN;
  const hours = readTwoDigits(bytes, start + 1);
  const minutes = hasMinutes ? readTwoDigits(bytes, minuteStart) : 0;
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  return (bytes[start] === MINUS ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}
