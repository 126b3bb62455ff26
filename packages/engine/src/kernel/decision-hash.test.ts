import { describe, expect, it } from '@jest/globals';
import { defineInstrument } from '@bookrunner/sdk';
import fc from 'fast-check';
import { OrderRecord } from '../execution/order-record.js';
import { DecisionHash } from './decision-hash.js';

const OWNER = {
  ...{ runEpoch: '0000test', strategy: 'ada', book: 'CORE', account: 'main', instrumentIndex: 3 },
  instrument: defineInstrument({ symbol: 'XAA', assetClass: 'equity', quote: 'USD' }),
};

/** The hash as it is meant: one double after the other, each by its two halves. */
function hashOf(numbers: readonly number[]): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const view = new DataView(new ArrayBuffer(8));
  for (const value of numbers) {
    view.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0, true);
    const a = view.getUint32(0, true);
    const b = view.getUint32(4, true);
    low = Math.imul(Math.imul(low ^ a, 0x01000193) ^ b, 0x01000193);
    high = Math.imul((high ^ b) + ((high << 13) | (high >>> 19)), 0x5bd1e995) ^ a;
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const price = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, 0, -0, 101.25));
const count = fc.maxSafeNat();

/** An order that is sent, or a fill of it. */
const decision = fc.record({
  isFill: fc.boolean(),
  sequence: count,
  side: fc.constantFrom('buy', 'sell'),
  qtyScaled: count,
  orderType: fc.constantFrom('market', 'limit', 'stop', 'stop-limit', 'trailing-stop'),
  limitPrice: price,
  stopPrice: price,
  trail: price,
  at: price,
  tif: fc.constant('DAY'),
  expiresAt: fc.constant(Number.NaN),
  purpose: fc.constant('entry'),
} as const);

describe('the hash over decisions', () => {
  it('is that of their numbers, one after the other', () => {
    fc.assert(
      fc.property(fc.array(decision), (decisions) => {
        const hash = new DecisionHash();
        const single = new DecisionHash();
        const numbers: number[] = [];
        for (const { isFill, sequence, at, ...ticket } of decisions) {
          const order = new OrderRecord(OWNER, sequence, ticket);
          order.createdTs = at;
          const { limitPrice, stopPrice, trail, orderType } = ticket;
          const signed = order.direction * order.qtyScaled;
          if (isFill) {
            hash.fill(order, at, signed, limitPrice);
            numbers.push(sequence, at, signed, limitPrice);
          } else {
            hash.order(order);
            const distance = Number.isNaN(trail) ? [] : [trail];
            numbers.push(OWNER.instrumentIndex, signed, orderType.length, limitPrice, stopPrice, ...distance, at);
          }
        }
        for (const number of numbers) single.number(number);
        expect([hash.digest(), single.digest()]).toEqual([hashOf(numbers), hashOf(numbers)]);
      }),
    );
  });

  it('goes on where a saved one stopped, one of before the first decision as well', () => {
    const hash = new DecisionHash();
    const next = new DecisionHash();
    for (const saved of [hash.save(), [0x811c9dc5, 0x9747b28c] as const]) {
      next.load(saved);
      expect(next.digest()).toBe(hash.digest());
    }
    hash.text('CORE');
    next.load(hash.save());
    expect(next.digest()).toBe(hash.digest());
  });

  it('has an order as it was sent, whatever becomes of it and whenever somebody asks', () => {
    const ticket = { side: 'buy', qtyScaled: 10, orderType: 'limit', limitPrice: 99, stopPrice: Number.NaN } as const;
    const rest = { trail: Number.NaN, tif: 'DAY', expiresAt: Number.NaN, purpose: 'entry' } as const;
    const order = new OrderRecord(OWNER, 1, { ...ticket, ...rest });
    order.createdTs = 5;
    const expected = hashOf([OWNER.instrumentIndex, 10, 'limit'.length, 99, Number.NaN, 5]);
    const [hash, saved, loaded] = [new DecisionHash(), new DecisionHash(), new DecisionHash()];
    hash.order(order);
    saved.order(order);
    loaded.order(order);
    order.qtyScaled = 20;
    order.limitPrice = 98;
    expect(hash.digest()).toBe(expected);
    // What is loaded takes the place of all that was decided before.
    loaded.load(saved.save());
    expect([loaded.digest(), hash.digest()]).toEqual([expected, expected]);
  });
});
