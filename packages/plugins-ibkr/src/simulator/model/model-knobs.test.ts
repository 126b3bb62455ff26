import { describe, expect, it } from '@jest/globals';
import { moneyToNumber } from '@bookrunner/sdk';
import { UNSET_DOUBLE } from '../wire/contract.js';
import { AAPL, aLimit, aMarket } from './gateway-bench.fixture.js';
import type { TestClient } from './gateway-bench.fixture.js';

const EVERYTHING = { clientId: 0, account: '', time: '', symbol: '', secType: '', exchange: '', side: '' };

function lastExecId(client: TestClient): string {
  return client.last('execDetails')!.execution.execId;
}

describe('knobs of commissions', () => {
  it('withholds them, in replays too, and sends them later', () => {
    const { client, knobs, gateway } = aMarket();
    knobs.withholdCommissions();
    client.place(AAPL, {});
    expect(client.story().slice(-2)).toEqual(['openOrder Filled', 'orderStatus Filled']);
    client.clear();
    client.ask({ kind: 'requestExecutions', requestId: 1, filter: EVERYTHING });
    expect(client.story()).toEqual(['execDetails', 'execDetailsEnd']);
    knobs.sendWithheldCommissions();
    expect(client.last('commissionReport')).toMatchObject({ commission: 1, currency: 'USD' });
    // The account was charged all along.
    expect(moneyToNumber(gateway.truth().cash['DU1234567']!['USD']!)).toBe(1_000_000 - 10_002 - 1);
  });

  it('says -1 or unset, in another currency, as a rebate, before the fill', () => {
    const { client, knobs } = aMarket({ commission: { perUnit: -0.002, currency: 'EUR' } });
    client.place(AAPL, {});
    expect(client.last('commissionReport')).toMatchObject({ commission: -0.2, currency: 'EUR' });
    knobs.sayCommissions('minus-one');
    client.place(AAPL, {});
    expect(client.last('commissionReport')?.commission).toBe(-1);
    knobs.sayCommissions('unset');
    knobs.sendCommissionsFirst(true);
    client.clear();
    client.place(AAPL, {});
    expect(client.last('commissionReport')?.commission).toBe(UNSET_DOUBLE);
    expect(client.story().indexOf('commissionReport')).toBeLessThan(client.story().indexOf('execDetails'));
  });
});

