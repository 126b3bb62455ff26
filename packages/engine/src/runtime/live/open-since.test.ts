import { describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import fc from 'fast-check';
import { openSince } from './open-since.js';

const HOUR_MS = 3_600_000;

/** Minutes of an open market between two instants. */
function openMinutes(id: string, from: number, to: number): number {
  const calendar = marketCalendar(id);
  let minutes = 0;
  for (let at = from; at < to; at += 60_000) if (calendar.isOpen(at)) minutes += 1;
  return minutes;
}

describe('how far back history reaches', () => {
  it('is over the weekend where Monday has not been long enough', () => {
    const mondayAt10 = Date.parse('2026-11-23T15:00:00Z');
    const from = openSince(marketCalendar('XNYS'), mondayAt10, HOUR_MS);
    expect(new Date(from).toISOString()).toBe('2026-11-20T20:00:00.000Z');
  });

  it('is the plain time where the market never closes', () => {
    expect(openSince(marketCalendar('24x7'), 10 * HOUR_MS, 3 * HOUR_MS)).toBe(7 * HOUR_MS);
  });

  it('holds the time asked for, and hardly more', () => {
    const start = Date.parse('2026-03-01T00:00:00Z');
    fc.assert(
      fc.property(
        fc.constantFrom('XNYS', 'XTKS', '24x5', 'CMES'),
        fc.integer({ min: 0, max: 200 * 24 * 60 }),
        fc.integer({ min: 1, max: 3 * 24 * 60 }),
        (id, minute, minutes) => {
          const at = start + minute * 60_000;
          const found = openMinutes(id, openSince(marketCalendar(id), at, minutes * 60_000), at);
          expect(found).toBeGreaterThanOrEqual(minutes);
          expect(found).toBeLessThanOrEqual(minutes + 60);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ends at the first instant a calendar knows', () => {
    const calendar = marketCalendar('XNYS');
    expect(openSince(calendar, calendar.validFrom + HOUR_MS, 24 * HOUR_MS)).toBeLessThanOrEqual(calendar.validFrom);
  });
});
