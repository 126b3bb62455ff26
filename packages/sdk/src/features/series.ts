import { featureInvalid } from './parameters.js';

/** Numbers in time order, oldest first. A Float64Array is read in place, anything else is copied once. */
export type Series = Float64Array | readonly number[];

/** Whether the first argument of a feature function is a series rather than a parameter. */
export function isSeries(value: unknown): value is Series {
  return value instanceof Float64Array || Array.isArray(value) || isForeignArray(value);
}

/** A series as a Float64Array; throws FEATURE_INVALID for anything else. */
export function toSeries(feature: string, series: unknown): Float64Array {
  if (series instanceof Float64Array) return series;
  if (!isSeries(series)) throw featureInvalid(feature, 'a series has to be a Float64Array or an array of numbers');
  return Float64Array.from(series);
}

/** The second and third series of a feature, which need the length of the first. */
export function toSeriesOfLength(feature: string, series: unknown, length: number): Float64Array {
  const column = toSeries(feature, series);
  if (column.length !== length) {
    throw featureInvalid(
      feature,
      `the series have to be of equal length; they hold ${length} and ${column.length} values`,
    );
  }
  return column;
}

/** A Float64Array of another realm (a vm context), where `instanceof` is false. */
function isForeignArray(value: unknown): value is Float64Array {
  return Object.prototype.toString.call(value) === '[object Float64Array]';
}
