import { MINUTE_MS, type OrderRequest, type PortfolioView, type RiskPolicy } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { ScopeView } from './scope-view.js';

const SLOTS = 10;
const INSTRUMENTS = Array.from({ length: SLOTS }, (_, i) =>
  instrumentOf({ symbol: `S${i}`, pointValue: i % 3 === 0 ? 5 : 1, lotStep: i % 4 === 0 ? 0.001 : 1 }),
);

/** What the strategies answer, what becomes of their orders, and the price of each instrument in quarters, minute by minute. */
const courseWith = (prices: fc.Arbitrary<number>) =>
  fc.array(
    fc.record({
      answers: fc.array(fc.constantFrom(undefined, 0, 0.5, 1, -1), { minLength: SLOTS, maxLength: SLOTS }),
      prices: fc.array(prices, { minLength: SLOTS, maxLength: SLOTS }),
      venue: fc.constantFrom('fill' as const, 'accept' as const, 'reject' as const),
      isRestarted: fc.boolean(),
    }),
    { minLength: 2, maxLength: 12 },
  );
type Course = typeof courseWith extends (prices: fc.Arbitrary<number>) => fc.Arbitrary<infer Minutes> ? Minutes : never;

const usual = fc.integer({ min: 1, max: 4_000 });
/** Now and then one that is no price, against which all others are rounded away. */
const spiked = fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(1e13, 1e17, 1e22) });

/** Compares the bound with the exposure at each order that adds risk, and lets it pass. */
class Probe implements RiskPolicy {
  readonly known: (readonly [bound: number, exposure: number, equity: number])[] = [];

  check(_order: OrderRequest, view: PortfolioView): { kind: 'approve' } {
    const { exposureBound, grossExposure, equity } = view as ScopeView;
    if (!Number.isNaN(exposureBound)) this.known.push([exposureBound, grossExposure, equity]);
    return { kind: 'approve' };
  }
}

/** What was known at the orders of a course. */
function boundsOf(minutes: Course): Probe['known'] {
  const probe = new Probe();
  const strategies = INSTRUMENTS.map((_, index) => ({ instruments: [index], policy: probe }));
  let scene = new Scene({ instruments: INSTRUMENTS, strategies, policy: probe });
  for (const { answers, prices, venue, isRestarted } of minutes) {
    scene.venue.onSubmit = () => venue;
    scene.answers.splice(0, SLOTS, ...answers);
    const ts = scene.now;
    scene.now += MINUTE_MS;
    prices.forEach((price, index) => scene.driver.bar(scene.barEvent({ streamIndex: index, ts, price: price / 4 })));
    scene.driver.advanceTo(scene.now);
    if (!isRestarted) continue;
    const snapshot = scene.kernel.snapshot();
    scene = scene.fresh();
    scene.kernel.restore(snapshot);
  }
  return probe.known;
}

it('is never below the exposure, and hardly above', () => {
  let count = 0;
  fc.assert(
    fc.property(courseWith(usual), (minutes) => {
      for (const [bound, exposure, equity] of boundsOf(minutes)) {
        count += 1;
        expect(bound).toBeGreaterThanOrEqual(exposure);
        expect(bound - exposure).toBeLessThanOrEqual(1e-5 * (exposure + Math.abs(equity)));
      }
    }),
  );
  expect(count).toBeGreaterThan(100);
});

it('is not below it where a price that was none has rounded away what else is held', () => {
  fc.assert(
    fc.property(courseWith(spiked), (minutes) => {
      for (const [bound, exposure] of boundsOf(minutes)) expect(bound).toBeGreaterThanOrEqual(exposure);
    }),
    { numRuns: 300 },
  );
});
