import type { Feed, FeedCapabilities, FeedSink, Subscription } from '../../interfaces/feed.js';
import type { BarColumns } from '../../model/bar.js';
import type { Instrument } from '../../model/instrument.js';
import type { Tick } from '../../model/tick.js';
import { aBarColumns, anInstrument, aTick } from '../builders.js';
import type { ContractSuite } from '../contract.js';
import { FakeClock, TEST_EPOCH_MS } from '../fake-clock.js';
import { MemoryFeed } from '../feeds/memory-feed.js';
import type { MemoryFeedOptions } from '../feeds/memory-feed.js';
import { PushFeed } from '../feeds/push-feed.js';
import type { PushFeedOptions } from '../feeds/push-feed.js';
import { feedContract } from './feed-contract.js';
import type { FeedFixture, SourceEvent } from './feed-fixture.js';

export const instruments = [anInstrument({ symbol: 'AAA' }), anInstrument({ symbol: 'BBB', priceStep: 0.01 })] as const;
export const unknown = anInstrument({ symbol: 'NO-SUCH' });
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
export const SPEC = { use: 'time', options: { seconds: 60 } };
const NO_PRICES = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN };

const RECORDED_TICKS: FeedCapabilities = { finite: true, quotes: true, trades: true, historyTicks: true };
const RECORDED_BARS: FeedCapabilities = { finite: true, barSeconds: [], historyBars: true };
export const LIVE: FeedCapabilities = { quotes: true, trades: true };

/** Closes published so far, as bars a minute apart; a NaN is a malformed row. */
function barsOf(symbol: string, closes: readonly number[]): BarColumns {
  return aBarColumns({ symbol, closes, moveSteps: 0 });
}

function memoryFixture(Memory: new (options: MemoryFeedOptions) => Feed, kind: 'ticks' | 'bars'): FeedFixture {
  const ticks = new Map<string, Tick[]>(instruments.map(({ symbol }) => [symbol, []]));
  const closes = new Map<string, number[]>(instruments.map(({ symbol }) => [symbol, []]));
  let ts = TEST_EPOCH_MS;
  const publish = (symbol: string, event: SourceEvent): void => {
    ts += 1_000;
    ticks.get(symbol)?.push(aTick({ ts, symbol, ...event, size: 1 }));
    closes.get(symbol)?.push(event.last);
  };
  const data = instruments.map((instrument) =>
    kind === 'ticks'
      ? { instrument, ticks: ticks.get(instrument.symbol)! }
      : {
          instrument,
          spec: SPEC,
          get bars(): BarColumns {
            const bars = barsOf(instrument.symbol, closes.get(instrument.symbol)!);
            for (let i = 0; i < bars.length; i += 1) bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i]!;
            return bars;
          },
        },
  );
  const source = { publish, malformed: (symbol: string) => publish(symbol, NO_PRICES) };
  return { feed: new Memory({ data }), instruments, unknown, source, settle };
}

export function recorded(
  Memory: new (options: MemoryFeedOptions) => Feed = MemoryFeed,
  kind: 'ticks' | 'bars' = 'ticks',
): ContractSuite {
  const capabilities = kind === 'ticks' ? RECORDED_TICKS : RECORDED_BARS;
  return feedContract({ capabilities, create: () => memoryFixture(Memory, kind) });
}

export function live(
  Push: new (options: PushFeedOptions) => PushFeed = PushFeed,
  wrap: (feed: PushFeed, clock: FakeClock) => Feed = (feed) => feed,
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
    return { feed: wrap(feed, clock), instruments, unknown, source, settle };
  };
  return feedContract({ capabilities: LIVE, create });
}

/** A sink with some of its functions replaced. */
function bentSink(sink: FeedSink, part: Partial<FeedSink>): FeedSink {
  return {
    tick: part.tick ?? ((tick) => sink.tick(tick)),
    ticks: part.ticks ?? ((columns) => sink.ticks(columns)),
    bars: part.bars ?? ((columns, spec) => sink.bars(columns, spec)),
    status: part.status ?? ((status) => sink.status(status)),
    heartbeat: (heartbeat) => sink.heartbeat(heartbeat),
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
