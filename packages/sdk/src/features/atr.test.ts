import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { atr } from './atr.js';
import { cleanBar, describeFeatureLaws, expectClose, expectInvalid } from './feature-laws.fixture.js';

const lengths = fc.integer({ min: 1, max: 12 });

describeFeatureLaws(
  'atr',
  lengths.map((length) => atr(length)),
);

describe('atr', () => {
  it('agrees with its definition: the largest of three ranges, in the printed recursion', () => {
    fc.assert(
      fc.property(fc.array(cleanBar, { maxLength: 80 }), lengths, (bars, length) => {
        let average = 0;
        const expected = bars.map(({ high, low }, i) => {
          const previous = bars[i - 1]?.close;
          const range =
            previous === undefined
              ? high - low
              : Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
          average = i < length ? average + range / length : (average * (length - 1) + range) / length;
          return i + 1 < length ? Number.NaN : average;
        });
        const [high, low, close] = (['high', 'low', 'close'] as const).map((field) => bars.map((bar) => bar[field]));
        expectClose(atr(high ?? [], low ?? [], close ?? [], length), expected, 1e-12);
      }),
    );
  });

  it('counts a gap between bars as range', () => {
    expect([...atr([10, 21], [9, 20], [9.5, 20.5], 1)]).toEqual([1, 11.5]);
    expect([...atr([10, 5], [9, 4], [9.5, 4.5], 1)]).toEqual([1, 5.5]);
  });

  it('refuses bad parameters', () => {
    expect([atr(14).name, atr(14).warmup]).toEqual(['atr(14)', 14]);
    expectInvalid(() => atr(0), 'atr: the length has to be');
    expectInvalid(() => atr([1, 2], [1], [1, 2], 1), 'they hold 2 and 1 values');
    expectInvalid(() => atr([1, 2], 'x' as unknown as number[], [1, 2], 1), 'a series has to be');
  });
});
