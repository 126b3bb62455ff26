import { describe, expect, it } from '@jest/globals';
import type { Feed } from '@bookrunner/sdk';
import { ReopenableFeed } from './reopenable-feed.js';

/** A feed whose instances open when the test lets them, and note what is asked of them. */
function scene() {
  const log: string[] = [];
  const opened: (() => void)[] = [];
  const make = (): Feed => {
    const place = opened.push(() => {});
    return {
      capabilities: {},
      open: () => {
        log.push(`open ${place}`);
        return new Promise<void>((resolve) => (opened[place - 1] = resolve));
      },
      close: () => Promise.resolve(void log.push(`close ${place}`)),
    } as unknown as Feed;
  };
  return { feed: new ReopenableFeed(make(), make), letOpen: (place: number) => opened[place - 1]?.(), log };
}

describe('a feed that is opened again and again', () => {
  it('is made anew for each time but the first', async () => {
    const { feed, letOpen, log } = scene();
    const first = feed.open();
    letOpen(1);
    await first;
    await feed.close();
    const second = feed.open();
    letOpen(2);
    await second;
    expect(log).toEqual(['open 1', 'close 1', 'open 2']);
  });

  it('is closed where it opens after it was given up, and leaves the next one alone', async () => {
    const { feed, letOpen, log } = scene();
    const first = feed.open();
    await feed.close();
    const second = feed.open();
    letOpen(2);
    await second;
    letOpen(1);
    await first;
    expect(log).toEqual(['open 1', 'close 1', 'open 2', 'close 1']);
  });
});
