// The quick way of the guards against the plain one, which asks every scope at every mark.
import type { HaltDecision, PortfolioView, RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feedStream, instrumentOf, Scene, type SceneOptions, START } from '../kernel/kernel.fixture.js';
import { Watch } from './watch.js';

const DAY_MS = 24 * 3_600_000;
const INSTRUMENTS = [
  instrumentOf({ pointValue: 10 }),
  instrumentOf({ symbol: 'BBB', lotStep: 0.001, pointValue: 0.3 }),
  instrumentOf({ symbol: 'CCC', quote: 'EUR' }),
  instrumentOf({ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', priceStep: 0.0001 }),
];

const bps = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 60 }));
const bookIndex = fc.nat({ max: 2 });
const strategyIndex = fc.nat({ max: 3 });
const policyLoss = fc.option(bps, { nil: undefined });
/** A price around 100, of the last instrument around 1. */
const price = fc.oneof(
  fc.integer({ min: 90, max: 110 }),
  fc.double({ min: 90, max: 110, noNaN: true }).map((any) => Math.round(any * 4) / 4),
);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('bars' as const),
      prices: fc.array(price, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      strategy: strategyIndex,
      share: fc.constantFrom(-1, -0.5, 0, 0.3, 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('cash' as const),
      book: bookIndex,
      amount: fc.integer({ min: -100_000, max: 100_000 }),
      currency: fc.constantFrom('USD', 'EUR'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('limit' as const), strategy: strategyIndex, bps }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('alloc' as const),
      strategy: strategyIndex,
      weight: fc.constantFrom(0.1, 0.25, 0.3),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'resume' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'day' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  bases: fc.array(fc.constantFrom('USD', 'USD', 'USD', 'EUR'), { minLength: 1, maxLength: 3 }),
  capital: fc.constantFrom(1_000_000, 10_000_000, 3_333_333.33),
  strategies: fc.array(
    fc.record({
      book: bookIndex,
      instruments: fc.subarray([0, 1, 2], { minLength: 1 }),
      loss: policyLoss,
      allocation: fc.constantFrom(0.1, 0.3, 0.25),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  bookLosses: fc.array(policyLoss, { minLength: 3, maxLength: 3 }),
  loss: policyLoss,
  steps: fc.array(step, { minLength: 3, maxLength: 40 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** A policy that halts from a loss of the day on; without one it leaves that to persons. It notes what it says. */
function policyOf(loss: number | undefined, isPlain: boolean, said: unknown[]): RiskPolicy | undefined {
  if (loss === undefined && !isPlain) return undefined;
  const onState = (view: PortfolioView): HaltDecision | undefined => {
    if (loss === undefined || !(view.dayPnlBps <= -loss)) return undefined;
    said.push([view.scope, view.name, view.ts, view.dayPnlBps]);
    return { reason: 'RISK_LOSS_DAY', message: `beyond ${loss}`, until: 'next-day' };
  };
  return { check: () => ({ kind: 'approve' }), onState, ...(isPlain ? {} : { asksFromLossBps: loss! }) };
}

function sceneOf({ bases, capital, strategies, bookLosses, loss }: World, isPlain: boolean, said: unknown[]): Scene {
  const of = (bound: number | undefined): { policy?: RiskPolicy } => {
    const policy = policyOf(bound, isPlain, said);
    return policy === undefined ? {} : { policy };
  };
  const options: SceneOptions = {
    instruments: INSTRUMENTS,
    books: bases.map((base, index) => ({ name: `B${index}`, base, capital, ...of(bookLosses[index]) })),
    strategies: strategies.map(({ book, instruments, loss: bound, allocation }) => ({
      ...{ book: book % bases.length, instruments, allocation },
      ...of(bound),
    })),
    ...of(loss),
  };
  return new Scene(options);
}

/** A minute of bars, each instrument at a price of its own. */
function bars(scene: Scene, prices: readonly number[]): void {
  const ts = scene.now;
  scene.now += feedStream(0).barMs;
  INSTRUMENTS.forEach((instrument, streamIndex) => {
    const any = prices[streamIndex % prices.length]!;
    const event = scene.barEvent({ streamIndex, ts, price: instrument.symbol === 'EURUSD' ? any / 100 : any });
    scene.driver.barOpen(streamIndex, event);
    scene.driver.barRange(streamIndex, event);
    scene.driver.bar(event);
  });
  scene.driver.advanceTo(scene.now);
}

function take(scene: Scene, step: Step): void {
  const nameOf = (index: number): string => `s${index % scene.setup.strategies.length}`;
  switch (step.kind) {
    case 'bars':
      return bars(scene, step.prices);
    case 'answer':
      scene.answers[step.strategy % scene.setup.strategies.length] = step.share;
      return;
    case 'cash': {
      const { name } = scene.setup.books[step.book % scene.setup.books.length]!;
      const { currency, amount } = step;
      const event = { kind: 'cash' as const, at: scene.now, book: name, reason: 'deposit' as const, currency, amount };
      return scene.driver.event(event);
    }
    case 'limit':
      return scene.command('risk', { name: nameOf(step.strategy), bps: step.bps });
    case 'alloc':
      return scene.command('alloc', { name: nameOf(step.strategy), weight: step.weight });
    case 'resume':
      return scene.command('resume', {});
    case 'day':
      scene.now = START + (Math.floor((scene.now - START) / DAY_MS) + 1) * DAY_MS;
      return;
  }
}

describe('the guards', () => {
  it('halt and tell at the same marks as if every scope were asked at every mark', () => {
    fc.assert(
      fc.property(world, (made) => {
        const [quick, plain] = [false, true].map((isPlain) => {
          const said: unknown[] = [];
          const scene = sceneOf(made, isPlain, said);
          for (const one of made.steps) take(scene, one);
          const held = scene.slots.map((_, index) => scene.held(index));
          return { said, notices: scene.notices, held, hash: scene.kernel.hash() };
        });
        expect(quick).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a strategy with one position', () => {
  it('is quiet only where its equity is above the bound, to the last bit', () => {
    const money = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const capital = fc.double({ min: 1, max: 1e9, noNaN: true });
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          capital,
          share,
          begun: money,
          booked: fc.oneof(fc.constant(0), money),
          bps,
          ulps: fc.integer({ min: -40, max: 40 }),
        }),
        (given) => {
          const scene = new Scene({
            books: [{ name: 'CORE', capital: given.capital }],
            strategies: [{ allocation: given.share }],
          });
          scene.bars();
          const scope = scene.kernel.parts.scopes.strategies[0]!;
          const { view } = scope;
          view.dayStart!.earned = given.begun;
          scope.lossLimitBps = given.bps;
          const watch = new Watch(scope);
          const above = view.equityAbove(given.bps);
          const { position } = scene.slot;
          position.holding.bookedNumber = given.booked;
          position.value = above - view.allotted - given.booked;
          position.value +=
            (given.ulps / 8) * Number.EPSILON * Math.max(Math.abs(above), view.allotted, Math.abs(given.booked));
          if (watch.isQuiet) expect(view.equity).toBeGreaterThan(above);
          // And nearly everywhere else it is asked no more often.
          if (view.equity > above + 1e-9 * (Math.abs(above) + view.allotted)) expect(watch.isQuiet).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
