import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTradingError } from '../errors.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/time.js';
import { BarSchedule } from './bar-schedule.js';
import { declareCalendar, marketCalendar } from './market-calendars.js';

const FROM = Date.UTC(2000, 0, 11);
const TO = Date.UTC(2027, 11, 15);

const instants = fc.integer({ min: FROM, max: TO });
const ids = fc.constantFrom('24x7', '24x5', 'XNYS', 'XLON', 'XTKS', 'XHKG', 'CMES');
const lengths = fc.constantFrom(
  1_000,
  MINUTE_MS,
  7 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  7 * HOUR_MS,
  DAY_MS,
  3 * DAY_MS,
  7 * DAY_MS,
);

function located(id: string, barMs: number, ts: number) {
  const schedule = new BarSchedule(marketCalendar(id), barMs);
  const inside = schedule.locate(ts);
  return { inside, start: schedule.start, end: schedule.end };
}

describe('BarSchedule', () => {
  it('puts every instant of a session into one bar, and no other', () => {
    fc.assert(
      fc.property(ids, lengths, instants, (id, barMs, ts) => {
        const calendar = marketCalendar(id);
        const { inside, start, end } = located(id, barMs, ts);
        expect(inside).toBe(calendar.isOpen(ts));
        expect(end).toBeGreaterThan(ts);
        expect(end).toBeGreaterThan(start);
        if (inside) expect(start).toBeLessThanOrEqual(ts);
        if (barMs < DAY_MS) {
          expect(end - start).toBeLessThanOrEqual(barMs);
          if (!inside) expect(start).toBe(calendar.nextOpen(ts));
          // Both ends of the bar belong to the same session.
          if (id !== '24x7') expect(calendar.sessionOpen(end - 1)).toBe(calendar.sessionOpen(start));
        }
        // The bar is the same from its first to its last instant.
        expect(located(id, barMs, start)).toEqual({ inside: true, start, end });
        expect(located(id, barMs, end - 1)).toEqual({ inside: true, start, end });
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no gap: a bar that ends within a session is followed by one that starts there', () => {
    fc.assert(
      fc.property(ids, lengths, instants, (id, barMs, ts) => {
        const { end } = located(id, barMs, ts);
        const next = located(id, barMs, end);
        if (marketCalendar(id).isOpen(end)) expect(next.start).toBe(end);
        else expect(next.start).toBeGreaterThan(end);
      }),
      { numRuns: 300 },
    );
  });

  it('answers the same whether asked in order or at random', () => {
    fc.assert(
      fc.property(
        ids,
        lengths,
        instants,
        fc.array(fc.integer({ min: -3 * HOUR_MS, max: DAY_MS }), { maxLength: 20 }),
        (id, barMs, first, steps) => {
          const schedule = new BarSchedule(marketCalendar(id), barMs);
          let ts = first;
          for (const step of steps) {
            ts = Math.min(ts + step, TO);
            const inside = schedule.locate(ts);
            expect({ inside, start: schedule.start, end: schedule.end }).toEqual(located(id, barMs, ts));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has minute bars of 24x5 and 24x7 at whole minutes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('24x7', '24x5'),
        fc.constantFrom(MINUTE_MS, 5 * MINUTE_MS, HOUR_MS),
        instants,
        (id, barMs, ts) => {
          const { inside, start, end } = located(id, barMs, ts);
          if (!inside) return;
          expect(start).toBe(Math.floor(ts / barMs) * barMs);
          expect(end).toBe(start + barMs);
        },
      ),
    );
  });

  it('counts 24x7 from the epoch, whatever the length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: DAY_MS - 1 }), instants, (barMs, ts) => {
        expect(located('24x7', barMs, ts)).toEqual({
          inside: true,
          start: Math.floor(ts / barMs) * barMs,
          end: Math.floor(ts / barMs) * barMs + barMs,
        });
      }),
    );
  });

  it.each([
    // Hours of New York start at 09:30; the last is cut at 16:00.
    ['XNYS', HOUR_MS, '2024-01-09T15:00Z', true, '2024-01-09T14:30Z', '2024-01-09T15:30Z'],
    ['XNYS', HOUR_MS, '2024-01-09T20:45Z', true, '2024-01-09T20:30Z', '2024-01-09T21:00Z'],
    ['XNYS', HOUR_MS, '2024-01-09T21:00Z', false, '2024-01-10T14:30Z', '2024-01-10T15:30Z'],
    // Four hours of foreign exchange start at 17:00 New York.
    ['24x5', 4 * HOUR_MS, '2024-07-09T22:00Z', true, '2024-07-09T21:00Z', '2024-07-10T01:00Z'],
    ['24x5', 7 * HOUR_MS, '2024-07-09T20:59Z', true, '2024-07-09T18:00Z', '2024-07-09T21:00Z'],
    // The lunch break splits a bar.
    ['XTKS', 2 * HOUR_MS, '2024-01-09T02:15Z', true, '2024-01-09T02:00Z', '2024-01-09T02:30Z'],
    ['XTKS', 2 * HOUR_MS, '2024-01-09T02:30Z', false, '2024-01-09T03:30Z', '2024-01-09T05:30Z'],
    // A day runs over its lunch break, in which nothing belongs to it.
    ['XTKS', DAY_MS, '2024-01-09T02:45Z', false, '2024-01-09T00:00Z', '2024-01-09T06:00Z'],
    ['XTKS', DAY_MS, '2024-01-09T06:00Z', false, '2024-01-10T00:00Z', '2024-01-10T06:00Z'],
    ['24x5', DAY_MS, '2024-03-10T21:00Z', true, '2024-03-10T21:00Z', '2024-03-11T21:00Z'],
    // A week of trading days, Sunday evening included; one with a holiday on Monday.
    ['24x5', 7 * DAY_MS, '2024-01-10T12:00Z', true, '2024-01-07T22:00Z', '2024-01-12T22:00Z'],
    ['XNYS', 7 * DAY_MS, '2024-09-04T15:00Z', true, '2024-09-03T13:30Z', '2024-09-06T20:00Z'],
    ['XNYS', 7 * DAY_MS, '2024-09-07T15:00Z', false, '2024-09-09T13:30Z', '2024-09-13T20:00Z'],
    ['24x7', 7 * DAY_MS, '2024-01-10T12:00Z', true, '2024-01-08T00:00Z', '2024-01-15T00:00Z'],
    // The data ends inside the week.
    ['XNYS', 14 * DAY_MS, '2027-12-30T15:00Z', true, '2027-12-27T14:30Z', '2027-12-31T21:00Z'],
  ])('%s, bars of %i ms, %s', (id, barMs, ts, inside, start, end) => {
    expect(located(id, barMs, Date.parse(ts))).toEqual({ inside, start: Date.parse(start), end: Date.parse(end) });
  });

  it('cuts a bar where the market closes early', () => {
    expect(located('XNYS', HOUR_MS, Date.UTC(2023, 10, 24, 17, 45))).toEqual({
      inside: true,
      start: Date.UTC(2023, 10, 24, 17, 30),
      end: Date.UTC(2023, 10, 24, 18),
    });
  });

  it('starts the first week of the data with its first session', () => {
    const calendar = declareCalendar({
      timeZone: 'Europe/Paris',
      sessions: [['09:00', '17:30']],
      range: { from: '2024-01-03', to: '2024-01-31' },
    });
    const schedule = new BarSchedule(calendar, 7 * DAY_MS);
    expect(schedule.locate(Date.UTC(2024, 0, 4, 10))).toBe(true);
    expect(schedule.start).toBe(Date.UTC(2024, 0, 3, 8));
    expect(schedule.end).toBe(Date.UTC(2024, 0, 5, 16, 30));
  });

  it.each([HOUR_MS, DAY_MS, 7 * DAY_MS])(
    'answers as before after an instant outside the data, bars of %i ms',
    (barMs) => {
      const calendar = marketCalendar('XNYS');
      const schedule = new BarSchedule(calendar, barMs);
      const ts = Date.UTC(2027, 11, 31, 20, 30);
      expect(schedule.locate(ts)).toBe(true);
      const { start, end } = schedule;
      for (const outside of [calendar.validTo, calendar.validTo + 1, Number.NaN]) {
        expect(() => schedule.locate(outside)).toThrow("Calendar 'XNYS' covers 2000-01-01 to 2027-12-31");
      }
      expect(schedule.locate(ts)).toBe(true);
      expect([schedule.start, schedule.end]).toEqual([start, end]);
    },
  );

  it.each([0, -60_000, 1.5, Number.NaN, Number.POSITIVE_INFINITY, DAY_MS + 1, 36 * HOUR_MS])(
    'refuses bars of %p ms',
    (barMs) => {
      let caught: unknown;
      try {
        new BarSchedule(marketCalendar('24x5'), barMs);
      } catch (error) {
        caught = error;
      }
      expect(isTradingError(caught) && caught.code).toBe('NUMBER_OUT_OF_RANGE');
      expect(isTradingError(caught) && caught.remedy).toBe('Use whole milliseconds up to a day, or whole days.');
    },
  );
});
