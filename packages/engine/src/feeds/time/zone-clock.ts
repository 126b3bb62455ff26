// Wall-clock time of an IANA zone to UTC, with what a single offset cannot say: times that occur twice, or never.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';

/** Whether the platform knows the IANA zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * Converts the wall clock of one zone. Walls are milliseconds since 1970-01-01 00:00 on that clock.
 *
 * A wall time that is skipped (clocks go forward) is none: NaN. One that occurs twice (clocks go back) means its first occurrence,
 * unless that lies before `notBefore`, the row above: then it means the second.
 */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  // One offset holds for all walls of #from <= wall < #until.
  #from = Number.NaN;
  #until = Number.NaN;
  #offset = 0;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** The instant of a wall time; NaN where the wall clock never shows it. */
  toUtc(wall: number, notBefore: EpochMs): EpochMs {
    if (wall >= this.#from && wall < this.#until) return wall - this.#offset;
    if (this.#settle(wall, DAY_MS) || this.#settle(wall, HOUR_MS)) return wall - this.#offset;
    return this.#resolve(wall, notBefore);
  }

  /** Milliseconds to add to UTC to get the wall clock at an instant. */
  offsetAt(ts: EpochMs): number {
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(this.#format.format(ts));
    if (match?.[1] === undefined) return 0;
    const size = Number(match[2]) * HOUR_MS + Number(match[3]) * MINUTE_MS + Number(match[4] ?? 0) * SECOND_MS;
    return match[1] === '-' ? -size : size;
  }

  // Offsets lie within 15 hours of UTC: a span whose instants, taken that generously, share one offset has no change inside. A day
  // holds for most rows; the shorter span keeps the rows of a day with a change from being resolved one by one.
  #settle(wall: number, span: number): boolean {
    const from = Math.floor(wall / span) * span;
    const guess = this.offsetAt(from - this.offsetAt(from));
    const early = this.offsetAt(from - guess - HOUR_MS * 3);
    const late = this.offsetAt(from - guess + span + HOUR_MS * 3);
    if (early !== guess || late !== guess) return false;
    this.#from = from;
    this.#until = from + span;
    this.#offset = guess;
    return true;
  }

  #resolve(wall: number, notBefore: EpochMs): EpochMs {
    const before = this.offsetAt(wall - DAY_MS);
    const after = this.offsetAt(wall + DAY_MS);
    const early = wall - Math.max(before, after);
    const late = wall - Math.min(before, after);
    const isEarly = early + this.offsetAt(early) === wall;
    const isLate = late + this.offsetAt(late) === wall;
    if (isEarly && isLate) return early < notBefore ? late : early;
    if (isEarly) return early;
    return isLate ? late : Number.NaN;
  }
}
