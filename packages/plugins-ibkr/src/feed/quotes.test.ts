import { describe, expect, it } from '@jest/globals';
import type { FeedSink, Tick } from '@bookrunner/sdk';
import { RecordingFeedSink } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { APPLE, EURO, feedBench, MINI, quotesOf, statesOf, tradesOf } from './feed-bench.fixture.js';
import { QuoteAssembler } from './quote-assembler.js';

const [BID, ASK, LAST] = [1, 2, 4];
const [BID_SIZE, ASK_SIZE, LAST_SIZE] = [0, 3, 5];

/** Sinks that keep all fields of ticks. */
function fullSink(ticks: Tick[]): FeedSink {
  return Object.assign(new RecordingFeedSink(), { tick: (tick: Tick) => ticks.push({ ...tick }) });
}

describe('A quote', () => {
  it('goes out once, with both sides and their sizes', async () => {
    const { feed, clock, quote } = await feedBench();
    const ticks: Tick[] = [];
    await feed.subscribe([APPLE], fullSink(ticks));
    quote(100, 100.01);
    quote(100.02, 100.03);
    const now = clock.nowUtc();
    const common = { symbol: 'AAPL', venue: 'ib', ts: now, recvTs: now, bidSize: 3, askSize: 4, last: NaN, size: NaN };
    expect(ticks).toEqual([
      { ...common, bid: 100, ask: 100.01 },
      { ...common, bid: 100.02, ask: 100.03 },
    ]);
  });

  it('waits a moment for the side that did not change, and no longer', async () => {
    const { feed, sink, gateway, clock, id, quote } = await feedBench({ quoteWaitMs: 2 });
    await feed.subscribe([APPLE], sink);
    quote(100, 100.01);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, 99.99, true);
    clock.advance(1);
    expect(quotesOf(sink)).toEqual([[100, 100.01]]);
    clock.advance(1);
    expect(quotesOf(sink)).toEqual([
      [100, 100.01],
      [99.99, 100.01],
    ]);
  });

  it('is not lost to the next one that comes within that moment', async () => {
    const { feed, sink, gateway, clock, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    quote(100, 100.1);
    for (const bid of [100.01, 100.02, 100.03]) gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, bid, true);
    clock.advance(2);
    expect(quotesOf(sink).map(([bid]) => bid)).toEqual([100, 100.01, 100.02, 100.03]);
  });

  it('has NaN for a side that is not there, and is not repaired where it is crossed', async () => {
    const { feed, sink, gateway, clock, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, 100, true);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), ASK, -1, false);
    clock.advance(2);
    quote(100.05, 100.01);
    expect(quotesOf(sink)).toEqual([
      [100, NaN],
      [100.05, 100.01],
    ]);
  });

  it('comes before the trade that was told after it', async () => {
    const { feed, sink, gateway, id } = await feedBench();
    await feed.subscribe([APPLE], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, 100, true);
    gateway.emit(TWS_EVENT.tickString, id('reqMktData'), 48, `100.005;7;${1_399_291_200_000};900;100.1;true`);
    expect(sink.rows.map(({ bid, last }) => [bid, last])).toEqual([
      [100, NaN],
      [NaN, 100.005],
    ]);
  });

  it('of pence is in pounds, of FX at its decimals', async () => {
    const { feed, sink, quote } = await feedBench();
    await feed.subscribe([EURO], sink);
    quote(1.12345, 1.1235);
    expect(quotesOf(sink)).toEqual([[1.12345, 1.1235]]);
  });

  it('of a future may be zero or less, of a stock not', async () => {
    const { feed, sink, quote } = await feedBench();
    await feed.subscribe([MINI, APPLE], sink);
    quote(-37.5, 0, 'ES');
    quote(-37.5, 0, 'AAPL');
    expect(quotesOf(sink)).toEqual([[-37.5, 0]]);
    expect(sink.rejections).toHaveLength(1);
  });

  it('keeps every change of one side, and every pair that both sides make together', () => {
    const part = fc.record({ side: fc.constantFrom('bid', 'ask'), price: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const told: string[] = [];
        const assembler = new QuoteAssembler({
          onQuote: () => told.push(`${assembler.bid} ${assembler.ask}`),
          onSame: () => {},
          onPartial: () => {},
        });
        const bids: number[] = [];
        for (const { side, price } of parts) {
          if (side === 'bid') assembler.setBid(price);
          else assembler.setAsk(price);
          if (side === 'bid' && price !== bids.at(-1)) bids.push(price);
        }
        assembler.flush();
        const heard = told.map((text) => Number(text.split(' ')[0]));
        const changes = heard.filter((bid, i) => !Number.isNaN(bid) && bid !== heard[i - 1]);
        expect(changes).toEqual(bids);
        // Nothing is told twice in a row.
        expect(told.some((text, i) => text === told[i - 1])).toBe(false);
      }),
    );
  });
});