describe('knobs of executions', () => {
  it('corrects: the id counts on behind its last period, and books follow', () => {
    const { client, knobs, gateway } = aMarket();
    client.ask({ kind: 'requestPositions' });
    client.place(AAPL, {});
    const before = lastExecId(client);
    const after = knobs.correctExecution(before, { price: 99.5, shares: 90 });
    expect([before.slice(-3), after.slice(-3)]).toEqual(['.01', '.02']);
    expect(client.last('execDetails')?.execution).toMatchObject({
      execId: after,
      price: 99.5,
      shares: 90,
      cumQty: 90,
      avgPrice: 99.5,
    });
    expect(client.last('commissionReport')?.execId).toBe(after);
    expect(client.last('position')).toMatchObject({ position: 90, avgCost: 99.5 + 1 / 90 });
    client.clear();
    client.ask({ kind: 'requestExecutions', requestId: 1, filter: EVERYTHING });
    expect(client.of('execDetails').map(({ execution }) => execution.execId)).toEqual([after]);
    expect(gateway.truth().orders[0]).toMatchObject({ filled: 90, avgFillPrice: 99.5, status: 'Filled' });
    expect(() => knobs.correctExecution('none.01', {})).toThrow(expect.objectContaining({ code: 'SIMULATOR_UNKNOWN' }));
  });

  it('announces a revision, and busts: positions go back', () => {
    const { client, knobs, gateway } = aMarket();
    client.ask({ kind: 'requestPositions' });
    client.place(AAPL, {});
    const execId = lastExecId(client);
    knobs.announceRevision(execId);
    expect(client.last('execDetails')?.execution).toMatchObject({ execId, pendingPriceRevision: true });
    knobs.bustExecution(execId);
    expect(client.last('position')).toMatchObject({ position: 0, avgCost: 0 });
    expect(gateway.truth()).toMatchObject({ positions: [], executions: [{ execId, state: 'busted' }] });
    expect(moneyToNumber(gateway.truth().cash['DU1234567']!['USD']!)).toBe(1_000_000);
    client.clear();
    client.ask({ kind: 'requestExecutions', requestId: 1, filter: EVERYTHING });
    expect(client.story()).toEqual(['execDetailsEnd']);
  });

  it('tells one trade under two ids and books it once', () => {
    const { client, knobs, gateway } = aMarket();
    knobs.reportTradesTwice(true);
    client.place(AAPL, {});
    const ids = client.of('execDetails').map(({ execution }) => execution.execId);
    expect(new Set(ids).size).toBe(2);
    expect(gateway.truth().positions).toMatchObject([{ qty: 100 }]);
    knobs.repeatExecution(ids[0]!);
    expect(lastExecId(client)).toBe(ids[0]);
  });

  it('tells the messages of a fill in any order, or leaves some out', () => {
    const { client, knobs } = aMarket();
    knobs.tellFillsInOrder(['orderStatus', 'commission', 'execution', 'openOrder']);
    client.place(AAPL, {});
    const fill = client.story().slice(2);
    expect(fill).toEqual([
      'orderStatus Filled',
      'openOrder Filled',
      'commissionReport',
      'execDetails',
      'openOrder Filled',
    ]);
    knobs.tellFillsInOrder(['execution']);
    client.clear();
    client.place(AAPL, {});
    expect(client.story().slice(2)).toEqual(['execDetails']);
  });

  it('keeps fills from a client until it asks', () => {
    const { client, knobs } = aMarket();
    knobs.dropFillsOf(1);
    client.place(AAPL, {});
    expect(client.story()).toEqual(['openOrder PreSubmitted', 'orderStatus PreSubmitted']);
    client.ask({ kind: 'requestExecutions', requestId: 1, filter: EVERYTHING });
    expect(client.of('execDetails')).toHaveLength(1);
    knobs.repeatExecution(lastExecId(client));
    expect(client.last('execDetails')?.requestId).toBe(-1);
    knobs.dropFillsOf(1, false);
    client.place(AAPL, {});
    expect(client.last('orderStatus')?.status).toBe('Filled');
  });

  it('filters executions', () => {
    const { client, gateway, clock, connect } = aMarket();
    client.place(AAPL, {});
    clock.advance(60_000);
    connect(2).place(AAPL, { action: 'SELL', totalQuantity: 5 });
    const shares = (filter: Partial<typeof EVERYTHING>) => {
      client.clear();
      client.ask({ kind: 'requestExecutions', requestId: 1, filter: { ...EVERYTHING, ...filter } });
      return client.of('execDetails').map(({ execution }) => execution.shares);
    };
    expect(shares({})).toEqual([100, 5]);
    expect([shares({ clientId: 2 }), shares({ side: 'BUY' }), shares({ side: 'SLD' })]).toEqual([[5], [100], [5]]);
    expect([shares({ symbol: 'MSFT' }), shares({ account: 'DU1234567', secType: 'STK' })]).toEqual([[], [100, 5]]);
    expect([shares({ time: '20260714 10:00:30' }), shares({ time: '20260714-14:00:30' })]).toEqual([[5], [5]]);
    clock.advance(24 * 3_600_000);
    expect(shares({})).toEqual([]);
    expect(gateway.truth().executions).toHaveLength(2);
  });
});

describe('knobs of data', () => {
  it('refuses the next request for market data, and for history', () => {
    const { client, knobs } = aMarket();
    const subscribe = (requestId: number) =>
      client.ask({
        kind: 'requestMarketData',
        requestId,
        contract: AAPL,
        genericTicks: [],
        snapshot: false,
        regulatorySnapshot: false,
      });
    knobs.failNextMarketData(10_089);
    subscribe(1);
    expect(client.last('error')).toMatchObject({
      id: 1,
      code: 10_089,
      message: expect.stringContaining('additional subscription'),
    });
    subscribe(1);
    const ticks = {
      requestId: 2,
      contract: AAPL,
      startDateTime: '20260714 09:00:00',
      endDateTime: '',
      count: 1,
      useRth: false,
      ignoreSize: true,
    };
    knobs.failNextHistory('Historical Market Data Service error message:No market data permissions for NASDAQ STK');
    for (let n = 0; n < 2; n += 1) client.ask({ kind: 'requestHistoricalTicks', whatToShow: 'TRADES', ...ticks });
    expect(client.codes()).toEqual([10_089, 162]);
    expect(client.last('historicalTicksLast')?.ticks).toHaveLength(1);
  });
});

