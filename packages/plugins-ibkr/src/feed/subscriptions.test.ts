import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { anInstrument, RecordingFeedSink } from '@bookrunner/sdk/testing';
import { knowsContracts } from '../contracts/details.fixture.js';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { SetClock } from '../set-clock.fixture.js';
import { APPLE, EURO, feedBench, feedContext, MINI, quotesOf, statesOf, tradesOf } from './feed-bench.fixture.js';
import { IbkrFeed } from './ibkr-feed.js';

describe('8. After connection and data were lost', () => {
  it('all subscriptions are asked for again exactly once, under new ids', async () => {
    const { feed, sink, gateway, quote } = await feedBench();
    await feed.subscribe([APPLE, EURO], sink);
    const before = gateway.of('reqMktData').map(({ args }) => args[0]);
    gateway.cut();
    const since = gateway.calls.length;
    gateway.restore();
    gateway.restore();
    const after = gateway.of('reqMktData', since).map(({ args }) => args[0]);
    expect(after).toHaveLength(2);
    expect(before.some((id) => after.includes(id))).toBe(false);
    expect(gateway.of('cancelMktData', since)).toEqual([]);
    quote(100, 100.01, 'AAPL');
    expect(quotesOf(sink)).toEqual([[100, 100.01]]);
    expect(statesOf(sink)).toEqual(['* disconnected IBKR_UNREACHABLE', '* live']);
  });

  it('1101 asks for them again, 1102 does not', async () => {
    const { feed, sink, gateway } = await feedBench();
    await feed.subscribe([APPLE, EURO], sink);
    gateway.loseUpstream();
    let since = gateway.calls.length;
    gateway.upstream(false);
    expect(gateway.of('reqMktData', since)).toHaveLength(0);
    gateway.loseUpstream();
    since = gateway.calls.length;
    gateway.upstream(true);
    expect(gateway.of('reqMktData', since)).toHaveLength(2);
    const around = ['* disconnected IBKR_UPSTREAM_LOST', '* live'];
    expect(statesOf(sink)).toEqual([...around, ...around]);
  });

  it('1102 asks again for what was subscribed without a line to IB', async () => {
    const { feed, sink, gateway } = await feedBench();
    await feed.resolve(APPLE);
    gateway.loseUpstream();
    gateway.state = 'upstream-lost';
    await feed.subscribe([APPLE], sink);
    gateway.state = 'up';
    const since = gateway.calls.length;
    gateway.upstream(false);
    expect(gateway.of('reqMktData', since)).toHaveLength(1);
    gateway.loseUpstream();
    gateway.upstream(false);
    expect(gateway.of('reqMktData', since)).toHaveLength(1);
  });

  it('what is subscribed while the gateway is away is asked for when it is back', async () => {
    const { feed, sink, gateway } = await feedBench();
    await feed.resolve(APPLE);
    gateway.cut();
    await feed.subscribe([APPLE], sink);
    expect(statesOf(sink)).toEqual(['* disconnected IBKR_UNREACHABLE']);
    const since = gateway.calls.length;
    gateway.restore();
    expect(gateway.of('reqMktData', since)).toHaveLength(1);
  });

  it('rows of an old request are not taken', async () => {
    const { feed, sink, gateway, id } = await feedBench();
    await feed.subscribe([APPLE], sink);
    const old = id('reqMktData');
    gateway.loseUpstream();
    gateway.upstream(true);
    gateway.emit(TWS_EVENT.tickPrice, old, 1, 100, true);
    gateway.emit(TWS_EVENT.tickSize, old, 0, 1);
    gateway.emit(TWS_EVENT.tickPrice, old, 2, 101, true);
    gateway.emit(TWS_EVENT.tickSize, old, 3, 1);
    expect(sink.rows).toEqual([]);
  });
});

