import type { Clock } from '../../interfaces/clock.js';
import type { EpochMs } from '../../model/time.js';

/** One thing that a fault did, or that followed from it. */
export interface FaultNote {
  readonly ts: EpochMs;
  /** Kind of the fault; empty for what its wrapper did by itself: a reconnect, a settling. */
  readonly fault: string;
  /** What was done to what, as a person reads it. */
  readonly what: string;
}

/** What was done to what, in order. As text it is one line a note, to be put into a test's failure message. */
export class FaultLog {
  readonly #clock: Clock;
  readonly #startTs: EpochMs;
  readonly #notes: FaultNote[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startTs = clock.nowUtc();
  }

  get notes(): readonly FaultNote[] {
    return this.#notes;
  }

  /** What a kind of fault did. */
  of(fault: string): readonly string[] {
    return this.#notes.filter((note) => note.fault === fault).map((note) => note.what);
  }

  add(fault: string, what: string): void {
    this.#notes.push({ ts: this.#clock.nowUtc(), fault, what });
  }

  toString(): string {
    if (this.#notes.length === 0) return 'No fault has happened.';
    const lines = this.#notes.map(({ ts, fault, what }) => {
      return `+${ts - this.#startTs} ms ${fault === '' ? '(no fault)' : fault}: ${what}`;
    });
    return lines.join('\n');
  }
}
