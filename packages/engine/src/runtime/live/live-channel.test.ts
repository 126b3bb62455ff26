// What a feed says of itself, and what of it the kernel hears.
import { describe, expect, it } from '@jest/globals';
import type { FeedState, FeedStatus, MarketCalendar } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { BackfillSink, LiveBackfill } from './live-backfill.js';
import { LiveChannel } from './live-channel.js';
import type { LiveMarket } from './live-market.js';
import { StaleWatch } from './live-stale.js';

const OPEN = { validFrom: 0, validTo: 1e15, isOpen: () => true, sessionOpen: () => 0 } as unknown as MarketCalendar;

/** A feed of no instruments that is stale after two seconds; `fill`: its history is in, and what it said since is told. */
function scene() {
  const clock = new FakeClock(1_000_000);
  const heard: string[] = [];
  let sink: BackfillSink | undefined;
  const channel = new LiveChannel({
    ...{ name: 'data', instruments: [], bare: [], clock, onState: () => {} },
    stale: new StaleWatch({ calendars: [OPEN], limitMs: 2_000, from: clock.nowUtc() }),
    market: {
      status: ({ state }: FeedStatus, filled: readonly string[]) => heard.push([state, ...filled].join(' ')),
    } as unknown as LiveMarket,
    backfill: {
      connect: (connected: BackfillSink) => (sink = connected),
      takes: () => false,
    } as unknown as LiveBackfill,
    onFault: (error) => {
      throw error;
    },
  });
  const of = (state: FeedState): FeedStatus => ({ ts: clock.nowUtc(), feed: 'data', state, reason: '', message: '' });
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 500) {
      clock.advance(500);
      channel.look();
    }
  };
  return {
    ...{ channel, heard, pass },
    say: (state: FeedState) => channel.status(of(state)),
    fill: (filled: readonly string[]) => sink?.status(of('live'), filled),
  };
}

describe('a feed that has been silent for too long', () => {
  it.each(['live', 'delayed'] as const)('is not there again for saying that it is %s', (word) => {
    const { heard, pass, say, channel } = scene();
    pass(3_000);
    say(word);
    pass(60_000);
    expect([heard, channel.view().state]).toEqual([['stale'], 'stale']);
  });

  it('is there again once it was gone and is back, and silent anew after that', () => {
    const { heard, pass, say } = scene();
    pass(3_000);
    say('disconnected');
    say('live');
    pass(60_000);
    expect(heard).toEqual(['stale', 'disconnected', 'live', 'stale']);
  });

  it('is there again where its history has filled what it missed, whatever it said meanwhile', () => {
    const { heard, pass, say, fill } = scene();
    say('disconnected');
    say('stale');
    pass(3_000);
    fill(['EURUSD']);
    pass(60_000);
    expect(heard).toEqual(['disconnected', 'stale', 'stale', 'live EURUSD', 'stale']);
  });
});
