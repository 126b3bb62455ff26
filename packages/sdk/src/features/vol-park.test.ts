import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { cleanBar, describeFeatureLaws, expectClose, expectInvalid, overWindows } from './feature-laws.fixture.js';
import { volPark } from './vol-park.js';

const lengths = fc.integer({ min: 1, max: 12 });

describeFeatureLaws(
  'volPark',
  fc.tuple(lengths, fc.constantFrom(1, 252)).map(([length, periodsPerYear]) => volPark(length, { periodsPerYear })),
);

describe('volPark', () => {
  it('agrees with its definition, per bar and per year', () => {
    fc.assert(
      fc.property(fc.array(cleanBar, { maxLength: 80 }), lengths, (bars, length) => {
        const high = bars.map((bar) => bar.high);
        const low = bars.map((bar) => bar.low);
        const ranges = bars.map((bar) => Math.log(bar.high) - Math.log(bar.low));
        const expected = overWindows(ranges, length, (window) =>
          Math.sqrt(window.reduce((sum, range) => sum + range ** 2, 0) / (4 * length * Math.log(2))),
        );
        expectClose(volPark(high, low, length), expected, 1e-12);
        expectClose(
          volPark(high, low, length, { periodsPerYear: 252 }),
          expected.map((value) => value * Math.sqrt(252)),
          1e-12,
        );
      }),
    );
  });

  it('counts prices that are not above 0 as a gap', () => {
    const high = [2, 2, -1, 1, 2, 2];
    const low = [1, 1, -2, 0, 1, 1];
    expect([...volPark(high, low, 2)].map((value) => Number.isNaN(value))).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('refuses bad parameters', () => {
    expect([volPark(20).name, volPark(20, { periodsPerYear: 252 }).name]).toEqual([
      'volPark(20)',
      'volPark(20, periodsPerYear=252)',
    ]);
    expectInvalid(() => volPark(0), 'volPark: the length');
    expectInvalid(() => volPark(5, { periodsPerYear: 0 }), 'periodsPerYear has to be a finite number above 0');
    expectInvalid(() => volPark([1], [1, 2], 1), 'they hold 1 and 2 values');
  });
});
