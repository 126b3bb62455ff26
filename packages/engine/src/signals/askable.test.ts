import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Askable, type RunnerStatus } from './askable.js';

class Strategy extends Askable {
  setCold(count: number): void {
    this.coldStreams = count;
  }
  setGap(hasGap: boolean): void {
    this.hasGap = hasGap;
  }
  setManifold(isManifold: boolean): void {
    this.isManifold = isManifold;
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
  readonly hasGap: boolean;
  readonly isManifold: boolean;
  readonly isUnproven: boolean;
}

const FRESH: Facts = {
  status: 'running',
  coldStreams: 0,
  isGated: false,
  isEarly: true,
  isFilling: false,
  awaitsAnswer: false,
  dueTimes: [],
  hasGap: false,
  isManifold: false,
  isUnproven: true,
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
    fc.record({ hasGap: fc.boolean() }),
    fc.record({ isManifold: fc.boolean() }),
    fc.record({ isUnproven: fc.boolean() }),
  ),
  { maxLength: 30 },
);

function change(strategy: Strategy, { coldStreams, hasGap, isManifold, ...rest }: Partial<Facts>): void {
  if (coldStreams !== undefined) strategy.setCold(coldStreams);
  if (hasGap !== undefined) strategy.setGap(hasGap);
  if (isManifold !== undefined) strategy.setManifold(isManifold);
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
          const { hasGap, isManifold, isUnproven, ...visible } = facts;
          const { status, coldStreams, isGated, isEarly, isFilling, awaitsAnswer, dueTimes } = visible;
          const canAnswer = coldStreams === 0 && !isGated && !isEarly && status === 'running';
          expect(strategy).toMatchObject(visible);
          expect(strategy.isWarm).toBe(coldStreams === 0);
          expect(strategy.canAnswer).toBe(canAnswer);
          const isLeftAlone = !hasGap && !isManifold && !isUnproven;
          const isOnlyTheBar = !isFilling && !awaitsAnswer && isLeftAlone && dueTimes.length === 0;
          expect(strategy.isCalm).toBe(canAnswer && isOnlyTheBar);
        }
      }),
    );
  });
});
