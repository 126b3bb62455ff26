import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTradingError } from '../errors.js';
import type { Clock } from '../interfaces/clock.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../model/time.js';
import { declareCalendar, marketCalendar } from './market-calendars.js';
import { MarketClock } from './market-clock.js';

const FROM = Date.UTC(2000, 0, 11);
const TO = Date.UTC(2027, 11, 15);

const instants = fc.integer({ min: FROM, max: TO });
const ids = fc.constantFrom('24x7', '24x5', 'XNYS', 'XLON', 'XTKS', 'XHKG', 'CMES');
const lengths = fc.constantFrom(1, 60, 300, 420, 3_600, 14_400, 86_400, 604_800);

describe('MarketClock', () => {
  it('has bars of a minute on 24x5 unless told otherwise', () => {
    const clock = new MarketClock();
    expect(clock.calendar.id).toBe('24x5');
    expect(clock.barSeconds).toBe(60);
    expect(clock.nextBarTime(Date.UTC(2024, 0, 9, 12, 30, 15))).toBe(Date.UTC(2024, 0, 9, 12, 31));
    // Saturday: the first minute of Sunday evening.
    expect(clock.nextBarTime(Date.UTC(2024, 0, 6, 12))).toBe(Date.UTC(2024, 0, 7, 22, 1));
  });

  it.each([
    ['XNYS', 3_600, '2024-01-09T14:30Z', '2024-01-09T15:30Z'],
    ['XNYS', 3_600, '2024-01-09T15:30Z', '2024-01-09T16:30Z'],
    ['XNYS', 3_600, '2024-01-09T20:30Z', '2024-01-09T21:00Z'],
    ['XNYS', 3_600, '2024-01-09T21:00Z', '2024-01-10T15:30Z'],
    ['XNYS', 3_600, '2024-01-09T14:29:59.999Z', '2024-01-09T15:30Z'],
    ['XTKS', 3_600, '2024-01-09T02:00Z', '2024-01-09T02:30Z'],
    ['XTKS', 3_600, '2024-01-09T02:40Z', '2024-01-09T04:30Z'],
    ['XNYS', 86_400, '2024-01-09T18:00Z', '2024-01-09T21:00Z'],
    ['XNYS', 604_800, '2024-01-09T18:00Z', '2024-01-12T21:00Z'],
  ])('%s, bars of %i s, after %s', (id, barSeconds, ts, next) => {
    expect(new MarketClock(id, barSeconds).nextBarTime(Date.parse(ts))).toBe(Date.parse(next));
  });

  it('always gives a later time, which ends a bar of a session', () => {
    fc.assert(
      fc.property(ids, lengths, instants, (id, barSeconds, ts) => {
        const clock = new MarketClock(id, barSeconds);
        const next = clock.nextBarTime(ts);
        expect(next).toBeGreaterThan(ts);
        expect(clock.isTradingTime(next - 1)).toBe(true);
        if (barSeconds < DAY_MS / SECOND_MS && clock.isTradingTime(ts)) {
          expect(next - ts).toBeLessThanOrEqual(barSeconds * SECOND_MS);
        }
        // No bar end lies between: every instant before it has the same answer.
        expect(clock.nextBarTime(ts + Math.floor((next - ts) / 2))).toBe(next);
        expect(clock.nextBarTime(next - 1)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it('does not descend, and walks the same bars from anywhere', () => {
    fc.assert(
      fc.property(ids, lengths, instants, fc.nat({ max: 5 * DAY_MS }), (id, barSeconds, ts, gap) => {
        const clock = new MarketClock(id, barSeconds);
        const later = ts + gap;
        expect(clock.nextBarTime(later)).toBeGreaterThanOrEqual(clock.nextBarTime(ts));
        let walked = clock.nextBarTime(Math.max(ts, later - 3 * HOUR_MS));
        while (walked <= later) walked = clock.nextBarTime(walked);
        expect(walked).toBe(clock.nextBarTime(later));
      }),
      { numRuns: 200 },
    );
  });

  it('is open when the calendar is', () => {
    fc.assert(
      fc.property(ids, instants, (id, ts) => {
        expect(new MarketClock(id).isTradingTime(ts)).toBe(marketCalendar(id).isOpen(ts));
      }),
    );
  });

  it('takes a calendar object, and waits on the clock it is given', async () => {
    const calendar = declareCalendar({ timeZone: 'UTC', sessions: [['10:00', '11:00']] });
    const asked: unknown[] = [];
    const clock: Clock = {
      nowUtc: () => 0,
      sleepUntil: async (ts, signal) => {
        asked.push(ts, signal?.aborted);
      },
      callAt: () => () => undefined,
    };
    const market = new MarketClock(calendar, 60, clock);
    await market.sleepUntil(Date.UTC(2024, 0, 1), AbortSignal.abort());
    expect(asked).toEqual([Date.UTC(2024, 0, 1), true]);
    expect(market.nextBarTime(Date.UTC(2024, 0, 1))).toBe(Date.UTC(2024, 0, 1, 10) + MINUTE_MS);
  });

  it.each([0, -1, Number.NaN, 100_000])('refuses bars of %p seconds', (barSeconds) => {
    let caught: unknown;
    try {
      new MarketClock('24x5', barSeconds);
    } catch (error) {
      caught = error;
    }
    expect(isTradingError(caught) && caught.code).toBe('NUMBER_OUT_OF_RANGE');
  });

  it('refuses a calendar that does not exist', () => {
    expect(() => new MarketClock('XNYC')).toThrow("Did you mean 'XNYS'?");
  });
});
