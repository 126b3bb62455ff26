import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AAPL, aGateway, aLimit } from '../gateway-bench.fixture.js';

const orders = fc.array(
  fc.record({ qty: fc.integer({ min: 1, max: 50 }), steps: fc.integer({ min: -5, max: 5 }), isMarket: fc.boolean() }),
  { minLength: 1, maxLength: 15 },
);

describe('MatchingBook', () => {
  it('gives a quoted size to the better price first, then to the older order, and not a unit more', () => {
    fc.assert(
      fc.property(
        orders,
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom('BUY' as const, 'SELL' as const),
        (script, size, action) => {
          const { client, gateway } = aGateway();
          const sign = action === 'BUY' ? 1 : -1;
          // Nothing can trade while the orders come in.
          gateway.quote('AAPL', { bid: -1, ask: -1 });
          const placed = script.map(({ qty, steps, isMarket }) => {
            const price = 100 + (sign * steps) / 100;
            const terms = isMarket ? {} : aLimit(Math.round(price * 100) / 100);
            const id = client.place(AAPL, { ...terms, action, totalQuantity: qty });
            return { id, qty, reach: isMarket ? 100 : steps };
          });
          gateway.quote('AAPL', { bid: 100, ask: 100, bidSize: size, askSize: size });
          const filled = new Map(gateway.truth().orders.map((order) => [order.orderId, order.filled]));
          const inOrder = placed.filter(({ reach }) => reach >= 0).sort((a, b) => b.reach - a.reach || a.id - b.id);
          let left = size;
          for (const { id, qty } of inOrder) {
            const due = Math.min(left, qty);
            expect(filled.get(id)).toBe(due);
            left -= due;
          }
          for (const { id, reach } of placed) if (reach < 0) expect(filled.get(id)).toBe(0);
        },
      ),
    );
  }, 60_000);

  it('shares a trade that goes through resting orders among them', () => {
    const { client, gateway } = aGateway();
    gateway.quote('AAPL', { bid: 100, ask: 100.1 });
    for (const price of [99.8, 99.9, 99.9]) client.place(AAPL, aLimit(price));
    gateway.trade('AAPL', 99.85, 130);
    expect(gateway.truth().orders.map(({ filled }) => filled)).toEqual([0, 100, 30]);
  });

  it('fills whole orders, or so many units a tick, where told to', () => {
    const whole = aGateway({ fillSize: 'whole' });
    whole.gateway.quote('AAPL', { bid: 100, ask: 100, askSize: 1 });
    whole.client.place(AAPL, { totalQuantity: 5000 });
    expect(whole.client.of('execDetails')).toHaveLength(1);
    const piecemeal = aGateway({ fillSize: 30 });
    piecemeal.gateway.quote('AAPL', { bid: 100, ask: 100, askSize: 1 });
    piecemeal.client.place(AAPL, { totalQuantity: 70 });
    for (const bid of [100, 99.99]) piecemeal.gateway.quote('AAPL', { bid });
    expect(piecemeal.client.of('execDetails').map(({ execution }) => execution.shares)).toEqual([30, 30, 10]);
  });
});
