import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Askable, type RunnerStatus } from './askable.js';

class Strategy extends Askable {
  setCold(count: number): void {
    this.coldStreams = count;
  }
}

/** What is so, each on its own. */
interface Facts {
  readonly status: RunnerStatus;
  readonly coldStreams: number;
  readonly isGated: boolean;
  readonly isEarly: boolean;
  readonly isFilling: boolean;
  readonly awaitsAnswer: boolean;
  readonly dueTimes: readonly string[];
}

const FRESH: Facts = {
  status: 'running',
  coldStreams: 0,
  isGated: false,
  isEarly: true,
  isFilling: false,
  awaitsAnswer: false,
  dueTimes: [],
};
const changes = fc.array(
  fc.oneof(
    fc.record({ status: fc.constantFrom<RunnerStatus>('running', 'stopped', 'failed') }),
    fc.record({ coldStreams: fc.nat(2) }),
    fc.record({ isGated: fc.boolean() }),
    fc.record({ isEarly: fc.boolean() }),
    fc.record({ isFilling: fc.boolean() }),
    fc.record({ awaitsAnswer: fc.boolean() }),
    fc.record({ dueTimes: fc.array(fc.constantFrom('open', 'close'), { maxLength: 1 }) }),
  ),
  { maxLength: 30 },
);

function change(strategy: Strategy, { coldStreams, dueTimes, ...rest }: Partial<Facts>): void {
  if (coldStreams !== undefined) strategy.setCold(coldStreams);
  if (dueTimes !== undefined) strategy.dueTimes.splice(0, Number.POSITIVE_INFINITY, ...dueTimes);
  Object.assign(strategy, rest);
}

describe('whether a strategy can be asked', () => {
  it('is what follows from all that it depends on, however that changes', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const strategy = new Strategy(FRESH.coldStreams);
        let facts = FRESH;
        for (const next of list) {
          change(strategy, next);
          facts = { ...facts, ...next };
          const { status, coldStreams, isGated, isEarly, isFilling, awaitsAnswer, dueTimes } = facts;
          const canAnswer = coldStreams === 0 && !isGated && !isEarly && status === 'running';
          expect(strategy).toMatchObject({ status, coldStreams, isGated, isEarly, isFilling, awaitsAnswer, dueTimes });
          expect(strategy.isWarm).toBe(coldStreams === 0);
          expect(strategy.canAnswer).toBe(canAnswer);
          expect(strategy.isCalm).toBe(canAnswer && !isFilling && !awaitsAnswer && dueTimes.length === 0);
        }
      }),
    );
  });
});
