// Where history ends and live rows begin: no row is lost between the two, and none counts twice.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Command, HistoryBlock, Subscription } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { mayPass } from '../src/runtime/live/passing-failure.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { CutRun, type Seen } from './live-cut.fixture.js';
import { MINUTE, NOON, removeProjects } from './live-session.fixture.js';
import { NearFeed } from './near-feed.fixture.js';
import { SYMBOLS } from './tape-feed.fixture.js';
import { END, isLate, READY, TAPE, TICKS, uncut } from './uncut-run.fixture.js';

jest.setTimeout(300_000);
afterEach(removeProjects);

/** Prices of the bars of a window by their start: history counts other volumes than the live bars of quotes have. */
const pricesOf = (rows: Seen['small']) =>
  rows.map(([ts = 0, ...row]) => [ts, ...row.slice(0, 4).map((price) => price.toFixed(6))]);

/** Every bar the strategies see from an instant on is that of a session which was there all the time, and none is missing. */
function expectSameBars(run: CutRun, bySymbol: Awaited<ReturnType<typeof uncut>>, since: number): void {
  for (const symbol of SYMBOLS) {
    const expected = bySymbol.get(symbol) as ReadonlyMap<number, Seen>;
    const seen = run.seen(symbol);
    expect(seen.length).toBeGreaterThan(10);
    for (const one of seen) {
      const whole = expected.get(one.ts) as Seen;
      expect([one.ts, pricesOf(one.small)]).toEqual([one.ts, pricesOf(whole.small)]);
      if (!isLate(one)) expect([one.ts, pricesOf(one.large)]).toEqual([one.ts, pricesOf(whole.large)]);
    }
    const later = [...expected.values()].filter(({ at }) => at > since).map(({ ts }) => ts);
    expect(seen.map(({ ts }) => ts).filter((ts) => ts >= (later[0] ?? Infinity))).toEqual(later);
  }
}

const COMMAND: Command = { ts: NOON, name: 'risk', args: { name: 'eurusd', bps: 5_000 }, actor: 'ops' };
const HISTORY_LIMIT = ', history: { limitMs: 600000 }';

/** A subscription that takes some time somewhere in the session. */
const starts = fc.record({
  at: fc.integer({ min: NOON, max: NOON + 5 * MINUTE }),
  takesMs: fc.integer({ min: 0, max: 2 * MINUTE }),
  isSoon: fc.boolean(),
  delayMs: fc.constantFrom(0, 0, 700, 4_000),
});

describe.each([
  ['ticks', TICKS],
  ['ready bars', READY],
] as const)('a session over %s whose feed takes its time to be subscribed', (_, capabilities) => {
  it('sees the bars of one that was there all the time', async () => {
    const whole = await uncut(capabilities);
    await fc.assert(
      fc.asyncProperty(starts, async ({ at, takesMs, isSoon, delayMs }) => {
        const prepare = (feed: CutRun['feed']): void => {
          feed.subscribing = { takesMs, isSoon };
          feed.delayMs = delayMs;
        };
        const run = CutRun.start({ tape: TAPE, capabilities, at, prepare });
        while (run.feed.asked.length === 0) await run.settle();
        await run.play(at + takesMs + 6 * delayMs + MINUTE, 1_000);
        await run.hasBegun;
        await run.play(END, MINUTE);
        await run.finish();
        expect(run.codes()).not.toContain('LIVE_HISTORY_FAILED');
        expectSameBars(run, whole, at + takesMs + 6 * delayMs + 2 * MINUTE);
        removeProjects();
      }),
      { numRuns: 20 },
    );
  });
});

describe('rows that came while a feed was subscribed', () => {
  it('count once where history has them, too', async () => {
    const takesMs = 40_000;
    const prepare = (feed: CutRun['feed']): void => {
      feed.subscribing = { takesMs, isSoon: true };
    };
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, prepare });
    await run.play(NOON + 3 * MINUTE);
    const live = TAPE.filter(({ ts }) => ts >= NOON + takesMs && ts < NOON + 3 * MINUTE);
    expect(run.source.feeds()[0]?.rows).toBe(live.length);
    await run.finish();
  });

  it('are taken where there is no history', async () => {
    const takesMs = 40_000;
    const prepare = (feed: CutRun['feed']): void => {
      feed.subscribing = { takesMs, isSoon: true };
    };
    const run = await CutRun.begin({ tape: TAPE, capabilities: { quotes: true }, prepare });
    await run.play(NOON + 3 * MINUTE);
    const live = TAPE.filter(({ ts }) => ts >= NOON && ts < NOON + 3 * MINUTE);
    expect(run.source.feeds()[0]?.rows).toBe(live.length);
    await run.finish();
  });
});

