import { describe, it } from '@jest/globals';
import { describeContract } from '../contract.js';
import { FakeClock } from '../fake-clock.js';
import { live, recorded } from '../feed-contract/feed-suites.fixture.js';
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

const never = FEED_FAULTS.map((kind): FeedFault => ({ kind, when: () => false }));

describeContract('FaultyFeed of recorded ticks without faults', recorded(FaultyMemoryFeed), { describe, it });
describeContract('FaultyFeed of recorded bars without faults', recorded(FaultyMemoryFeed, 'bars'), { describe, it });
describeContract(
  'FaultyFeed of live ticks without faults',
  live(PushFeed, (inner, clock) => new FaultyFeed(inner, { clock })),
  { describe, it },
);
describeContract(
  'FaultyFeed of live ticks with faults that never happen',
  live(PushFeed, (inner, clock) => new FaultyFeed(inner, { clock, script: never })),
  { describe, it },
);
