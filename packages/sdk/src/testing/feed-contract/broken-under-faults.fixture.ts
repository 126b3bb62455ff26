// Feeds that break a rule only when their source or their connection does something wrong.
import type { FeedSink, HistoryBlock, HistoryRequest, Subscription } from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import type { Tick } from '../../model/tick.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { PushFeed } from '../feeds/push-feed.js';
import { HistoryPushFeed, live, livelyBent, liveWithHistory } from './feed-suites.fixture.js';

/** Sinks that were told a status. */
const told = new WeakSet<FeedSink>();

/** A live feed whose history of one kind is empty without a connection. */
function forgetful(kind: HistoryBlock['kind']): typeof HistoryPushFeed {
  return class extends HistoryPushFeed {
    override async *history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
      const isAsked = (request.bars === undefined) === (kind === 'ticks');
      if (this.isConnected || !isAsked) yield* super.history(request);
    }
  };
}

/** Each with the cases that find it. */
export const BROKEN_UNDER_FAULTS: readonly BrokenImplementation[] = [
  {
    what: 'a subscription that doubles with the second outage',
    suite: live(
      class extends PushFeed {
        #outages = 0;
        readonly #doubles: (() => unknown)[] = [];
        override subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          this.#doubles.push(() => super.subscribe(list, sink));
          return super.subscribe(list, sink);
        }
        override connect(isConnected: boolean): void {
          this.#outages += isConnected ? 1 : 0;
          super.connect(isConnected);
          if (isConnected && this.#outages === 2) for (const again of this.#doubles) again();
        }
      },
    ),
    fails: ['FED-300'],
  },
  {
    what: 'an outage that takes the second subscription with it',
    suite: live(
      class extends PushFeed {
        readonly #subscriptions: Subscription[] = [];
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          const subscription = await super.subscribe(list, sink);
          this.#subscriptions.push(subscription);
          return subscription;
        }
        override connect(isConnected: boolean): void {
          super.connect(isConnected);
          if (isConnected) void this.#subscriptions[1]?.close();
        }
      },
    ),
    fails: ['FED-300', 'FED-305'],
  },
  {
    what: 'all that ever was subscribed taken up after an outage',
    suite: live(
      class extends PushFeed {
        readonly #closed: (() => unknown)[] = [];
        override async subscribe(list: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
          const subscription = await super.subscribe(list, sink);
          return {
            close: () => {
              this.#closed.push(() => super.subscribe(list, sink));
              return subscription.close();
            },
          };
        }
        override connect(isConnected: boolean): void {
          super.connect(isConnected);
          if (isConnected) for (const again of this.#closed.splice(0)) again();
        }
      },
    ),
    fails: ['FED-305'],
  },
  {
    what: 'a feed that is live whatever happens',
    suite: livelyBent((sink) => ({
      status: (status) => {
        const isFirst = !told.has(sink);
        told.add(sink);
        sink.status(isFirst ? { ...status, state: 'live' } : status);
      },
    })),
    fails: ['FED-310'],
  },
  {
    what: 'an empty history of bars without a connection',
    suite: liveWithHistory(forgetful('bars')),
    fails: ['FED-312'],
  },
  {
    what: 'an empty history of ticks without a connection',
    suite: liveWithHistory(forgetful('ticks')),
    fails: ['FED-314'],
  },
  {
    what: 'a connection that comes back after close',
    suite: live(
      class extends PushFeed {
        #isConnected = true;
        override connect(isConnected: boolean): void {
          this.#isConnected = isConnected;
          super.connect(isConnected);
        }
        override close(): Promise<void> {
          return this.#isConnected ? super.close() : Promise.resolve();
        }
      },
    ),
    fails: ['FED-320'],
  },
  {
    what: 'signs of life told as data',
    suite: livelyBent((sink) => {
      let last: Tick | undefined;
      return {
        tick: (tick) => sink.tick((last = tick)),
        heartbeat: ({ ts }) => (last === undefined ? undefined : sink.tick({ ...last, ts, recvTs: ts })),
      };
    }),
    fails: ['FED-330'],
  },
  {
    what: 'an event that came twice stamped anew',
    suite: livelyBent((sink) => {
      let lastTs = Number.NaN;
      return {
        tick: (tick) => {
          sink.tick(tick.ts === lastTs ? { ...tick, ts: tick.recvTs } : tick);
          lastTs = tick.ts;
        },
      };
    }),
    fails: ['FED-340'],
  },
  {
    what: 'late events given the time of the last',
    suite: livelyBent((sink) => {
      let lastTs = 0;
      return { tick: (tick) => sink.tick({ ...tick, ts: (lastTs = Math.max(lastTs, tick.ts)) }) };
    }),
    fails: ['FED-350', 'FED-360'],
  },
  {
    what: 'late events dropped in silence',
    suite: livelyBent((sink) => {
      let lastTs = 0;
      return {
        tick: (tick) => {
          if (tick.ts < lastTs - 50_000 && lastTs - tick.ts < 100_000) return;
          lastTs = tick.ts;
          sink.tick(tick);
        },
      };
    }),
    fails: ['FED-350'],
  },
  {
    what: 'the time of the source taken for its own',
    suite: live(
      class extends PushFeed {
        override push(tick: Tick): void {
          super.push({ ...tick, recvTs: tick.ts });
        }
      },
    ),
    fails: ['FED-360'],
  },
  {
    what: 'halves of rows made whole',
    suite: live(
      class extends PushFeed {
        override push(tick: Tick): void {
          super.push(Number.isNaN(tick.ts) ? { ...tick, ts: TEST_EPOCH_MS, recvTs: Number.MAX_SAFE_INTEGER } : tick);
        }
      },
    ),
    fails: ['FED-370'],
  },
];