describe('9. A farm that flaps', () => {
  it('marks its data stale, touches nothing else, and is asked again when it is well', async () => {
    const { feed, sink, gateway, clock, quote } = await feedBench();
    await feed.subscribe([APPLE, EURO, MINI], sink);
    const since = gateway.calls.length;
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: true });
    expect(statesOf(sink)).toEqual(['AAPL stale IBKR_FARM_BROKEN', 'ES stale IBKR_FARM_BROKEN']);
    quote(4_000, 4_000.25, 'ES');
    expect(statesOf(sink, 2)).toEqual(['ES live']);
    // What stays silent has missed something: told so, the engine asks history for it.
    clock.advance(3_000);
    expect(statesOf(sink, 3)).toEqual(['AAPL disconnected IBKR_FARM_BROKEN']);
    expect(gateway.calls.slice(since)).toEqual([]);
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: false });
    expect(statesOf(sink, 4)).toEqual(['AAPL live']);
    expect(gateway.of('reqMktData', since).map(({ args }) => args[1].symbol)).toEqual(['AAPL', 'ES']);
    // The old ones end, should the gateway have kept them.
    expect(gateway.of('cancelMktData', since)).toHaveLength(2);
  });

  it('is told by kind: currencies, futures and options have farms of their own', async () => {
    const { feed, sink, gateway } = await feedBench();
    await feed.subscribe([APPLE, EURO, MINI], sink);
    gateway.farm({ kind: 'market-data', name: 'cashfarm', isBroken: true });
    gateway.farm({ kind: 'market-data', name: 'usfuture', isBroken: true });
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: true });
    expect(statesOf(sink)).toEqual(['EURUSD stale IBKR_FARM_BROKEN', 'ES stale IBKR_FARM_BROKEN']);
  });
});

describe('9. Of two farms that are broken', () => {
  it('one that is whole again says nothing of the other, until data comes', async () => {
    const { feed, sink, gateway, clock, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    for (const name of ['usfarm', 'usfarm.nj']) gateway.farm({ kind: 'market-data', name, isBroken: true });
    clock.advance(3_000);
    expect(statesOf(sink)).toEqual(['AAPL stale IBKR_FARM_BROKEN', 'AAPL disconnected IBKR_FARM_BROKEN']);
    const since = gateway.calls.length;
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: false });
    clock.advance(10_000);
    expect(statesOf(sink, 2)).toEqual([]);
    // It may have been the one that carries it: what is asked for anew proves it.
    expect(gateway.of('reqMktData', since)).toHaveLength(1);
    const late = new RecordingFeedSink();
    await feed.subscribe([APPLE], late);
    expect(late.statuses.map(({ message }) => message)).toEqual(['The data farm usfarm.nj is broken.']);
    quote(100, 100.01);
    expect(statesOf(sink, 2)).toEqual(['AAPL live']);
    gateway.farm({ kind: 'market-data', name: 'usfarm.nj', isBroken: false });
    expect(statesOf(sink, 3)).toEqual([]);
  });

  it('both are remembered when IB is back, and of who subscribes meanwhile', async () => {
    const { feed, sink, gateway, clock } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: true });
    clock.advance(3_000);
    gateway.upstream(true);
    expect(statesOf(sink, 2)).toEqual([]);
    await feed.subscribe([MINI, EURO], sink);
    expect(statesOf(sink, 2)).toEqual(['ES stale IBKR_FARM_BROKEN']);
    clock.advance(3_000);
    expect(statesOf(sink, 3)).toEqual(['ES disconnected IBKR_FARM_BROKEN']);
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: false });
    expect(statesOf(sink, 4)).toEqual(['AAPL live', 'ES live']);
  });
});