describe('knobs of orders', () => {
  it('refuses the next order, with JSON, with broken JSON, with the error alone', () => {
    const { client, knobs } = aMarket();
    knobs.rejectNextOrder({ json: '{"a":1}' });
    client.place(AAPL, {});
    expect(client.story()).toEqual(['error 201', 'openOrder Inactive', 'orderStatus Inactive']);
    expect(client.last('error')?.advancedOrderRejectJson).toBe('{"a":1}');
    client.clear();
    knobs.rejectNextOrderWithMalformedJson();
    knobs.rejectNextOrder({ code: 203, message: 'no', errorOnly: true });
    client.place(AAPL, {});
    client.place(AAPL, {});
    expect(() => JSON.parse(client.of('error')[0]!.advancedOrderRejectJson!)).toThrow(SyntaxError);
    expect(client.story().slice(3)).toEqual(['error 203']);
    client.place(AAPL, {});
    expect(client.last('orderStatus')?.status).toBe('Filled');
  });

  it('advises, and the order lives', () => {
    const { client, knobs } = aMarket();
    for (const code of [399, 404, 2109, 2137, 10_349, 99_999]) knobs.adviseNextOrder(code);
    client.place(AAPL, {});
    expect(client.codes()).toEqual([399, 404, 2109, 2137, 10_349, 99_999]);
    expect(client.last('orderStatus')?.status).toBe('Filled');
  });

  it('lets the market be faster than a cancel, or slower', () => {
    const { client, knobs } = aMarket();
    const place = () => client.place(AAPL, aLimit(99));
    knobs.fillBeforeNextCancel(100);
    client.ask({ kind: 'cancelOrder', orderId: place() });
    expect(client.last('orderStatus')?.status).toBe('Filled');
    expect(client.codes()).toEqual([10_148]);
    client.clear();
    knobs.fillBeforeNextCancel(30);
    client.ask({ kind: 'cancelOrder', orderId: place() });
    expect(client.last('orderStatus')).toMatchObject({ status: 'Cancelled', filled: 30 });
    const late = place();
    client.clear();
    knobs.fillAfterNextCancel(20);
    client.ask({ kind: 'cancelOrder', orderId: late });
    expect(client.story().slice(0, 3)).toEqual(['orderStatus Cancelled', 'error 202', 'execDetails']);
    expect(client.last('orderStatus')).toMatchObject({ status: 'Cancelled', filled: 20 });
  });

  it('fails the next cancel or change, and the order lives as it was', () => {
    const { client, knobs, gateway } = aMarket();
    const orderId = client.place(AAPL, aLimit(99));
    knobs.failNextCancel(10_147);
    client.ask({ kind: 'cancelOrder', orderId });
    knobs.failNextModify(2102);
    client.place(AAPL, { ...aLimit(98), orderId });
    expect(client.codes()).toEqual([10_147, 2102]);
    expect(gateway.truth().orders).toMatchObject([{ isLive: true, status: 'Submitted' }]);
    gateway.quote('AAPL', { ask: 98.5 });
    expect(client.last('execDetails')?.execution.price).toBe(99);
  });

  it('makes two orders of one change', () => {
    const { client, knobs, gateway } = aMarket();
    const orderId = client.place(AAPL, aLimit(99, { orderRef: 'tag' }));
    knobs.splitNextModify();
    client.place(AAPL, { ...aLimit(98, { orderRef: 'tag' }), orderId });
    const live = gateway.truth().orders.filter(({ isLive }) => isLive);
    expect(live.map(({ orderRef }) => orderRef)).toEqual(['tag', 'tag']);
    expect(new Set(live.map(({ permId }) => permId)).size).toBe(2);
  });

  it('swallows orders as if the line had broken: their ids stay free', () => {
    const { client, knobs, gateway } = aMarket();
    knobs.swallowNextOrders(2);
    client.place(AAPL, { orderId: 10 });
    client.place(AAPL, { orderId: 11 });
    expect(client.messages).toEqual([]);
    expect(gateway.nextOrderId(1)).toBe(1);
    client.place(AAPL, { orderId: 10 });
    knobs.setNextOrderId(1, 5);
    expect(gateway.nextOrderId(1)).toBe(5);
  });

  it('duplicates messages, drops statuses, says stale ones', () => {
    const { client, knobs } = aMarket();
    knobs.duplicateOrderMessages(1);
    client.place(AAPL, {});
    expect(client.of('execDetails')).toHaveLength(2);
    expect(client.story().slice(0, 2)).toEqual(['openOrder PreSubmitted', 'openOrder PreSubmitted']);
    knobs.duplicateOrderMessages(0);
    knobs.dropOrderStatus(true);
    client.clear();
    const orderId = client.place(AAPL, {});
    expect(client.of('orderStatus')).toEqual([]);
    knobs.sayStatus({ clientId: 1, orderId }, 'Submitted');
    expect(client.last('orderStatus')).toMatchObject({ orderId, status: 'Submitted', filled: 100 });
  });

  it('fills and cancels as nobody asked', () => {
    const { client, knobs, gateway } = aMarket();
    const orderId = client.place(AAPL, aLimit(99));
    const [execId] = knobs.fillOrder({ clientId: 1, orderId }, 10, 98.7);
    expect(client.last('execDetails')?.execution).toMatchObject({ execId, price: 98.7, shares: 10 });
    gateway.disconnect(client);
    const permId = gateway.truth().orders[0]!.permId;
    knobs.fillOrder(permId, 20);
    knobs.cancelOrder(permId, 'Exchange');
    expect(gateway.truth().orders).toMatchObject([{ filled: 30, status: 'Cancelled' }]);
    expect(() => knobs.fillOrder(7, 1)).toThrow(expect.objectContaining({ code: 'SIMULATOR_UNKNOWN' }));
  });

  it('holds an order that lives on: it is listed, does not trade, and works again or is cancelled', () => {
    const { client, knobs, gateway } = aMarket();
    const [first, second] = [client.place(AAPL, aLimit(99)), client.place(AAPL, aLimit(98))];
    for (const orderId of [first, second]) knobs.holdOrder({ clientId: 1, orderId }, 'locate');
    client.ask({ kind: 'requestAllOpenOrders' });
    expect(client.last('orderStatus')).toMatchObject({ orderId: second, status: 'Inactive', whyHeld: 'locate' });
    gateway.quote('AAPL', { ask: 97 });
    expect(client.of('execDetails')).toEqual([]);
    client.ask({ kind: 'cancelOrder', orderId: second });
    expect(client.last('orderStatus')).toMatchObject({ orderId: second, status: 'Cancelled', whyHeld: '' });
    knobs.releaseOrder({ clientId: 1, orderId: first });
    expect(client.last('execDetails')?.execution.orderId).toBe(first);
    expect(() => knobs.releaseOrder({ clientId: 1, orderId: first })).toThrow('is not held');
    expect(() => knobs.holdOrder({ clientId: 1, orderId: first })).toThrow('is over');
  });

  it('is read-only where told to', () => {
    const { client, knobs } = aMarket();
    knobs.setReadOnly(true);
    client.place(AAPL, {});
    client.ask({ kind: 'cancelOrder', orderId: 1 });
    client.ask({ kind: 'globalCancel' });
    expect(client.codes()).toEqual([321, 321, 321]);
  });

  it('gives the permId late where told to', () => {
    const { client } = aMarket({ permIdLate: true });
    client.place(AAPL, aLimit(99));
    const permIds = client.of('orderStatus').map(({ permId }) => permId);
    expect(permIds[0]).toBe(0);
    expect(permIds.at(-1)).toBeGreaterThan(0);
  });
});
