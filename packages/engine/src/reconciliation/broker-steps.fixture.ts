// What can happen between engine and broker, one random step after the other.
import type { Sizer, VenueSnapshot } from '@bookrunner/sdk';
import fc from 'fast-check';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import { BrokerBench, type BrokerBenchOptions } from './broker-bench.fixture.js';
import { type Fate, round } from './truth-broker.fixture.js';

export type Step =
  | { readonly kind: 'bar'; readonly share: number; readonly strategy: number; readonly isLimit: boolean }
  | { readonly kind: 'deliver'; readonly count: number }
  | { readonly kind: 'fate'; readonly fate: Fate; readonly what?: string }
  | { readonly kind: 'fill'; readonly qty: number; readonly fate: Fate }
  | { readonly kind: 'pass'; readonly ms: number; readonly isAnswered: boolean }
  | { readonly kind: 'cut' }
  | { readonly kind: 'arrive' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'manual'; readonly qty: number }
  | { readonly kind: 'protect'; readonly strategy: number; readonly stop: number; readonly limit?: number }
  /** An answer of parts of different ages: positions, open orders, executions or cash as they were when somebody last looked. */
  | { readonly kind: 'stale'; readonly parts: readonly Part[] }
  /** The reports under way take long: requests and answers go ahead of them. */
  | { readonly kind: 'lag'; readonly count: number }
  | { readonly kind: 'liquidity'; readonly qty: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'correct'; readonly place: number; readonly qty: number }
  | { readonly kind: 'bust'; readonly place: number }
  | { readonly kind: 'charge'; readonly place: number };

type Part = keyof VenueSnapshot;

const share = fc.constantFrom(-1, -0.5, 0, 0.3, 1);
const fate = fc.constantFrom<Fate>('through', 'through', 'unheard', 'late', 'lost', 'open');
const strategy = fc.constantFrom(0, 1);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('bar' as const), share, strategy, isLimit: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fate' as const), fate }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('fill' as const), qty: fc.integer({ min: 1, max: 60 }), fate }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 100, max: 90_000 }),
      isAnswered: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'cut' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'ready' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'arrive' } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('manual' as const), qty: fc.integer({ min: 1, max: 9 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('protect' as const), strategy, stop: fc.constantFrom(85, 90, 95) }),
  },
);

const part = fc.constantFrom<Part>('positions', 'openOrders', 'executions', 'accounts');
const place = fc.integer({ min: 0, max: 12 });
/** What brokers do beside losing messages. Not all of it is told, so that a symbol may freeze for as long as it is not. */
export const rough: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: step },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stale' as const), parts: fc.uniqueArray(part) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lag' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('liquidity' as const), qty: fc.constantFrom(7, 40, 1e9) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'end' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('correct' as const), place, qty: fc.integer({ min: 1, max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bust' as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('charge' as const), place }) },
);

/** Cancels and changes that come to nothing, of entries that have protection to come and fill meanwhile. */
export const thwarted: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 500, max: 8_000 }),
      isAnswered: fc.constant(true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      qty: fc.integer({ min: 1, max: 60 }),
      fate: fc.constant<Fate>('through'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fate' as const),
      fate: fc.constantFrom<Fate>('lost', 'refused', 'through'),
      what: fc.constantFrom('cancel', 'replace'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('protect' as const),
      strategy,
      stop: fc.constantFrom(85, 90),
      limit: fc.constantFrom(98, 99),
    }),
  },
);

/** Two strategies on one symbol of one account. */
export function makeBench(options: BrokerBenchOptions = {}): BrokerBench {
  return new BrokerBench({
    strategies: [
      { name: 'one', book: 0 },
      { name: 'two', book: 1 },
    ],
    books: [{ name: 'CORE' }, { name: 'OTHER' }],
    cash: 2_000_000,
    ...options,
  });
}

/** A lot is 0.001; fills come in steps of 0.0004. A share is a tenth of a unit. */
const TENTH: Sizer = { size: ({ share }) => ({ kind: 'sized', units: share / 10 }) };
const FINE: BrokerBenchOptions = {
  instruments: [instrumentOf({ assetClass: 'crypto', lotStep: 0.001 })],
  strategies: [
    { name: 'one', book: 0, sizer: TENTH },
    { name: 'two', book: 1, sizer: TENTH },
  ],
  unit: 0.0004,
};