describe('histories at a start', () => {
  it('are asked for several at once, so that many instruments are warm within the limit', async () => {
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 4_000;
    };
    const run = CutRun.start({ tape: TAPE, capabilities: TICKS, prepare });
    while (run.feed.asked.length === 0) await run.settle();
    await run.settle();
    // Bars of two lengths and ticks, of two symbols.
    expect(run.feed.asked).toHaveLength(4);
    await run.play(NOON + 4_000);
    expect(run.feed.asked).toHaveLength(6);
    await run.play(NOON + 12_000);
    await run.hasBegun;
    await run.finish();
  });
});

describe('what a feed says of itself before the run begins', () => {
  it('is said of the feed by the name it has here, and holds what depends on it', async () => {
    const prepare = (feed: CutRun['feed']): void => {
      const subscribe = feed.subscribe.bind(feed);
      feed.subscribe = (instruments, sink) => {
        sink.status({ ts: NOON, feed: 'gateway', state: 'disconnected', reason: 'TEST', message: 'no line' });
        return subscribe(instruments, sink);
      };
    };
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, prepare });
    expect(run.source.feeds()).toMatchObject([{ name: 'data', state: 'disconnected', message: 'no line' }]);
    expect(SYMBOLS.map((symbol) => run.paused(symbol))).toEqual(SYMBOLS.map(() => `Feed 'data' is disconnected.`));
    expect(run.notices.find(({ code }) => code === 'FEED_STATUS')?.message).toContain(`'data'`);
    await run.finish();
  });
});

describe('ticks of the bar under way of which history gives a part', () => {
  it('do not make it whole', async () => {
    const at = NOON + 3.5 * MINUTE;
    const prepare = (feed: CutRun['feed']): void => {
      const history = feed.history.bind(feed);
      feed.history = async function* (request) {
        if (request.bars !== undefined) return yield* history(request);
        yield* history({ ...request, to: request.from + 10_000 });
        throw new Error('connection lost');
      };
    };
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, at, prepare });
    expect(run.codes()).toContain('LIVE_HISTORY_FAILED');
    await run.play(NOON + 6 * MINUTE);
    expect(run.seen('EURUSD').map(({ ts }) => ts)).toEqual([NOON + 4 * MINUTE]);
    await run.finish();
  });
});

describe('rows that wait for a history and have no place', () => {
  /** More rows than have a place while history is asked, all of them at the last price. */
  function flood(run: CutRun): void {
    const last = TAPE.findLast(({ ts, symbol }) => symbol === 'EURUSD' && ts < run.clock.nowUtc());
    const column = (value = Number.NaN): Float64Array => new Float64Array(100_000).fill(value);
    const prices = { bid: column(last?.bid), ask: column((last?.bid ?? 0) + 0.0001) };
    const sizes = { bidSize: column(1), askSize: column(1) };
    run.feed.sink.ticks({
      ...{ symbol: 'EURUSD', venue: 'tape', length: 100_000, ts: column(last?.ts), ...prices, ...sizes },
    });
  }

  async function flooded(): Promise<CutRun> {
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 15_000;
    };
    const run = CutRun.start({ tape: TAPE, capabilities: TICKS, prepare, isJournalled: true, engine: HISTORY_LIMIT });
    while (run.feed.asked.length === 0) await run.settle();
    await run.play(NOON + 20_000);
    flood(run);
    expect(run.codes()).toContain('FEED_QUEUE_FULL');
    await run.play(NOON + 35_000);
    await run.hasBegun;
    return run;
  }

  it('come from there once it is in, so that bars are whole', async () => {
    const run = await flooded();
    await run.play(END, MINUTE);
    await run.finish();
    expectSameBars(run, await uncut(TICKS), NOON + 2 * MINUTE);
    expect(run.source.feeds()[0]?.irregular).toMatchObject({ overflowed: expect.any(Number) });
    expect((await run.verify()).isSame).toBe(true);
    expect((await run.compare()).differences).toEqual([]);
  });

  it('are told to be missing where history has failed, and their bar is dropped', async () => {
    const run = await flooded();
    run.feed.fault = 'fails';
    await run.play(END, MINUTE);
    await run.finish();
    expect(run.codes()).toContain('FEED_BACKFILL_FAILED');
    for (const symbol of SYMBOLS) expect(run.seen(symbol)[0]?.ts).toBe(NOON + MINUTE);
    expect((await run.verify()).isSame).toBe(true);
  });
});

