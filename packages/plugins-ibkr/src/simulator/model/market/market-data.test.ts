import { describe, expect, it } from '@jest/globals';
import { aContract, AAPL, aGateway, EURUSD } from '../gateway-bench.fixture.js';
import type { TestClient } from '../gateway-bench.fixture.js';
import type { WireContract } from '../../wire/contract.js';
import type { SimulatorOptions } from '../simulator-options.js';

function aMarket(options: SimulatorOptions = {}) {
  const bench = aGateway(options);
  bench.gateway.quote('AAPL', { bid: 100, ask: 100.02, bidSize: 300, askSize: 400 });
  return bench;
}

function subscribe(
  client: TestClient,
  requestId: number,
  contract: WireContract = AAPL,
  more: { snapshot?: boolean; genericTicks?: string[] } = {},
) {
  const fields = { genericTicks: [], snapshot: false, regulatorySnapshot: false, ...more };
  return client.ask({ kind: 'requestMarketData', requestId, contract, ...fields });
}

/** Prices and sizes by tick type, the latest of each. */
function ticksOf(client: TestClient): Record<number, number> {
  const prices = client.of('tickPrice').map(({ tickType, price }) => [tickType, price] as const);
  const sizes = client.of('tickSize').map(({ tickType, size }) => [tickType, size] as const);
  return Object.fromEntries([...prices, ...sizes]);
}

