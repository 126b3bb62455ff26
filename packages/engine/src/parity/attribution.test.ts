import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attribute } from './attribute.js';
import { differencesOf, earnedBy, type Valuation } from './difference.js';
import { matchOrders } from './match-orders.js';
import { moneyByCause, parityRows } from './parity-result.js';
import { SideLedger, type SideOrder } from './side-ledger.js';

const BAR = 1_000;
const VALUATION: Valuation = { unitValue: () => 2, mark: () => 101.25, rate: () => 0.5 };

const fills = fc.array(
  fc.record({
    ts: fc.integer({ min: 1, max: 20_000 }),
    qty: fc.integer({ min: 1, max: 500 }),
    price: fc.integer({ min: 9_000, max: 11_000 }).map((cents) => cents / 100),
    fee: fc.integer({ min: -50, max: 500 }).map((cents) => cents / 100),
    feeCurrency: fc.constant('EUR'),
  }),
  { maxLength: 3 },
);

const order = fc.record({
  sequence: fc.integer({ min: 1, max: 1_000 }),
  strategy: fc.constantFrom('a', 'b'),
  book: fc.constant('MAIN'),
  symbol: fc.constantFrom('X', 'Y'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  purpose: fc.constantFrom('entry' as const, 'exit' as const, 'protection' as const),
  orderType: fc.constantFrom('market' as const, 'limit' as const),
  createdTs: fc.integer({ min: 0, max: 12 }).map((step) => step * 500),
  qty: fc.integer({ min: 1, max: 1_500 }),
  limitPrice: fc.constant(Number.NaN),
  stopPrice: fc.constant(Number.NaN),
  acceptedTs: fc.integer({ min: 0, max: 10_000 }),
  end: fc.constantFrom('', 'cancelled'),
  reason: fc.constant(''),
  fills,
});

function ledgerOf(orders: readonly SideOrder[], cash: number): SideLedger {
  const ledger = new SideLedger([], { of: () => '', at: () => [] });
  ledger.orders.push(...orders);
  ledger.cash.push({ ts: 1, book: 'MAIN', currency: 'EUR', amount: cash });
  return ledger;
}

describe('the attribution of differences', () => {
  it('adds up to the difference of PnL, whatever the orders and fills are', () => {
    fc.assert(
      fc.property(
        ...[fc.array(order, { maxLength: 12 }), fc.array(order, { maxLength: 12 })],
        ...[fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })],
        (session, backtest, ...cash) => {
          const pairs = matchOrders(session, backtest, () => BAR);
          const found = pairs.flatMap((pair) => differencesOf(pair, VALUATION)).toSorted((a, b) => a.at - b.at);
          const facts = {
            ...{ disturbances: [], session, backtest, changes: [], accountOf: () => 'main' },
            ...{ venueOf: () => 'ib', barMsOf: () => BAR, warmupMsOf: () => 0, toleranceMsOf: () => 0 },
          };
          const differences = attribute(found, facts);
          const rows = parityRows({
            ...{ session: ledgerOf(session, cash[0]), backtest: ledgerOf(backtest, cash[1]), differences },
            ...{ valuation: VALUATION, currencyOf: () => 'USD', bookRate: () => 0.5 },
          });
          for (const { strategy, pnl, byCause, rest } of rows) {
            const own = (orders: readonly SideOrder[]): number =>
              orders
                .filter((each) => each.strategy === strategy)
                .reduce((sum, each) => sum + earnedBy(each, VALUATION), 0);
            if (strategy !== '') expect(pnl.difference).toBeCloseTo(own(session) - own(backtest), 6);
            expect(Object.values(byCause).reduce((sum, money) => sum + money, rest)).toBeCloseTo(pnl.difference, 6);
            expect(rest).toBe(strategy === '' ? (cash[0] - cash[1]) / 2 : 0);
          }
          expect(Object.values(moneyByCause(differences)).every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  it('pairs every order exactly once', () => {
    fc.assert(
      fc.property(fc.array(order), fc.array(order), (session, backtest) => {
        const pairs = matchOrders(session, backtest, () => BAR);
        const sorted = (orders: readonly (SideOrder | undefined)[]): readonly unknown[] =>
          orders.filter((each) => each !== undefined).toSorted((a, b) => a.sequence - b.sequence || a.qty - b.qty);
        expect(new Set(pairs.map((pair) => pair.session)).size).toBeGreaterThanOrEqual(session.length);
        expect(sorted(pairs.map((pair) => pair.backtest))).toHaveLength(backtest.length);
      }),
    );
  });

  it('finds nothing between a side and itself', () => {
    fc.assert(
      fc.property(fc.array(order), (orders) => {
        const copy = orders.map((each) => ({ ...each, fills: [...each.fills] }));
        const pairs = matchOrders(orders, copy, () => BAR);
        expect(pairs.flatMap((pair) => differencesOf(pair, VALUATION))).toEqual([]);
      }),
    );
  });
});