describe('25. Data that another session had', () => {
  it('is over with a quote that is the same as before: a market in which nothing happens tells no other', async () => {
    const { feed, sink, gateway, clock, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    quote(100, 100.01);
    gateway.error(id('reqMktData'), 10_197, 'No market data during competing live session');
    clock.advance(60_000);
    expect(gateway.of('reqMktData')).toHaveLength(2);
    expect(statesOf(sink).at(-1)).toBe('AAPL disconnected IBKR_DATA_COMPETING');
    quote(100, 100.01);
    expect(statesOf(sink).at(-1)).toBe('AAPL live');
    expect(sink.rows).toHaveLength(1);
  });
});

describe('25. The type of market data', () => {
  it('comes from the callback: delayed is never told as live', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench({ marketData: 'live' });
    await feed.subscribe([APPLE], sink);
    expect(gateway.of('reqMarketDataType').map(({ args }) => args[0])).toEqual([1]);
    gateway.emit(TWS_EVENT.marketDataType, id('reqMktData'), 3);
    quote(100, 100.01);
    expect([sink.rows, statesOf(sink)]).toEqual([[], ['AAPL stale IBKR_DATA_DELAYED']]);
    // The market opens, and live data begins by itself.
    gateway.emit(TWS_EVENT.marketDataType, id('reqMktData'), 1);
    quote(100.02, 100.03);
    expect([quotesOf(sink), statesOf(sink, 1)]).toEqual([[[100.02, 100.03]], ['AAPL live']]);
  });

  it('is told by delayed ticks too, should the callback be missing', async () => {
    const { feed, sink, gateway, id } = await feedBench({ marketData: 'live' });
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), 66, 100, true);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), 67, 100.01, true);
    expect([sink.rows, statesOf(sink)]).toEqual([[], ['AAPL stale IBKR_DATA_DELAYED']]);
  });

  it('delayed is delivered as delayed where that is wanted, trades by their last price', async () => {
    const { feed, sink, gateway, clock, id } = await feedBench({ marketData: 'delayed' });
    await feed.subscribe([APPLE], sink);
    expect(gateway.of('reqMarketDataType').map(({ args }) => args[0])).toEqual([3]);
    const book = id('reqMktData');
    gateway.emit(TWS_EVENT.marketDataType, book, 3);
    gateway.emit(TWS_EVENT.tickPrice, book, 66, 100, true);
    gateway.emit(TWS_EVENT.tickPrice, book, 67, 100.01, true);
    gateway.emit(TWS_EVENT.tickString, book, 88, '1399290000');
    for (const price of [99, 100.005]) {
      gateway.emit(TWS_EVENT.tickPrice, book, 68, price, true);
      gateway.emit(TWS_EVENT.tickSize, book, 71, 10);
    }
    clock.advance(2);
    expect([quotesOf(sink), tradesOf(sink), statesOf(sink)]).toEqual([
      [[100, 100.01]],
      [100.005],
      ['AAPL delayed IBKR_DATA_DELAYED'],
    ]);
  });

  it('frozen is stale: a quote of the close is no quote', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench({ marketData: 'delayed' });
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.marketDataType, id('reqMktData'), 4);
    quote(100, 100.01);
    expect([sink.rows, statesOf(sink)]).toEqual([[], ['AAPL stale IBKR_DATA_FROZEN']]);
  });

  it.each([354, 10_089, 10_168, 10_186])(
    '%i: not subscribed fails, unless delayed data may be asked for',
    async (code) => {
      const strict = await feedBench({ marketData: 'live' });
      await strict.feed.subscribe([APPLE], strict.sink);
      strict.gateway.error(strict.id('reqMktData'), code, 'Requested market data is not subscribed.');
      expect(statesOf(strict.sink)).toEqual(['AAPL failed IBKR_DATA_NOT_SUBSCRIBED']);
      // What to do is said with it: nothing here ends by waiting.
      expect(strict.sink.statuses[0]?.message).toContain('Subscribe to the market data in the Client Portal');
      const { feed, sink, gateway, id } = await feedBench({ marketData: 'delayed-if-needed' });
      await feed.subscribe([APPLE], sink);
      const first = id('reqMktData');
      gateway.error(first, code, 'Requested market data is not subscribed.');
      expect(gateway.of('reqMarketDataType').map(({ args }) => args[0])).toEqual([1, 3]);
      gateway.emit(TWS_EVENT.marketDataType, id('reqMktData'), 3);
      expect(statesOf(sink)).toEqual(['AAPL delayed IBKR_DATA_DELAYED']);
      // There is no delayed data either.
      gateway.error(id('reqMktData'), code, 'Delayed market data is not enabled.');
      expect(statesOf(sink, 1)).toEqual(['AAPL failed IBKR_DATA_NOT_SUBSCRIBED']);
    },
  );

  it.each([10_090, 10_091])('%i: a part that is not subscribed is stale until rows come', async (code) => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.error(id('reqMktData'), code, 'Part of requested market data is not subscribed.');
    quote(100, 100.01);
    gateway.error(id('reqMktData'), code, 'Part of requested market data is not subscribed.');
    expect(statesOf(sink)).toEqual(['AAPL stale IBKR_DATA_NOT_SUBSCRIBED', 'AAPL live']);
  });

  it('10167 and codes nobody knows change nothing', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    for (const code of [10_167, 2_152, 99_999]) gateway.error(id('reqMktData'), code, 'Something.');
    quote(100, 100.01);
    expect([quotesOf(sink), statesOf(sink)]).toEqual([[[100, 100.01]], []]);
  });

  it('a halt blocks until it is released', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    const halted = (value: number): void => gateway.emit(TWS_EVENT.tickGeneric, id('reqMktData'), 49, value);
    halted(-1);
    halted(0);
    halted(2);
    quote(100, 100.01);
    halted(1);
    halted(0);
    expect(statesOf(sink)).toEqual(['AAPL halted IBKR_DATA_HALTED', 'AAPL live']);
  });

  it('10197: another session has the data; it is stale, asked for again after a while, and recovers', async () => {
    const { feed, sink, gateway, clock, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.error(id('reqMktData'), 10_197, 'No market data during competing live session');
    gateway.error(id('reqMktData'), 10_197, 'No market data during competing live session');
    expect(statesOf(sink)).toEqual(['AAPL stale IBKR_DATA_COMPETING']);
    clock.advance(60_000);
    expect(gateway.of('reqMktData')).toHaveLength(2);
    clock.advance(60_000);
    expect(gateway.of('reqMktData')).toHaveLength(3);
    quote(100, 100.01);
    clock.advance(600_000);
    const states = ['AAPL disconnected IBKR_DATA_COMPETING', 'AAPL live'];
    expect([statesOf(sink, 1), gateway.of('reqMktData').length]).toEqual([states, 3]);
  });
});

