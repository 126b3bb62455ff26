// What each kind of fault does, alone; then what holds for all of them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBarColumns, anInstrument, aTick } from '../builders.js';
import { FakeClock, TEST_EPOCH_MS } from '../fake-clock.js';
import { MemoryFeed } from '../feeds/memory-feed.js';
import { PushFeed } from '../feeds/push-feed.js';
import { RecordingFeedSink } from '../recording-sinks.js';
import { FaultyFeed } from './faulty-feed.js';
import { FEED_FAULTS } from './feed-fault.js';
import type { FeedFault, FeedFaultKind } from './feed-fault.js';

const instrument = anInstrument();
const shown = new Set<FeedFaultKind>();

interface Bench {
  readonly feed: FaultyFeed;
  readonly push: PushFeed;
  readonly sink: RecordingFeedSink;
  readonly clock: FakeClock;
  /** Publishes ticks whose bids tell them apart, ten milliseconds after each other. */
  publish(...bids: readonly number[]): void;
  bids(): readonly number[];
  states(): readonly string[];
}

async function bench(script: readonly FeedFault[], seed = 1): Promise<Bench> {
  const clock = new FakeClock();
  const push = new PushFeed({ instruments: [instrument], nowUtc: () => clock.nowUtc() });
  const feed = new FaultyFeed(push, { clock, seed, script });
  const sink = new RecordingFeedSink();
  await feed.open();
  await feed.subscribe([instrument], sink);
  return {
    feed,
    push,
    sink,
    clock,
    publish: (...bids) => {
      for (const bid of bids) {
        clock.advance(10);
        push.push(aTick({ ts: clock.nowUtc(), bid, ask: bid + 1 }));
      }
    },
    bids: () => sink.rows.map((row) => row.bid),
    states: () => sink.statuses.map((status) => status.state),
  };
}

function under(fault: FeedFault): Promise<Bench> {
  shown.add(fault.kind);
  return bench([fault]);
}

describe('faults of feeds', () => {
  it('lose-tick: it never comes', async () => {
    const { publish, bids, feed } = await under({ kind: 'lose-tick', when: { nth: 2 } });
    publish(1, 2, 3);
    await feed.settle();
    expect(bids()).toEqual([1, 3]);
  });

  it('delay-tick: it comes later, with its own instant', async () => {
    const { publish, bids, sink, clock } = await under({ kind: 'delay-tick', when: { nth: 1 }, delayMs: 100 });
    publish(1, 2);
    clock.advance(89);
    expect(bids()).toEqual([2]);
    clock.advance(1);
    expect(bids()).toEqual([2, 1]);
    expect(sink.rows[1]!.ts).toBe(TEST_EPOCH_MS + 10);
  });

  it('duplicate-tick: it comes three times, if told so', async () => {
    const { publish, bids } = await under({ kind: 'duplicate-tick', when: { nth: 1 }, copies: 3 });
    publish(1, 2);
    expect(bids()).toEqual([1, 1, 1, 2]);
  });

  it('reorder-ticks: it comes behind the next two', async () => {
    const { publish, bids } = await under({ kind: 'reorder-ticks', when: { nth: 1 }, count: 2 });
    publish(1, 2, 3, 4);
    expect(bids()).toEqual([2, 3, 1, 4]);
  });

  it.each([
    [true, [1, 2, 3, 4]],
    [false, [1, 4]],
  ])('silent: nothing comes and no status says so; kept: %s', async (keeps, expected) => {
    const { publish, bids, states, clock } = await under({ kind: 'silent', when: { nth: 2 }, lastsMs: 1_000, keeps });
    publish(1, 2, 3);
    expect([bids(), states()]).toEqual([[1], ['live']]);
    clock.advance(1_000);
    publish(4);
    expect([bids(), states()]).toEqual([expected, ['live']]);
  });

  it('disconnect: says so, leaves a gap, and is live again without being asked', async () => {
    const { publish, bids, states, clock, sink } = await under({ kind: 'disconnect', when: { nth: 2 }, downMs: 500 });
    publish(1, 2, 3);
    expect(states()).toEqual(['live', 'disconnected']);
    expect(sink.statuses[1]).toMatchObject({ feed: 'push', reason: 'TESTING_CONNECTION_LOST' });
    clock.advance(500);
    publish(4);
    expect([bids(), states()]).toEqual([
      [1, 4],
      ['live', 'disconnected', 'live'],
    ]);
  });

  it('skew-clock: the source’s instants are off, ours are not', async () => {
    const { publish, sink } = await under({ kind: 'skew-clock', when: { nth: 2 }, skewMs: 4_000, lastsMs: 15 });
    publish(1, 2, 3, 4);
    const at = (ms: number): number => TEST_EPOCH_MS + ms;
    expect(sink.rows.map((row) => row.ts)).toEqual([at(10), at(4_020), at(4_030), at(40)]);
    expect(sink.rows.map((row) => row.availableTs)).toEqual([at(10), at(20), at(30), at(40)]);
  });

  it('crossed-quote: bid and ask change places', async () => {
    const { publish, sink, push, clock, feed } = await under({ kind: 'crossed-quote', when: ({ count }) => count > 1 });
    publish(1, 2);
    push.push(aTick({ ts: clock.nowUtc(), bid: 5, ask: 5 }));
    expect(sink.rows.map(({ bid, ask }) => [bid, ask])).toEqual([
      [1, 2],
      [3, 2],
      [5, 5],
    ]);
    expect(feed.log.of('crossed-quote')[1]).toMatch(/has nothing to cross$/);
  });

  it('nan-quote: bid and ask are unknown, a trade stays', async () => {
    const { push, sink, clock } = await under({ kind: 'nan-quote', when: { nth: 1 } });
    push.push(aTick({ ts: clock.nowUtc(), last: 7 }));
    expect(sink.rows).toMatchObject([{ bid: Number.NaN, ask: Number.NaN, last: 7 }]);
  });

  it('has no kind that is not shown here', () => {
    expect([...shown].toSorted()).toEqual([...FEED_FAULTS].toSorted());
  });
});

