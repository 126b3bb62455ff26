import { MINUTE_MS, type OrderRequest, type PortfolioView, type RiskPolicy } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { ScopeView } from './scope-view.js';

const SLOTS = 10;
const INSTRUMENTS = Array.from({ length: SLOTS }, (_, i) =>
  instrumentOf({ symbol: `S${i}`, pointValue: i % 3 === 0 ? 5 : 1, lotStep: i % 4 === 0 ? 0.001 : 1 }),
);

/** What the strategies answer, what becomes of their orders, and the price of each instrument, minute by minute. */
const course = fc.array(
  fc.record({
    answers: fc.array(fc.constantFrom(undefined, 0, 0.5, 1, -1), { minLength: SLOTS, maxLength: SLOTS }),
    prices: fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: SLOTS, maxLength: SLOTS }),
    venue: fc.constantFrom('fill' as const, 'accept' as const, 'reject' as const),
    isRestarted: fc.boolean(),
  }),
  { minLength: 2, maxLength: 12 },
);

/** Compares the bound with the exposure at each order that adds risk, and lets it pass. */
class Probe implements RiskPolicy {
  readonly seen: (readonly [bound: number, exposure: number, equity: number])[] = [];

  check(_order: OrderRequest, view: PortfolioView): { kind: 'approve' } {
    const { exposureBound, grossExposure, equity } = view as ScopeView;
    this.seen.push([exposureBound, grossExposure, equity]);
    return { kind: 'approve' };
  }
}

it('is never below the exposure, and hardly above', () => {
  let known = 0;
  fc.assert(
    fc.property(course, (minutes) => {
      const probe = new Probe();
      const strategies = INSTRUMENTS.map((_, index) => ({ instruments: [index], policy: probe }));
      let scene = new Scene({ instruments: INSTRUMENTS, strategies, policy: probe });
      for (const { answers, prices, venue, isRestarted } of minutes) {
        scene.venue.onSubmit = () => venue;
        scene.answers.splice(0, SLOTS, ...answers);
        const ts = scene.now;
        scene.now += MINUTE_MS;
        INSTRUMENTS.forEach((_, index) => {
          const event = scene.barEvent({ streamIndex: index, ts, price: (prices[index] as number) / 4 });
          scene.driver.bar(event);
        });
        scene.driver.advanceTo(scene.now);
        if (!isRestarted) continue;
        const snapshot = scene.kernel.snapshot();
        scene = scene.fresh();
        scene.kernel.restore(snapshot);
      }
      for (const [bound, exposure, equity] of probe.seen) {
        if (Number.isNaN(bound)) continue;
        known += 1;
        expect(bound).toBeGreaterThanOrEqual(exposure);
        expect(bound - exposure).toBeLessThanOrEqual(1e-5 * (exposure + Math.abs(equity)));
      }
    }),
  );
  expect(known).toBeGreaterThan(100);
});
