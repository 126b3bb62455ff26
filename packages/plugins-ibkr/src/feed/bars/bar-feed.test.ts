import { afterEach, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { FakeClock, RecordingFeedSink } from '@bookrunner/sdk/testing';
import { knowsContracts } from '../../contracts/details.fixture.js';
import { FakeGateway } from '../../contracts/fake-gateway.fixture.js';
import { TWS_EVENT } from '../../contracts/tws-names.js';
import { APPLE, EURO, feedContext, statesOf } from '../feed-bench.fixture.js';
import { ibkrBarFeedOptions, type IbkrBarFeedOptions } from './bar-feed-options.js';
import { IbkrBarFeed } from './ibkr-bar-feed.js';

const AT = Date.UTC(2014, 4, 5, 14, 0, 0);

interface Bench {
  readonly gateway: FakeGateway;
  readonly clock: FakeClock;
  readonly feed: IbkrBarFeed;
  readonly sink: RecordingFeedSink;
  bar(offset: number, price: number): void;
  id(): number;
}

const open: IbkrBarFeed[] = [];
afterEach(() => Promise.all(open.splice(0).map((feed) => feed.close())));

async function bench(options: Partial<IbkrBarFeedOptions> = {}): Promise<Bench> {
  const gateway = new FakeGateway();
  knowsContracts(gateway);
  const clock = new FakeClock(AT);
  const feed = new IbkrBarFeed({ ...feedContext({}, clock), options: ibkrBarFeedOptions.parse(options) }, gateway);
  open.push(feed);
  await feed.open();
  const id = (): number => gateway.of('reqRealTimeBars').at(-1)?.args[0] ?? 0;
  const bar = (offset: number, price: number): void => {
    const seconds = AT / 1_000 + offset;
    gateway.emit(TWS_EVENT.realtimeBar, id(), seconds, price, price + 2, price - 1, price + 1, 100, price + 0.5, 7);
  };
  return { gateway, clock, feed, sink: new RecordingFeedSink(), bar, id };
}

/** Lets what waits for turns of the loop run. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Offsets in seconds of the bars that were delivered. */
function offsets(sink: RecordingFeedSink): readonly number[] {
  return sink.rows.map(({ ts }) => (ts - AT) / 1_000);
}

describe('Ready bars', () => {
  it('are five seconds long, with all their values', async () => {
    const { feed, sink, gateway, bar } = await bench();
    const specs: unknown[] = [];
    const noting = Object.assign(sink, {
      bars: (...args: Parameters<RecordingFeedSink['bars']>) => {
        specs.push(args);
      },
    });
    await feed.subscribe([APPLE], noting);
    await turns();
    expect(gateway.of('reqRealTimeBars')[0]?.args.slice(2)).toEqual([5, 'TRADES', true]);
    bar(0, 100);
    const one = (value: number): Float64Array => Float64Array.of(value);
    expect(specs).toEqual([
      [
        {
          ...{ symbol: 'AAPL', length: 1, ts: one(AT), endTs: one(AT + 5_000), open: one(100), high: one(102) },
          ...{ low: one(99), close: one(101), volume: one(100), nTicks: one(7), vwap: one(100.5) },
        },
        { use: 'time', options: { seconds: 5, price: 'last' } },
      ],
    ]);
  });

  it('are told once each, in order, and no longer after the subscription was closed', async () => {
    const { feed, sink, gateway, bar, id } = await bench();
    const subscription = await feed.subscribe([APPLE], sink);
    await turns();
    for (const offset of [0, 5, 5, 10]) bar(offset, 100);
    expect([offsets(sink), sink.rejections]).toEqual([[0, 5, 10], []]);
    const request = id();
    await subscription.close();
    bar(15, 100);
    expect(offsets(sink)).toEqual([0, 5, 10]);
    expect(gateway.of('cancelRealTimeBars').map(({ args }) => args[0])).toEqual([request]);
  });

  it('that cannot be are rejected', async () => {
    const { feed, sink, bar } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    bar(0, Number.NaN);
    bar(5, 100);
    expect([sink.rejections.length, offsets(sink)]).toEqual([1, [5]]);
  });

  it('out of order, or yet to come, are rejected and stop nothing', async () => {
    const { feed, sink, bar } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    for (const offset of [0, 10, 5, 3_600, 15]) bar(offset, 100);
    expect(offsets(sink)).toEqual([0, 10, 15]);
    expect(sink.rejections.map(({ reason }) => reason)).toEqual([
      'AAPL: bar of 2014-05-05T14:00:05.000Z, which came after that of 2014-05-05T14:00:10.000Z, cannot be used',
      "AAPL: bar of 2014-05-05T15:00:00.000Z, 3600 s ahead of this machine's clock, cannot be used",
    ]);
  });

  it('reach everybody, whoever throws', async () => {
    const { feed, sink, bar } = await bench();
    const throwing = Object.assign(new RecordingFeedSink(), {
      bars: () => {
        throw new Error('a sink never throws, and this one does');
      },
    });
    await feed.subscribe([APPLE], throwing);
    await feed.subscribe([APPLE], sink);
    await turns();
    bar(0, 100);
    expect([offsets(sink), feed.counters.receiverFaults]).toEqual([[0], 1]);
  });

  it('of a currency pair need a price that it has', async () => {
    const { feed, sink, gateway } = await bench();
    const error = await feed.subscribe([EURO], sink).catch((caught: unknown) => caught);
    expect(isTradingError(error) && error.code).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    expect(gateway.of('reqRealTimeBars')).toEqual([]);
    const mid = await bench({ price: 'mid' });
    await mid.feed.subscribe([EURO], mid.sink);
    await turns();
    expect(mid.gateway.of('reqRealTimeBars')[0]?.args.slice(2)).toEqual([5, 'MIDPOINT', false]);
  });

  it.each([true, false])(
    '8. are asked for again after 1101 and after 1102 (data lost: %p), once',
    async (isDataLost) => {
      const { feed, sink, gateway, clock, bar, id } = await bench();
      await feed.subscribe([APPLE], sink);
      await turns();
      bar(0, 100);
      bar(5, 100);
      const first = id();
      gateway.loseUpstream();
      clock.advance(26_000);
      gateway.upstream(isDataLost);
      gateway.upstream(isDataLost);
      await turns();
      clock.advance(20_000);
      await turns();
      // The last bar that is known, and what comes after it.
      for (const offset of [5, 45, 50]) bar(offset, 100);
      expect(offsets(sink)).toEqual([0, 5, 45, 50]);
      expect(gateway.of('reqRealTimeBars')).toHaveLength(2);
      expect(id()).not.toBe(first);
      // What lies between is the engine's to ask for: the feed says that it was away.
      expect(statesOf(sink)).toEqual(['* disconnected IBKR_UPSTREAM_LOST', '* live']);
    },
  );

  it.each([10_182, 10_225])('%i: bars that died are asked for again', async (code) => {
    const { feed, sink, gateway, clock, id } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    gateway.error(id(), code, 'Failed to request live updates (disconnected).');
    clock.advance(16_000);
    await turns();
    expect(gateway.of('reqRealTimeBars')).toHaveLength(2);
  });

  it('9. are away while their farm is broken, and asked for again when it is well', async () => {
    const { feed, sink, gateway, clock, id } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: true });
    gateway.error(id(), 10_182, 'Failed to request live updates (disconnected).');
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: false });
    clock.advance(20_000);
    await turns();
    expect(statesOf(sink)).toEqual(['AAPL disconnected IBKR_FARM_BROKEN', 'AAPL live']);
    expect(gateway.of('reqRealTimeBars')).toHaveLength(2);
  });

  it('9. stay away while one of two farms is broken, until one comes', async () => {
    const { feed, sink, gateway, clock, bar } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: true });
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: true });
    clock.advance(20_000);
    gateway.farm({ kind: 'market-data', name: 'usfarm', isBroken: false });
    await turns();
    expect(statesOf(sink)).toEqual(['AAPL disconnected IBKR_FARM_BROKEN']);
    expect(gateway.of('reqRealTimeBars')).toHaveLength(2);
    bar(20, 100);
    expect(statesOf(sink, 1)).toEqual(['AAPL live']);
  });

  it('9. subscribed while their farm is broken are told so, and asked for again when it is well', async () => {
    const { feed, sink, gateway, clock } = await bench();
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: true });
    gateway.farm({ kind: 'history', name: 'cashhmds', isBroken: true });
    await feed.subscribe([APPLE], sink);
    await turns();
    expect(statesOf(sink)).toEqual(['AAPL disconnected IBKR_FARM_BROKEN']);
    gateway.farm({ kind: 'history', name: 'cashhmds', isBroken: false });
    await turns();
    expect(gateway.of('reqRealTimeBars')).toHaveLength(1);
    gateway.farm({ kind: 'history', name: 'ushmds', isBroken: false });
    clock.advance(20_000);
    await turns();
    expect(statesOf(sink, 1)).toEqual(['AAPL live']);
    expect(gateway.of('reqRealTimeBars')).toHaveLength(2);
  });

  it('leave nothing behind', async () => {
    const { feed, sink, gateway, clock, id } = await bench();
    await feed.subscribe([APPLE], sink);
    await turns();
    gateway.error(id(), 10_182, 'Failed to request live updates (disconnected).');
    await feed.close();
    expect([gateway.listening(), clock.pendingCalls, gateway.users.size]).toEqual([0, 0, 0]);
  });
});
