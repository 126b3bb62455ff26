import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS } from '../model/time.js';
import {
  civilDay,
  civilDayOf,
  formatCivilDay,
  isWeekend,
  parseCivilDay,
  tradingDayOf,
  weekdayOf,
} from './civil-day.js';

const days = fc.integer({ min: -700_000, max: 2_900_000 });

describe('civil days', () => {
  it('agree with the platform for every date', () => {
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * DAY_MS);
        expect(civilDay(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(day);
        expect(tradingDayOf(day)).toBe(
          date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate(),
        );
        expect(civilDayOf(tradingDayOf(day))).toBe(day);
        expect(weekdayOf(day)).toBe(date.getUTCDay());
        expect(isWeekend(day)).toBe(date.getUTCDay() % 6 === 0);
      }),
    );
  });

  it('round-trip through text and refuse dates that do not exist', () => {
    expect(parseCivilDay('2024-02-29')).toBe(civilDay(2024, 2, 29));
    expect(formatCivilDay(civilDay(2024, 2, 29))).toBe('2024-02-29');
    for (const text of [
      '2023-02-29',
      '2023-13-01',
      '2023-00-10',
      '2023-04-31',
      '2023-4-1',
      '20230401',
      '',
      '2023-04-01T00:00',
    ]) {
      expect(parseCivilDay(text)).toBeUndefined();
    }
  });
});
