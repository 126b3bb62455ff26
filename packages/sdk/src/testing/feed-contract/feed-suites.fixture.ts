import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  HistoryBlock,
  HistoryRequest,
  Subscription,
} from '../../interfaces/feed.js';
import type { BarColumns } from '../../model/bar.js';
import type { Instrument } from '../../model/instrument.js';
import type { Tick } from '../../model/tick.js';
import { aBarColumns, anInstrument, aTick } from '../builders.js';
import type { ContractSuite } from '../contract.js';
import { testingError } from '../errors.js';
import { FakeClock, TEST_EPOCH_MS } from '../fake-clock.js';
import { MemoryFeed } from '../feeds/memory-feed.js';
import type { MemoryFeedOptions } from '../feeds/memory-feed.js';
import { PushFeed } from '../feeds/push-feed.js';
import type { PushFeedOptions } from '../feeds/push-feed.js';
import { feedContract } from './feed-contract.js';
import type { FeedFaults, FeedFixture, SourceEvent } from './feed-fixture.js';

export const instruments = [anInstrument({ symbol: 'AAA' }), anInstrument({ symbol: 'BBB', priceStep: 0.01 })] as const;
export const unknown = anInstrument({ symbol: 'NO-SUCH' });
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
export const SPEC = { use: 'time', options: { seconds: 60 } };
const NO_PRICES = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN };

const RECORDED_TICKS: FeedCapabilities = { finite: true, quotes: true, trades: true, historyTicks: true };
const RECORDED_BARS: FeedCapabilities = { finite: true, barSeconds: [], historyBars: true };
export const LIVE: FeedCapabilities = { quotes: true, trades: true };
export const LIVE_WITH_HISTORY: FeedCapabilities = { ...LIVE, historyBars: true, historyTicks: true };

const RECORDED_FAULTS = ['publishTwice', 'publishAt', 'publishTorn'] as const;
const LIVE_FAULTS = ['cut', 'fallSilent', ...RECORDED_FAULTS] as const;
const BAR_MS = 60_000;
const SILENCE_MS = 120_000;

/** Ticks as bars a minute apart that do not move; a NaN is a malformed row. */
function barsOf(symbol: string, ticks: readonly Tick[]): BarColumns {
  const bars = aBarColumns({ symbol, closes: ticks.map((tick) => tick.last), moveSteps: 0 });
  ticks.forEach(({ ts, last }, i) => {
    bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = last;
    bars.ts[i] = ts;
    if (bars.endTs !== undefined) bars.endTs[i] = ts + BAR_MS;
  });
  return bars;
}

function memoryFixture(Memory: new (options: MemoryFeedOptions) => Feed, kind: 'ticks' | 'bars'): FeedFixture {
  const rows = new Map<string, Tick[]>(instruments.map(({ symbol }) => [symbol, []]));
  let ts = TEST_EPOCH_MS;
  const add = (symbol: string, fields: Partial<Tick>, offsetMs = 0): Tick => {
    ts += kind === 'ticks' ? 1_000 : BAR_MS;
    const tick = aTick({ ts: ts + offsetMs, symbol, size: 1, ...fields });
    rows.get(symbol)?.push(tick);
    return tick;
  };
  const data = instruments.map((instrument) => {
    const ticks = rows.get(instrument.symbol)!;
    if (kind === 'ticks') return { instrument, ticks };
    return {
      instrument,
      spec: SPEC,
      get bars(): BarColumns {
        return barsOf(instrument.symbol, ticks);
      },
    };
  });
  return {
    feed: new Memory({ data }),
    instruments,
    unknown,
    source: { publish: (symbol, event) => void add(symbol, event), malformed: (symbol) => void add(symbol, NO_PRICES) },
    faults: {
      publishTwice: (symbol, event) => {
        const tick = add(symbol, event);
        rows.get(symbol)?.push(tick);
        return tick.ts;
      },
      publishAt: (symbol, event, offsetMs) => add(symbol, event, offsetMs).ts,
      // Cut short before its prices were whole: a bid without digits, and nothing behind it.
      publishTorn: (symbol, { bid }) => void add(symbol, { ...NO_PRICES, bid: kind === 'ticks' ? 0 : bid }),
    },
    settle,
  };
}

export function recorded(
  Memory: new (options: MemoryFeedOptions) => Feed = MemoryFeed,
  kind: 'ticks' | 'bars' = 'ticks',
): ContractSuite {
  const capabilities = kind === 'ticks' ? RECORDED_TICKS : RECORDED_BARS;
  return feedContract({ capabilities, create: () => memoryFixture(Memory, kind), faults: RECORDED_FAULTS });
}

/** A live feed with history, which it has from its server: none of it without a connection. */
export class HistoryPushFeed extends PushFeed {
  protected isConnected = true;
  override readonly capabilities: FeedCapabilities = LIVE_WITH_HISTORY;

  override connect(isConnected: boolean): void {
    this.isConnected = isConnected;
    super.connect(isConnected);
  }

