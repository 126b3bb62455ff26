// The laws of interfaces/feature.ts and of index.ts as property tests, for each feature's test to call.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Feature, FeatureState } from '../interfaces/feature.js';
import type { BarColumns, BarValues } from '../model/bar.js';

/** Bars with a price step of 0.01, any of whose prices may repeat; volume at least 0.1 and inexact, as of crypto assets. */
export const cleanBar: fc.Arbitrary<BarValues> = fc
  .tuple(
    fc.integer({ min: 900, max: 1100 }),
    fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20)),
    fc.integer({ min: 1, max: 500 }),
  )
  .map(([base, [a, b, c, d], volume]) => {
    const low = base - a;
    const high = base + b;
    return {
      open: Math.min(high, low + c) / 100,
      high: high / 100,
      low: low / 100,
      close: Math.max(low, high - d) / 100,
      volume: volume / 10,
    };
  });

/** A bar no number of which is finite, so that every feature sees a gap. */
export const GAP: BarValues = {
  open: Number.NaN,
  high: Number.NaN,
  low: Number.NaN,
  close: Number.NaN,
  volume: Number.NaN,
};

const badNumber = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

/** A clean bar with one or more numbers spoilt. */
const spoiltBar: fc.Arbitrary<BarValues> = fc
  .tuple(cleanBar, fc.subarray(['open', 'high', 'low', 'close', 'volume'] as const, { minLength: 1 }), badNumber)
  .map(([bar, fields, bad]) => ({ ...bar, ...Object.fromEntries(fields.map((field) => [field, bad])) }));

/** Bars of which some are spoilt. */
const dirtyBars = fc.array(fc.oneof({ weight: 12, arbitrary: cleanBar }, { weight: 1, arbitrary: spoiltBar }), {
  maxLength: 80,
});

/** Columns of a list of bars, one minute each. */
export function toColumns(bars: readonly BarValues[]): BarColumns {
  const field = (name: keyof BarValues) => Float64Array.from(bars, (bar) => bar[name]);
  return {
    symbol: 'TEST',
    length: bars.length,
    ts: Float64Array.from(bars, (_, i) => i * 60_000),
    open: field('open'),
    high: field('high'),
    low: field('low'),
    close: field('close'),
    volume: field('volume'),
  };
}

/** What a state gives bar by bar: one row of outputs a bar. */
export function rowsOf(
  feature: Feature,
  bars: readonly BarValues[],
  state: FeatureState = feature.create(),
): number[][] {
  const width = feature.outputs.length;
  return bars.map((bar) => {
    // Written past the first cell and checked there, so that a wrong offset shows.
    const out = new Float64Array(width + 2).fill(7);
    state.update(bar, out, 1);
    if (out[0] !== 7 || out[width + 1] !== 7) throw new Error(`${feature.name} wrote outside its outputs`);
    return [...out.subarray(1, width + 1)];
  });
}

/** Fails unless both lists hold the same bits, NaN being equal to NaN and 0 different from −0. */
export function expectSameBits(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((row, i) => {
    row.forEach((value, k) => {
      if (!Object.is(value, expected[i]?.[k]))
        throw new Error(`bar ${i}, output ${k}: ${value} is not ${expected[i]?.[k]}`);
    });
  });
}

/** Fails unless the lists agree within `tolerance` × (1 + magnitude) and have NaN in the same places. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const found = actual[i] ?? Number.POSITIVE_INFINITY;
    const isClose = Number.isNaN(value)
      ? Number.isNaN(found)
      : Math.abs(found - value) <= tolerance * (1 + Math.abs(value));
    if (!isClose) throw new Error(`value ${i}: ${found} is not within ${tolerance} of ${value}`);
  });
}

/** A definition applied to each full window of `length` values; NaN before. */
export function overWindows(
  series: readonly number[],
  length: number,
  definition: (window: readonly number[]) => number,
): number[] {
  return series.map((_, i) => (i + 1 < length ? Number.NaN : definition(series.slice(i + 1 - length, i + 1))));
}

/** Registers the laws for features drawn from `features`. */
export function describeFeatureLaws(title: string, features: fc.Arbitrary<Feature>): void {
  describe(`laws of ${title}`, () => {
    obeysFormLaws(features);
    obeysStateLaws(features);
    obeysGapLaws(features);
    refusesForeignState(features);
  });
}

