import { describe, expect, it } from '@jest/globals';
import type { Order, VenueReport } from '@bookrunner/sdk';
import { anInstrument, anOrder, FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { readBrokerOptions } from './broker-options.js';
import type { BrokerOptions } from './broker-options.js';
import { PracticeBroker } from './practice-broker.js';

const CASH = 1_000_000;

function aBroker(options: BrokerOptions = {}) {
  const reports: VenueReport[] = [];
  const settings = readBrokerOptions({ instruments: [anInstrument()], markets: { TEST: {} }, ...options });
  const broker = new PracticeBroker(settings, new FakeClock(), {
    report: (_account, report) => reports.push(report),
    tick: () => undefined,
  });
  const quote = (bid: number): void => broker.quote('TEST', { bid, ask: bid + 0.25, last: Number.NaN });
  quote(100);
  return { broker, reports, quote };
}

const price = fc.integer({ min: 380, max: 420 }).map((steps) => steps / 4);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const terms = fc.record({
  side,
  qty: fc.integer({ min: 1, max: 20 }),
  orderType: fc.constantFrom(
    'market' as const,
    'limit' as const,
    'stop' as const,
    'stop-limit' as const,
    'trailing-stop' as const,
  ),
  limitPrice: price,
  stopPrice: price,
  trail: fc.constantFrom(0.25, 1, 2),
  tif: fc.constantFrom('GTC' as const, 'DAY' as const, 'IOC' as const, 'FOK' as const),
});
const action = fc.oneof(
  fc.record({ do: fc.constant('order' as const), terms }),
  fc.record({ do: fc.constant('quote' as const), bid: price }),
  fc.record({ do: fc.constant('oco' as const), qty: fc.integer({ min: 1, max: 20 }), at: price }),
  fc.record({ do: fc.constant('bracket' as const), qty: fc.integer({ min: 1, max: 20 }), at: price }),
  fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(20) }),
  fc.record({ do: fc.constant('replace' as const), nth: fc.nat(20), qty: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constant('bust' as const), nth: fc.nat(20) }),
  fc.record({ do: fc.constant('correct' as const), nth: fc.nat(20), price }),
  fc.record({ do: fc.constant('external' as const), side, qty: fc.integer({ min: 1, max: 5 }) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const fillOptions = fc.record({
  maxUnitsPerFill: fc.constantFrom(1, 3, 100),
  fillsPerTick: fc.constantFrom(1, 2, 100),
  feePerUnit: fc.constantFrom(0, 0.01),
});

/** Two exits of a long position that cancel each other, after a parent or alone. */
function exits(qty: number, at: number, parentId = ''): readonly Order[] {
  const common = { side: 'sell', qty, ocoGroup: `oco-${ocoCount++}`, parentId } as const;
  return [
    anOrder({ ...common, orderType: 'limit', limitPrice: at + 1 }),
    anOrder({ ...common, orderType: 'stop', stopPrice: at - 1 }),
  ];
}
let ocoCount = 0;

/** Runs actions; answers the groups of OCO orders that were sent, by their ids. */
function run({ broker, quote }: ReturnType<typeof aBroker>, actions: readonly Action[]): readonly (readonly Order[])[] {
  const groups: (readonly Order[])[] = [];
  const act = (step: Action): void => {
    const { orders, executions } = broker.truth();
    const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
    if (step.do === 'quote') return quote(step.bid);
    if (step.do === 'order') return broker.submit('practice', [anOrder(step.terms)]);
    if (step.do === 'external') return void broker.externalOrder('practice', { symbol: 'TEST', ...step });
    if (step.do === 'oco' || step.do === 'bracket') {
      const parent = anOrder({ orderType: 'limit', qty: step.qty, limitPrice: step.at });
      const pair = exits(step.qty, step.at, step.do === 'oco' ? '' : parent.clientOrderId);
      groups.push(step.do === 'oco' ? pair : [...pair, parent]);
      return broker.submit('practice', step.do === 'oco' ? pair : [parent, ...pair]);
    }
    if (step.do === 'cancel' || step.do === 'replace') {
      const order = nth(orders, step.nth)?.order;
      if (order === undefined) return undefined;
      return step.do === 'cancel'
        ? broker.cancel('practice', order)
        : broker.replace('practice', order, { qty: step.qty });
    }
    const execution = nth(
      executions.filter((item) => item.state !== 'busted'),
      step.nth,
    );
    if (execution === undefined) return undefined;
    return step.do === 'bust'
      ? broker.bust(execution.executionId)
      : broker.correct(execution.executionId, { price: step.price });
  };
  for (const step of actions) act(step);
  return groups;
}

describe('PracticeBroker', () => {
  it('has cash and positions that add up from its executions', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fillOptions, (actions, options) => {
        const bench = aBroker(options);
        run(bench, actions);
        const { executions, positions, cash } = bench.broker.truth();
        const booked = executions.filter((execution) => execution.state !== 'busted');
        const signed = booked.map((item) => ({ ...item, qty: item.side === 'buy' ? item.qty : -item.qty }));
        expect(positions[0]?.qty ?? 0).toBe(signed.reduce((sum, item) => sum + item.qty, 0));
        const spent = signed.reduce((sum, item) => sum + item.qty * item.price + item.fee, 0);
        expect(cash['practice']).toBeCloseTo(CASH - spent, 6);
        expect(new Set(executions.map((item) => item.executionId)).size).toBe(executions.length);
      }),
    );
  });

  it('never fills above what was ordered, and counts every order once', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fillOptions, (actions, options) => {
        const bench = aBroker(options);
        run(bench, actions);
        for (const { qty, filledQty, status } of bench.broker.truth().orders) {
          expect(filledQty).toBeLessThanOrEqual(qty);
          expect(status === 'filled').toBe(filledQty === qty && status !== 'cancelled');
        }
        expect(bench.broker.truth().duplicates).toEqual([]);
      }),
    );
  });

  it('lets an OCO group fill one order’s quantity, and children of a bracket what their parent opened', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), fillOptions, (actions, options) => {
        const bench = aBroker(options);
        const kept = actions.filter((step) => step.do !== 'replace');
        const groups = run(bench, kept);
        const filled = new Map(
          bench.broker.truth().orders.map((known) => [known.order.clientOrderId, known.filledQty]),
        );
        for (const [first, second, parent] of groups) {
          const closed = filled.get(first!.clientOrderId)! + filled.get(second!.clientOrderId)!;
          const most = parent === undefined ? first!.qty : filled.get(parent.clientOrderId)!;
          expect(closed).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('counts an order that comes twice, and rejects the second', () => {
    const { broker, reports } = aBroker();
    const order = anOrder();
    broker.submit('practice', [order]);
    broker.submit('practice', [order]);
    expect(broker.truth().duplicates).toEqual([order.clientOrderId]);
    expect(broker.truth().orders[0]).toMatchObject({ timesReceived: 2, status: 'filled', filledQty: 1 });
    expect(reports.map((report) => report.kind)).toEqual(['accepted', 'filled', 'rejected']);
  });

  it('acts for others: orders, fills, busts, corrections, deposits', () => {
    const { broker, reports, quote } = aBroker();
    broker.externalOrder('practice', { symbol: 'TEST', side: 'buy', qty: 3 });
    const order = anOrder({ orderType: 'limit', limitPrice: 90, qty: 2 });
    broker.submit('practice', [order]);
    const executionId = broker.externalFill('practice', { ...order, qty: 1, price: 90 });
    broker.externalFill('practice', { symbol: 'TEST', side: 'sell', qty: 1, price: 101 });
    broker.correct(executionId, { price: 89 });
    broker.bust('E-1');
    broker.deposit('practice', 50);
    quote(100);
    const { cash, positions, externalOrders, openOrders } = broker.truth();
    expect(cash['practice']).toBe(CASH + 50 - 89 + 101);
    expect(positions).toEqual([]);
    expect(externalOrders.map((known) => known.status)).toEqual(['filled', 'filled']);
    expect(openOrders.map((open) => [open.clientOrderId, open.leavesQty])).toEqual([[order.clientOrderId, 1]]);
    expect(reports.map((report) => report.kind).slice(-2)).toEqual(['corrected', 'busted']);
  });

  it('walks the same way from the same seed, and follows a script first', () => {
    const walk = (seed: number): readonly number[] => {
      const { broker } = aBroker({ seed, markets: { TEST: { startPrice: 100 } } });
      broker.script('TEST', [{ bid: 50, ask: 51, last: 50 }]);
      const bids: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        broker.tick();
        const order = anOrder();
        broker.submit('practice', [order]);
        bids.push(broker.truth().executions.at(-1)!.price);
      }
      return bids;
    };
    expect(walk(1)).toEqual(walk(1));
    expect(walk(1)).not.toEqual(walk(2));
    expect(walk(3)[0]).toBe(51);
  });
});