/** What a recorded feed delivers under faults. */
async function recorded(script: readonly FeedFault[], kind: 'ticks' | 'bars'): Promise<RecordingFeedSink> {
  const clock = new FakeClock();
  const ticks = [1, 2, 3, 4].map((bid, i) => aTick({ ts: TEST_EPOCH_MS + i, bid, ask: bid + 1 }));
  const bars = aBarColumns({ length: 3 });
  const data = kind === 'ticks' ? { instrument, ticks } : { instrument, bars, spec: { use: 'time' } };
  const feed = new FaultyFeed(new MemoryFeed({ data: [data as never] }), { clock, script });
  const sink = new RecordingFeedSink();
  await feed.open();
  await feed.subscribe([instrument], sink);
  await new Promise((resolve) => setImmediate(resolve));
  await feed.settle();
  return sink;
}

describe('FaultyFeed', () => {
  it('takes a block apart where something happens to a row of it, and says ended last', async () => {
    const whole = await recorded([{ kind: 'lose-tick', when: { nth: 9 } }], 'ticks');
    expect([whole.blocks.length, whole.rows.length]).toEqual([1, 4]);
    const apart = await recorded([{ kind: 'delay-tick', when: { nth: 2 } }], 'ticks');
    expect([apart.blocks.length, apart.rows.map((row) => row.bid)]).toEqual([0, [1, 3, 4, 2]]);
    const order: string[] = [];
    const clock = new FakeClock();
    const inner = new MemoryFeed({ data: [{ instrument, ticks: [aTick(), aTick()] }] });
    const feed = new FaultyFeed(inner, { clock, script: [{ kind: 'delay-tick', when: { nth: 1 } }] });
    await feed.open();
    const sink = Object.assign(new RecordingFeedSink(), {
      tick: () => void order.push('tick'),
      status: ({ state }: { state: string }) => void order.push(state),
    });
    await feed.subscribe([instrument], sink);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_000);
    expect(order).toEqual(['tick', 'tick', 'ended']);
  });

  it('treats a block of bars as one message, with a copy for each time it comes', async () => {
    const twice = await recorded([{ kind: 'duplicate-tick', when: { nth: 1 } }], 'bars');
    expect(twice.rows.length).toBe(6);
    expect(twice.blocks[0]).toEqual(twice.blocks[1]);
    expect(twice.blocks[0]!.ts).not.toBe(twice.blocks[1]!.ts);
    const skewed = await recorded([{ kind: 'skew-clock', when: { nth: 1 }, skewMs: 5 }], 'bars');
    expect(skewed.rows.map((row) => row.ts)).toEqual(twice.rows.slice(0, 3).map((row) => row.ts + 5));
    expect(skewed.rows.map((row) => row.availableTs)).toEqual(twice.rows.slice(0, 3).map((row) => row.availableTs + 5));
    expect((await recorded([{ kind: 'nan-quote', when: { chance: 1 } }], 'bars')).rows).toEqual(twice.rows.slice(0, 3));
  });

  it('says ended after a reconnect if it came meanwhile, once', async () => {
    for (const kind of ['ticks', 'bars'] as const) {
      const { statuses } = await recorded([{ kind: 'disconnect', when: { nth: 1 } }], kind);
      expect(statuses.map((status) => status.state)).toEqual(['disconnected', 'live', 'ended']);
    }
  });

  it('lets heartbeats through a silence where told: they are no data', async () => {
    const clock = new FakeClock();
    let inner: RecordingFeedSink | undefined;
    const push = new PushFeed({ instruments: [instrument], nowUtc: () => clock.nowUtc() });
    const beating = Object.assign(push, {
      subscribe: (list: readonly (typeof instrument)[], sink: RecordingFeedSink) => {
        inner = sink;
        return PushFeed.prototype.subscribe.call(push, list, sink);
      },
    });
    const feed = new FaultyFeed(beating as PushFeed, {
      clock,
      script: [{ kind: 'silent', when: { nth: 1 }, heartbeats: true }],
    });
    const sink = new RecordingFeedSink();
    await feed.open();
    await feed.subscribe([instrument], sink);
    push.push(aTick());
    inner!.heartbeat({ ts: 1, source: 'push', ok: true, latencyMs: 1 });
    expect([sink.rows.length, sink.heartbeats.length]).toEqual([0, 1]);
  });

  it('keeps what is late apart from an object that its feed reuses', async () => {
    const { push, bids, feed, clock } = await bench([{ kind: 'delay-tick', when: { nth: 1 } }]);
    const reused = { ...aTick({ ts: clock.nowUtc(), bid: 1 }) };
    push.push(reused);
    reused.bid = 2;
    push.push(reused);
    await feed.settle();
    expect(bids()).toEqual([2, 1]);
  });

  it('delivers nothing late after its subscription or itself was closed', async () => {
    for (const close of ['subscription', 'feed'] as const) {
      const clock = new FakeClock();
      const push = new PushFeed({ instruments: [instrument], nowUtc: () => clock.nowUtc() });
      const feed = new FaultyFeed(push, { clock, script: [{ kind: 'delay-tick', when: { nth: 1 } }] });
      await feed.open();
      const sink = new RecordingFeedSink();
      const subscription = await feed.subscribe([instrument], sink);
      push.push(aTick());
      await (close === 'feed' ? feed : subscription).close();
      clock.advance(5_000);
      await feed.settle();
      expect([sink.rows.length, sink.statuses.length]).toEqual([0, 1]);
    }
  });

  it('invents nothing and is quiet in the end, for random faults; the same again for the same seed', async () => {
    const fault = fc.record({
      kind: fc.constantFrom(...FEED_FAULTS),
      when: fc.oneof(
        fc.record({ nth: fc.integer({ min: 1, max: 20 }) }),
        fc.record({ chance: fc.constantFrom(0.1, 0.5, 1) }),
      ),
    }) as fc.Arbitrary<FeedFault>;
    const waits = fc.array(fc.constantFrom(0, 10, 1_000, 6_000), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 3 }), waits, fc.nat(100), async (script, steps, seed) => {
        const run = async (): Promise<unknown> => {
          const { publish, feed, clock, sink } = await bench(script, seed);
          steps.forEach((ms, i) => {
            publish(i + 1);
            clock.advance(ms);
          });
          await feed.settle();
          expect([feed.isQuiet, clock.pendingCalls]).toEqual([true, 0]);
          const known = new Set(steps.map((_, i) => i + 1));
          for (const { bid, ask } of sink.rows) {
            expect(Number.isNaN(bid) || known.has(Math.min(bid, ask))).toBe(true);
          }
          expect(sink.statuses.at(-1)?.state).toBe('live');
          return [sink.rows, sink.statuses, feed.log.notes];
        };
        expect(await run()).toEqual(await run());
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});