describe('ticks of the bar under way of which there are more than may be held', () => {
  it('are given up, which is told, and their bar is dropped', async () => {
    let taken = 0;
    let isClosed = false;
    const rows = 100_000;
    const column = (value: number): Float64Array => new Float64Array(rows).fill(value);
    const prepare = (feed: CutRun['feed']): void => {
      const history = feed.history.bind(feed);
      feed.history = async function* (request) {
        const { symbol } = request.instrument;
        if (request.bars !== undefined || symbol !== 'EURUSD') return yield* history(request);
        const sizes = { bidSize: column(1), askSize: column(1) };
        const prices = { ts: column(request.to - 1), bid: column(1.1), ask: column(1.1001), ...sizes };
        try {
          for (; taken < 30; taken++)
            yield { kind: 'ticks', columns: { symbol, venue: 'tape', length: rows, ...prices } };
        } finally {
          isClosed = true;
        }
      };
    };
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, at: NOON + 3.5 * MINUTE, prepare });
    expect(taken).toBeLessThan(15);
    expect(isClosed).toBe(true);
    const told = run.notices.filter(({ code }) => code === 'LIVE_HISTORY_FAILED');
    expect(told.map(({ message, details }) => [details['symbol'], message])).toEqual([
      ['EURUSD', expect.stringContaining('more than 1000000 ticks')],
    ]);
    await run.play(NOON + 6 * MINUTE);
    expect(run.seen('EURUSD').map(({ ts }) => ts)).toEqual([NOON + 4 * MINUTE]);
    expect(run.seen('GBPUSD').map(({ ts }) => ts)).toEqual([NOON + 3 * MINUTE, NOON + 4 * MINUTE]);
    await run.finish();
  });
});

describe('what happens while the run warms up', () => {
  it.each([
    ['the word of a feed', (run: CutRun) => run.feed.say('live')],
    ['a command', (run: CutRun) => run.session.command(COMMAND, () => {})],
  ])('closes no bar without the rows that came after it: %s', async (_, act) => {
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 20_000;
    };
    const at = NOON + 30_000;
    const run = CutRun.start({
      tape: TAPE,
      capabilities: TICKS,
      at,
      prepare,
      engine: HISTORY_LIMIT,
      isJournalled: true,
    });
    while (run.feed.asked.length === 0) await run.settle();
    act(run);
    await run.play(NOON + 3 * MINUTE);
    await run.hasBegun;
    await run.play(END, MINUTE);
    await run.finish();
    expectSameBars(run, await uncut(TICKS), NOON + 2 * MINUTE);
    expect((await run.verify()).isSame).toBe(true);
    expect((await run.compare()).differences).toEqual([]);
  });
});

/** Knows no past, and takes its time to say so. */
class SlowFeed extends NearFeed {
  readonly capabilities = TICKS;
  readonly #clock: FakeClock;
  isAsked = false;

  constructor(clock: FakeClock) {
    super();
    this.#clock = clock;
  }
  async *history(): AsyncGenerator<HistoryBlock> {
    this.isAsked = true;
    await this.#clock.sleepUntil(NOON + 90_000);
    yield* [];
  }
  quote(symbol: string, ts: number, bid: number): void {
    this.#clock.moveTo(ts);
    const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
    this.sink.tick({ ts, recvTs: ts, symbol, venue: 'slow', bid, ask: bid + 0.0001, ...sizes });
  }
}

const OTHER = `
  theirs: { use: once, book: TEST, symbols: [GBPUSD], feed: other, bars: { use: time, options: { seconds: 60, price: mid } } }
`;
const TWO_FEEDS = brokerYaml('once', { engine: HISTORY_LIMIT, rest: OTHER })
  .replace('feeds: {', 'feeds: { other: { use: hand },')
  .replace('symbols: [EURUSD],', 'symbols: [EURUSD], feed: data,')
  .replace(/EURUSD: (.*) base: EUR,(.*)/, '$&\n  GBPUSD: $1 base: GBP,$2');

