// Whether a broker's clock and this machine's differ, from the times it puts on what it says.
import type { EpochMs } from '@bookrunner/sdk';

/** Samples in a row that agree before anything is said: one that was long under way says nothing. */
export const SKEW_SAMPLES = 5;

/** Where a time comes from. Some plugins stamp heartbeats by the clock of this machine: the two are judged apart. */
export type SkewSource = 'heartbeat' | 'report';

/** What is said. */
export type SkewChange = { readonly stage: 'begin'; readonly offsetMs: number } | { readonly stage: 'end' };

interface Run {
  side: -1 | 0 | 1;
  count: number;
  /** The least offset of the run: delays on the way make a clock seem further behind than it is. */
  leastMs: number;
  isSkewed: boolean;
}

/** Judges one broker. */
export class ClockSkew {
  readonly #limitMs: number;
  readonly #runs: Readonly<Record<SkewSource, Run>> = { heartbeat: emptyRun(), report: emptyRun() };
  #isSkewed = false;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** One time the broker said, and when it was heard. Answers what has changed with it. */
  sample(source: SkewSource, said: EpochMs, heard: EpochMs): SkewChange | undefined {
    if (!Number.isFinite(said)) return undefined;
    const offsetMs = said - heard;
    const side = Math.abs(offsetMs) <= this.#limitMs ? 0 : offsetMs > 0 ? 1 : -1;
    const run = this.#runs[source];
    if (run.side !== side) Object.assign(run, { side, count: 0, leastMs: Number.POSITIVE_INFINITY });
    run.count += 1;
    run.leastMs = Math.min(run.leastMs, Math.abs(offsetMs));
    if (run.count < SKEW_SAMPLES) return undefined;
    run.isSkewed = side !== 0;
    const isSkewed = Object.values(this.#runs).some((one) => one.isSkewed);
    if (isSkewed === this.#isSkewed) return undefined;
    this.#isSkewed = isSkewed;
    return isSkewed ? { stage: 'begin', offsetMs: side * run.leastMs } : { stage: 'end' };
  }
}

function emptyRun(): Run {
  return { side: 0, count: 0, leastMs: Number.POSITIVE_INFINITY, isSkewed: false };
}

/** What changed, for a person. */
export function skewText(venue: string, change: SkewChange): string {
  if (change.stage === 'end') return `The clock of venue ${venue} agrees with this machine's again.`;
  const { offsetMs } = change;
  const how = offsetMs > 0 ? 'ahead of' : 'behind';
  return `The clock of venue ${venue} is ${Math.round(Math.abs(offsetMs))} ms ${how} this machine's.`;
}
