// Statistics of a series of returns. What is not defined is NaN.

/** Arithmetic mean; NaN of nothing. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation (n - 1) in two passes; NaN of fewer than two values, exactly 0 where all are equal. */
export function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  if (values.every((value) => value === values[0])) return 0;
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Root mean square of what falls below `target`, over all values (n); NaN of nothing. */
export function downsideDeviation(values: Float64Array, target: number): number {
  let sum = 0;
  for (const value of values) if (value < target) sum += (value - target) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Returns earned one after the other, as one return; NaN never, 0 of nothing. */
export function compound(returns: Float64Array): number {
  let growth = 1;
  for (const value of returns) growth *= 1 + value;
  return growth - 1;
}

/** The rate of one of `periods` equal periods that compounds to `yearly`. */
export function periodRate(yearly: number, periods: number): number {
  return yearly === 0 ? 0 : (1 + yearly) ** (1 / periods) - 1;
}
