import { describe, expect, it } from '@jest/globals';
import type { Order } from '@bookrunner/sdk';
import { anOrder } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { changedOrder, engineOrderType, ibOrder, orderFault, repeatable } from './ib-order.js';
import { fromIbPrice } from './order-prices.js';
import { termsOf } from './order-terms.js';
import { aPenceStock, aStock } from './qualified.fixture.js';

const PLACE = { parentId: 0, transmit: true, outsideRth: false };
const EXPIRES = Date.UTC(2026, 8, 21, 14, 30, 5);

function sent(fields: Partial<Order>): ReturnType<typeof ibOrder> {
  return ibOrder(anOrder({ account: 'DU1', ...fields }), aStock(), PLACE);
}

describe('an order for IB', () => {
  it.each<[string, Partial<Order>, object]>([
    ['market', { orderType: 'market' }, { orderType: 'MKT' }],
    ['limit', { orderType: 'limit', limitPrice: 99.99 }, { orderType: 'LMT', lmtPrice: 99.99 }],
    ['stop', { orderType: 'stop', stopPrice: 95 }, { orderType: 'STP', auxPrice: 95 }],
    [
      'stop-limit',
      { orderType: 'stop-limit', stopPrice: 95, limitPrice: 94.5 },
      { orderType: 'STP LMT', auxPrice: 95, lmtPrice: 94.5 },
    ],
    ['trailing-stop', { orderType: 'trailing-stop', trail: 1.5 }, { orderType: 'TRAIL', auxPrice: 1.5 }],
  ])('%s has the type and the prices of it, and no others', (_, fields, expected) => {
    const { orderType, lmtPrice, auxPrice } = sent(fields);
    expect(JSON.parse(JSON.stringify({ orderType, lmtPrice, auxPrice }))).toEqual(expected);
  });

  it.each(['DAY', 'GTC', 'IOC', 'FOK'] as const)('is %s by name', (tif) => {
    expect(sent({ tif })).toMatchObject({ tif, goodTillDate: '' });
  });

  it('that ends at a date says it in UTC', () => {
    expect(sent({ tif: 'GTD', expiresAt: EXPIRES })).toMatchObject({ tif: 'GTD', goodTillDate: '20260921-14:30:05' });
  });

  it('leaves none of the fields empty that a gateway would take for something else', () => {
    const order = ibOrder(anOrder({ account: 'DU1', side: 'sell', qty: 2.5 }), aStock(), {
      ...{ parentId: 54, transmit: false, outsideRth: true },
    });
    expect(order).toMatchObject({
      ...{ action: 'SELL', totalQuantity: 2.5, transmit: false, parentId: 54, outsideRth: true, account: 'DU1' },
      ...{ exemptCode: -1, openClose: '', origin: 0, hidden: false, whatIf: false, ocaGroup: '', ocaType: 0 },
    });
    expect(Object.entries(order).filter(([, value]) => value === undefined || Number.isNaN(value))).toEqual([]);
  });

  it('of a group names it, and cancels the others with block', () => {
    expect(sent({ ocoGroup: 'g1' })).toMatchObject({ ocaGroup: 'g1', ocaType: 1 });
  });

  it('bears our id, then the tag', () => {
    const order = sent({ clientOrderId: 'abcdefgh00000001', tag: 'mean-reversion|CORE|20261128' });
    expect(order.orderRef).toBe('abcdefgh00000001|mean-reversion|CORE|202');
  });
});

describe('a change', () => {
  it('repeats what it does not change', () => {
    const order = anOrder({ orderType: 'stop-limit', stopPrice: 95, limitPrice: 94.5, tif: 'DAY', ocoGroup: 'g1' });
    const current = ibOrder(order, aStock(), { parentId: 54, transmit: false, outsideRth: true });
    const changed = changedOrder(current, { ...termsOf(order), qty: 7, limitPrice: 94 }, aStock());
    expect(changed).toEqual({ ...current, totalQuantity: 7, lmtPrice: 94, auxPrice: 95, transmit: true });
  });

  it('of an order that came back from the gateway repeats our fields of it and none that gateways invent', () => {
    const mine = sent({ orderType: 'limit', limitPrice: 99.99, tif: 'GTD', expiresAt: EXPIRES, ocoGroup: 'g1' });
    const invented = { deltaNeutralOrderType: 'None', adjustedOrderType: 'None', permId: 4, clearingIntent: 'IB' };
    expect(repeatable({ ...mine, ...invented, transmit: false })).toEqual(mine);
  });
});

describe('the grid', () => {
  it.each([
    [99.99, undefined],
    [99.991, '0.01'],
    [100, undefined],
    [100.05, undefined],
    [100.01, '0.05'],
  ])('23: a limit of %d: off by the step %s', (limitPrice, step) => {
    const fault = orderFault(anOrder({ orderType: 'limit', limitPrice }), aStock());
    if (step === undefined) expect(fault).toBeUndefined();
    else
      expect(fault).toMatchObject({ reason: 'IBKR_ORDER_OFF_GRID', message: expect.stringContaining(step) as unknown });
  });

  it.each([
    [{ qty: 0.0001 }, true],
    [{ qty: 0.00015 }, false],
    [{ qty: 0 }, false],
    [{ qty: Number.NaN }, false],
    [{ orderType: 'limit' }, false],
    [{ orderType: 'stop-limit', stopPrice: 95 }, false],
    [{ orderType: 'trailing-stop', trail: 0.02 }, true],
    [{ orderType: 'trailing-stop', trail: 0.025 }, false],
    [{ orderType: 'trailing-stop' }, false],
    [{ tif: 'GTD' }, false],
  ] as const)('takes or refuses %j (%s)', (fields, isTaken) => {
    expect(orderFault(anOrder(fields), aStock()) === undefined).toBe(isTaken);
  });

  it('a crypto currency is not bought at the market', () => {
    const crypto = aStock({ secType: 'CRYPTO' });
    expect(orderFault(anOrder(), crypto)?.reason).toBe('IBKR_ORDER_NOT_SUPPORTED');
    expect(orderFault(anOrder({ side: 'sell' }), crypto)).toBeUndefined();
  });
});

it('prices of a magnified contract are pence there and pounds here, to the last step', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (steps) => {
      const order = anOrder({ orderType: 'limit', limitPrice: steps / 10_000 });
      expect(orderFault(order, aPenceStock())).toBeUndefined();
      expect(ibOrder(order, aPenceStock(), PLACE).lmtPrice).toBe(steps / 100);
      expect(fromIbPrice(steps / 100, aPenceStock())).toBe(order.limitPrice);
    }),
  );
});

it.each([undefined, Number.NaN, Number.MAX_VALUE])('a price that IB does not give is none: %s', (price) => {
  expect(fromIbPrice(price, aStock())).toBeNaN();
});

it('types without a word of ours are what they do in the end', () => {
  expect([engineOrderType('STP LMT', 3), engineOrderType('LOC', 3), engineOrderType('MOC', 0)]).toEqual([
    'stop-limit',
    'limit',
    'market',
  ]);
});
