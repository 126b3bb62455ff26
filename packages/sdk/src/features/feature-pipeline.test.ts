import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Feature } from '../interfaces/feature.js';
import { bollinger } from './bollinger.js';
import { cleanBar, expectInvalid, expectSameBits, rowsOf, toColumns } from './feature-laws.fixture.js';
import { featurePipeline } from './feature-pipeline.js';
import { rsi } from './rsi.js';
import { sma } from './sma.js';

describe('featurePipeline', () => {
  it('gives research what live reads, under the names of the set', () => {
    fc.assert(
      fc.property(fc.array(cleanBar, { maxLength: 60 }), (bars) => {
        const set = { fast: sma(3), strength: rsi(5), bands: bollinger(4) };
        const { fast, strength, bands } = featurePipeline(toColumns(bars), set);
        const rows = (feature: Feature) => rowsOf(feature, bars);
        expectSameBits(
          Array.from(fast, (value) => [value]),
          rows(set.fast),
        );
        expectSameBits(
          Array.from(strength, (value) => [value]),
          rows(set.strength),
        );
        expectSameBits(
          Array.from(bands.middle, (value, i) => [value, bands.upper[i] ?? 0, bands.lower[i] ?? 0]),
          rows(set.bands),
        );
      }),
    );
  });

  it('computes features of equal name once', () => {
    const columns = featurePipeline(toColumns([]), { a: sma(3), b: sma(3), c: sma(4) });
    expect(columns.a).toBe(columns.b);
    expect(columns.c).not.toBe(columns.a);
  });

  it('refuses a feature whose columns do not match', () => {
    const bars = toColumns([]);
    const one = sma(3);
    expectInvalid(
      () => featurePipeline(bars, { bad: { ...one, column: () => [] } }),
      'sma(3): it declares 1 outputs and returned 0 columns',
    );
    expectInvalid(
      () => featurePipeline(bars, { bad: { ...one, column: () => [new Float64Array(2)] } }),
      'it returned 2 values for 0 bars',
    );
  });
});
