import { describe, expect, it } from '@jest/globals';
import {
  formatCount,
  formatDate,
  formatDuration,
  formatExact,
  formatNumber,
  formatPercent,
  formatRate,
  formatSigned,
  formatSignedPercent,
  formatTime,
} from './format.js';

describe('formats', () => {
  it('groups digits, uses a true minus and has no minus zero', () => {
    expect([0, -0.001, 1234567.891, -999.5, 12].map((value) => formatNumber(value))).toEqual([
      '0.00',
      '0.00',
      '1,234,567.89',
      '−999.50',
      '12.00',
    ]);
    expect([formatNumber(null), formatNumber(Number.NaN), formatNumber(Number.NEGATIVE_INFINITY)]).toEqual([
      '–',
      '–',
      '−∞',
    ]);
    expect(formatCount(1_000_000)).toBe('1,000,000');
    expect(formatNumber(1e21)).toBe('1e+21');
  });

  it('puts a sign before gains, not before nothing', () => {
    expect([5, -5, 0, 0.001].map((value) => formatSigned(value))).toEqual(['+5.00', '−5.00', '0.00', '0.00']);
    expect([formatPercent(0.1234), formatSignedPercent(0.1), formatPercent(null)]).toEqual(['12.34%', '+10.00%', '–']);
  });

  it('shows the digits a price has', () => {
    expect([1.1, 1.08755, 100, 0.1 + 0.2, null].map(formatExact)).toEqual(['1.1', '1.08755', '100', '0.3', '–']);
  });

  it('shows instants in UTC and lengths in units people use', () => {
    expect(formatTime(Date.UTC(2024, 4, 6, 13, 30))).toBe('2024-05-06 13:30:00');
    expect(formatTime(Date.UTC(2024, 4, 6, 13, 30, 0, 5))).toBe('2024-05-06 13:30:00.005');
    expect([formatTime(null), formatTime(Number.NaN), formatDate(Date.UTC(2024, 4, 6, 23))]).toEqual([
      '–',
      '–',
      '2024-05-06',
    ]);
    expect([85, 3210, 252_000, 7_500_000, 273_600_000, null].map(formatDuration)).toEqual([
      '85 ms',
      '3.21 s',
      '4 min 12 s',
      '2 h 05 min',
      '3 d 04 h',
      '–',
    ]);
    expect([formatRate(9_840_000), formatRate(12_300)]).toEqual(['9.8 million', '12,300']);
  });
});