describe('A trade', () => {
  const time = 1_399_291_200_000;

  it('comes from RTVolume with its own time, whatever our clock says', async () => {
    const { feed, gateway, clock, id } = await feedBench();
    const ticks: Tick[] = [];
    await feed.subscribe([APPLE], fullSink(ticks));
    clock.advance(500);
    gateway.emit(TWS_EVENT.tickString, id('reqMktData'), 48, `101.5;200;${time + 250};5000;101.4;false`);
    gateway.emit(TWS_EVENT.tickString, id('reqMktData'), 48, `101.6;100;${time + 9_000};5100;101.4;true`);
    expect(ticks.map((tick) => [tick.ts - time, tick.recvTs - time, tick.last, tick.size, tick.bid])).toEqual([
      [250, 500, 101.5, 200, NaN],
      [9_000, 500, 101.6, 100, NaN],
    ]);
    expect(gateway.of('reqMktData')[0]?.args[2]).toBe('233');
  });

  it('from RTVolume is told once, and not where it was before the subscription', async () => {
    const { feed, sink, gateway, id } = await feedBench();
    await feed.subscribe([APPLE], sink);
    const book = id('reqMktData');
    gateway.emit(TWS_EVENT.tickString, book, 48, `90;1;${time - 60_000};10;90;true`);
    gateway.emit(TWS_EVENT.tickString, book, 48, `100;1;${time};11;90;true`);
    gateway.emit(TWS_EVENT.tickString, book, 48, `100;1;${time};11;90;true`);
    // Volume that has no price, and last prices, which say the same once more.
    gateway.emit(TWS_EVENT.tickString, book, 48, `;0;${time};12;90;true`);
    gateway.emit(TWS_EVENT.tickPrice, book, LAST, 100, true);
    gateway.emit(TWS_EVENT.tickSize, book, LAST_SIZE, 1);
    expect(tradesOf(sink)).toEqual([100]);
  });

  it('comes from the last price and its size, which is told twice', async () => {
    const { feed, sink, gateway, id } = await feedBench({ trades: 'last' });
    await feed.subscribe([APPLE], sink);
    const book = id('reqMktData');
    const last = (price: number, size: number): void => {
      gateway.emit(TWS_EVENT.tickPrice, book, LAST, price, true);
      gateway.emit(TWS_EVENT.tickSize, book, LAST_SIZE, size);
      gateway.emit(TWS_EVENT.tickSize, book, LAST_SIZE, size);
    };
    // What a subscription tells first is the trade before it.
    last(99, 7);
    last(100, 5);
    last(101, 5);
    last(101, 5);
    // Another trade at the same price comes as a size alone; a size of zero is none.
    for (const size of [8, 0, 8]) gateway.emit(TWS_EVENT.tickSize, book, LAST_SIZE, size);
    expect(tradesOf(sink)).toEqual([100, 101, 101, 101, 101]);
  });

  it('that is known already is not told again after a reconnect', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench({ trades: 'last' });
    await feed.subscribe([APPLE], sink);
    const last = (price: number): void => {
      gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), LAST, price, true);
      gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), LAST_SIZE, 5);
    };
    quote(100, 100.01);
    last(99);
    last(100);
    gateway.cut();
    gateway.restore();
    quote(100, 100.01);
    last(100);
    last(101);
    expect([quotesOf(sink), tradesOf(sink)]).toEqual([[[100, 100.01]], [100, 101]]);
  });

  it('has no size where IB tells none, as of an index', async () => {
    const { feed, sink, gateway, id } = await feedBench({ trades: 'last' });
    await feed.subscribe([APPLE], sink);
    for (const price of [99, 100]) {
      gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), LAST, price, true);
      gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), LAST_SIZE, undefined);
      gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), LAST_SIZE, undefined);
    }
    expect(tradesOf(sink)).toEqual([100]);
  });

  it('is none of a currency pair', async () => {
    const { feed, sink, gateway, id } = await feedBench({ trades: 'last' });
    await feed.subscribe([EURO], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), LAST, 1.1, true);
    gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), LAST_SIZE, 1);
    expect([sink.rows, gateway.of('reqMktData')[0]?.args[2]]).toEqual([[], '']);
  });
});

