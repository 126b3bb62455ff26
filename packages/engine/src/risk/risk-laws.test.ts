// What holds for every decision of the standard policy, whatever the limits, the order and the state.
import type { OrderRequest, PortfolioView, RiskDecision } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowedQty, anyNumbers, anyOptions, anyRequest, policyOf, viewOf, type ViewNumbers } from './risk.fixture.js';

const RUNS = { numRuns: 1000 };

/** Units along the order's direction: what is held, or works the same way, before it. */
function alongOf(order: OrderRequest, numbers: ViewNumbers): number {
  const direction = order.side === 'buy' ? 1 : -1;
  return direction * numbers.position + Math.max(0, direction * numbers.working);
}

/** The part of an order that only closes. */
function reducingOf(order: OrderRequest, numbers: ViewNumbers): number {
  return Math.min(order.qty, Math.max(0, -alongOf(order, numbers)));
}

const check = (options: object, order: OrderRequest, view: PortfolioView): RiskDecision =>
  policyOf({ ...options }).check(order, view);

describe('the standard policy', () => {
  it('decides of a bound of the exposure what it decides of the exposure', () => {
    const above = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 }), fc.constant(Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, above, (options, order, numbers, more) => {
        const view = viewOf(numbers);
        const bounded = { ...view, exposureBound: view.grossExposure + more };
        expect(check(options, order, bounded)).toEqual(check(options, order, view));
      }),
      RUNS,
    );
  });

  it('refuses no order that reduces, but by the collar', () => {
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, (options, order, numbers) => {
        const decision = check(options, { ...order, reduces: true }, viewOf(numbers));
        if (decision.kind !== 'approve')
          expect([decision.kind, decision.reason]).toEqual(['refuse', 'RISK_PRICE_COLLAR']);
      }),
      RUNS,
    );
  });

  it('lets the reducing part of every order through, but by the collar', () => {
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, (options, order, numbers) => {
        const decision = check(options, order, viewOf(numbers));
        if (decision.kind === 'refuse' && decision.reason === 'RISK_PRICE_COLLAR') return;
        expect(allowedQty(decision, order.qty)).toBeGreaterThanOrEqual(reducingOf(order, numbers));
      }),
      RUNS,
    );
  });

  it('lets nothing through that breaks a limit, beyond what reduces', () => {
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, (options, order, numbers) => {
        const qty = allowedQty(check(options, order, viewOf(numbers)), order.qty);
        const reducing = reducingOf(order, numbers);
        if (qty <= reducing) return;
        const money = numbers.price * numbers.unitValue;
        const worst = Math.max(
          numbers.price,
          ...[order.limitPrice, order.stopPrice].filter((price) => !Number.isNaN(price)),
        );
        const orderMoney = worst * numbers.unitValue;
        const held = Math.max(0, alongOf(order, numbers));
        const value = held * money + (qty - reducing) * orderMoney;
        const exposure = Math.max(0, numbers.grossExposure - reducing * money) + (qty - reducing) * orderMoney;
        const within = (amount: number, limit = Infinity): void =>
          expect(amount).toBeLessThanOrEqual(limit * (1 + 1e-8));
        within(held + qty - reducing, options.maxUnits);
        within(value, options.maxValue);
        within(value / numbers.equity, options.maxWeight);
        within(exposure / numbers.equity, options.maxLeverage);
        within(qty * orderMoney, options.maxOrderValue);
        expect(viewOf(numbers).dayPnlBps).toBeGreaterThan(-(options.maxLossDayBps ?? 150));
        expect(numbers.ordersLastSecond).toBeLessThan(options.maxOrdersPerSecond ?? Infinity);
        expect(numbers.ordersLastMinute).toBeLessThan(options.maxOrdersPerMinute ?? Infinity);
        expect(numbers.workingOrders).toBeLessThan(options.maxWorkingOrders ?? Infinity);
        if (options.shortAllowed === false) expect(order.side).toBe('buy');
      }),
      RUNS,
    );
  });

  it('trims below what was asked, above 0, and to whole lots', () => {
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, (options, order, numbers) => {
        const decision = check(options, order, viewOf(numbers));
        if (decision.kind !== 'trim') return;
        expect(decision.qty).toBeGreaterThan(0);
        expect(decision.qty).toBeLessThan(order.qty);
        if (decision.qty === reducingOf(order, numbers)) return;
        const lots = decision.qty / numbers.lotStep;
        expect(lots).toBeCloseTo(Math.round(lots), 6);
      }),
      RUNS,
    );
  });

  it('never approves more under a tighter limit', () => {
    const tighter = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyOptions, anyRequest, anyNumbers, tighter, (options, order, numbers, factor) => {
        for (const [name, value] of Object.entries(options)) {
          const counts = name.startsWith('maxOrdersPer') || name === 'maxWorkingOrders';
          const tight =
            typeof value === 'boolean' ? false : counts ? Math.max(1, Math.floor(value * factor)) : value * factor;
          const loose = allowedQty(check(options, order, viewOf(numbers)), order.qty);
          const strict = allowedQty(check({ ...options, [name]: tight }, order, viewOf(numbers)), order.qty);
          expect(strict).toBeLessThanOrEqual(loose);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('decides alike on equal questions, in any order, and changes nothing it is given', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.array(fc.tuple(anyRequest, anyNumbers), { minLength: 1, maxLength: 8 }),
        (options, questions) => {
          const policy = policyOf({ ...options });
          const ask = ([order, numbers]: (typeof questions)[number]): RiskDecision =>
            policy.check(Object.freeze(order), Object.freeze(viewOf(numbers)));
          const forward = questions.map(ask);
          const backward = [...questions].reverse().map(ask).reverse();
          expect(backward).toEqual(forward);
          expect(questions.map(([order, numbers]) => check(options, order, viewOf(numbers)))).toEqual(forward);
        },
      ),
    );
  });
});
