import { describe, it } from '@jest/globals';
import { aTick } from '../builders.js';
import { describeContract } from '../contract.js';
import { FakeClock } from '../fake-clock.js';
import type { SourceEvent } from '../feed-contract/feed-fixture.js';
import { instruments, live, recorded } from '../feed-contract/feed-suites.fixture.js';
import type { Wrapping } from '../feed-contract/feed-suites.fixture.js';
import { MemoryFeed } from '../feeds/memory-feed.js';
import type { MemoryFeedOptions } from '../feeds/memory-feed.js';
import { PushFeed } from '../feeds/push-feed.js';
import { FaultyFeed } from './faulty-feed.js';
import { FEED_FAULTS } from './feed-fault.js';
import type { FeedFault } from './feed-fault.js';

class FaultyMemoryFeed extends FaultyFeed {
  constructor(options: MemoryFeedOptions) {
    super(new MemoryFeed(options), { clock: new FakeClock() });
  }
}

const SILENCE_MS = 1_000;

/** A push feed behind a bad connection, which does to it what the hooks of the suite ask for. */
function faultyBench(inner: PushFeed, clock: FakeClock): ReturnType<Wrapping> {
  let wanted: FeedFault['kind'] | undefined;
  let skewMs = 0;
  const isWanted = (kind: FeedFault['kind']) => () => wanted === kind;
  const script: readonly FeedFault[] = [
    { kind: 'silent', when: isWanted('silent'), lastsMs: SILENCE_MS, keeps: false, heartbeats: true },
    { kind: 'duplicate-tick', when: isWanted('duplicate-tick') },
    {
      kind: 'skew-clock',
      when: isWanted('skew-clock'),
      lastsMs: 1,
      get skewMs() {
        return skewMs;
      },
    },
  ];
  const feed = new FaultyFeed(inner, { clock, script });
  const push = (symbol: string, event: SourceEvent, fault: FeedFault['kind']): number => {
    clock.advance(10);
    wanted = fault;
    inner.push(aTick({ ts: clock.nowUtc(), symbol, size: 1, ...event }));
    wanted = undefined;
    return clock.nowUtc();
  };
  return {
    feed,
    faults: {
      cut: () => {
        feed.disconnect();
        return () => feed.reconnect();
      },
      fallSilent: () => {
        const { symbol } = instruments[0];
        push(symbol, { bid: 1, ask: 2, last: 1 }, 'silent');
        inner.beat();
        clock.advance(SILENCE_MS);
      },
      publishTwice: (symbol, event) => push(symbol, event, 'duplicate-tick'),
      publishAt: (symbol, event, offsetMs) => {
        skewMs = offsetMs;
        return push(symbol, event, 'skew-clock') + offsetMs;
      },
      publishTorn: (symbol, event) => inner.push(aTick({ symbol, ...event, ts: Number.NaN })),
    },
  };
}

const never = FEED_FAULTS.map((kind): FeedFault => ({ kind, when: () => false }));

describeContract('FaultyFeed of recorded ticks without faults', recorded(FaultyMemoryFeed), { describe, it });
describeContract('FaultyFeed of recorded bars without faults', recorded(FaultyMemoryFeed, 'bars'), { describe, it });
describeContract(
  'FaultyFeed of live ticks without faults',
  live(PushFeed, (inner, clock) => ({ feed: new FaultyFeed(inner, { clock }) })),
  { describe, it },
);
describeContract(
  'FaultyFeed of live ticks with faults that never happen',
  live(PushFeed, (inner, clock) => ({ feed: new FaultyFeed(inner, { clock, script: never }) })),
  { describe, it },
);
describeContract('FaultyFeed of live ticks, by the faults of its script', live(PushFeed, faultyBench), {
  describe,
  it,
});