describe('26. Too many tick-by-tick requests', () => {
  it.each([10_190, 10_189])('%i falls back to the top of book, and says so', async (code) => {
    const { feed, sink, gateway, id, quote } = await feedBench({ quotes: 'tick-by-tick', trades: 'tick-by-tick' });
    await feed.subscribe([APPLE], sink);
    for (const { args } of gateway.of('reqTickByTickData')) gateway.error(args[0], code, 'Max number of tick-by-tick');
    quote(100, 100.01);
    gateway.emit(TWS_EVENT.tickString, id('reqMktData'), 48, `100.005;5;${1_399_291_200_000};9;100;true`);
    expect([quotesOf(sink), tradesOf(sink)]).toEqual([[[100, 100.01]], [100.005]]);
    expect(statesOf(sink)).toEqual(['AAPL live IBKR_DATA_LIMIT', 'AAPL live IBKR_DATA_LIMIT']);
  });

  it('frees its slots when nobody needs them, and not before IB allows asks again', async () => {
    const { feed, sink, gateway, clock, id } = await feedBench({ quotes: 'tick-by-tick' });
    const first = await feed.subscribe([APPLE], sink);
    const second = await feed.subscribe([APPLE], new RecordingFeedSink());
    expect(gateway.of('reqTickByTickData')).toHaveLength(1);
    const [book, quotes] = [id('reqMktData'), id('reqTickByTickData')];
    await first.close();
    await first.close();
    expect(gateway.of('cancelTickByTickData')).toEqual([]);
    await second.close();
    expect(gateway.of('cancelTickByTickData').map(({ args }) => args[0])).toEqual([quotes]);
    expect(gateway.of('cancelMktData').map(({ args }) => args[0])).toEqual([book]);
    clock.advance(5_000);
    await feed.subscribe([APPLE], sink);
    expect(gateway.of('reqTickByTickData')).toHaveLength(1);
    clock.advance(11_000);
    expect(gateway.of('reqTickByTickData')).toHaveLength(2);
  });

  it('waits for no more than IB asks where the clock was set back', async () => {
    const gateway = new FakeGateway();
    knowsContracts(gateway);
    const clock = new SetClock();
    const feed = new IbkrFeed(feedContext({ quotes: 'tick-by-tick' }, clock), gateway);
    await feed.open();
    const subscription = await feed.subscribe([APPLE], new RecordingFeedSink());
    await subscription.close();
    clock.set(-3_600_000);
    await feed.subscribe([APPLE], new RecordingFeedSink());
    clock.advance(15_999);
    expect(gateway.of('reqTickByTickData')).toHaveLength(1);
    clock.advance(1);
    expect(gateway.of('reqTickByTickData')).toHaveLength(2);
    await feed.close();
  });

  it('101 fails the instrument and no other; 322 is asked again under another id; 300 is nothing', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE, EURO], sink);
    gateway.error(id('reqMktData', 'EUR'), 101, 'Max number of tickers has been reached');
    const duplicate = id('reqMktData', 'AAPL');
    gateway.error(duplicate, 322, 'Duplicate request');
    expect(id('reqMktData', 'AAPL')).not.toBe(duplicate);
    gateway.error(id('reqMktData', 'AAPL'), 300, "Can't find EId with tickerId");
    quote(100, 100.01, 'AAPL');
    expect([statesOf(sink), quotesOf(sink)]).toEqual([['EURUSD failed IBKR_DATA_LIMIT'], [[100, 100.01]]]);
  });
});

