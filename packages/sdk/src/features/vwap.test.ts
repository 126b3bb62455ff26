import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  cleanBar,
  describeFeatureLaws,
  expectClose,
  expectInvalid,
  overWindows,
  toColumns,
} from './feature-laws.fixture.js';
import { vwap } from './vwap.js';

const lengths = fc.integer({ min: 1, max: 12 });
const sources = fc.constantFrom('close', 'hl2', 'hlc3');

describeFeatureLaws(
  'vwap',
  fc.tuple(lengths, sources).map(([length, source]) => vwap(length, { source })),
);

describe('vwap', () => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(fc.array(cleanBar, { maxLength: 80 }), lengths, (bars, length) => {
        const total = (window: readonly number[]) => window.reduce((sum, value) => sum + value, 0);
        const typical = bars.map((bar) => (bar.high + bar.low + bar.close) / 3);
        const volume = bars.map((bar) => bar.volume);
        const traded = overWindows(
          typical.map((price, i) => price * (volume[i] ?? Number.NaN)),
          length,
          total,
        );
        const units = overWindows(volume, length, total);
        const expected = traded.map((value, i) => value / (units[i] ?? Number.NaN));
        expectClose(vwap(typical, volume, length), expected, 1e-12);
        expectClose(vwap(length).column(toColumns(bars))[0] ?? [], expected, 1e-12);
      }),
    );
  });

  it('gives NaN without volume, even after volumes that do not add up exactly, and recovers at once', () => {
    expect([...vwap([7, 8, 9, 9, 9, 5], [0.1, 0.2, 0.3, 0, 0, 4], 2)].slice(3)).toEqual([9, Number.NaN, 5]);
  });

  it('names itself by its parameters and refuses bad ones', () => {
    expect([vwap(20).name, vwap(20, { source: 'close' }).name]).toEqual(['vwap(20)', 'vwap(20, source=close)']);
    expectInvalid(() => vwap(0), 'vwap: the length');
    expectInvalid(() => vwap([1], [1, 2], 1), 'they hold 1 and 2 values');
  });
});
