import { describe, expect, it } from '@jest/globals';
import type { FeedState, FeedStatus } from '@bookrunner/sdk';
import { feedNotice } from './feed-notice.js';

function status(state: FeedState, reason = '', message = ''): FeedStatus {
  return { ts: 1, feed: 'ib', symbol: 'MSFT', state, reason, message };
}

describe('what a person is told of a feed', () => {
  it.each([
    ['live', 'info'],
    ['ended', 'info'],
    ['halted', 'warning'],
    ['stale', 'warning'],
    ['disconnected', 'warning'],
    // Orders follow it.
    ['delayed', 'warning'],
    ['failed', 'alarm'],
  ] as const)('is, where it is %s, of level %s', (state, level) => {
    expect(feedNotice(status(state)).level).toBe(level);
  });

  it('names the instrument, the code of the reason and what the feed says of it', () => {
    expect(feedNotice(status('failed', 'NOT_SUBSCRIBED', 'No data. Subscribe.')).message).toBe(
      "Feed 'ib', MSFT is failed. NOT_SUBSCRIBED: No data. Subscribe.",
    );
  });

  it('says nothing more where all is well', () => {
    expect(feedNotice(status('live')).message).toBe("Feed 'ib', MSFT is live.");
  });
});