describe('top of book', () => {
  it('starts with the type, the parameters and all that is known', () => {
    const { client, gateway } = aMarket();
    gateway.trade('AAPL', 100.01, 50);
    subscribe(client, 4);
    expect(client.story().slice(0, 4)).toEqual(['marketDataType', 'tickRequestParameters', 'tickPrice', 'tickSize']);
    expect(client.last('marketDataType')).toMatchObject({ requestId: 4, type: 1 });
    expect(ticksOf(client)).toMatchObject({ 1: 100, 0: 300, 2: 100.02, 3: 400, 4: 100.01, 5: 50 });
    expect([6, 7, 8, 9, 14].every((tickType) => tickType in ticksOf(client))).toBe(true);
    expect(client.last('tickGeneric')).toMatchObject({ tickType: 49, value: 0 });
    expect(client.of('tickPrice')[0]).toMatchObject({ price: 100, size: 300, attributes: 1 });
  });

  it('then tells what changed: a price with its size, a size alone', () => {
    const { client, gateway } = aMarket();
    subscribe(client, 4);
    client.clear();
    gateway.quote('AAPL', { bid: 100.01 });
    expect(client.messages).toEqual([
      { kind: 'tickPrice', requestId: 4, tickType: 1, price: 100.01, size: 300, attributes: 1 },
      { kind: 'tickSize', requestId: 4, tickType: 0, size: 300 },
    ]);
    client.clear();
    gateway.quote('AAPL', { askSize: 500 });
    expect(client.messages).toEqual([{ kind: 'tickSize', requestId: 4, tickType: 3, size: 500 }]);
    client.clear();
    gateway.quote('AAPL', { bid: -1 });
    expect(client.of('tickPrice')).toMatchObject([{ tickType: 1, price: -1, size: 0 }]);
  });

  it('tells trades with their time, the volume and, where asked, time and sales', () => {
    const { client, gateway, clock } = aMarket();
    subscribe(client, 4, AAPL, { genericTicks: ['233'] });
    const volume = ticksOf(client)[8]!;
    client.clear();
    clock.advance(1000);
    gateway.trade('AAPL', 300, 50);
    const seconds = clock.nowUtc() / 1000;
    expect(client.of('tickString')).toMatchObject([
      { tickType: 45, value: String(seconds) },
      {
        tickType: 48,
        value: expect.stringMatching(new RegExp(`^300;50;${clock.nowUtc()};${volume + 50};[\\d.]+;true$`)),
      },
    ]);
    expect(ticksOf(client)).toMatchObject({ 4: 300, 5: 50, 6: 300, 8: volume + 50 });
  });

  it('tells halts, and lets the market go on', () => {
    const { client, gateway, clock } = aMarket({ ticksPerSecond: 1 });
    subscribe(client, 4);
    gateway.letWalk('AAPL');
    gateway.halt('AAPL', 2);
    client.clear();
    clock.advance(5000);
    expect(client.messages).toEqual([]);
    gateway.halt('AAPL', 0);
    expect(client.last('tickGeneric')).toMatchObject({ tickType: 49, value: 0 });
    clock.advance(2000);
    expect(client.of('tickPrice').length).toBeGreaterThan(0);
    gateway.close();
  });

  it('ends a snapshot by itself', () => {
    const { client, gateway } = aMarket();
    subscribe(client, 4, AAPL, { snapshot: true });
    expect(client.story().at(-1)).toBe('tickSnapshotEnd');
    client.clear();
    gateway.quote('AAPL', { bid: 99 });
    expect(client.messages).toEqual([]);
  });

  it('shows currencies without trades, and an index without a quote', () => {
    const { client } = aMarket();
    subscribe(client, 1, EURUSD);
    expect(4 in ticksOf(client) || 8 in ticksOf(client)).toBe(false);
    client.clear();
    subscribe(client, 2, aContract({ symbol: 'SPX', secType: 'IND', exchange: 'CBOE' }));
    expect([1, 2, 0, 3].some((tickType) => tickType in ticksOf(client))).toBe(false);
    expect(ticksOf(client)[4]).toBeGreaterThan(0);
  });

  it('gives options their greeks, and sends a CFD on to its stock', () => {
    const { client, gateway } = aMarket();
    gateway.quote('AAPL', { bid: 200, ask: 200 });
    const contract = aContract({ secType: 'OPT', lastTradeDateOrContractMonth: '20260717', strike: 200, right: 'C' });
    subscribe(client, 1, contract);
    expect(client.last('tickOptionComputation')).toMatchObject({ tickType: 13, underlyingPrice: 200 });
    expect(client.last('tickOptionComputation')?.delta).toBeCloseTo(0.5, 1);
    client.clear();
    subscribe(client, 2, aContract({ secType: 'CFD' }));
    expect(client.messages).toEqual([{ kind: 'rerouteMarketData', requestId: 2, conId: 265_598, exchange: 'SMART' }]);
  });

  it('refuses duplicates, too many, and what was never subscribed', () => {
    const { client } = aMarket({ marketDataLines: 2 });
    subscribe(client, 1);
    subscribe(client, 1);
    subscribe(client, 2);
    subscribe(client, 3);
    client.ask({ kind: 'cancelMarketData', requestId: 9 });
    client.ask({ kind: 'cancelMarketData', requestId: 1 });
    subscribe(client, 3, aContract({ symbol: 'NONE' }));
    expect(client.codes()).toEqual([102, 101, 300, 200]);
  });
});

