import { describe, expect, it } from '@jest/globals';
import type { Venue } from '@bookrunner/sdk';
import { anInstrument, FakeClock, PaperVenue } from '@bookrunner/sdk/testing';
import { ReopenableVenue } from './reopenable-venue.js';

const SINK = { report: () => {}, account: () => {}, status: () => {}, heartbeat: () => {} };

/** Venues that open when the test lets them, and note what is asked of them. */
function scene() {
  const log: string[] = [];
  const opened: (() => void)[] = [];
  const make = (): Venue => {
    const place = opened.push(() => {});
    const venue = new PaperVenue({ instruments: [anInstrument()], clock: new FakeClock(1_000) });
    return Object.assign(venue, {
      open: () => {
        log.push(`open ${place}`);
        return new Promise<void>((resolve) => (opened[place - 1] = resolve));
      },
      close: () => Promise.resolve(void log.push(`close ${place}`)),
      // One that says nothing says nothing here, too.
      replace: () => Promise.resolve(void log.push(`replace ${place}`)),
    });
  };
  return { venue: new ReopenableVenue(make(), make), letOpen: (place: number) => opened[place - 1]?.(), log };
}

describe('a venue that is opened again and again', () => {
  it('is made anew for each time but the first, and says what its instance says', async () => {
    const { venue, letOpen, log } = scene();
    const first = venue.open(SINK);
    letOpen(1);
    await first;
    await venue.close();
    const second = venue.open(SINK);
    letOpen(2);
    await second;
    expect(await venue.replace?.({ clientOrderId: 'a', symbol: 'A' }, { qty: 1 })).toBeUndefined();
    expect(log).toEqual(['open 1', 'close 1', 'open 2', 'replace 2']);
  });

  it('is closed where it opens after it was given up, and leaves the next one alone', async () => {
    const { venue, letOpen, log } = scene();
    const first = venue.open(SINK);
    await venue.close();
    const second = venue.open(SINK);
    letOpen(2);
    await second;
    letOpen(1);
    await first;
    expect(log).toEqual(['open 1', 'close 1', 'open 2', 'close 1']);
  });
});
