// A run over live feeds, with a clock that the test moves.
import { afterAll, describe, expect, it } from '@jest/globals';
import { Worker } from 'node:worker_threads';
import {
  type BarSpec,
  type Clock,
  type EngineNotice,
  type Feed,
  type FeedSink,
  type HistoryBlock,
  type HistoryRequest,
  type Instrument,
  nowUtc,
  type RecordedFeed,
  SystemClock,
  type Tick,
  type TickColumns,
} from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { composeEngine, type EngineComposition } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { fillDocuments } from '../src/report/run-document.js';
import type { RunResult } from '../src/report/run-result.js';
import { LiveRun } from '../src/runtime/live/live-run.js';
import { Turns } from '../src/runtime/live/pace-turns.js';
import { runRecorded } from '../src/runtime/recorded/recorded-run.js';
import { WorkerSession } from '../src/runtime/session/worker-session.js';
import { NearFeed } from './near-feed.fixture.js';
import { PaperProject, STRATEGIES, SYNTHETIC, scripted } from './paper-project.fixture.js';

const projects: PaperProject[] = [];
afterAll(() => projects.forEach((each) => each.remove()));

/** Tuesday 2024-01-02, 12:00 UTC: the market is open. */
const NOON = Date.UTC(2024, 0, 2, 12);
const MINUTE = 60_000;
const ONE_MINUTE: BarSpec = { use: 'time', options: { seconds: 60, price: 'mid' } };

/** A feed that delivers what the test says. */
class HandFeed extends NearFeed {
  readonly capabilities: Feed['capabilities'];
  readonly asked: HistoryRequest[] = [];
  isClosed = false;
  answer: (request: HistoryRequest) => readonly HistoryBlock[] = () => [];

  constructor(capabilities: Feed['capabilities'] = { quotes: true }) {
    super();
    this.capabilities = capabilities;
  }
  override subscribe(_instruments: readonly Instrument[], sink: FeedSink) {
    this.sink = sink;
    return Promise.resolve({
      close: () => {
        this.isClosed = true;
        return Promise.resolve();
      },
    });
  }
  async *history(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    this.asked.push(request);
    yield* this.answer(request);
  }

  quote(ts: number, bid: number, ask: number = bid + 0.0001, more: Partial<Tick> = {}): void {
    const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
    this.sink.tick({ ts, recvTs: ts, symbol: 'EURUSD', venue: 'hand', bid, ask, ...sizes, ...more });
  }
}

async function compose(yaml: string, clock: Clock): Promise<EngineComposition> {
  const project = new PaperProject(yaml, { 'strategies.js': STRATEGIES });
  projects.push(project);
  const config = loadConfig(project.configPath, {});
  const log = { level: 'silent', format: 'json', write: () => {} } as const;
  return composeEngine({ config, mode: 'paper', log, clock });
}

/** A live run over a hand-fed feed, begun, with a clock that the test moves. */
async function begin(yaml: string, feed: HandFeed, at = NOON) {
  return beginOn(new FakeClock(at), yaml, feed);
}

/** The clock of this machine, begun at noon. */
function runningClock(): Clock {
  const system = new SystemClock();
  const by = NOON - system.nowUtc();
  return {
    nowUtc: () => system.nowUtc() + by,
    sleepUntil: (ts, signal) => system.sleepUntil(ts - by, signal),
    callAt: (ts, callback) => system.callAt(ts - by, callback),
  };
}

async function beginOn<Of extends Clock>(clock: Of, yaml: string, feed: HandFeed) {
  const engine = await compose(yaml, clock);
  const stop = new AbortController();
  const notices: EngineNotice[] = [];
  let begun!: () => void;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const source: LiveRun = new LiveRun({
    data: {
      ...{
        runId: 'r',
        mode: 'paper',
        configPath: '',
        overrides: [],
        env: {},
        speed: 1,
        first: [],
        html: false,
        isFresh: false,
        beatEveryMs: 100,
      },
      log: { level: 'silent', format: 'json' },
      beat: new SharedArrayBuffer(16),
    },
    engine: { ...engine, parts: { ...engine.parts, feeds: new Map([['data', feed as Feed]]) } },
    turns: new Turns({ beat: () => {} }),
    beat: () => {},
    signal: stop.signal,
    session: () => session,
    onNotice: (notice) => notices.push(notice),
    onBegun: () => begun(),
  });
  const session: WorkerSession = new WorkerSession({ runId: 'r', name: 'n', source, wallClock: () => clock.nowUtc() });
  const result = source.run();
  await Promise.race([hasBegun, result]);
  const finish = (): Promise<RunResult> => {
    stop.abort();
    return result;
  };
  return { clock, session, source, notices, finish, engine };
}

