import { describe, expect, it } from '@jest/globals';
import { type BarColumns, type BarSpec, type HistoryRequest, isTradingError, type TickColumns } from '@bookrunner/sdk';
import { TWS_EVENT } from '../../contracts/tws-names.js';
import { APPLE, EURO, feedBench, type FeedBench, MINI } from '../feed-bench.fixture.js';

const AT = Date.UTC(2014, 4, 5, 14, 0, 0);
const DAY = 86_400_000;
const minutes = { use: 'time', options: { seconds: 60, price: 'last' } };

/** A gateway with a bar at every full length in the asked range, and whatever lies before it. */
function knowsBars({ gateway }: FeedBench, seconds: number): void {
  gateway.answer('reqHistoricalData', (id: number, _contract: unknown, end: string, duration: string) => {
    const text = `${end.slice(0, 4)}-${end.slice(4, 6)}-${end.slice(6, 8)}T${end.slice(9)}Z`;
    const until = Date.parse(text) / 1_000;
    const [count, unit] = duration.split(' ');
    const span = Number(count) * { S: 1, D: 86_400, W: 604_800, M: 2_592_000, Y: 31_536_000 }[unit as 'S']!;
    const from = Math.ceil((until - span) / seconds) * seconds;
    for (let at = from; at < until; at += seconds) {
      const price = 100 + (at % 1_000) / 100;
      gateway.emit(TWS_EVENT.historicalData, id, String(at), price, price + 1, price - 1, price, 10, 3, price, false);
    }
    gateway.emit(TWS_EVENT.historicalData, id, `finished-${from}-${until}`, -1, -1, -1, -1, -1, -1, -1, false);
  });
}

async function barsOf(bench: FeedBench, request: HistoryRequest): Promise<readonly BarColumns[]> {
  const blocks: BarColumns[] = [];
  const reading = (async () => {
    for await (const block of bench.feed.history(request)) if (block.kind === 'bars') blocks.push(block.columns);
  })();
  await running(bench, reading);
  return blocks;
}

/** Waits for a promise while the clock runs on. */
async function running<T>({ clock }: FeedBench, reading: Promise<T>): Promise<T> {
  let isOver = false;
  const watched = reading.finally(() => (isOver = true));
  watched.catch(() => {});
  for (let turn = 0; !isOver && turn < 5_000; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isOver) clock.advance(100);
  }
  return watched;
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return 'none';
  } catch (error) {
    if (isTradingError(error)) return error.code;
    throw error;
  }
}

