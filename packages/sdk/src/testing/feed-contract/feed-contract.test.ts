import { describe, expect, it } from '@jest/globals';
import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  HistoryBlock,
  HistoryRequest,
  ReadRange,
  RecordedStream,
  ResolvedInstrument,
  Subscription,
} from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import type { TickColumns } from '../../model/tick.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import type { ContractSuite } from '../contract.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { MemoryFeed } from '../feeds/memory-feed.js';
import { PushFeed } from '../feeds/push-feed.js';
import { BROKEN_UNDER_FAULTS } from './broken-under-faults.fixture.js';
import { feedContract } from './feed-contract.js';
import {
  instruments,
  live,
  LIVE,
  livelyBent,
  liveWithHistory,
  recorded,
  recordedBent,
  settle,
  SPEC,
  unknown,
} from './feed-suites.fixture.js';

describeContract('MemoryFeed of ticks', recorded(), { describe, it });
describeContract('MemoryFeed of bars', recorded(MemoryFeed, 'bars'), { describe, it });
describeContract('PushFeed', live(), { describe, it });
describeContract('PushFeed with history', liveWithHistory(), { describe, it });

/** Columns in the other direction of time. */
function reversed(columns: TickColumns): TickColumns {
  const entries = Object.entries(columns).map(([key, value]) => [
    key,
    value instanceof Float64Array ? value.toReversed() : value,
  ]);
  return Object.fromEntries(entries) as unknown as TickColumns;
}

/** A block of ticks with other asks. */
function dearer(block: HistoryBlock): HistoryBlock {
  if (block.kind === 'bars') return block;
  const { ask = new Float64Array(0) } = block.columns;
  return { kind: 'ticks', columns: { ...block.columns, ask: ask.map((price) => price + 0.25) } };
}

let seed = 0;