describe('A subscription', () => {
  it('of an unknown instrument is refused by name, and nothing of it is left', async () => {
    const { feed, sink, gateway } = await feedBench();
    const unknown = anInstrument({ symbol: 'NONE' });
    const error = await feed.subscribe([APPLE, unknown], sink).catch((caught: unknown) => caught);
    expect(isTradingError(error) && [error.code, error.message.includes('NONE')]).toEqual([
      'IBKR_CONTRACT_NOT_FOUND',
      true,
    ]);
    expect(gateway.of('reqMktData')).toEqual([]);
  });

  it('before the feed is open is refused, and after it was closed nothing is heard and nothing pending', async () => {
    const closed = await feedBench({}, false);
    const refused = await closed.feed.subscribe([APPLE], closed.sink).catch((caught: unknown) => caught);
    expect(isTradingError(refused) && refused.code).toBe('IBKR_FEED_NOT_OPEN');
    const { feed, sink, gateway, clock, quote, id } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), 1, 100, true);
    await feed.close();
    await feed.close();
    quote(100, 100.01);
    gateway.cut();
    expect([sink.calls, gateway.listening(), gateway.users.size, clock.pendingCalls]).toEqual([0, 0, 0, 0]);
    expect(gateway.of('cancelMktData')).toHaveLength(1);
  });

  it('of a CFD goes to the contract that carries its data', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.rerouteMktDataReq, id('reqMktData'), 4_711, 'ISLAND');
    expect(gateway.of('reqMktData').at(-1)?.args[1]).toEqual({ conId: 4_711, exchange: 'ISLAND' });
    quote(100, 100.01);
    expect(quotesOf(sink)).toEqual([[100, 100.01]]);
  });

  it('hears of signs of life, which are no data', async () => {
    const { feed, sink } = await feedBench();
    await feed.subscribe([APPLE], sink);
    feed.onHeartbeat(12, 1_000);
    expect(sink.heartbeats).toEqual([{ ts: 1_000, source: 'ib', ok: true, latencyMs: 12 }]);
  });
});
