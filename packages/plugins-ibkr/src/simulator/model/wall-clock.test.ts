import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dayText,
  fromWallClock,
  instantText,
  isZone,
  offsetAt,
  parseInstant,
  startOfDay,
  timeText,
} from './wall-clock.js';

const ZONES = ['US/Eastern', 'US/Central', 'GB-Eire', 'Asia/Tokyo', 'Australia/Lord_Howe', 'UTC'];
const zone = fc.constantFrom(...ZONES);
const second = fc.integer({ min: Date.UTC(2000) / 1000, max: Date.UTC(2035) / 1000 }).map((seconds) => seconds * 1000);

describe('wall clock', () => {
  it('reads what it writes, but in the hour that occurs twice', () => {
    fc.assert(
      fc.property(zone, second, (name, ts) => {
        const read = parseInstant(instantText(ts, name), 'UTC');
        const isTwice = offsetAt(ts - 7_200_000, name) !== offsetAt(ts + 7_200_000, name);
        if (isTwice) expect(instantText(read, name)).toBe(instantText(ts, name));
        else expect(read).toBe(ts);
      }),
    );
  });

  it('starts days at midnight', () => {
    fc.assert(
      fc.property(zone, second, (name, ts) => {
        const start = startOfDay(ts, name);
        expect([dayText(start, name), timeText(start, name)]).toEqual([dayText(ts, name), '00:00:00']);
        expect(start).toBeLessThanOrEqual(ts);
      }),
    );
  });

  it('reads all forms that clients write, and nothing else', () => {
    const noon = Date.UTC(2026, 0, 5, 17);
    for (const text of [
      '20260105 12:00:00',
      '20260105  12:00:00',
      '20260105 11:00:00 US/Central',
      '20260105-17:00:00',
    ]) {
      expect(parseInstant(text, 'US/Eastern')).toBe(noon);
    }
    expect(parseInstant('20260105', 'US/Eastern')).toBe(Date.UTC(2026, 0, 5, 5));
    for (const text of [
      '',
      'now',
      '2026-01-05',
      '20260105 12:00',
      '20260105 12:00:00 Moon/Base',
      '20260105-12:00:00 UTC',
    ]) {
      expect(parseInstant(text, 'US/Eastern')).toBeNaN();
    }
    expect([isZone('US/Eastern'), isZone('Moon/Base')]).toEqual([true, false]);
  });

  it('takes a time that the clock skips for one as far after the change', () => {
    const skipped = Date.UTC(2026, 2, 8, 2, 30);
    expect(timeText(fromWallClock(skipped, 'US/Eastern'), 'US/Eastern')).toMatch(/^0[13]:30:00$/);
  });
});