const broken: readonly BrokenImplementation[] = [
  {
    what: 'other capabilities than declared',
    suite: live(
      class extends PushFeed {
        override readonly capabilities: FeedCapabilities = { quotes: true };
      },
    ),
    fails: ['FED-010'],
  },
  {
    what: 'deliveries before open',
    suite: live(
      class extends PushFeed {
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          await this.open();
          return super.subscribe(list, sink);
        }
      },
    ),
    fails: ['FED-020'],
  },
  {
    what: 'deliveries after close',
    suite: live(
      class extends PushFeed {
        override close(): Promise<void> {
          return Promise.resolve();
        }
      },
    ),
    fails: ['FED-030', 'FED-320'],
  },
  {
    what: 'a close that fails the second time',
    suite: live(
      class extends PushFeed {
        #closes = 0;
        override async close(): Promise<void> {
          this.#closes += 1;
          if (this.#closes > 2) throw new Error('already closed');
          await super.close();
        }
      },
    ),
    fails: ['FED-040'],
  },
  {
    what: 'one subscription closing all',
    suite: live(
      class extends PushFeed {
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          await super.subscribe(list, sink);
          return { close: () => this.close() };
        }
      },
    ),
    fails: ['FED-050', 'FED-305'],
  },
  {
    what: 'subscriptions that cannot be closed',
    suite: live(
      class extends PushFeed {
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          await super.subscribe(list, sink);
          return { close: () => Promise.resolve() };
        }
      },
    ),
    fails: ['FED-050', 'FED-055', 'FED-305'],
  },
  {
    what: 'a recording that goes on after its subscription was closed',
    suite: recorded(
      class extends MemoryFeed {
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          await super.subscribe(list, sink);
          return { close: () => Promise.resolve() };
        }
      },
    ),
    fails: ['FED-055'],
  },
  {
    what: 'an instrument without the source’s id',
    suite: live(
      class extends PushFeed {
        override async resolve(instrument: Instrument): Promise<ResolvedInstrument> {
          return { ...(await super.resolve(instrument)), sourceId: '' };
        }
      },
    ),
    fails: ['FED-060'],
  },
  {
    what: 'whatever resolved',
    suite: live(
      class extends PushFeed {
        override resolve(instrument: Instrument): Promise<ResolvedInstrument> {
          return Promise.resolve({ instrument, sourceId: 'any' });
        }
      },
    ),
    fails: ['FED-070'],
  },
  {
    what: 'unknown instruments passed over',
    suite: live(
      class extends PushFeed {
        override subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          return super.subscribe(
            list.filter((instrument) => instrument.symbol !== unknown.symbol),
            sink,
          );
        }
      },
    ),
    fails: ['FED-080'],
  },
  {
    what: 'events delivered twice',
    suite: livelyBent((sink) => ({
      tick: (tick) => {
        sink.tick(tick);
        sink.tick(tick);
      },
    })),
    fails: [
      'FED-050',
      'FED-100',
      'FED-115',
      'FED-140',
      'FED-150',
      'FED-300',
      'FED-305',
      'FED-330',
      'FED-340',
      'FED-350',
      'FED-360',
      'FED-370',
    ],
  },
  {
    what: 'symbols nobody subscribed',
    suite: live(
      class extends PushFeed {
        override subscribe(_list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          return super.subscribe(instruments, sink);
        }
      },
    ),
    fails: ['FED-050', 'FED-080', 'FED-110', 'FED-300', 'FED-305'],
  },
  {
    what: 'an instrument listed twice delivered twice',
    suite: live(
      class extends PushFeed {
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          const all = await Promise.all(list.map((instrument) => super.subscribe([instrument], sink)));
          return { close: async () => void (await Promise.all(all.map((subscription) => subscription.close()))) };
        }
      },
    ),
    fails: ['FED-115'],
  },
  {
    what: 'columns in the wrong order',
    suite: recordedBent((sink) => ({ ticks: (columns) => sink.ticks(reversed(columns)) })),
    fails: [
      'FED-100',
      'FED-115',
      'FED-120',
      'FED-130',
      'FED-140',
      'FED-210',
      'FED-240',
      'FED-340',
      'FED-350',
      'FED-360',
      'FED-370',
    ],
  },
  {
    what: 'zeros for unknown prices',
    suite: livelyBent((sink) => ({
      tick: (tick) => sink.tick({ ...tick, ask: Number.isNaN(tick.ask) ? 0 : tick.ask }),
    })),
    fails: ['FED-130'],
  },
  {
    what: 'repaired quotes',
    suite: livelyBent((sink) => ({
      tick: (tick) => sink.tick({ ...tick, bid: tick.bid > tick.ask ? tick.ask : tick.bid }),
    })),
    fails: ['FED-130'],
  },
  {
    what: 'bad rows dropped in silence',
    suite: livelyBent(() => ({ rejected: () => {} })),
    fails: ['FED-140', 'FED-370'],
  },
  {
    what: 'an outage nobody hears of',
    suite: livelyBent((sink) => ({
      status: (status) => (status.state === 'disconnected' ? undefined : sink.status(status)),
    })),
    fails: ['FED-150', 'FED-300', 'FED-305', 'FED-310'],
  },
  { what: 'data that never ends', suite: recordedBent(() => ({ status: () => {} })), fails: ['FED-160'] },
  {
    what: 'data that differs from feed to feed',
    suite: recorded(
      class extends MemoryFeed {
        readonly #isOdd = (seed += 1) % 2 === 1;
        override *read(list: readonly Instrument[], range?: ReadRange): Generator<RecordedStream> {
          for (const stream of super.read(list, range)) {
            const blocks = [...(stream.blocks as Iterable<HistoryBlock>)];
            const differs = this.#isOdd && blocks.some((block) => block.columns.length === 6);
            yield differs ? { ...stream, blocks: blocks.map(dearer) } : stream;
          }
        }
      },
    ),
    fails: ['FED-170'],
  },
  {
    what: 'columns used again',
    suite: recordedBent((sink) => {
      const ts = new Float64Array(64);
      return {
        ticks: (columns) => {
          ts.set(columns.ts);
          sink.ticks({ ...columns, ts });
        },
      };
    }),
    fails: ['FED-180'],
  },
  {
    what: 'a changed list of instruments',
    suite: live(
      class extends PushFeed {
        override subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          if (!Object.isFrozen(list)) (list as Instrument[]).reverse();
          return super.subscribe(list, sink);
        }
      },
    ),
    fails: ['FED-190'],
  },
  {
    what: 'history of bars beyond its range',
    suite: recorded(
      class extends MemoryFeed {
        override history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
          return super.history({ ...request, to: request.to + 1 });
        }
      },
      'bars',
    ),
    fails: ['FED-200'],
  },
  {
    what: 'history of ticks beyond its range',
    suite: recorded(
      class extends MemoryFeed {
        override history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
          return super.history({ ...request, from: 0 });
        }
      },
    ),
    fails: ['FED-210'],
  },
  {
    what: 'ticks where bars were asked for',
    suite: recorded(
      class extends MemoryFeed {
        override history({ instrument, from, to }: HistoryRequest): AsyncIterable<HistoryBlock> {
          return super.history({ instrument, from, to });
        }
      },
    ),
    fails: ['FED-220'],
  },
  {
    what: 'bars where ticks were asked for',
    suite: recorded(
      class extends MemoryFeed {
        override history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
          return super.history({ ...request, bars: SPEC });
        }
      },
      'bars',
    ),
    fails: ['FED-230'],
  },
  {
    what: 'blocks that ignore their range',
    suite: recorded(
      class extends MemoryFeed {
        override read(list: readonly Instrument[], { onRejected }: ReadRange = {}): Generator<RecordedStream> {
          return super.read(list, onRejected === undefined ? {} : { onRejected });
        }
      },
    ),
    fails: ['FED-240'],
  },
];

