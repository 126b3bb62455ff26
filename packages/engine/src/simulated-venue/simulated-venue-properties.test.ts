import { describe, expect, it } from '@jest/globals';
import { moneyPower, MONEY_DECIMALS, toMoney, toScaled } from '@bookrunner/sdk';
import fc from 'fast-check';
import { MINUTE, stock, VenueBench, type Heard, type OrderFields } from './venue-bench.fixture.js';

// Prices are in ticks of 0.01 around 100; quantities in lots of 1.
type Step =
  | { kind: 'bar'; open: number; up: number; down: number; close: number; volume: number; asTicks: boolean }
  | { kind: 'submit'; orders: OrderStep[]; link: 'none' | 'oco' | 'bracket' }
  | { kind: 'cancel'; pick: number }
  | { kind: 'replace'; pick: number; qty: number; price: number }
  | { kind: 'wait'; minutes: number };

interface OrderStep {
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
const options = fc.record({
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
// An instrument is fed bars or ticks, not both.
const steps = fc
  .tuple(fc.array(step, { minLength: 5, maxLength: 60 }), fc.boolean())
  .map(([items, asTicks]) => items.map((item): Step => (item.kind === 'bar' ? { ...item, asTicks } : item)));
const RUNS = { numRuns: 80 };

function makeBench(chosen: object): VenueBench {
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
function play(bench: VenueBench, item: Step): void {
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

function run(chosen: object, items: readonly Step[]): { bench: VenueBench; heard: readonly Heard[] } {
  const bench = makeBench(chosen);
  for (const item of items) play(bench, item);
  return { bench, heard: bench.listener.heard };
}

describe('properties of the simulated venue', () => {
  it('keeps fills within the quantity, leaves exact, and nothing after the end of an order', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        const qty = new Map([...bench.records].map(([sequence, record]) => [sequence, record.qty]));
        const filled = new Map<number, number>();
        const ended = new Set<number>();
        const accepted = new Set<number>();
        for (const line of heard) {
          const isAnswer = line.kind === 'cancel-rejected' || line.kind === 'replace-rejected';
          if (line.order !== 0 && !isAnswer) expect(ended.has(line.order)).toBe(false);
          if (line.kind === 'accepted') accepted.add(line.order);
          if (line.kind === 'replaced') qty.set(line.order, line.qty!);
          if (line.kind === 'filled') {
            expect(accepted.has(line.order)).toBe(true);
            const total = (filled.get(line.order) ?? 0) + line.qty!;
            filled.set(line.order, total);
            expect(line.qty).toBeGreaterThan(0);
            expect(line.leaves).toBe(qty.get(line.order)! - total);
            expect(line.leaves).toBeGreaterThanOrEqual(0);
          }
          if (line.kind === 'cancelled' || line.kind === 'expired' || line.kind === 'rejected' || line.leaves === 0)
            ended.add(line.order);
        }
      }),
      RUNS,
    );
  });

  it('never fills an OCO group for more than its largest member', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(
          chosen,
          items.filter((item) => item.kind !== 'replace'),
        );
        const largest = new Map<number, number>();
        const total = new Map<number, number>();
        for (const record of bench.records.values()) {
          const group = record.ocoSequence;
          if (group !== 0) largest.set(group, Math.max(largest.get(group) ?? 0, record.qty));
        }
        for (const line of heard) {
          const group = bench.records.get(line.order)?.ocoSequence ?? 0;
          if (line.kind === 'filled' && group !== 0) total.set(group, (total.get(group) ?? 0) + line.qty!);
        }
        for (const [group, filled] of total) expect(filled).toBeLessThanOrEqual(largest.get(group)!);
      }),
      RUNS,
    );
  });

  it('never lets bracket children fill more than their parent has', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const sameSize = items.map((item): Step =>
          item.kind === 'submit'
            ? { ...item, orders: item.orders.map((made) => ({ ...made, qty: item.orders[0]!.qty })) }
            : item,
        );
        const { bench, heard } = run(
          chosen,
          sameSize.filter((item) => item.kind !== 'replace'),
        );
        const filled = new Map<number, number>();
        for (const line of heard) {
          if (line.kind !== 'filled') continue;
          const parent = bench.records.get(line.order)!.parentSequence;
          filled.set(line.order, (filled.get(line.order) ?? 0) + line.qty!);
          if (parent === 0) continue;
          const ofChildren = [...filled].filter(([sequence]) => bench.records.get(sequence)!.parentSequence === parent);
          expect(ofChildren.reduce((sum, [, qty]) => sum + qty, 0)).toBeLessThanOrEqual(filled.get(parent) ?? 0);
        }
      }),
      RUNS,
    );
  });

  it('adds up to the sum of the fills, fees and financing, to the last unit', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        let cash = toMoney(1_000);
        let position = 0n;
        let fees = 0n;
        const unit = moneyPower(MONEY_DECIMALS - 5 - 3);
        for (const line of heard) {
          if (line.kind === 'cash') cash += toMoney(line.amount!);
          if (line.kind !== 'filled') continue;
          const signed = BigInt(toScaled(line.qty!, 3)) * BigInt(bench.records.get(line.order)!.direction);
          position += signed;
          fees += toMoney(line.fee!);
          cash -= signed * BigInt(toScaled(line.price!, 5)) * 2n * unit;
        }
        const [saved] = bench.venue.save().accounts;
        if (saved === undefined) return;
        const holding = saved.holdings[0];
        expect(BigInt(holding?.qty ?? 0)).toBe(position);
        const booked = BigInt(saved.booked[0]![1]) * moneyPower(10) + BigInt(saved.initial[0]![1]);
        expect(booked - BigInt(holding?.traded ?? 0) * 2n * unit).toBe(cash - fees);
        expect(bench.venue.snapshot(bench.now).executions.items).toHaveLength(
          heard.filter((line) => line.kind === 'filled').length,
        );
      }),
      RUNS,
    );
  });

  it('never fills a limit worse than its price, nor a stop better than it', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(
          chosen,
          items.filter((item) => item.kind !== 'replace'),
        );
        for (const line of heard) {
          if (line.kind !== 'filled') continue;
          const record = bench.records.get(line.order)!;
          const { limitPrice, stopPrice, direction, orderType } = record;
          if (Number.isFinite(limitPrice)) expect(direction * (limitPrice - line.price!)).toBeGreaterThanOrEqual(0);
          // A stop that volume held up after its trigger is a market order by then.
          const isPrompt = orderType === 'stop' && chosen.volumeShare === 0;
          if (isPrompt) expect(direction * (line.price! - stopPrice)).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('never reports backwards in time, and never sells short where that is switched off', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const { bench, heard } = run(chosen, items);
        let position = 0;
        let ts = 0;
        for (const line of heard) {
          expect(line.ts).toBeGreaterThanOrEqual(ts);
          ts = line.ts;
          if (line.kind === 'filled') position += bench.records.get(line.order)!.direction * line.qty!;
          if (!chosen.shortSale) expect(position).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('does the same twice, and the same with a restart in between', () => {
    fc.assert(
      fc.property(options, steps, fc.nat(60), (chosen, items, cut) => {
        const once = run(chosen, items);
        const restarted = makeBench(chosen);
        for (const [index, item] of items.entries()) {
          if (index === cut % items.length) restarted.restart();
          play(restarted, item);
        }
        expect(run(chosen, items).heard).toEqual(once.heard);
        expect(restarted.listener.heard).toEqual(once.heard);
        expect(restarted.venue.save()).toEqual(once.bench.venue.save());
        expect(restarted.venue.snapshot(restarted.now)).toEqual(once.bench.venue.snapshot(once.bench.now));
      }),
      RUNS,
    );
  });

  it('keeps deadlines in the future once they are done', () => {
    fc.assert(
      fc.property(options, steps, (chosen, items) => {
        const bench = makeBench(chosen);
        for (const item of items) {
          play(bench, item);
          bench.venue.advance(bench.now);
          expect(bench.venue.nextDeadline).toBeGreaterThan(bench.now);
        }
      }),
      RUNS,
    );
  });
});
