import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AAPL, aLimit, aMarket, anOrder } from '../gateway-bench.fixture.js';

describe('OCA groups', () => {
  it('cancels all others at the first fill with type 1', () => {
    const { client, quote, status } = aMarket();
    const [a, b] = [99, 98].map((price) => client.place(AAPL, aLimit(price, { ocaGroup: 'g', ocaType: 1 })));
    quote(98.9, { askSize: 10 });
    expect(status(a!)).toMatchObject({ status: 'Submitted', filled: 10 });
    expect(status(b!)?.status).toBe('Cancelled');
    expect(client.codes()).toEqual([202]);
  });

  it('reduces the others with types 2 and 3, in proportion, and ends with the last of them', () => {
    for (const ocaType of [2, 3]) {
      const { client, quote, status } = aMarket();
      const a = client.place(AAPL, aLimit(99, { ocaGroup: 'g', ocaType }));
      const b = client.place(AAPL, aLimit(98, { ocaGroup: 'g', ocaType, totalQuantity: 50 }));
      quote(98.9, { askSize: 40 });
      expect(status(a)).toMatchObject({ filled: 40, remaining: 60 });
      expect(status(b)).toMatchObject({ filled: 0, remaining: 30 });
      quote(98.9);
      expect([status(a)?.status, status(b)?.status]).toEqual(['Filled', 'Cancelled']);
    }
  });

  it('never fills more than one of its orders was for', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 4 }), (asks, ocaType, count) => {
        const { client, gateway, quote } = aMarket();
        for (let i = 0; i < count; i += 1) client.place(AAPL, aLimit(99 - i * 0.1, { ocaGroup: 'g', ocaType }));
        for (const [i, askSize] of asks.entries()) quote(i % 2 === 0 ? 98.9 : 98.5, { askSize });
        const filled = gateway.truth().orders.reduce((sum, order) => sum + order.filled, 0);
        expect(filled).toBeLessThanOrEqual(100);
      }),
    );
  }, 60_000);
});

describe('parents and children', () => {
  function aBracket(bench = aMarket()) {
    const { client } = bench;
    const parent = client.place(AAPL, aLimit(99, { transmit: false }));
    const target = client.place(AAPL, aLimit(101, { action: 'SELL', parentId: parent, transmit: false }));
    const before = [...client.messages];
    const stop = client.place(AAPL, { action: 'SELL', orderType: 'STP', auxPrice: 98, parentId: parent });
    return { ...bench, before, parent, target, stop };
  }

  it('says nothing of orders that are not transmitted, and shows them to nobody', () => {
    const bench = aMarket();
    const { client, connect } = bench;
    client.place(AAPL, { transmit: false });
    const other = connect(2);
    other.ask({ kind: 'requestAllOpenOrders' });
    client.ask({ kind: 'requestOpenOrders' });
    expect(other.story()).toEqual(['openOrderEnd']);
    expect(client.story()).toEqual(['openOrderEnd']);
    bench.gateway.knobs.forgetUntransmitted();
    expect(bench.gateway.truth().orders).toEqual([]);
  });

  it('transmits the family with its last member, and holds the children', () => {
    const { before, parent, target, stop, status } = aBracket();
    expect(before).toEqual([]);
    expect(status(parent)?.status).toBe('Submitted');
    expect(status(target)).toMatchObject({ status: 'PreSubmitted', whyHeld: 'child', parentId: parent });
    expect(status(stop)).toMatchObject({ status: 'PreSubmitted', whyHeld: 'child,trigger' });
  });

  it('wakes the children with the fill, and lets one end the other', () => {
    const { quote, parent, target, stop, status, gateway } = aBracket();
    quote(98.9);
    expect([parent, target, stop].map((id) => status(id)?.status)).toEqual(['Filled', 'Submitted', 'PreSubmitted']);
    quote(101.1);
    expect([target, stop].map((id) => status(id)?.status)).toEqual(['Filled', 'Cancelled']);
    expect(gateway.truth().positions).toEqual([]);
  });

  it('lets the children close what is open, never more, and follow what the parent filled when it is cancelled', () => {
    const { client, quote, parent, target, stop, status } = aBracket();
    quote(98.9, { askSize: 40 });
    quote(101.1);
    expect(status(target)).toMatchObject({ filled: 40, remaining: 60 });
    expect(status(stop)).toMatchObject({ remaining: 60 });
    quote(98.9, { askSize: 20 });
    client.ask({ kind: 'cancelOrder', orderId: parent });
    expect(status(target)).toMatchObject({ status: 'Submitted', remaining: 20 });
    quote(97.9);
    expect([target, stop].map((id) => status(id)?.status)).toEqual(['Cancelled', 'Filled']);
    expect(status(stop)?.filled).toBe(20);
  });

  it('cancels the children with a parent that filled nothing, and refuses a child of nobody', () => {
    const { client, parent, target, stop, status } = aBracket();
    client.ask({ kind: 'cancelOrder', orderId: parent });
    expect([parent, target, stop].map((id) => status(id)?.status)).toEqual(['Cancelled', 'Cancelled', 'Cancelled']);
    client.place(AAPL, aLimit(101, { action: 'SELL', parentId: 999 }));
    expect(client.codes().at(-1)).toBe(135);
  });
});