describe('what the login may see', () => {
  const DELAYED = { dataPermissions: { AAPL: 'delayed', MSFT: 'none' } } as const;

  it('gives delayed data only to who asked for it, under its own tick types', () => {
    const { client } = aMarket(DELAYED);
    subscribe(client, 1);
    expect(client.codes()).toEqual([10_168]);
    client.ask({ kind: 'requestMarketDataType', type: 3 });
    subscribe(client, 2);
    expect(client.codes()).toEqual([10_168, 10_167]);
    expect(client.last('marketDataType')).toMatchObject({ requestId: 2, type: 3 });
    expect(ticksOf(client)).toMatchObject({ 66: 100, 69: 300, 67: 100.02, 70: 400 });
    subscribe(client, 3, aContract({ symbol: 'MSFT' }));
    expect(client.codes().at(-1)).toBe(354);
    subscribe(client, 4, aContract({ symbol: 'SPY' }));
    expect(client.last('marketDataType')).toMatchObject({ requestId: 4, type: 1 });
  });

  it('switches by itself', () => {
    const { client, gateway } = aMarket();
    subscribe(client, 1);
    client.clear();
    gateway.knobs.permitData('AAPL', 'delayed');
    expect(client.last('marketDataType')).toMatchObject({ type: 3 });
    gateway.quote('AAPL', { bid: 99 });
    expect(ticksOf(client)[66]).toBe(99);
    gateway.knobs.permitData('AAPL', 'none');
    client.clear();
    gateway.quote('AAPL', { bid: 98 });
    expect(client.messages).toEqual([]);
    subscribe(client, 1);
    expect(client.codes()).toEqual([354]);
  });

  it('is silent while another session competes, and tells everything afterwards', () => {
    const { client, gateway } = aMarket();
    subscribe(client, 1);
    client.clear();
    gateway.knobs.competeForData(true);
    gateway.quote('AAPL', { bid: 99 });
    subscribe(client, 2);
    expect(client.story()).toEqual(['error 10197', 'error 10197']);
    gateway.knobs.competeForData(false);
    expect(ticksOf(client)[1]).toBe(99);
    expect(client.of('marketDataType').map(({ requestId }) => requestId)).toEqual([1, 2]);
  });

  it('says nothing while the line upstream is down, but fills orders', () => {
    const { client, gateway, clock } = aMarket();
    subscribe(client, 1);
    client.ask({ kind: 'requestRealTimeBars', requestId: 2, contract: AAPL, whatToShow: 'TRADES', useRth: false });
    client.place(AAPL, { orderType: 'LMT', lmtPrice: 99, totalQuantity: 10 });
    gateway.knobs.pauseData(true);
    client.clear();
    gateway.quote('AAPL', { bid: 98.9, ask: 98.95 });
    clock.advance(5000);
    expect(client.of('tickPrice').length + client.of('realTimeBar').length).toBe(0);
    expect(client.last('orderStatus')?.status).toBe('Filled');
    gateway.knobs.pauseData(false);
    gateway.quote('AAPL', { bid: 98.91 });
    clock.advance(5000);
    expect(ticksOf(client)).toMatchObject({ 1: 98.91, 2: 98.95 });
    expect(client.of('realTimeBar')).toHaveLength(1);
  });

  it('loses all subscriptions without a word', () => {
    const { client, gateway } = aMarket();
    subscribe(client, 1);
    client.clear();
    gateway.knobs.loseSubscriptions();
    gateway.quote('AAPL', { bid: 99 });
    expect(client.messages).toEqual([]);
    subscribe(client, 1);
    expect(client.codes()).toEqual([]);
  });
});

describe('tick by tick', () => {
  const ask = (
    client: TestClient,
    requestId: number,
    tickType: string,
    more: { contract?: WireContract; count?: number } = {},
  ) =>
    client.ask({
      kind: 'requestTickByTick',
      requestId,
      contract: AAPL,
      tickType,
      count: 0,
      ignoreSize: false,
      ...more,
    });

  it('tells each kind of tick', () => {
    const { client, gateway, clock } = aMarket();
    ask(client, 1, 'Last');
    ask(client, 2, 'BidAsk');
    ask(client, 3, 'MidPoint');
    client.clear();
    gateway.trade('AAPL', 100.01, 7);
    gateway.quote('AAPL', { bidSize: 5 });
    gateway.quote('AAPL', { bid: 99.98 });
    const epochSeconds = Math.floor(clock.nowUtc() / 1000);
    expect(client.last('tickByTickLast')).toMatchObject({
      requestId: 1,
      tickType: 1,
      epochSeconds,
      price: 100.01,
      size: 7,
      exchange: 'NASDAQ',
    });
    expect(client.of('tickByTickBidAsk')).toMatchObject([
      { bid: 100, bidSize: 5 },
      { bid: 99.98, ask: 100.02 },
    ]);
    expect(client.of('tickByTickMidPoint')).toMatchObject([{ midPoint: 100 }]);
  });

  it('starts with past ticks where asked', () => {
    const { client } = aMarket();
    ask(client, 1, 'AllLast', { count: 10 });
    expect(client.last('historicalTicksLast')).toMatchObject({ requestId: 1, done: true });
    expect(client.last('historicalTicksLast')?.ticks).toHaveLength(10);
  });

  it('serves three at a time, each instrument every 15 seconds, and no options', () => {
    const { client, clock } = aMarket();
    ask(client, 1, 'Last');
    client.ask({ kind: 'cancelTickByTick', requestId: 1 });
    ask(client, 1, 'Last');
    clock.advance(15_000);
    ask(client, 1, 'Last');
    ask(client, 2, 'BidAsk');
    ask(client, 3, 'MidPoint');
    ask(client, 4, 'AllLast');
    expect(client.codes()).toEqual([10_189, 10_190]);
    client.ask({ kind: 'cancelTickByTick', requestId: 3 });
    ask(client, 4, 'AllLast', { contract: EURUSD });
    ask(client, 5, 'BidAsk', {
      contract: aContract({ secType: 'OPT', lastTradeDateOrContractMonth: '20260717', strike: 200, right: 'C' }),
    });
    expect(client.codes().slice(2)).toEqual([10_189, 10_189]);
  });
});