  async *history({ instrument: { symbol }, bars, from, to }: HistoryRequest): AsyncIterable<HistoryBlock> {
    if (!this.isConnected) throw testingError('TESTING_CONNECTION_LOST', 'There is no connection to ask for history.');
    const ts = [0, 1, 2, 3].map((i) => TEST_EPOCH_MS + i * BAR_MS).filter((start) => start >= from && start < to);
    const rows = ts.map((start) => aTick({ ts: start, symbol, bid: 100, ask: 101, last: 100, size: 1 }));
    yield await Promise.resolve(
      bars === undefined
        ? { kind: 'ticks', columns: { symbol, length: rows.length, ts: Float64Array.from(ts) } }
        : { kind: 'bars', spec: bars, columns: barsOf(symbol, rows) },
    );
  }
}

const [FIRST] = instruments;
const HISTORY_RANGE = { instrument: FIRST, from: TEST_EPOCH_MS, to: TEST_EPOCH_MS + 4 * BAR_MS };

/** Hooks over a push feed, and the clock by which it says when it got something. */
function pushFaults(feed: PushFeed, clock: FakeClock): FeedFaults {
  const tickOf = (symbol: string, fields: Partial<Tick>): Tick => {
    clock.advance(10);
    return aTick({ ts: clock.nowUtc(), symbol, size: 1, ...fields });
  };
  return {
    cut: () => {
      feed.connect(false);
      return () => feed.connect(true);
    },
    fallSilent: () => {
      for (let i = 0; i < 4; i += 1) {
        clock.advance(SILENCE_MS / 4);
        feed.beat();
      }
    },
    publishTwice: (symbol, event) => {
      const tick = tickOf(symbol, event);
      feed.push(tick);
      clock.advance(10);
      feed.push({ ...tick, recvTs: clock.nowUtc() });
      return tick.ts;
    },
    publishAt: (symbol, event, offsetMs) => {
      const tick = tickOf(symbol, event);
      feed.push({ ...tick, ts: tick.ts + offsetMs });
      return tick.ts + offsetMs;
    },
    // Cut short before its time, which comes last on this wire.
    publishTorn: (symbol, event) => feed.push(tickOf(symbol, { ...event, ts: Number.NaN, recvTs: Number.NaN })),
  };
}

/** What puts something around the feed, and around what its source does to it. */
export type Wrapping = (feed: PushFeed, clock: FakeClock) => { readonly feed: Feed; readonly faults?: FeedFaults };

export function live(
  Push: new (options: PushFeedOptions) => PushFeed = PushFeed,
  wrap: Wrapping = (feed) => ({ feed }),
  capabilities: FeedCapabilities = LIVE,
): ContractSuite {
  const create = (): FeedFixture => {
    const clock = new FakeClock();
    const feed = new Push({ instruments, nowUtc: () => clock.nowUtc() });
    const publish = (symbol: string, event: SourceEvent): void => {
      clock.advance(10);
      feed.push(aTick({ ts: clock.nowUtc(), symbol, ...event, size: 1 }));
    };
    const source = {
      publish,
      malformed: (symbol: string) => publish(symbol, NO_PRICES),
      disconnect: () => feed.connect(false),
      reconnect: () => feed.connect(true),
    };
    const history = { ticks: HISTORY_RANGE, bars: { ...HISTORY_RANGE, bars: SPEC } };
    return { faults: pushFaults(feed, clock), ...wrap(feed, clock), instruments, unknown, source, history, settle };
  };
  return feedContract({ capabilities, create, faults: LIVE_FAULTS });
}

export function liveWithHistory(Push: new (options: PushFeedOptions) => PushFeed = HistoryPushFeed): ContractSuite {
  return live(Push, (feed) => ({ feed }), LIVE_WITH_HISTORY);
}

/** A sink with some of its functions replaced. */
function bentSink(sink: FeedSink, part: Partial<FeedSink>): FeedSink {
  return {
    tick: part.tick ?? ((tick) => sink.tick(tick)),
    ticks: part.ticks ?? ((columns) => sink.ticks(columns)),
    bars: part.bars ?? ((columns, spec) => sink.bars(columns, spec)),
    status: part.status ?? ((status) => sink.status(status)),
    heartbeat: part.heartbeat ?? ((heartbeat) => sink.heartbeat(heartbeat)),
    rejected: part.rejected ?? ((row) => sink.rejected(row)),
  };
}

/** A live feed that delivers through a bent sink. */
export function livelyBent(bend: (sink: FeedSink) => Partial<FeedSink>): ContractSuite {
  return live(
    class extends PushFeed {
      override subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
        return super.subscribe(list, bentSink(sink, bend(sink)));
      }
    },
  );
}

/** A recorded feed that delivers through a bent sink. */
export function recordedBent(
  bend: (sink: FeedSink) => Partial<FeedSink>,
  kind: 'ticks' | 'bars' = 'ticks',
): ContractSuite {
  return recorded(
    class extends MemoryFeed {
      override subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
        return super.subscribe(list, bentSink(sink, bend(sink)));
      }
    },
    kind,
  );
}
