import type { OrderRequest, PortfolioView, RiskDecision } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import type { ScopeView } from './scope-view.js';

const INSTRUMENTS = [instrumentOf({ pointValue: 5 }), instrumentOf({ symbol: 'BBB', priceStep: 0.01, lotStep: 0.1 })];
const TWO_BOOKS = [{ name: 'CORE' }, { name: 'SIDE' }];

/** Multiplied out, slot by slot. */
function exposureOf({ slots }: ScopeView): number {
  return slots.reduce((gross, { heldScaled: held, workingScaled: working, state, instrument }) => {
    const worst = Math.max(Math.abs(held), Math.abs(held + working));
    return worst === 0 ? gross : gross + (worst / state.quantityPower) * state.price * instrument.pointValue;
  }, 0);
}

/** Compares at each order what the scope says with what it comes to, and approves. */
class ComparingPolicy {
  readonly differences: string[] = [];
  asked = 0;
  check(_order: OrderRequest, view: PortfolioView): RiskDecision {
    this.asked += 1;
    const [said, is] = [view.grossExposure, exposureOf(view as ScopeView)];
    if (!Object.is(said, is)) this.differences.push(`${view.scope}: ${said} is ${is}`);
    return { kind: 'approve' };
  }
}

function sceneOf(policy: ComparingPolicy): Scene {
  const strategies = [
    { name: 'a', instruments: [0], book: 0, policy },
    { name: 'b', instruments: [1], book: 1, policy },
    { name: 'c', instruments: [0, 1], book: 0, policy },
  ];
  const scene = new Scene({
    instruments: INSTRUMENTS,
    books: TWO_BOOKS.map((book) => ({ ...book, policy })),
    strategies,
    policy,
  });
  return scene;
}

const price = fc.double({ min: 1, max: 1_000, noNaN: true });
const step = fc.oneof(
  fc.record({
    kind: fc.constant('bars' as const),
    price,
    share: fc.constantFrom(-1, -0.5, 0, 0.25, 1),
    strategy: fc.nat(2),
  }),
  fc.record({ kind: fc.constant('venue' as const), does: fc.constantFrom('fill', 'accept', 'hold') }),
);
const disturbance = fc.oneof(
  fc.record({ kind: fc.constant('tick' as const), price, instrument: fc.nat(1) }),
  fc.record({ kind: fc.constant('split' as const) }),
  fc.record({ kind: fc.constant('unknown' as const) }),
);

type Move = typeof step | typeof disturbance extends fc.Arbitrary<infer Step> ? Step : never;

function act(scene: Scene, move: Move): void {
  switch (move.kind) {
    case 'bars':
      return scene.answer(move.share, move.price, move.strategy);
    case 'venue':
      scene.venue.onSubmit = () => move.does as 'fill';
      return;
    case 'tick':
      return scene.tick(scene.now, move.price, { instrumentIndex: move.instrument });
    case 'split': {
      const terms = { instrumentIndex: 0, numerator: 2, denominator: 1 };
      return scene.driver.event({ kind: 'corporate-action', at: scene.now, ...terms });
    }
    case 'unknown':
      // Nothing fills at a price that is not known.
      scene.venue.onSubmit = () => 'hold';
      return scene.bars(Number.NaN);
  }
}

const areCurrent = (scene: Scene): boolean => scene.kernel.parts.portfolio.marks.areCurrent;

describe('the exposure of a scope', () => {
  it('is to the bit what multiplying it out gives, from marks or not', () => {
    let asked = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.array(disturbance, { maxLength: 2 }),
        (calm, rest) => {
          const policy = new ComparingPolicy();
          const scene = sceneOf(policy);
          for (const move of calm) act(scene, move);
          expect(areCurrent(scene)).toBe(true);
          for (const move of rest) act(scene, move);
          if (rest.length > 0) for (const move of calm) act(scene, move);
          expect(policy.differences).toEqual([]);
          asked += policy.asked;
        },
      ),
      { numRuns: 150 },
    );
    expect(asked).toBeGreaterThan(500);
  });

  it('is multiplied out for good once something else than a bar or a fill has moved a price or a holding', () => {
    const moved = (move: Parameters<typeof act>[1]): boolean => {
      const scene = sceneOf(new ComparingPolicy());
      scene.answer(1);
      expect(areCurrent(scene)).toBe(true);
      act(scene, move);
      scene.bars();
      return !areCurrent(scene);
    };
    expect(moved({ kind: 'tick', price: 101, instrument: 0 })).toBe(true);
    expect(moved({ kind: 'split' })).toBe(true);
    expect(moved({ kind: 'unknown' })).toBe(true);
    expect(moved({ kind: 'bars', price: 101, share: -1, strategy: 0 })).toBe(false);
  });

  it('is multiplied out once a bar that only warms up has moved the price of what is held', () => {
    const scene = sceneOf(new ComparingPolicy());
    const warmUp = (): void => {
      const bar = scene.barEvent({ streamIndex: 0, ts: scene.now, price: 150, isWarmup: true });
      scene.now = bar.endTs;
      scene.driver.bar(bar);
    };
    warmUp();
    expect(areCurrent(scene)).toBe(true);
    scene.answer(1);
    warmUp();
    expect(areCurrent(scene)).toBe(false);
  });

  it('is multiplied out in a kernel that was restored', () => {
    const scene = sceneOf(new ComparingPolicy());
    scene.answer(1);
    const restored = scene.fresh();
    restored.kernel.restore(scene.kernel.snapshot());
    expect(areCurrent(restored)).toBe(false);
  });
});