/** The same two strategies at such quantities, with fees in BNB. */
export function fine(options: BrokerBenchOptions = {}): BrokerBench {
  const bench = makeBench({ ...FINE, ...options });
  bench.broker.feeCurrency = 'BNB';
  bench.broker.fee = 0.00001237;
  return bench;
}

export function take(bench: BrokerBench, step: Step): void {
  const { scene, broker } = bench;
  switch (step.kind) {
    case 'bar':
      scene.answers[step.strategy] = step.isLimit ? { share: step.share, entry: { limit: 99 } } : step.share;
      return scene.bars(broker.price);
    case 'protect':
      scene.answers[step.strategy] = {
        share: 1,
        protect: { stop: step.stop, takeProfit: 120 },
        ...(step.limit === undefined ? {} : { entry: { limit: step.limit } }),
      };
      return scene.bars(broker.price);
    case 'deliver':
      for (let n = 0; n < step.count; n++) bench.step();
      return;
    case 'fate':
      broker.fate = (what) => (step.what === undefined || step.what === what ? step.fate : 'through');
      return;
    case 'fill': {
      const [id] = broker.open.keys();
      return id === undefined ? undefined : broker.fill(id, round(step.qty * bench.unit), step.fate);
    }
    case 'pass':
      if (step.isAnswered) return bench.pass(step.ms);
      scene.now += step.ms;
      return scene.driver.advanceTo(scene.now);
    case 'cut':
      broker.outbox.length = 0;
      return bench.status('disconnected');
    case 'arrive':
      return broker.arriveLate();
    case 'ready':
      return bench.status('ready');
    case 'manual':
      broker.trade('buy', round(step.qty * bench.unit));
      return;
    default:
      return takeRough(bench, step);
  }
}

type Rough = Extract<Step, { kind: 'stale' | 'lag' | 'liquidity' | 'end' | 'correct' | 'bust' | 'charge' }>;

function takeRough({ broker, unit }: BrokerBench, step: Rough): void {
  switch (step.kind) {
    case 'stale': {
      const old = broker.snapshot();
      broker.spoil = (snapshot) => ({
        ...snapshot,
        ...Object.fromEntries(step.parts.map((name) => [name, old[name]])),
      });
      return;
    }
    case 'lag':
      broker.outbox.push(...broker.outbox.splice(0, step.count));
      return;
    case 'liquidity':
      broker.liquidity = round(step.qty * unit);
      return;
    case 'end': {
      const [id] = broker.open.keys();
      return id === undefined ? undefined : broker.end(id);
    }
    case 'correct':
      return broker.change(step.place, { qty: round(step.qty * unit), price: 101 });
    case 'bust':
      return broker.change(step.place, 'busted');
    case 'charge':
      return broker.charge(step.place, 0.75);
  }
}

/** Messages go through again, the session is up, and time passes: what can be settled is. */
export function settle(bench: BrokerBench): void {
  bench.broker.fate = () => 'through';
  bench.broker.spoil = (snapshot) => snapshot;
  bench.broker.liquidity = Number.POSITIVE_INFINITY;
  bench.broker.arriveLate();
  // Where there is a market again, no market order stays open.
  for (const { clientOrderId, orderType, leavesQty } of [...bench.broker.open.values()]) {
    if (orderType === 'market') bench.broker.fill(clientOrderId, leavesQty);
  }
  bench.status('disconnected');
  bench.broker.outbox.length = 0;
  bench.ready();
  bench.pass(200_000);
}

/** Runs of a law: CI takes the default, a long search more of them. */
export function runs(numRuns: number): { readonly numRuns: number; readonly seed?: number } {
  const { FAST_CHECK_RUNS: wanted, FAST_CHECK_SEED: seed } = process.env;
  return { numRuns: Number(wanted ?? numRuns), ...(seed === undefined ? {} : { seed: Number(seed) }) };
}
