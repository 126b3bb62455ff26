import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timeRange } from './time-range.js';

describe('timeRange', () => {
  it.each([
    ['2024-01-31', Date.UTC(2024, 0, 31)],
    ['2024-01-31T09:30', Date.UTC(2024, 0, 31, 9, 30)],
    ['2024-01-31 09:30:15', Date.UTC(2024, 0, 31, 9, 30, 15)],
    ['2024-01-31T09:30:15.250Z', Date.UTC(2024, 0, 31, 9, 30, 15, 250)],
    ['2024-01-31T09:30:00-05:00', Date.UTC(2024, 0, 31, 14, 30)],
    ['2024-02-29T00:00+0100', Date.UTC(2024, 1, 28, 23)],
  ])('reads %s', (text, ts) => {
    expect(timeRange(text, undefined)).toEqual({ from: ts });
    expect(timeRange(undefined, text)).toEqual({ to: ts });
  });

  it('reads every instant that ISO text can name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2099, 0, 1) }), (ts) => {
        expect(timeRange(new Date(ts).toISOString(), undefined)).toEqual({ from: ts });
      }),
    );
  });

  it.each([
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-1-1',
    'yesterday',
    '',
    '1704067200000',
    '2024-01-01T25:00',
    '2024-01-01T10',
  ])('refuses %j', (text) => {
    expect(() => timeRange(text, undefined)).toThrow(`--from '${text}' is no date and no instant.`);
  });

  it('refuses a range that ends before it starts', () => {
    expect(() => timeRange('2024-01-02', '2024-01-02')).toThrow('--from 2024-01-02 is not before --to 2024-01-02.');
    expect(timeRange('2024-01-02', '2024-01-03')).toEqual({ from: Date.UTC(2024, 0, 2), to: Date.UTC(2024, 0, 3) });
    expect(timeRange(undefined, undefined)).toEqual({});
  });
});
