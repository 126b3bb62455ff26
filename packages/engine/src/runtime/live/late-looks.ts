import type { Clock, EpochMs } from '@bookrunner/sdk';

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

/** Looks now and every so often until it is cancelled; says whether feeds are to be judged another time, which then comes at once. */
export function keepLooking(
  clock: Clock,
  everyMs: number,
  look: (now: EpochMs, isPutOff: boolean) => void,
): () => void {
  const looks = new LateLooks(everyMs);
  let cancel = (): void => {};
  const next = (due: EpochMs): void => {
    const now = clock.nowUtc();
    const isPutOff = looks.isPutOff(due, now);
    look(now, isPutOff);
    const at = now + (isPutOff ? 1 : everyMs);
    cancel = clock.callAt(at, () => next(at));
  };
  next(clock.nowUtc());
  return () => cancel();
}