describeBroken(
  'feed',
  [recorded(), recorded(MemoryFeed, 'bars'), live(), liveWithHistory()],
  [...broken, ...BROKEN_UNDER_FAULTS],
);

describe('feedContract', () => {
  it('asks live feeds that declare history for a range, by name', async () => {
    const suite = feedContract({
      capabilities: { ...LIVE, historyTicks: true },
      create: () => {
        const feed: Feed = new PushFeed({ instruments, nowUtc: () => TEST_EPOCH_MS });
        return { feed, instruments, unknown, source: { publish: () => {}, malformed: () => {} }, settle };
      },
    });
    await expect(suite.cases.find((item) => item.id === 'FED-210')?.run()).rejects.toMatchObject({
      code: 'CONTRACT_FIXTURE_INCOMPLETE',
      message: expect.stringContaining('history.ticks') as unknown,
    });
    await expect(suite.cases.find((item) => item.id === 'FED-150')?.run()).rejects.toThrow('`disconnect`');
  });

  it('skips what needs hooks that are not declared, and asks for those that are', async () => {
    const create = () => {
      const feed = new PushFeed({ instruments, nowUtc: () => TEST_EPOCH_MS });
      return { feed, instruments, unknown, source: { publish: () => {}, malformed: () => {} }, settle };
    };
    const skipOf = (suite: ContractSuite, id: string): string | undefined =>
      suite.cases.find((item) => item.id === id)?.skip;
    const poor = feedContract({ capabilities: LIVE, create });
    expect(skipOf(poor, 'FED-370')).toBe('the fixture declares no `publishTorn` among its `faults`');
    expect(skipOf(poor, 'FED-310')).toBe('the fixture declares no `cut` among its `faults`');
    const rash = feedContract({ capabilities: LIVE, create, faults: ['cut'] });
    expect(skipOf(rash, 'FED-310')).toBeUndefined();
    await expect(rash.cases.find((item) => item.id === 'FED-310')?.run()).rejects.toMatchObject({
      code: 'CONTRACT_FIXTURE_INCOMPLETE',
      message: expect.stringContaining('`cut`') as unknown,
    });
  });
});