describe('depth', () => {
  const ask = (client: TestClient, requestId: number, isSmart = false) =>
    client.ask({ kind: 'requestMarketDepth', requestId, contract: AAPL, rows: 3, isSmart });

  it('inserts rows, updates those that change, deletes those that go', () => {
    const { client, gateway } = aMarket();
    ask(client, 1);
    const rows = client.of('marketDepth');
    expect(rows.map(({ operation, side, position, price }) => [operation, side, position, price])).toEqual([
      [0, 1, 0, 100],
      [0, 1, 1, 99.99],
      [0, 1, 2, 99.98],
      [0, 0, 0, 100.02],
      [0, 0, 1, 100.03],
      [0, 0, 2, 100.04],
    ]);
    client.clear();
    gateway.quote('AAPL', { bidSize: 77 });
    expect(client.of('marketDepth')).toMatchObject([{ operation: 1, side: 1, position: 0, size: 77 }]);
    client.clear();
    gateway.quote('AAPL', { bid: -1 });
    expect(client.of('marketDepth').map(({ operation, position }) => [operation, position])).toEqual([
      [2, 2],
      [2, 1],
      [2, 0],
    ]);
  });

  it('names market makers where it is smart, and serves three at a time', () => {
    const { client } = aMarket();
    ask(client, 1, true);
    expect(client.of('marketDepthL2')[0]).toMatchObject({ marketMaker: 'NASDAQ', isSmartDepth: true });
    for (const requestId of [2, 3, 4]) ask(client, requestId);
    client.ask({ kind: 'cancelMarketDepth', requestId: 9 });
    expect(client.codes()).toEqual([309, 310]);
  });
});

describe('five-second bars', () => {
  const ask = (client: TestClient, requestId: number, whatToShow: string, contract = AAPL) =>
    client.ask({ kind: 'requestRealTimeBars', requestId, contract, whatToShow, useRth: false });

  it('come every five seconds, with what was traded or the last price again', () => {
    const { client, gateway, clock } = aMarket();
    ask(client, 1, 'TRADES');
    gateway.trade('AAPL', 101, 5);
    gateway.trade('AAPL', 99, 15);
    clock.advance(10_000);
    const [first, second] = client.of('realTimeBar');
    expect(first?.bar).toEqual({ open: 101, high: 101, low: 99, close: 99, volume: 20, wap: 99.5, count: 2 });
    expect(second).toMatchObject({
      epochSeconds: first!.epochSeconds + 5,
      bar: { open: 99, close: 99, volume: 0, count: 0 },
    });
    client.ask({ kind: 'cancelRealTimeBars', requestId: 1 });
    expect(clock.pendingCalls).toBe(0);
  });

  it('end with 10225 when a trade is taken back, and do not exist for what has no trades', () => {
    const { client, gateway } = aMarket();
    ask(client, 1, 'TRADES');
    client.place(AAPL, {});
    gateway.knobs.bustExecution(gateway.truth().executions[0]!.execId);
    ask(client, 2, 'TRADES', EURUSD);
    expect(client.codes()).toEqual([10_225, 420]);
  });
});
