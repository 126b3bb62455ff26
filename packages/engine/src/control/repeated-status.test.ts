import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import { RepeatedStatus } from './repeated-status.js';

const MINUTE = 60_000;

function status(ts: number, message: string, more: Partial<EngineNotice> = {}): EngineNotice {
  const details = { feed: 'market', state: 'disconnected' };
  return { ts, level: 'warning', code: 'FEED_STATUS', message, details, ...more };
}

function told(notices: readonly EngineNotice[]): readonly string[] {
  const statuses = new RepeatedStatus();
  return notices.flatMap((notice) => statuses.told(notice)?.message ?? []);
}

describe('RepeatedStatus', () => {
  it('tells of a try that says the same as the one before once, and of what is new', () => {
    expect(told([status(0, 'lost'), status(1, 'refused'), status(2, 'refused'), status(3, 'lost')])).toEqual([
      'lost',
      'refused',
    ]);
  });

  it('tells each feed, symbol and broker for itself', () => {
    const venue = { code: 'VENUE_STATUS', details: { venue: 'market', state: 'disconnected' } };
    const symbol = { details: { feed: 'market', symbol: 'ACME', state: 'disconnected' } };
    expect(told([status(0, 'a'), status(0, 'a', venue), status(0, 'a', symbol), status(1, 'a', venue)])).toHaveLength(
      3,
    );
  });

  it('tells the warning that follows what was no warning, and says the same', () => {
    const info = (ts: number): EngineNotice => status(ts, 'away', { level: 'info' });
    expect(told([info(0), info(1), status(2, 'away'), status(3, 'away')])).toEqual(['away', 'away', 'away']);
  });

  it('tells it again after a while, with how often it came', () => {
    const tries = Array.from({ length: 31 }, (_, minute) => status(minute * MINUTE, 'refused'));
    expect(told(tries)).toEqual([
      'refused',
      'refused (14 more since 1970-01-01T00:00:00.000Z.)',
      'refused (14 more since 1970-01-01T00:15:00.000Z.)',
    ]);
  });

  it('tells it anew once the state was another one, and not for a try that begins', () => {
    const live = status(2, 'live', { level: 'info', details: { feed: 'market', state: 'live' } });
    const stale = status(2, 'stale', { details: { feed: 'market', state: 'stale' } });
    expect(told([status(0, 'lost'), stale, status(3, 'lost')])).toEqual(['lost', 'stale', 'lost']);
    const connecting = { level: 'info', details: { venue: 'v', state: 'connecting' }, code: 'VENUE_STATUS' } as const;
    const away = { details: { venue: 'v', state: 'disconnected' }, code: 'VENUE_STATUS' };
    expect(told([status(0, 'lost'), live, status(3, 'lost')])).toEqual(['lost', 'live', 'lost']);
    expect(told([status(0, 'lost', away), status(1, 'tries', connecting), status(2, 'lost', away)])).toEqual([
      'lost',
      'tries',
    ]);
  });

  it('is not flooded where each try has another text', () => {
    const tries = Array.from({ length: 40 }, (_, minute) => status(minute * MINUTE, `try ${minute}`));
    expect(told(tries).map((text) => text.slice(0, 6))).toEqual([
      ...['try 0', 'try 1', 'try 2', 'try 3', 'try 4', 'try 19', 'try 34'],
    ]);
  });

  it('leaves out no alarm, and nothing but statuses', () => {
    const alarm = status(0, 'failed', { level: 'alarm' });
    const other = status(0, 'rejected', { code: 'ORDER_REJECTED' });
    expect(told([alarm, alarm, other, other])).toHaveLength(4);
  });
});
