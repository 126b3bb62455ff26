import type { EpochMs } from '@bookrunner/sdk';

/** Looks in a row that may be put off: a process that is never in time would else never say that data are missing. */
export const LATE_LOOKS_MOST = 4;

/** Whether looks for silent feeds come in time: rows that came while the process was busy are read in the next turn. */
export class LateLooks {
  readonly everyMs: number;
  #late = 0;

  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  /** Whether a look that was due at `due` is put off until what came meanwhile has been read. */
  isPutOff(due: EpochMs, now: EpochMs): boolean {
    const isLate = now - due > this.everyMs && this.#late < LATE_LOOKS_MOST;
    this.#late = isLate ? this.#late + 1 : 0;
    return isLate;
  }
}