// A pause for want of data is a decision of its own, which a backtest over the ticks alone cannot know of.
const PATIENT = 'risk: { use: standard, options: { stale: { feedMs: 600000 } } }\n';
const LONG = scripted('long') + PATIENT;

async function recordedTicks(yaml: string): Promise<{ columns: TickColumns[]; expected: RunResult }> {
  const engine = await compose(yaml, new FakeClock(NOON));
  const { prepared, parts, calendar } = engine;
  const feed = parts.feeds.get('data') as RecordedFeed;
  await feed.open();
  const columns: TickColumns[] = [];
  const instruments = Object.values(prepared.config.instruments);
  for await (const stream of feed.read(instruments, {})) {
    for await (const block of stream.blocks) if (block.kind === 'ticks') columns.push(block.columns);
  }
  const expected = await runRecorded({ runId: 'b', kind: 'backtest', prepared, parts, calendar, now: nowUtc });
  return { columns, expected };
}

describe('a run over live feeds', () => {
  it('decides as a backtest over the ticks it received does', async () => {
    const { columns, expected } = await recordedTicks(SYNTHETIC.ticks + PATIENT);
    const feed = new HandFeed();
    const first = columns[0]!.ts[0]!;
    const { clock, finish } = await begin(SYNTHETIC.ticks + PATIENT, feed, Math.floor(first / 300_000) * 300_000);
    for (const { ts, bid, ask, length } of columns) {
      for (let row = 0; row < length; row++) {
        clock.moveTo(Math.max(clock.nowUtc(), ts[row]!));
        feed.quote(ts[row]!, bid![row]!, ask![row]!);
      }
    }
    const result = await finish();
    expect(expected.fills.total).toBeGreaterThan(10);
    // A live run has an epoch of its own: the first half of every order id.
    const numbered = (run: RunResult) =>
      fillDocuments(run.fills, 'all').map((fill) => ({ ...fill, orderId: fill.orderId.slice(8) }));
    expect(numbered(result)).toEqual(numbered(expected));
    expect(result.decisionHash).toBe(expected.decisionHash);
    expect(result.sources).toMatchObject([{ symbol: 'EURUSD', rows: expected.ticks, rejected: 0 }]);
  }, 60_000);

  it('closes bars by the clock, without a further tick', async () => {
    const feed = new HandFeed();
    const { clock, session, finish } = await begin(LONG, feed);
    feed.quote(NOON + 1, 1.1);
    clock.advance(MINUTE - 1);
    expect(session.snapshot()?.ordersWorking).toBe(0);
    clock.advance(1);
    expect(session.snapshot()?.ordersWorking).toBe(1);
    feed.quote(NOON + MINUTE + 5, 1.2);
    expect(session.snapshot()?.strategies[0]?.positions[0]?.qty).toBeGreaterThan(0);
    const result = await finish();
    expect(result.fills.total).toBe(1);
    expect(feed.isClosed).toBe(true);
  });

  it('counts what is no market and does not trade on it', async () => {
    const feed = new HandFeed();
    const { clock, session, source, finish } = await begin(LONG, feed);
    clock.advance(1_000);
    feed.quote(NOON + 900, 1.1);
    feed.quote(NOON + 950, 1.3, 1.2);
    feed.quote(NOON + 960, Number.NaN, Number.NaN);
    feed.quote(NOON + 970, Number.POSITIVE_INFINITY, 0);
    feed.quote(NOON + 900, 1.1001);
    feed.quote(NOON + 9_000, 1.1002);
    feed.quote(NOON + 999, 1.5, 1.4, { last: 1.1003, size: 5 });
    feed.sink.tick({ ...tickOf('GBPUSD'), ts: NOON, recvTs: NOON });
    feed.sink.rejected({ source: 'wire', line: 0, reason: 'garbled' });
    const price = session.snapshot()?.strategies[0]?.positions[0]?.price;
    expect(price).toBeCloseTo(1.10025, 8);
    expect(source.feeds()).toMatchObject([
      { rows: 4, irregular: { crossed: 2, unpriced: 2, ahead: 1, backwards: 1, unknown: 1, rejected: 1 } },
    ]);
    expect(session.snapshot()?.at).toBe(NOON + 1_000);
    const result = await finish();
    expect(result.warnings.some((warning) => warning.includes('2 crossed'))).toBe(true);
  });

  it('takes no row for one of before another because time went on since it was received', async () => {
    const feed = new HandFeed();
    const { clock, source, finish } = await begin(LONG, feed);
    clock.advance(1_000);
    // Something that is no row happens now.
    source.wake();
    feed.quote(NOON + 900, 1.1);
    feed.quote(NOON + 950, 1.2);
    expect(source.feeds()).toMatchObject([{ rows: 2, irregular: {} }]);
    expect((await finish()).warnings.join(' ')).not.toContain('backwards');
  });

  it('calls a silent feed stale and says when it is back', async () => {
    const feed = new HandFeed();
    const { clock, source, notices, finish } = await begin(scripted('long'), feed);
    feed.quote(NOON, 1.1);
    clock.advance(2_000);
    expect(source.feeds()[0]?.state).toBe('live');
    feed.sink.heartbeat({ ts: NOON + 2_000, source: 'hand', ok: true, latencyMs: 1 });
    clock.advance(1_000);
    expect(source.feeds()[0]?.state).toBe('stale');
    feed.quote(NOON + 3_000, 1.1);
    expect(source.feeds()[0]?.state).toBe('live');
    expect(notices.filter(({ code }) => code === 'FEED_STATUS').map(({ level, message }) => [level, message])).toEqual([
      ['warning', "Feed 'data' is stale. FEED_STALE: No row for more than 2000 ms of open market."],
      ['info', "Feed 'data' is live. Rows come again."],
    ]);
    await finish();
  });

  it('calls a symbol stale where its cadence is declared, though its feed speaks', async () => {
    const feed = new HandFeed();
    const limits = 'risk: { use: standard, options: { stale: { feedMs: 600000, instruments: { EURUSD: 2000 } } } }\n';
    const { clock, source, notices, finish } = await begin(scripted('long') + limits, feed);
    feed.quote(NOON, 1.1);
    clock.advance(3_000);
    expect(source.feeds()[0]?.state).toBe('live');
    feed.quote(NOON + 3_000, 1.1);
    const told = notices.filter(({ code }) => code.startsWith('FEED_')).map(({ code, message }) => [code, message]);
    expect(told).toEqual([
      ['FEED_PAUSED', "strategy mine: EURUSD of feed 'data' is stale."],
      [
        'FEED_STATUS',
        "Feed 'data', EURUSD is stale. INSTRUMENT_STALE: No row for more than 2000 ms of its open market.",
      ],
      ['FEED_RESUMED', 'strategy mine: Data comes again.'],
      ['FEED_STATUS', "Feed 'data', EURUSD is live. Rows come again."],
    ]);
    await finish();
  });

  it('does not call a feed stale whose rows were not read because the engine was busy', async () => {
    const feed = new HandFeed();
    const clock = runningClock();
    const { notices, finish } = await beginOn(clock, scripted('long'), feed);
    const rows = `const { parentPort } = require('node:worker_threads'); setInterval(() => parentPort.postMessage(1), 20);`;
    const source = new Worker(rows, { eval: true });
    const hasRow = new Promise((resolve) => source.once('message', resolve));
    source.on('message', () => feed.quote(clock.nowUtc(), 1.1));
    await hasRow;
    // In the turn in which timers are called: what is due is called before anything is read.
    await clock.sleepUntil(clock.nowUtc() + 5);
    const until = performance.now() + 3_500;
    while (performance.now() < until);
    await clock.sleepUntil(clock.nowUtc() + 600);
    await source.terminate();
    await finish();
    expect(notices.filter(({ code }) => code.startsWith('FEED_'))).toEqual([]);
  });

  it('does not call a closed market stale', async () => {
    const feed = new HandFeed();
    const saturday = Date.UTC(2024, 0, 6, 12);
    const { clock, source, finish } = await begin(LONG, feed, saturday);
    clock.advance(3_600_000);
    expect(source.feeds()[0]?.state).toBe('live');
    const result = await finish();
    expect(result.fills.total).toBe(0);
    expect(result.ticks).toBe(0);
  });

  it('takes commands at the time of the clock', async () => {
    const feed = new HandFeed();
    const { clock, session, finish } = await begin(LONG, feed);
    feed.quote(NOON + 1, 1.1);
    clock.advance(MINUTE + 10);
    feed.quote(NOON + MINUTE + 10, 1.1);
    clock.advance(500);
    const outcomes: unknown[] = [];
    session.command({ ts: 0, name: 'panic', args: {}, actor: 'test' }, (outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual([{ kind: 'done', at: NOON + MINUTE + 510 }]);
    clock.advance(1);
    feed.quote(NOON + MINUTE + 511, 1.1);
    expect(session.snapshot()?.strategies[0]?.positions[0]?.qty).toBe(0);
    await finish();
  });

  it('fails with what went wrong inside, and throws nothing into the feed', async () => {
    const feed = new HandFeed();
    const { finish } = await begin(LONG, feed);
    const broken = {
      ...tickOf('EURUSD'),
      get bid(): number {
        throw new Error('broken');
      },
    };
    expect(() => feed.sink.tick(broken)).not.toThrow();
    await expect(finish()).rejects.toThrow('broken');
    expect(feed.isClosed).toBe(true);
  });
});

describe('warm-up of a live run', () => {
  const bars = (from: number, count: number): HistoryBlock => {
    const at = (step: (row: number) => number): Float64Array =>
      Float64Array.from({ length: count }, (_, row) => step(row));
    const price = at((row) => 1.1 + row / 1e4);
    return {
      kind: 'bars',
      spec: ONE_MINUTE,
      columns: {
        ...{ symbol: 'EURUSD', length: count, open: price, high: price, low: price, close: price },
        ts: at((row) => from + row * MINUTE),
        volume: at(() => 0),
      },
    };
  };
  const CROSS = SYNTHETIC.ticks.replace('seconds: 300', 'seconds: 60') + PATIENT;
  /** The same on ready bars, with orders that arrive at once. */
  const READY = CROSS.replace(', price: mid', '').replace(/latency: \{[^}]*\}/, 'latency: {}');

  it('fills windows from history, drops the bar under way, and asks at the first whole bar', async () => {
    const feed = new HandFeed({ quotes: true, historyBars: true });
    // The last of them is still under way at 12:00:30.
    feed.answer = () => [bars(NOON - 60 * MINUTE, 61)];
    const { clock, session, finish } = await begin(CROSS, feed, NOON + 30_000);
    expect(feed.asked).toMatchObject([
      { to: NOON + 30_000, bars: { use: 'time', options: { seconds: 60, price: 'mid' } } },
    ]);
    expect(session.snapshot()).toMatchObject({ strategies: [{ isWarm: true }], counts: { bars: 60, orders: 0 } });
    feed.quote(NOON + 40_000, 2);
    clock.advance(30_000);
    expect(session.snapshot()?.counts.orders).toBe(0);
    feed.quote(NOON + MINUTE + 1, 2);
    clock.advance(MINUTE);
    expect(session.snapshot()?.counts.orders).toBe(1);
    await finish();
  });

  it('makes the bar under way whole where the feed has its ticks', async () => {
    const feed = new HandFeed({ quotes: true, historyBars: true, historyTicks: true });
    feed.answer = ({ bars: spec }) => {
      if (spec !== undefined) return [bars(NOON - 60 * MINUTE, 60)];
      const one = (value: number): Float64Array => Float64Array.of(value);
      return [
        { kind: 'ticks', columns: { symbol: 'EURUSD', length: 1, ts: one(NOON + 5), bid: one(1.2), ask: one(1.2001) } },
      ];
    };
    const { clock, session, finish } = await begin(CROSS, feed, NOON + 30_000);
    const ticks = feed.asked.find(({ bars }) => bars === undefined);
    expect(ticks).toMatchObject({ from: NOON, to: NOON + 30_000 });
    clock.advance(30_000);
    expect(session.snapshot()?.counts.orders).toBe(1);
    await finish();
  });

  it('goes on without a history that fails, and says so', async () => {
    const feed = new HandFeed({ quotes: true, historyBars: true });
    feed.answer = () => {
      throw new Error('pacing violation');
    };
    const { session, notices, finish } = await begin(CROSS, feed);
    expect(session.snapshot()).toMatchObject({ strategies: [{ isWarm: false }] });
    expect(notices).toMatchObject([{ code: 'LIVE_HISTORY_FAILED', level: 'warning' }]);
    await finish();
  });

  it('trades on ready bars: venue and kernel get them on arrival, and none twice', async () => {
    const feed = new HandFeed({ barSeconds: [60], historyBars: true });
    feed.answer = () => [bars(NOON - 60 * MINUTE, 60)];
    const { clock, session, source, finish } = await begin(READY, feed);
    const deliver = (block: HistoryBlock): void => {
      if (block.kind === 'bars') feed.sink.bars(block.columns, block.spec);
    };
    deliver(bars(NOON - MINUTE, 1));
    expect(source.feeds()).toMatchObject([{ rows: 0, irregular: { unexpected: 1 } }]);
    clock.advance(MINUTE + 100);
    deliver(bars(NOON, 1));
    clock.advance(1);
    expect(session.snapshot()?.ordersWorking).toBe(1);
    clock.advance(MINUTE);
    // Bars of one turn of the event loop arrive at one instant.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    deliver(bars(NOON + MINUTE, 1));
    expect(session.snapshot()?.fills).toMatchObject([{ ts: NOON + 2 * MINUTE + 101, price: 1.1 }]);
    await finish();
  });

  it('gives an order that was made inside a ready bar no open of before it was made', async () => {
    const feed = new HandFeed({ barSeconds: [60], historyBars: true });
    feed.answer = () => [bars(NOON - 60 * MINUTE, 60)];
    const { clock, session, finish } = await begin(READY, feed);
    const deliver = async (minute: number, open: number): Promise<void> => {
      const block = bars(NOON + minute * MINUTE, 1);
      if (block.kind !== 'bars') return;
      const columns = {
        ...block.columns,
        open: new Float64Array([open]),
        high: new Float64Array([Math.max(open, 1.1)]),
      };
      feed.sink.bars(columns, block.spec);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      clock.advance(1);
    };
    clock.advance(MINUTE + 100);
    await deliver(0, 1.1);
    clock.advance(MINUTE);
    await deliver(1, 1.1);
    expect(session.snapshot()?.fills).toHaveLength(1);
    clock.advance(MINUTE / 2);
    session.command({ ts: 0, name: 'panic', args: {}, actor: 'test' }, () => {});
    clock.advance(MINUTE / 2);
    // This bar opened before the panic: its open was gone by then.
    await deliver(2, 1.3);
    expect(session.snapshot()?.fills).toHaveLength(1);
    clock.advance(MINUTE);
    await deliver(3, 1.2);
    expect(session.snapshot()?.fills.map(({ price }) => price)).toContain(1.2);
    expect(session.snapshot()?.fills).toHaveLength(2);
    await finish();
  });
});

function tickOf(symbol: string): Tick {
  const unknown = Number.NaN;
  const sizes = { bidSize: unknown, askSize: unknown, last: unknown, size: unknown };
  return { ts: NOON, recvTs: NOON, symbol, venue: 'hand', bid: 1, ask: 1.1, ...sizes };
}
