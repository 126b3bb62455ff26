// Arbitrary markets and orders for the properties of the simulated venue.
import fc from 'fast-check';
import { MINUTE, stock, VenueBench, type Heard, type OrderFields } from './venue-bench.fixture.js';
import type { SimulatedVenueSetup } from './venue-setup.js';

// Prices are in ticks of 0.01 around 100; quantities in lots of 1.
/** One thing that happens to a venue. */
export type Step =
  | (BarStep & { kind: 'bar'; asTicks: boolean })
  // Orders that come after the open of a bar, or before a range that had no open.
  | { kind: 'inside'; bar: BarStep; hasOpen: boolean; submit: SubmitStep }
  | (SubmitStep & { kind: 'submit' })
  | { kind: 'cancel'; pick: number }
  | { kind: 'replace'; pick: number; qty: number; price: number }
  | { kind: 'wait'; minutes: number };

/** A bar before its prices are worked out. */
export interface BarStep {
  open: number;
  up: number;
  down: number;
  close: number;
  volume: number;
}

/** A group of orders before it is sent. */
export interface SubmitStep {
  orders: OrderStep[];
  link: 'none' | 'oco' | 'bracket';
}

/** An order before it is sent. */
export interface OrderStep {
  side: 'buy' | 'sell';
  qty: number;
  type: 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';
  limit: number;
  stop: number;
  tif: 'DAY' | 'GTC' | 'GTD' | 'IOC' | 'FOK';
  /** How long a GTD order lives, in minutes. */
  life: number;
  isProtection: boolean;
}

const price = fc.integer({ min: 9_800, max: 10_200 });
const farPrice = fc.oneof(fc.integer({ min: 9_800, max: 9_940 }), fc.integer({ min: 10_060, max: 10_200 }));

function submitOf(types: readonly OrderStep['type'][], prices: fc.Arbitrary<number>): fc.Arbitrary<SubmitStep> {
  const order = fc.record({
    side: fc.constantFrom('buy', 'sell'),
    qty: fc.integer({ min: 1, max: 120 }),
    type: fc.constantFrom(...types),
    limit: prices,
    stop: prices,
    tif: fc.constantFrom('DAY', 'GTC', 'GTC', 'GTD', 'IOC', 'FOK'),
    life: fc.integer({ min: 1, max: 20 }),
    isProtection: fc.boolean(),
  });
  const link = fc.constantFrom('none', 'oco', 'bracket');
  return fc.record({ orders: fc.array(order, { minLength: 1, maxLength: 3 }), link });
}

/** What happens in a market whose bars open within `stray` ticks of 100 and reach as far as `reach` ticks from there. */
function stepOf(stray: number, reach: number, submit: fc.Arbitrary<SubmitStep>): fc.Arbitrary<Step> {
  const bar = fc.record({
    open: fc.integer({ min: 10_000 - stray, max: 10_000 + stray }),
    up: fc.nat(reach),
    down: fc.nat(reach),
    close: fc.nat(100),
    volume: fc.nat(400),
  });
  const whole = bar.map((made) => ({ kind: 'bar' as const, ...made, asTicks: false }));
  const inside = fc.record({ kind: fc.constant('inside' as const), bar, hasOpen: fc.boolean(), submit });
  const change = fc.record({
    kind: fc.constant('replace' as const),
    pick: fc.nat(100),
    qty: fc.integer({ min: 1, max: 150 }),
    price,
  });
  return fc.oneof(
    { weight: 5, arbitrary: whole },
    { weight: 4, arbitrary: submit.map((made) => ({ kind: 'submit' as const, ...made })) },
    { weight: 1, arbitrary: inside },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(100) }) },
    { weight: 1, arbitrary: change },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(1_500) }) },
  );
}
/** Options of the venue. */
export const options = fc.record({
  fill: fc.constantFrom('next-open', 'this-close', 'cross-spread'),
  limitFill: fc.constantFrom('touch', 'through'),
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
const anyStep = stepOf(200, 150, submitOf(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], price));
const calmStep = stepOf(20, 40, submitOf(['limit', 'limit', 'stop', 'stop-limit', 'market'], farPrice));
/** A run of events; an instrument is fed bars or ticks, not both. */
export const steps = fc
  .tuple(fc.array(anyStep, { minLength: 5, maxLength: 60 }), fc.boolean())
  .map(([items, asTicks]) =>
    asTicks
      ? items.filter(({ kind }) => kind !== 'inside').map((item) => (item.kind === 'bar' ? { ...item, asTicks } : item))
      : items,
  );

/** A run of events in a market so calm that most orders rest for long. */
export const calmSteps = fc.array(calmStep, { minLength: 20, maxLength: 60 });

/** A venue with little cash, unless told otherwise, and a point value of 2. */
export function makeBench(chosen: object, setup: Partial<SimulatedVenueSetup> = {}): VenueBench {
  return new VenueBench(
    { initialCash: { USD: 1_000 }, ...chosen, executionHistory: 100_000 },
    { instruments: [stock({ pointValue: 2 })], setup },
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
      const { open, high, low, close } = pricesOf(item);
      if (item.asTicks) tickThrough(bench, [open, high, low, close], item.volume);
      else bench.bar(open / 100, high / 100, low / 100, close / 100, item.volume);
      break;
    }
    case 'inside': {
      const { open, high, low, close } = pricesOf(item.bar);
      if (item.hasOpen) bench.venue.onBarOpen(0, open / 100, bench.now);
      send(bench, item.submit);
      bench.endBar(open / 100, high / 100, low / 100, close / 100, item.bar.volume);
      break;
    }
    case 'submit':
      send(bench, item);
      break;
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

function pricesOf(bar: BarStep): { open: number; high: number; low: number; close: number } {
  const high = bar.open + bar.up;
  const low = bar.open - bar.down;
  return { open: bar.open, high, low, close: low + Math.trunc(((high - low) * bar.close) / 100) };
}

function send(bench: VenueBench, { orders, link }: SubmitStep): void {
  const first = bench.records.size + 1;
  const fields = orders.map((made, index): OrderFields => {
    const takesAnyLife = made.type === 'market' || made.type === 'limit';
    const isImmediate = made.tif === 'IOC' || made.tif === 'FOK';
    return {
      side: made.side,
      qty: made.qty,
      type: made.type,
      tif: takesAnyLife || !isImmediate ? made.tif : 'GTC',
      expiresAt: bench.now + made.life * MINUTE,
      ...(made.type === 'limit' || made.type === 'stop-limit' ? { limit: made.limit / 100 } : {}),
      ...(made.type === 'stop' || made.type === 'stop-limit' ? { stop: made.stop / 100 } : {}),
      ...(made.type === 'trailing-stop' ? { trail: 0.4 } : {}),
      purpose: made.isProtection ? 'protection' : 'entry',
      oco: link === 'oco' || (link === 'bracket' && index > 0) ? first : 0,
      parent: link === 'bracket' && index > 0 ? first : 0,
    };
  });
  bench.submit(...fields);
}

/** A venue after all steps, and what it said. */
export function run(chosen: object, items: readonly Step[]): { bench: VenueBench; heard: readonly Heard[] } {
  const bench = makeBench(chosen);
  for (const item of items) play(bench, item);
  return { bench, heard: bench.listener.heard };
}
