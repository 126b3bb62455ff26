import { describe, expect, it } from '@jest/globals';
import { collarDistanceBps, isBeyondCollar } from './price-collar.js';
import { request, viewOf } from './risk.fixture.js';

describe('isBeyondCollar', () => {
  it('is not misled by the rounding of decimal prices', () => {
    for (let cents = 1; cents <= 500; cents += 1) {
      const view = viewOf({ price: cents / 100 });
      const order = request({ orderType: 'limit', limitPrice: (cents * 105) / 10_000 });
      expect(isBeyondCollar(order, view, 500)).toBe(false);
      expect(isBeyondCollar(order, view, 499.9999)).toBe(true);
    }
  });

  it('judges nothing where the last price is not known', () => {
    const order = request({ orderType: 'stop-limit', limitPrice: 5, stopPrice: 1000 });
    expect(isBeyondCollar({ ...order, orderType: 'limit' }, viewOf({ price: Number.NaN }), 1)).toBe(false);
  });
});

describe('collarDistanceBps', () => {
  it.each([
    [{ orderType: 'limit', limitPrice: 90 } as const, 1000],
    [{ orderType: 'stop', stopPrice: 120 } as const, 2000],
    [{ orderType: 'stop-limit', stopPrice: 110, limitPrice: 99 } as const, 1000],
    [{ orderType: 'stop-limit', stopPrice: 120, limitPrice: 126 } as const, 2000],
    [{ orderType: 'stop-limit', stopPrice: 80, limitPrice: 79.2, purpose: 'protection' } as const, 100],
  ])('of %j from 100 is %p', (fields, distance) => {
    expect(collarDistanceBps(request(fields), viewOf())).toBeCloseTo(distance, 9);
  });
});