describe('History of bars', () => {
  it('is asked for in pieces, ascends and lies inside the range', async () => {
    const bench = await feedBench();
    knowsBars(bench, 60);
    const always = { ...APPLE, calendar: '24x7' };
    const request = { instrument: always, from: AT - 3.5 * DAY, to: AT + 30_000, bars: minutes };
    const blocks = await barsOf(bench, request);
    const ts = blocks.flatMap((block) => [...block.ts]);
    expect(ts).toEqual(Array.from({ length: 3.5 * 1_440 + 1 }, (_, i) => request.from + i * 60_000));
    expect(blocks.every((block) => block.length <= 2_500)).toBe(true);
    const asked = bench.gateway.of('reqHistoricalData').map(({ args }) => args.slice(2));
    expect(asked).toHaveLength(4);
    expect(asked[0]).toEqual(['20140503-02:00:00', '86400 S', '1 min', 'TRADES', true, 2, false]);
    const { open, high, low, close, volume, nTicks, vwap, endTs } = blocks[0]!;
    const first = [open, high, low, close, volume, nTicks, vwap, endTs].map((column) => column?.[0]);
    const price = 100 + ((request.from / 1_000) % 1_000) / 100;
    expect(first).toEqual([price, price + 1, price - 1, price, 10, 3, price, request.from + 60_000]);
  });

  it('asks for nothing while the market is closed', async () => {
    const bench = await feedBench();
    knowsBars(bench, 60);
    // Thursday to Tuesday.
    await barsOf(bench, { instrument: APPLE, from: AT - 4 * DAY, to: AT + DAY, bars: minutes });
    const ends = bench.gateway.of('reqHistoricalData').map(({ args }) => args[2]);
    expect(ends).toEqual(['20140502-14:00:00', '20140503-14:00:00', '20140505-14:00:00', '20140506-14:00:00']);
  });

  it('of small bars is refused where it takes too many requests, before the first', async () => {
    const bench = await feedBench({ historySmallBarPages: 7 });
    const seconds = { use: 'time', options: { seconds: 5 } };
    const range = { from: Date.UTC(2014, 4, 5, 13, 30), to: Date.UTC(2014, 4, 5, 20) };
    knowsBars(bench, 5);
    expect((await barsOf(bench, { instrument: APPLE, ...range, bars: seconds })).length).toBe(7);
    const longer = { instrument: APPLE, from: range.from, to: range.to + DAY, bars: seconds };
    expect(await codeOf(barsOf(bench, longer))).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    expect(bench.gateway.of('reqHistoricalData')).toHaveLength(7);
  });

  it('that nobody reads to its end asks for no more', async () => {
    const bench = await feedBench();
    const ids: number[] = [];
    bench.gateway.answer('reqHistoricalData', (id: number) => {
      ids.push(id);
      if (ids.length > 1) return;
      bench.gateway.emit(TWS_EVENT.historicalData, id, String(AT / 1_000), 1, 1, 1, 1, 1, 1, 1, false);
      bench.gateway.emit(TWS_EVENT.historicalData, id, 'finished-x-y', -1, -1, -1, -1, -1, -1, -1, false);
    });
    const always = { ...APPLE, calendar: '24x7' };
    const request = { instrument: always, from: AT, to: AT + 30 * DAY, bars: minutes };
    for await (const block of bench.feed.history(request)) {
      expect(block.columns.length).toBe(1);
      break;
    }
    expect([ids.length, bench.gateway.of('cancelHistoricalData').length]).toEqual([4, 3]);
    expect(bench.clock.pendingCalls).toBe(0);
  });

  it('takes price and hours from what is asked and what is traded', async () => {
    const bench = await feedBench();
    knowsBars(bench, 300);
    const bars = (price: string): BarSpec => ({ use: 'time', options: { timeframe: '5m', price } });
    const range = { from: AT, to: AT + DAY };
    await barsOf(bench, { instrument: EURO, ...range, bars: bars('mid') });
    await barsOf(bench, { instrument: MINI, ...range, bars: bars('last') });
    await barsOf(bench, { instrument: APPLE, ...range, bars: bars('bid') });
    expect(bench.gateway.of('reqHistoricalData').map(({ args }) => [args[3], args[5], args[6]])).toEqual([
      ['1 W', 'MIDPOINT', false],
      ['1 W', 'TRADES', false],
      ['1 W', 'BID', true],
    ]);
    expect(await codeOf(barsOf(bench, { instrument: EURO, ...range, bars: bars('last') }))).toBe(
      'IBKR_HISTORY_NOT_AVAILABLE',
    );
    const odd = { use: 'time', options: { seconds: 90 } };
    expect(await codeOf(barsOf(bench, { instrument: APPLE, ...range, bars: odd }))).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    const volume = { use: 'volume', options: { units: 1_000 } };
    expect(await codeOf(barsOf(bench, { instrument: APPLE, ...range, bars: volume }))).toBe(
      'IBKR_HISTORY_NOT_AVAILABLE',
    );
  });

  it('has days at the hours of the calendar', async () => {
    const bench = await feedBench();
    bench.gateway.answer('reqHistoricalData', (id: number) => {
      for (const date of ['20140501', '20140502', '20140505']) {
        bench.gateway.emit(TWS_EVENT.historicalData, id, date, 1, 2, 1, 2, -1, -1, -1, false);
      }
      bench.gateway.emit(TWS_EVENT.historicalData, id, 'finished-x-y', -1, -1, -1, -1, -1, -1, -1, false);
    });
    const days = { use: 'time', options: { seconds: 86_400 } };
    const range = { from: Date.UTC(2014, 4, 1), to: Date.UTC(2014, 4, 6), bars: days };
    const [apple] = await barsOf(bench, { instrument: APPLE, ...range });
    expect([...apple!.ts]).toEqual([1, 2, 5].map((day) => Date.UTC(2014, 4, day, 13, 30)));
    expect([...apple!.endTs!]).toEqual([1, 2, 5].map((day) => Date.UTC(2014, 4, day, 20)));
    // Days of futures begin on the evening before.
    const [mini] = await barsOf(bench, { instrument: MINI, ...range });
    expect([...mini!.ts]).toEqual([1, 4].map((day) => Date.UTC(2014, 4, day, 22)));
  });

  it('is read where bars are dated in a zone that they name, and refused where they name none', async () => {
    const bench = await feedBench();
    const from = Date.UTC(2014, 4, 5, 13, 30);
    const request = { instrument: APPLE, from, to: from + 3_600_000, bars: minutes };
    const dated = (date: string): void =>
      bench.gateway.answer('reqHistoricalData', (id: number) => {
        bench.gateway.emit(TWS_EVENT.historicalData, id, date, 1, 2, 1, 2, 5, 5, 1, false);
        bench.gateway.emit(TWS_EVENT.historicalData, id, 'finished-x-y', -1, -1, -1, -1, -1, -1, -1, false);
      });
    for (const date of ['20140505 09:31:00 US/Eastern', '20140505  09:31:00 EST', '20140505 13:31:00 UTC']) {
      dated(date);
      expect((await barsOf(bench, request)).map(({ ts }) => [...ts])).toEqual([[from + 60_000]]);
    }
    for (const date of ['20140505  09:31:00', '20140505 09:31:00 Nowhere/Land', 'soon']) {
      dated(date);
      expect(await codeOf(barsOf(bench, request))).toBe('IBKR_HISTORY_FAILED');
    }
  });

  it('is empty where IB has none, and an empty range asks nothing', async () => {
    const bench = await feedBench();
    bench.gateway.answer('reqHistoricalData', (id: number) =>
      bench.gateway.error(
        id,
        162,
        'Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades',
      ),
    );
    expect(await barsOf(bench, { instrument: APPLE, from: AT, to: AT + DAY, bars: minutes })).toEqual([]);
    expect(await barsOf(bench, { instrument: APPLE, from: AT, to: AT, bars: minutes })).toEqual([]);
    expect(bench.gateway.of('reqHistoricalData')).toHaveLength(1);
  });

  it('24. waits and asks again where IB says it was too early, and gives up where it is refused', async () => {
    const bench = await feedBench();
    let asked = 0;
    bench.gateway.answer('reqHistoricalData', (id: number) => {
      asked += 1;
      if (asked === 1)
        return bench.gateway.error(id, 162, 'Historical Market Data Service error message:API pacing violation');
      if (asked === 2) {
        bench.gateway.emit(TWS_EVENT.historicalData, id, String(AT / 1_000), 1, 1, 1, 1, 1, 1, 1, false);
        bench.gateway.emit(TWS_EVENT.historicalData, id, 'finished-x-y', -1, -1, -1, -1, -1, -1, -1, false);
        return;
      }
      bench.gateway.error(
        id,
        162,
        'Historical Market Data Service error message:No market data permissions for NASDAQ',
      );
    });
    const request = { instrument: APPLE, from: AT, to: AT + 3_600_000, bars: minutes };
    expect((await barsOf(bench, request))[0]?.length).toBe(1);
    expect(await codeOf(barsOf(bench, { ...request, from: AT - 60_000 }))).toBe('IBKR_DATA_NOT_SUBSCRIBED');
  });

  it('ends with the connection, and with the feed', async () => {
    const bench = await feedBench();
    const request = { instrument: APPLE, from: AT, to: AT + DAY, bars: minutes };
    await bench.feed.resolve(APPLE);
    const cut = codeOf(barsOf(bench, request));
    await new Promise((resolve) => setImmediate(resolve));
    bench.gateway.cut();
    expect(await cut).toBe('IBKR_NOT_CONNECTED');
    bench.gateway.restore();
    const closed = codeOf(barsOf(bench, { ...request, from: AT + 60_000, to: AT + 3_600_000 }));
    await new Promise((resolve) => setImmediate(resolve));
    await bench.feed.close();
    expect(await closed).toBe('IBKR_FEED_NOT_OPEN');
    expect(bench.gateway.of('cancelHistoricalData')).toHaveLength(1);
  });
});