describe('Tick-by-tick data', () => {
  it('are quotes and trades whose times are whole seconds', async () => {
    const { feed, gateway, clock, id } = await feedBench({ quotes: 'tick-by-tick', trades: 'tick-by-tick-all' });
    const ticks: Tick[] = [];
    await feed.subscribe([APPLE], fullSink(ticks));
    clock.advance(1_500);
    const [quotes, trades] = gateway.of('reqTickByTickData').map(({ args }) => args);
    expect([quotes?.[2], trades?.[2]]).toEqual(['BidAsk', 'AllLast']);
    const second = String(clock.nowUtc() / 1_000 - 0.5);
    gateway.emit(TWS_EVENT.tickByTickBidAsk, quotes?.[0], second, 100, 100.01, 1, 2, {});
    gateway.emit(TWS_EVENT.tickByTickBidAsk, quotes?.[0], second, 100.01, 100.02, 1, 2, {});
    gateway.emit(TWS_EVENT.tickByTickAllLast, trades?.[0], 2, second, 100.015, 50, {}, 'ARCA', '');
    // The top of book tells the same, sampled: it is not told twice.
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, 100.5, true);
    gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), BID_SIZE, 5);
    gateway.emit(TWS_EVENT.tickSize, id('reqMktData'), ASK_SIZE, 5);
    gateway.emit(TWS_EVENT.tickString, id('reqMktData'), 48, `100.015;50;${clock.nowUtc()};900;100.1;true`);
    clock.advance(5);
    expect(ticks.map(({ bid, ask, last, ts, recvTs }) => [bid, ask, last, recvTs - ts])).toEqual([
      [100, 100.01, NaN, 500],
      [100.01, 100.02, NaN, 500],
      [NaN, NaN, 100.015, 500],
    ]);
  });
});

describe('23. Off-grid inbound data', () => {
  it('is dropped with a counter, said as rejected, and nothing else stops', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench({ trades: 'last' });
    await feed.subscribe([APPLE], sink);
    const book = id('reqMktData');
    for (const price of [100.123456789123, Number.NaN, Number.POSITIVE_INFINITY, -5]) {
      gateway.emit(TWS_EVENT.tickPrice, book, BID, price, true);
    }
    // A trade may lie inside a step: it is a fact, not an order.
    for (const price of [100, 100.0055]) {
      gateway.emit(TWS_EVENT.tickPrice, book, LAST, price, true);
      gateway.emit(TWS_EVENT.tickSize, book, LAST_SIZE, 5);
    }
    quote(100, 100.01);
    expect(feed.counters.rejected).toBe(4);
    expect(sink.rejections.map(({ source, line }) => [source, line])).toEqual([1, 2, 3, 4].map((line) => ['ib', line]));
    expect(sink.rejections[0]?.reason).toContain('AAPL');
    expect([quotesOf(sink), tradesOf(sink)]).toEqual([[[100, 100.01]], [100.0055]]);
  });
});

describe('28. A receiver that throws', () => {
  it('stops neither the others nor the process, also where a quote went out by itself', async () => {
    const { feed, sink, gateway, clock, id } = await feedBench();
    const throwing = Object.assign(new RecordingFeedSink(), {
      tick: () => {
        throw new Error('a sink never throws, and this one does');
      },
    });
    await feed.subscribe([APPLE], throwing);
    await feed.subscribe([EURO], sink);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData', 'AAPL'), BID, 100, true);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData', 'EUR'), BID, 1.1, true);
    clock.advance(2);
    expect(quotesOf(sink)).toEqual([[1.1, NaN]]);
  });
});

describe('28. Of several receivers of one instrument', () => {
  it('one that throws keeps nothing from those behind it: rows, states, rejections and signs of life', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    const fail = (): never => {
      throw new Error('a sink never throws, and this one does');
    };
    const throwing: FeedSink = { tick: fail, ticks: fail, bars: fail, status: fail, heartbeat: fail, rejected: fail };
    await feed.subscribe([APPLE], throwing);
    await feed.subscribe([APPLE], sink);
    quote(100, 100.01);
    gateway.emit(TWS_EVENT.tickPrice, id('reqMktData'), BID, -7, true);
    gateway.emit(TWS_EVENT.tickGeneric, id('reqMktData'), 49, 1);
    for (const user of gateway.users) user.onHeartbeat?.(5, 1_000);
    expect(quotesOf(sink)).toEqual([[100, 100.01]]);
    expect(statesOf(sink)).toEqual(['AAPL halted IBKR_DATA_HALTED']);
    expect([sink.rejections.length, sink.heartbeats.length]).toEqual([1, 1]);
    expect(feed.counters.receiverFaults).toBe(4);
  });
});

describe('28. What is not known', () => {
  it('is ignored and counted: tick types, requests, garbage of RTVolume', async () => {
    const { feed, sink, gateway, id, quote } = await feedBench();
    await feed.subscribe([APPLE], sink);
    const book = id('reqMktData');
    gateway.emit(TWS_EVENT.tickPrice, book, 999, 1, true);
    gateway.emit(TWS_EVENT.tickGeneric, book, 777, 1);
    gateway.emit(TWS_EVENT.tickPrice, 4_711, BID, 1, true);
    gateway.emit(TWS_EVENT.tickString, book, 48, 'no trade');
    gateway.emit(TWS_EVENT.tickPrice, book, 9, 99, true);
    quote(100, 100.01);
    expect(feed.counters).toEqual({ rejected: 1, unknownTicks: 2, receiverFaults: 0 });
    expect(quotesOf(sink)).toEqual([[100, 100.01]]);
  });
});
