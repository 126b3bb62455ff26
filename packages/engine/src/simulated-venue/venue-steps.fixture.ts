// Arbitrary markets and orders for the properties of the simulated venue.
import fc from 'fast-check';
import { MINUTE, stock, VenueBench, type Heard, type OrderFields } from './venue-bench.fixture.js';

// Prices are in ticks of 0.01 around 100; quantities in lots of 1.
/** One thing that happens to a venue. */
export type Step =
  | { kind: 'bar'; open: number; up: number; down: number; close: number; volume: number; asTicks: boolean }
  | { kind: 'submit'; orders: OrderStep[]; link: 'none' | 'oco' | 'bracket' }
  | { kind: 'cancel'; pick: number }
  | { kind: 'replace'; pick: number; qty: number; price: number }
  | { kind: 'wait'; minutes: number };

/** An order before it is sent. */
export interface OrderStep {
  side: 'buy' | 'sell';
  qty: number;
  type: 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';
  limit: number;
  stop: number;
  tif: 'DAY' | 'GTC' | 'IOC' | 'FOK';
  isProtection: boolean;
}

const price = fc.integer({ min: 9_800, max: 10_200 });
const order: fc.Arbitrary<OrderStep> = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 120 }),
  type: fc.constantFrom('market', 'limit', 'stop', 'stop-limit', 'trailing-stop'),
  limit: price,
  stop: price,
  tif: fc.constantFrom('DAY', 'GTC', 'GTC', 'IOC', 'FOK'),
  isProtection: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('bar' as const),
      open: price,
      up: fc.nat(150),
      down: fc.nat(150),
      close: fc.nat(100),
      volume: fc.nat(400),
      asTicks: fc.constant(false),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      orders: fc.array(order, { minLength: 1, maxLength: 3 }),
      link: fc.constantFrom('none', 'oco', 'bracket'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(100) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      pick: fc.nat(100),
      qty: fc.integer({ min: 1, max: 150 }),
      price,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(1_500) }) },
);
/** Options of the venue. */
export const options = fc.record({
  fill: fc.constantFrom('next-open', 'this-close', 'cross-spread'),
  volumeShare: fc.constantFrom(0, 0.25, 1),
  assumedSpreadTicks: fc.constantFrom(0, 3),
  slippage: fc.constantFrom({ model: 'none' }, { model: 'ticks', ticks: 2 }, { model: 'bps', bps: 1.7 }),
  fees: fc.constantFrom(
    { model: 'none' },
    { model: 'bps', bps: 1 / 3, minimum: 0.5 },
    { model: 'maker-taker', makerBps: -0.3, takerBps: 1.1 },
  ),
  financing: fc.constantFrom({ model: 'none' }, { model: 'rate', longPct: 4, shortPct: 1 }),
  latency: fc.constantFrom({}, { submitMs: 30, cancelMs: 5, replaceMs: 90_000 }),
  shortSale: fc.boolean(),
});
/** A run of events; an instrument is fed bars or ticks, not both. */
export const steps = fc
  .tuple(fc.array(step, { minLength: 5, maxLength: 60 }), fc.boolean())
  .map(([items, asTicks]) => items.map((item): Step => (item.kind === 'bar' ? { ...item, asTicks } : item)));

/** A venue with little cash and a point value of 2. */
export function makeBench(chosen: object): VenueBench {
  return new VenueBench(
    { ...chosen, initialCash: { USD: 1_000 }, executionHistory: 100_000 },
    { instruments: [stock({ pointValue: 2 })] },
  );
}

/** Quotes and a trade through some prices. */
function tickThrough(bench: VenueBench, prices: readonly number[], size: number): void {
  for (const mid of prices) bench.tick({ bid: (mid - 1) / 100, ask: (mid + 1) / 100, bidSize: size, askSize: size });
  bench.tick({ last: prices[0]! / 100, size });
}

/** Lets a step happen. */
export function play(bench: VenueBench, item: Step): void {
  switch (item.kind) {
    case 'bar': {
      const high = item.open + item.up;
      const low = item.open - item.down;
      const close = low + Math.trunc(((high - low) * item.close) / 100);
      if (item.asTicks) tickThrough(bench, [item.open, high, low, close], item.volume);
      else bench.bar(item.open / 100, high / 100, low / 100, close / 100, item.volume);
      break;
    }
    case 'submit': {
      const first = bench.records.size + 1;
      const fields = item.orders.map((made, index): OrderFields => ({
        side: made.side,
        qty: made.qty,
        type: made.type,
        tif: made.type === 'market' || made.type === 'limit' ? made.tif : 'GTC',
        ...(made.type === 'limit' || made.type === 'stop-limit' ? { limit: made.limit / 100 } : {}),
        ...(made.type === 'stop' || made.type === 'stop-limit' ? { stop: made.stop / 100 } : {}),
        ...(made.type === 'trailing-stop' ? { trail: 0.4 } : {}),
        purpose: made.isProtection ? 'protection' : 'entry',
        oco: item.link === 'oco' || (item.link === 'bracket' && index > 0) ? first : 0,
        parent: item.link === 'bracket' && index > 0 ? first : 0,
      }));
      bench.submit(...fields);
      break;
    }
    case 'cancel':
    case 'replace': {
      const record = bench.records.get(1 + (item.pick % Math.max(1, bench.records.size)));
      if (record === undefined) break;
      if (item.kind === 'cancel') bench.venue.cancel(record, bench.now);
      else
        bench.venue.replace(
          record,
          { qty: item.qty, ...(record.orderType === 'limit' ? { limitPrice: item.price / 100 } : {}) },
          bench.now,
        );
      break;
    }
    case 'wait':
      bench.now += item.minutes * MINUTE;
      bench.venue.advance(bench.now);
      break;
  }
}

/** A venue after all steps, and what it said. */
export function run(chosen: object, items: readonly Step[]): { bench: VenueBench; heard: readonly Heard[] } {
  const bench = makeBench(chosen);
  for (const item of items) play(bench, item);
  return { bench, heard: bench.listener.heard };
}