describe('whose orders they are', () => {
  it('shows a client its own orders, and all to who asks for all, without an id it could use', () => {
    const { client, connect } = aMarket();
    const id = client.place(AAPL, aLimit(90, { orderRef: 'mine' }));
    const other = connect(2);
    other.ask({ kind: 'requestOpenOrders' });
    expect(other.story()).toEqual(['openOrderEnd']);
    other.ask({ kind: 'requestAllOpenOrders' });
    expect(other.last('openOrder')?.state).toMatchObject({ clientId: 1, order: { orderId: 0, orderRef: 'mine' } });
    other.ask({ kind: 'cancelOrder', orderId: id });
    expect(other.codes()).toEqual([10147]);
    other.ask({ kind: 'globalCancel' });
    expect(client.last('orderStatus')?.status).toBe('Cancelled');
  });

  it('keeps ids per client over sessions, and orders too', () => {
    const { client, gateway, connect } = aMarket({ pushOpenOrders: true });
    client.place(AAPL, aLimit(90, { orderId: 41 }));
    gateway.disconnect(client);
    expect([gateway.nextOrderId(1), gateway.nextOrderId(2)]).toEqual([42, 1]);
    const again = connect(1);
    expect(again.story()).toEqual(['openOrder Submitted', 'orderStatus Submitted']);
    again.ask({ kind: 'cancelOrder', orderId: 41 });
    expect(again.codes()).toEqual([202]);
  });

  it('fills while the client is away; the executions are there when it asks', () => {
    const { client, gateway, quote, connect } = aMarket();
    client.place(AAPL, aLimit(99, { orderRef: 'away' }));
    gateway.disconnect(client);
    client.clear();
    quote(98.9);
    expect(client.messages).toEqual([]);
    const again = connect(1);
    const filter = { clientId: 0, account: '', time: '', symbol: '', secType: '', exchange: '', side: '' };
    again.ask({ kind: 'requestExecutions', requestId: 5, filter });
    expect(again.story()).toEqual(['execDetails', 'execDetailsEnd', 'commissionReport']);
    expect(again.last('execDetails')).toMatchObject({ requestId: 5, execution: { orderRef: 'away', shares: 100 } });
    again.ask({ kind: 'requestCompletedOrders', apiOnly: true });
    expect(again.last('completedOrder')).toMatchObject({
      filledQuantity: 100,
      completedStatus: 'Filled Size: 100',
      state: { status: 'Filled', order: { totalQuantity: 0, orderRef: 'away' } },
    });
  });

  it('binds orders made by hand to ids below zero for client 0', () => {
    const { gateway, connect, quote } = aMarket();
    const zero = connect(0);
    const permId = gateway.knobs.placeByHand(AAPL, anOrder(aLimit(90)));
    expect(zero.last('openOrder')?.state).toMatchObject({ permId, clientId: 0, order: { orderId: 0 } });
    zero.ask({ kind: 'requestAutoOpenOrders', autoBind: true });
    expect(zero.last('orderBound')).toEqual({ kind: 'orderBound', permId, clientId: 0, orderId: -1 });
    gateway.knobs.placeByHand(AAPL, anOrder(aLimit(99)));
    expect(zero.last('orderBound')?.orderId).toBe(-2);
    zero.ask({ kind: 'cancelOrder', orderId: -1 });
    expect(zero.codes()).toEqual([202]);
    quote(98.9);
    expect(zero.last('execDetails')?.execution.orderId).toBe(-2);
  });

  it('tells manual executions with the largest order id where nothing is bound', () => {
    const { gateway, connect } = aMarket();
    const zero = connect(0);
    gateway.knobs.placeByHand(AAPL, anOrder());
    expect(zero.last('execDetails')?.execution).toMatchObject({ orderId: 2_147_483_647, clientId: 0 });
  });

  it('lets a master client see everything', () => {
    const { client, connect } = aMarket({ masterClientId: 9 });
    const master = connect(9);
    client.place(AAPL, {});
    expect(master.story()).toEqual(client.story());
  });

  it('asks for an account where there are several, and refuses one that is not there', () => {
    const { client } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2' }] });
    client.place(AAPL, {});
    client.place(AAPL, { account: 'DU9' });
    client.place(AAPL, { account: 'DU2' });
    expect(client.codes()).toEqual([435, 321]);
    expect(client.last('execDetails')?.execution.account).toBe('DU2');
  });
});
