import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/time.js';
import { TimeZoneOffsets, isTimeZone, timeZoneOffsets } from './time-zone.js';
import { wallClock } from './wall-clock.fixture.js';

const FROM = Date.UTC(1990, 0, 1);
const TO = Date.UTC(2040, 0, 1);

// Zones with half hours, a southern summer, two changes a month apart (Casablanca), a skipped day (Apia) and a 30 minute summer time.
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Pacific/Apia',
  'America/St_Johns',
];

describe('TimeZoneOffsets', () => {
  it.each(ZONES)('shows the wall clock of %s at any instant', (zone) => {
    const offsets = new TimeZoneOffsets(zone, FROM, TO);
    fc.assert(
      fc.property(fc.integer({ min: FROM / MINUTE_MS, max: TO / MINUTE_MS }), (minute) => {
        const ts = minute * MINUTE_MS;
        expect(new Date(ts + offsets.offsetAt(ts)).toISOString().slice(0, 16)).toBe(wallClock(zone, ts));
      }),
      { numRuns: 300 },
    );
  });

  it.each(ZONES)('finds the first instant of a wall clock time of %s', (zone) => {
    const offsets = new TimeZoneOffsets(zone, FROM, TO);
    fc.assert(
      fc.property(fc.integer({ min: FROM / MINUTE_MS + 3_000, max: TO / MINUTE_MS - 3_000 }), (minute) => {
        const ts = minute * MINUTE_MS;
        const found = offsets.toUtc(ts + offsets.offsetAt(ts));
        expect(found + offsets.offsetAt(found)).toBe(ts + offsets.offsetAt(ts));
        expect(found).toBeLessThanOrEqual(ts);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the first of two and moves a skipped time past the change', () => {
    const newYork = timeZoneOffsets('America/New_York', FROM, TO);
    // 2024-11-03 01:30 occurs at 05:30Z and 06:30Z; 2024-03-10 02:30 does not occur.
    expect(newYork.toUtc(Date.UTC(2024, 10, 3, 1, 30))).toBe(Date.UTC(2024, 10, 3, 5, 30));
    expect(newYork.toUtc(Date.UTC(2024, 2, 10, 2, 30))).toBe(Date.UTC(2024, 2, 10, 7, 30));
    expect(newYork.toUtc(Date.UTC(2024, 2, 10, 3))).toBe(Date.UTC(2024, 2, 10, 7));
  });

  it('is kept per zone and span', () => {
    expect(timeZoneOffsets('Europe/Paris', FROM, TO)).toBe(timeZoneOffsets('Europe/Paris', FROM, TO));
    expect(timeZoneOffsets('Europe/Paris', FROM, TO)).not.toBe(timeZoneOffsets('Europe/Paris', FROM, TO - DAY_MS));
    expect(timeZoneOffsets('Europe/Paris', FROM, TO).offsetAt(Date.UTC(2024, 6, 1))).toBe(2 * HOUR_MS);
  });

  it('knows which names are zones', () => {
    expect(isTimeZone('Europe/Paris')).toBe(true);
    expect(isTimeZone('Europe/Pariss')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});
