import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '@bookrunner/sdk';
import fc from 'fast-check';
import { createTimeReader, timeFormatFault } from './time-format.js';
import type { TimeFormat } from './time-format.js';
import { ZoneClock } from './zone-clock.js';

function readTime(text: string, format: TimeFormat, previousTs = Number.NaN): number {
  const bytes = new TextEncoder().encode(`,${text},`);
  return createTimeReader(format, undefined).read(bytes, 1, bytes.length - 1, previousTs);
}

const T = Date.UTC(2013, 1, 1, 3, 4, 5, 678);

describe('time formats', () => {
  it.each([
    ['1359687845678', 'epoch-ms', T],
    ['1359687845678.9', 'epoch-ms', T],
    ['1359687845.678', 'epoch-s', T],
    ['1359687845.6789999', 'epoch-s', T],
    ['1359687845', 'epoch-s', T - 678],
    ['1359687845678999', 'epoch-us', T],
    ['1359687845678999999', 'epoch-ns', T],
    ['-1', 'epoch-us', -1],
    ['-1000', 'epoch-us', -1],
    ['999', 'epoch-us', 0],
    ['2013-02-01T03:04:05.678Z', 'iso', T],
    ['2013-02-01 03:04:05.678999+00:00', 'iso', T],
    ['2013-02-01T05:34:05.678+02:30', 'iso', T],
    ['2013-01-31 22:04:05.678-0500', 'iso', T],
    ['2013-02-01T03:04:05+00', 'iso', T - 678],
    ['2013-02-01T03:04Z', 'iso', T - 5678],
    ['20130201 030405678', 'YYYYMMDD HHmmssSSS', T],
    ['1.2.2013 3:04:05,678', 'D.M.YYYY H:mm:ss,SSS', T],
    ['2013-02-01T03h04', "YYYY-MM-DD'T'HH'h'mm", T - 5678],
  ])('%s as %s', (text, time, expected) => {
    expect(readTime(text, { time })).toBe(expected);
  });

  it.each([
    ['', 'epoch-ms'],
    ['12a', 'epoch-s'],
    ['1.', 'epoch-s'],
    ['-', 'epoch-ns'],
    ['2013-02-29T00:00:00Z', 'iso'],
    ['2013-13-01T00:00:00Z', 'iso'],
    ['2013-02-01T24:00:00Z', 'iso'],
    ['2013-02-01T00:60:00Z', 'iso'],
    ['2013-02-01T00:00:00', 'iso'],
    ['2013-02-01T00:00:00+24:00', 'iso'],
    ['2013-02-01T00:00:00+1', 'iso'],
    ['2013-02-01T00:00:00.Z', 'iso'],
    ['2013-02-01', 'iso'],
    ['20130201 0304', 'YYYYMMDD HHmmss'],
    ['20130201 0304055', 'YYYYMMDD HHmmss'],
    ['20130231 030405', 'YYYYMMDD HHmmss'],
  ])('%s is no %s', (text, time) => {
    expect(readTime(text, { time })).toBeNaN();
  });

  it('says what is wrong with a pattern', () => {
    expect(timeFormatFault('YYYYMMDD HHmmss')).toBeUndefined();
    expect(timeFormatFault('epoch-h')).toBe("did you mean 'epoch-s'?");
    expect(timeFormatFault('hours')).toMatch(/^it is none of epoch-s, .*, and as a pattern it may hold/);
    expect(timeFormatFault('YYYY HH')).toMatch(/as a pattern it names no month$/);
    expect(timeFormatFault('YYYYMMDD DD')).toMatch(/as a pattern it names a part twice$/);
  });
});

describe('wall clocks', () => {
  const NEW_YORK = { time: 'YYYY-MM-DD HH:mm:ss', timeZone: 'America/New_York' };

  it('follows summer time', () => {
    expect(readTime('2024-01-15 09:30:00', NEW_YORK)).toBe(Date.UTC(2024, 0, 15, 14, 30));
    expect(readTime('2024-07-15 09:30:00', NEW_YORK)).toBe(Date.UTC(2024, 6, 15, 13, 30));
    expect(readTime('2024-07-15 09:30:00', { time: 'iso', timeZone: 'America/New_York' })).toBe(
      Date.UTC(2024, 6, 15, 13, 30),
    );
    expect(readTime('2024-03-10 03:00:00', NEW_YORK)).toBe(Date.UTC(2024, 2, 10, 7));
  });

  it('has no time for a wall clock that is skipped', () => {
    const reader = createTimeReader(NEW_YORK, undefined);
    const bytes = new TextEncoder().encode('2024-03-10 02:30:00');
    expect(reader.read(bytes, 0, bytes.length, Number.NaN)).toBeNaN();
    expect(reader.fault).toBe(6);
  });

  it('takes the first of two times, unless the row above is past it', () => {
    const first = Date.UTC(2024, 10, 3, 5, 30);
    expect(readTime('2024-11-03 01:30:00', NEW_YORK)).toBe(first);
    expect(readTime('2024-11-03 01:30:00', NEW_YORK, first)).toBe(first);
    expect(readTime('2024-11-03 01:30:00', NEW_YORK, first + 1)).toBe(first + HOUR_MS);
  });

  it('gives back every instant that it shows, in order', () => {
    const zones = [
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Asia/Tokyo',
      'Pacific/Apia',
      'UTC',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2005, 0, 1) / MINUTE_MS, max: Date.UTC(2030, 0, 1) / MINUTE_MS }),
        fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 20 }),
        (timeZone, start, steps) => {
          const clock = new ZoneClock(timeZone);
          const shown = new ZoneClock(timeZone);
          let ts = start * MINUTE_MS;
          for (const step of steps) {
            ts += step * MINUTE_MS;
            // Knowing that the row above was just before, the second of two times is found as well.
            expect(clock.toUtc(ts + shown.offsetAt(ts), ts - MINUTE_MS + 1)).toBe(ts);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
