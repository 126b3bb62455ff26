// Whatever others trade on a session's account, its broker errs in and a person decides: every difference to the backtest has a cause, and
// the session's sum is what its book has earned.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, HandTraded } from './hand-traded.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(300_000);
afterEach(removeProjects);

/** A course takes half a second: these few are always the same, and a search draws others. */
const { FAST_CHECK_RUNS: numRuns = '8', FAST_CHECK_SEED: seed = '11' } = process.env;
const COURSES = { numRuns: Number(numRuns), seed: Number(seed) };
const FAULTS: readonly Fault[] = ['refuses', 'loses', 'is silent', 'tells no fill'];

type Happening = (hand: HandTraded) => Promise<void>;

const ms = fc.constantFrom(1_000, 90_000);
const bar = fc.integer({ min: -40, max: 40 }).map(
  (step): Happening =>
    (hand) =>
      hand.bar(step / 10_000),
);
const trade = fc.tuple(fc.constantFrom(-60_000, -20_000, -5_000, 5_000, 20_000, 60_000), fc.boolean()).map(
  ([qty, isTold]): Happening =>
    (hand) =>
      hand.trade(qty, isTold),
);
const decision = fc.constantFrom('adopt' as const, 'flatten' as const, 'ignore' as const).map(
  (name): Happening =>
    (hand) =>
      hand.decide(name),
);
const fault = fc.constantFrom(...FAULTS).map(
  (kind): Happening =>
    (hand) =>
      hand.fail(kind),
);
const change = fc.constantFrom(undefined, 20_000).map(
  (qty): Happening =>
    (hand) =>
      hand.change(qty),
);
const command = fc.constantFrom('panic' as const, 'resume' as const, 'resume' as const, 'halt' as const).map(
  (name): Happening =>
    (hand) =>
      hand.say(name),
);
const end = fc.constant<Happening>((hand) => hand.end());
const away = ms.map(
  (span): Happening =>
    (hand) =>
      hand.away(span),
);
const restart = ms.map(
  (span): Happening =>
    (hand) =>
      hand.restart(span),
);

const happening = fc.oneof(
  { weight: 6, arbitrary: bar },
  { weight: 2, arbitrary: decision },
  ...[trade, fault, change, command, end, away, restart].map((arbitrary) => ({ weight: 1, arbitrary })),
);

describe('a session at a broker', () => {
  it('differs from its backtest for causes alone, and adds up, whatever befalls it', async () => {
    const course = fc.array(happening, { minLength: 8, maxLength: 24 });
    const options = fc.record({ exclusive: fc.boolean(), replaces: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        course,
        fc.constantFrom('turns', 'steady', 'guarded', 'resting'),
        options,
        async (happenings, use, how) => {
          const hand = await HandTraded.begin(use, how);
          for (const one of happenings) await one(hand);
          for (let bars = 0; bars < 3; bars++) await hand.bar();
          await hand.bench.finish();
          expect(await hand.verify()).toBe(true);
          const { differences, rest, pnl } = await hand.compare();
          expect(differences.filter(({ cause }) => cause === 'unexplained')).toEqual([]);
          expect(rest).toBe(0);
          expect(pnl.session).toBeCloseTo(hand.earned, 6);
          removeProjects();
        },
      ),
      COURSES,
    );
  });
});