describe('History of ticks', () => {
  it('merges quotes and trades, and is refused where it takes too many requests', async () => {
    const bench = await feedBench({ historyTickPages: 6 });
    const { gateway } = bench;
    const second = AT / 1_000;
    gateway.answer(
      'reqHistoricalTicks',
      // oxlint-disable-next-line max-params -- the library's own order of arguments
      (id: number, _contract: unknown, start: string, _end: string, _count: number, shown: string) => {
        const isFirst = start === '20140505-14:00:00';
        const quotes = [0, 1, 1, 3].map((at) => ({
          time: second + at,
          priceBid: 100,
          priceAsk: 101,
          sizeBid: 1,
          sizeAsk: 2,
        }));
        const trades = [1, 2].map((at) => ({ time: second + at, price: 100.5, size: 10 }));
        if (shown === 'BID_ASK')
          gateway.emit(TWS_EVENT.historicalTicksBidAsk, id, isFirst ? quotes : quotes.slice(3), true);
        else gateway.emit(TWS_EVENT.historicalTicksLast, id, isFirst ? trades : trades.slice(1), true);
      },
    );
    const ticks: TickColumns[] = [];
    const read = async (to: number): Promise<void> => {
      for await (const block of bench.feed.history({ instrument: APPLE, from: AT, to })) {
        if (block.kind === 'ticks') ticks.push(block.columns);
      }
    };
    await running(bench, read(AT + 60_000));
    const [{ ts, bid, last, size } = { ts: [], bid: [], last: [], size: [] }] = ticks;
    expect([...ts].map((at) => (at - AT) / 1_000)).toEqual([0, 1, 1, 1, 2, 3]);
    expect([[...(bid ?? [])], [...(last ?? [])], [...(size ?? [])]]).toEqual([
      [100, 100, 100, NaN, NaN, 100],
      [NaN, NaN, NaN, 100.5, 100.5, NaN],
      [NaN, NaN, NaN, 10, 10, NaN],
    ]);
    gateway.answer('reqHistoricalTicks', (id: number, _contract: unknown, start: string) => {
      const at = Number(start.slice(15, 17));
      const page = Array.from({ length: 1_000 }, (_, i) => ({
        time: second + at + Math.floor(i / 500),
        priceBid: 1,
        priceAsk: 2,
      }));
      gateway.emit(TWS_EVENT.historicalTicksBidAsk, id, page, true);
    });
    expect(await codeOf(running(bench, read(AT + 3_600_000)))).toBe('IBKR_HISTORY_NOT_AVAILABLE');
  });

  it('of a warm-up that IB would never give leaves requests to what is missed later', async () => {
    const bench = await feedBench();
    const { gateway } = bench;
    // A busy market: a thousand quotes last a minute.
    gateway.answer('reqHistoricalTicks', (id: number, _contract: unknown, start: string) => {
      const text = `${start.slice(0, 4)}-${start.slice(4, 6)}-${start.slice(6, 8)}T${start.slice(9)}Z`;
      const from = Date.parse(text) / 1_000;
      const page = Array.from({ length: 1_000 }, (_, i) => ({
        ...{ time: from + Math.floor((i * 60) / 1_000), priceBid: 1, priceAsk: 2 },
        ...{ sizeBid: 1, sizeAsk: 1 },
      }));
      gateway.emit(TWS_EVENT.historicalTicksBidAsk, id, page, true);
    });
    const read = async (request: Pick<HistoryRequest, 'from' | 'to' | 'instrument'>): Promise<void> => {
      for await (const _block of bench.feed.history(request));
    };
    // As an engine warms up bars of so many ticks.
    const hopeless = { from: AT - 3 * DAY, to: AT };
    for (const instrument of [APPLE, EURO, MINI]) {
      expect(await codeOf(running(bench, read({ instrument, ...hopeless })))).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    }
    expect(gateway.of('reqHistoricalTicks')).toHaveLength(6);
    // What is as long as its range says is given up where it is too long, and no sooner.
    const before = gateway.of('reqHistoricalTicks').length;
    const long = { instrument: EURO, from: AT - 7_200_000, to: AT };
    expect(await codeOf(running(bench, read(long)))).toBe('IBKR_HISTORY_NOT_AVAILABLE');
    expect(gateway.of('reqHistoricalTicks').length - before).toBe(14);
    // An outage of some minutes comes from history all the same, at once.
    const now = bench.clock.nowUtc();
    await running(bench, read({ instrument: EURO, from: AT - 300_000, to: AT }));
    expect(bench.clock.nowUtc() - now).toBeLessThan(60_000);
  });
});