describe('rows that waited, where something else has been said meanwhile', () => {
  /** Three quotes of a symbol, the third after a bar has ended. */
  const QUOTES = [
    [10_000, 1.1],
    [50_000, 1.2],
    [70_000, 1.3],
  ] as const;
  const bar = { ts: NOON, open: expect.closeTo(1.10005, 6), close: expect.closeTo(1.20005, 6) };

  async function asked(...feeds: readonly SlowFeed[]): Promise<void> {
    while (!feeds.every(({ isAsked }) => isAsked)) await new Promise(setImmediate);
  }

  it('are in before what a broker says, so that no bar closes without them', async () => {
    const clock = new FakeClock(NOON);
    const feed = new SlowFeed(clock);
    const begun = LiveBench.begin(brokerYaml('once', { engine: HISTORY_LIMIT }), { clock, feed });
    await asked(feed);
    for (const [after, bid] of QUOTES) feed.quote('EURUSD', NOON + after, bid);
    clock.moveTo(NOON + 90_000);
    const bench = await begun;
    expect(bench.bars()).toEqual([bar]);
    // And nothing is sent because of them before the broker has said what is there.
    expect(bench.venue.calls[0]).toBe('snapshot');
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('are in before later ones of another feed', async () => {
    const clock = new FakeClock(NOON);
    const feeds = { feed: new SlowFeed(clock), other: new SlowFeed(clock) };
    const begun = LiveBench.begin(TWO_FEEDS, { clock, ...feeds });
    await asked(feeds.feed, feeds.other);
    for (const [after, bid] of QUOTES) {
      feeds.other.quote('GBPUSD', NOON + after, bid);
      feeds.feed.quote('EURUSD', NOON + after + 500, bid);
    }
    clock.moveTo(NOON + 90_000);
    const bench = await begun;
    expect([bench.bars(0), bench.bars(1)]).toEqual([[bar], [bar]]);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});

describe('a feed that never answers what an instrument is there', () => {
  const prepare = (feed: CutRun['feed']): void => {
    feed.resolve = (instrument) =>
      instrument.symbol === 'GBPUSD'
        ? new Promise(() => {})
        : Promise.resolve({ instrument, sourceId: instrument.symbol });
  };

  it('is told, with the instrument, and ends the start', async () => {
    const run = CutRun.start({ tape: TAPE, capabilities: TICKS, prepare });
    while (run.source === undefined) await run.settle();
    await run.settle();
    run.clock.moveTo(NOON + 30_000);
    const error = await Promise.race([run.ended().catch((cause: unknown) => cause), run.settle()]);
    expect(error).toMatchObject({
      code: 'LIVE_RESOLVE_TIMEOUT',
      details: { feed: 'data', symbol: 'GBPUSD' },
    });
    expect(mayPass(error)).toBe(true);
    await expect(run.hasBegun).rejects.toBe(error);
  });

  it('keeps no run from being stopped', async () => {
    const run = CutRun.start({ tape: TAPE, capabilities: TICKS, prepare });
    while (run.source === undefined) await run.settle();
    const stopped = { code: 'ENGINE_START_STOPPED' };
    await Promise.all([
      expect(run.hasBegun).rejects.toMatchObject(stopped),
      expect(run.finish()).rejects.toMatchObject(stopped),
    ]);
  });
});

describe('a feed that does not come to subscribe', () => {
  function hanging() {
    let arrive!: () => void;
    const closed: string[] = [];
    const subscription = new Promise<Subscription>((resolve) => {
      arrive = () => resolve({ close: () => Promise.resolve(void closed.push('closed')) });
    });
    const prepare = (feed: CutRun['feed']): void => {
      feed.subscribe = () => subscription;
    };
    return { run: CutRun.start({ tape: TAPE, capabilities: TICKS, prepare, isJournalled: true }), arrive, closed };
  }

  it('keeps no run from being stopped, and what it comes to later is closed', async () => {
    const { run, arrive, closed } = hanging();
    await run.settle();
    const stopped = { code: 'ENGINE_START_STOPPED' };
    await Promise.all([
      expect(run.hasBegun).rejects.toMatchObject(stopped),
      expect(run.finish()).rejects.toMatchObject(stopped),
    ]);
    arrive();
    await run.settle();
    expect(closed).toEqual(['closed']);
  });

  it('is told, and ends the start', async () => {
    const { run } = hanging();
    while (run.source === undefined) await run.settle();
    await run.settle();
    run.clock.moveTo(NOON + 30_000);
    await expect(run.ended()).rejects.toMatchObject({ code: 'LIVE_SUBSCRIBE_TIMEOUT' });
    await expect(run.hasBegun).rejects.toMatchObject({ code: 'LIVE_SUBSCRIBE_TIMEOUT' });
  });
});