function obeysFormLaws(features: fc.Arbitrary<Feature>): void {
  it('gives the same bits bar by bar and over columns, gaps included', () => {
    fc.assert(
      fc.property(features, dirtyBars, (feature, bars) => {
        const columns = feature.column(toColumns(bars));
        expect(columns.length).toBe(feature.outputs.length);
        for (const column of columns) expect(column.length).toBe(bars.length);
        expectSameBits(
          rowsOf(feature, bars),
          bars.map((_, i) => columns.map((column) => column[i] ?? Number.NEGATIVE_INFINITY)),
        );
      }),
    );
  });

  it('gives its first values with bar number warmup, and values from then on', () => {
    fc.assert(
      fc.property(features, fc.array(cleanBar, { minLength: 60, maxLength: 70 }), (feature, bars) => {
        rowsOf(feature, bars).forEach((row, i) => {
          const isRight = row.every((value) => Number.isFinite(value) === i + 1 >= feature.warmup);
          if (!isRight) throw new Error(`${feature.name}, bar number ${i + 1}: ${row.join()}`);
        });
      }),
    );
  });

  it('is frozen', () => {
    fc.assert(
      fc.property(features, (feature) => {
        expect(Object.isFrozen(feature) && Object.isFrozen(feature.outputs)).toBe(true);
      }),
    );
  });
}

function obeysStateLaws(features: fc.Arbitrary<Feature>): void {
  it('continues from a saved state as if it had never stopped, and saving disturbs nothing', () => {
    fc.assert(
      fc.property(features, dirtyBars, dirtyBars, dirtyBars, (feature, before, after, other) => {
        const first = feature.create();
        rowsOf(feature, before, first);
        const saved = Array.from(first.save());
        const second = feature.create();
        rowsOf(feature, other, second);
        second.load(saved);
        expectSameBits([second.save()], [saved]);
        const expected = rowsOf(feature, [...before, ...after]).slice(before.length);
        expectSameBits(rowsOf(feature, after, first), expected);
        expectSameBits(rowsOf(feature, after, second), expected);
      }),
    );
  });

  it('is like new after reset, and states share nothing', () => {
    fc.assert(
      fc.property(features, dirtyBars, dirtyBars, (feature, before, after) => {
        const used = feature.create();
        const idle = feature.create();
        rowsOf(feature, before, used);
        expectSameBits(rowsOf(feature, after, idle), rowsOf(feature, after));
        used.reset();
        expectSameBits([used.save()], [feature.create().save()]);
        expectSameBits(rowsOf(feature, after, used), rowsOf(feature, after));
      }),
    );
  });
}

function obeysGapLaws(features: fc.Arbitrary<Feature>): void {
  it('gives NaN at a gap and is like new from the next bar on', () => {
    fc.assert(
      fc.property(features, dirtyBars, dirtyBars, (feature, before, after) => {
        const rows = rowsOf(feature, [...before, GAP, ...after]).slice(before.length);
        expect(rows[0]?.every((value) => Number.isNaN(value))).toBe(true);
        expectSameBits(rows.slice(1), rowsOf(feature, after));
      }),
    );
  });

  it('takes a bar with any number it reads spoilt as a gap', () => {
    const warm = fc.array(cleanBar, { minLength: 60, maxLength: 70 });
    fc.assert(
      fc.property(features, warm, spoiltBar, dirtyBars, (feature, before, spoilt, after) => {
        const rows = rowsOf(feature, [...before, spoilt, ...after]).slice(before.length);
        const isRead = rows[0]?.some((value) => !Number.isFinite(value)) === true;
        if (isRead) {
          expect(rows[0]?.every((value) => Number.isNaN(value))).toBe(true);
          expectSameBits(rows.slice(1), rowsOf(feature, after));
        }
      }),
    );
  });
}

function refusesForeignState(features: fc.Arbitrary<Feature>): void {
  it('refuses a saved state of another shape and is then like new', () => {
    fc.assert(
      fc.property(features, dirtyBars, fc.constantFrom(-1, 1), (feature, bars, change) => {
        const state = feature.create();
        rowsOf(feature, bars, state);
        const saved = Array.from(state.save());
        const wrong = change < 0 ? saved.slice(0, -1) : [...saved, 0];
        expect(() => state.load(wrong)).toThrow(expect.objectContaining({ code: 'FEATURE_INVALID' }));
        expectSameBits([state.save()], [feature.create().save()]);
      }),
    );
  });
}

/** Fails unless the call throws FEATURE_INVALID with `text` in its message. */
export function expectInvalid(call: () => unknown, text: string): void {
  expect(call).toThrow(expect.objectContaining({ code: 'FEATURE_INVALID', message: expect.stringContaining(text) }));
}
