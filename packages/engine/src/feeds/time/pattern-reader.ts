import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import { ROW_FAULT } from '../rows/row-fault.js';
import { DateMemory, NO_TIME, readDigits, readFraction } from './time-reader.js';
import type { TimeFault, TimeReader } from './time-reader.js';
import type { ZoneClock } from './zone-clock.js';

const TOKEN = /YYYY|MM|DD|HH|mm|ss|S+|M|D|H|'[^']+'|[^A-Za-z']/y;

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';

const PARTS: Readonly<Record<string, Part>> = {
  YYYY: 'year',
  MM: 'month',
  M: 'month',
  DD: 'day',
  D: 'day',
  HH: 'hour',
  H: 'hour',
  mm: 'minute',
  ss: 'second',
};

interface Token {
  readonly part?: Part;
  /** Digits of the part; 0 means one or two. */
  readonly digits: number;
  readonly literal: number;
}

/** What is wrong with a time pattern, as a sentence without full stop; undefined when it can be used. */
export function patternFault(pattern: string): string | undefined {
  const tokens = tokensOf(pattern);
  if (tokens === undefined)
    return 'it may hold YYYY, MM, DD, HH, mm, ss, S…, M, D, H, marks, and letters in single quotes';
  for (const part of ['year', 'month', 'day'] as const) {
    if (!tokens.some((token) => token.part === part)) return `it names no ${part}`;
  }
  const parts = tokens.flatMap((token) => token.part ?? []);
  if (new Set(parts).size !== parts.length) return 'it names a part twice';
  return undefined;
}

/** Whether a pattern names days only. */
export function isDatePattern(pattern: string): boolean {
  return patternFault(pattern) === undefined && tokensOf(pattern)?.every((token) => !isClock(token.part)) === true;
}

function isClock(part: Part | undefined): boolean {
  return part === 'hour' || part === 'minute' || part === 'second' || part === 'fraction';
}

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const text = TOKEN.exec(pattern)?.[0];
    if (text === undefined) return undefined;
    if (text.startsWith('S')) tokens.push({ part: 'fraction', digits: text.length, literal: 0 });
    else if (PARTS[text] !== undefined)
      tokens.push({ part: PARTS[text], digits: text.length === 1 ? 0 : text.length, literal: 0 });
    else
      for (const byte of Buffer.from(text.startsWith("'") ? text.slice(1, -1) : text))
        tokens.push({ digits: 0, literal: byte });
  }
  return tokens;
}

/**
 * Reads times of a fixed pattern, such as `YYYYMMDD HHmmss` or `D.M.YYYY H:mm`, on the wall clock of a zone. Two-letter parts have
 * two digits, one-letter parts one or two; `S` stands for one digit of the fraction.
 */
export class PatternReader implements TimeReader {
  fault: TimeFault = NO_TIME;
  readonly endTs = Number.NaN;
  readonly noonTs = Number.NaN;
  readonly #tokens: readonly Token[];
  readonly #zone: ZoneClock | undefined;
  readonly #dates = new DateMemory();
  readonly #parts: Record<Part, number> = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, fraction: 0 };

  /** `zone` absent means UTC. `separator` is the byte that a space of the pattern stands for as well. */
  constructor(pattern: string, zone?: ZoneClock, separator = 32) {
    const tokens = tokensOf(pattern) ?? [];
    this.#tokens = tokens.map((token) => (token.literal === 32 ? { ...token, literal: separator } : token));
    this.#zone = zone;
  }

  // oxlint-disable-next-line max-params -- called for every row: an object would be allocated each time
  read(bytes: Uint8Array, start: number, end: number, previousTs: number): number {
    this.fault = NO_TIME;
    const wall = this.readWall(bytes, start, end);
    if (this.#zone === undefined || Number.isNaN(wall)) return wall;
    const ts = this.#zone.toUtc(wall, previousTs);
    if (Number.isNaN(ts)) this.fault = ROW_FAULT.timeNonexistent;
    return ts;
  }

  /** Milliseconds since 1970-01-01 00:00 on the wall clock; NaN where the text does not follow the pattern. */
  readWall(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (const token of this.#tokens) {
      if (token.part === undefined) {
        if (at >= end || bytes[at] !== token.literal) return Number.NaN;
        at += 1;
        continue;
      }
      const stop = Math.min(end, at + (token.digits === 0 ? digitsAt(bytes, at, end) : token.digits));
      if (stop === at || (token.digits > 0 && stop - at < token.digits)) return Number.NaN;
      this.#parts[token.part] = (token.part === 'fraction' ? readFraction : readDigits)(bytes, at, stop);
      at = stop;
    }
    return at === end ? this.#sum() : Number.NaN;
  }

  #sum(): number {
    const { year, month, day, hour, minute, second, fraction } = this.#parts;
    if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
    const clock = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + fraction;
    return this.#dates.toMs(year, month, day) + (clock < DAY_MS ? clock : Number.NaN);
  }
}

/** One or two: how many digits stand at a place. */
function digitsAt(bytes: Uint8Array, at: number, end: number): number {
  const next = bytes[at + 1] ?? 0;
  return at + 1 < end && next >= 48 && next <= 57 ? 2 : 1;
}
