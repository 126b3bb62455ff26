import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { donchian } from './donchian.js';
import { cleanBar, describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';

const lengths = fc.integer({ min: 1, max: 12 });

describeFeatureLaws(
  'donchian',
  lengths.map((length) => donchian(length)),
);

describe('donchian', () => {
  it('is the highest high, the lowest low and halfway between', () => {
    fc.assert(
      fc.property(fc.array(cleanBar, { maxLength: 80 }), lengths, (bars, length) => {
        const high = bars.map((bar) => bar.high);
        const low = bars.map((bar) => bar.low);
        const upper = overWindows(high, length, (window) => Math.max(...window));
        const lower = overWindows(low, length, (window) => Math.min(...window));
        const found = donchian(high, low, length);
        expectClose(found.upper, upper, 0);
        expectClose(found.lower, lower, 0);
        expectClose(
          found.middle,
          upper.map((value, i) => (value + (lower[i] ?? Number.NaN)) / 2),
          0,
        );
      }),
    );
  });

  it('treats a bar with one bad price as a gap in all three', () => {
    const { upper, lower, middle } = donchian([3, Number.NaN, 5, 6], [1, 2, 2, 3], 2);
    for (const column of [upper, lower, middle])
      expect([...column.subarray(0, 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([upper[3], lower[3], middle[3]]).toEqual([6, 2, 4]);
  });

  it('refuses bad parameters', () => {
    expect([donchian(20).name, donchian(20).outputs]).toEqual(['donchian(20)', ['upper', 'lower', 'middle']]);
    expectInvalid(() => donchian(0), 'donchian: the length');
    expectInvalid(() => donchian([1], [1, 2], 1), 'they hold 1 and 2 values');
  });
});
