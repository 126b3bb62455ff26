import type { Feature, FeatureSet } from '../interfaces/feature.js';
import type { BarColumns } from '../model/bar.js';
import { featureInvalid } from './parameters.js';

/** What {@link featurePipeline} gives: a column for a feature with one output, an object of columns for several. */
export type FeatureColumns<F extends FeatureSet> = {
  readonly [Key in keyof F]: F[Key] extends Feature<infer Output>
    ? 'value' extends Output
      ? Float64Array
      : { readonly [Name in Output]: Float64Array }
    : never;
};

/**
 * All features of a set over columns of bars, by the names the set gave them. Each column has `bars.length` values, NaN until
 * its feature is warm, and equals to the last bit what a live strategy reads bar by bar. Features of equal name are computed once.
 *
 * ```ts
 * const { fast, bands } = featurePipeline(bars, { fast: sma(10), bands: bollinger(20) });
 * fast[i] > bands.upper[i];
 * ```
 * Errors: FEATURE_INVALID where a feature returns columns that do not match its outputs or the bars.
 */
export function featurePipeline<F extends FeatureSet>(bars: BarColumns, features: F): FeatureColumns<F> {
  const known = new Map<string, readonly Float64Array[]>();
  const result: Record<string, Float64Array | Readonly<Record<string, Float64Array>>> = {};
  for (const [key, feature] of Object.entries(features)) {
    const columns = known.get(feature.name) ?? checkedColumns(bars, feature);
    known.set(feature.name, columns);
    const [first] = columns;
    const isSingle = feature.outputs.length === 1 && feature.outputs[0] === 'value';
    result[key] =
      isSingle && first !== undefined
        ? first
        : Object.freeze(Object.fromEntries(columns.map((column, k) => [feature.outputs[k] ?? String(k), column])));
  }
  return Object.freeze(result) as FeatureColumns<F>;
}

function checkedColumns(bars: BarColumns, feature: Feature): readonly Float64Array[] {
  const columns = feature.column(bars);
  if (columns.length !== feature.outputs.length) {
    throw featureInvalid(
      feature.name,
      `it declares ${feature.outputs.length} outputs and returned ${columns.length} columns`,
    );
  }
  for (const column of columns) {
    if (column.length !== bars.length) {
      throw featureInvalid(feature.name, `it returned ${column.length} values for ${bars.length} bars`);
    }
  }
  return columns;
}
