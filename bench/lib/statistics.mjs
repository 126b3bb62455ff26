/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * @param {Iterable<number>} values
 * @param {number} share from 0 to 1; between two values, the line between them
 */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place));
}

/**
 * Slope of the straight line of least squares through the values, per step.
 * @param {readonly number[]} values
 */
export function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  values.forEach((value, step) => {
    covariance += (step - middle) * (value - mean);
    variance += (step - middle) ** 2;
  });
  return covariance / variance;
}

/**
 * Median of the slopes between all pairs of values, per step (Theil and Sen): a hump in the middle does not tilt it.
 * @param {readonly number[]} values
 */
export function robustSlope(values) {
  const slopes = values.flatMap((first, from) =>
    values.slice(from + 1).map((last, distance) => (last - first) / (distance + 1)),
  );
  return median(slopes);
}

/**
 * @param {number} value
 * @param {number} digits that count
 */
export function rounded(value, digits = 4) {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
