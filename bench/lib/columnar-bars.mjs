// W1 as a bare loop over typed arrays: what the rules cost when nothing but the rules is done. The yardstick of the engine.
import { LEAD_ROWS } from './bar-data.mjs';
import { HASH_PRIME, HASH_START, hashText } from './fill-hash.mjs';

export const FAST = 10;
export const SLOW = 30;
export const UNITS = 100;
export const FEE_PER_UNIT = 0.125;
export const CASH = 10_000_000;

/** Rows of one call: many short calls are compiled once and for good, where one long one is replaced while it runs. */
const CALL_ROWS = 8_192;

// The state between two calls and what a call is to do, in typed arrays: their elements have one type for ever, so that no value of one run can
// make the compiled loop invalid for the next. With objects made for each call V8 threw the loop away after the first pass and often compiled it
// anew only hundreds of passes later: until then a bar took three times as long, and the engine's ratio was a third of what it is.
const [CASH_AT, FEES, FAST_SUM, SLOW_SUM, EQUITY, PEAK, DRAWDOWN, MONEY_PLACES] = [0, 1, 2, 3, 4, 5, 6, 7];
const [POSITION, TARGET, FILLS, HASH, FROM, TO, SHIFT, COUNT_PLACES] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Runs the rules over all segments.
 * @param {import('./bar-data.mjs').BarData} data
 */
export function columnarBars(data) {
  const money = new Float64Array(MONEY_PLACES);
  money[CASH_AT] = money[EQUITY] = money[PEAK] = CASH;
  const counts = new Int32Array(COUNT_PLACES);
  counts[HASH] = HASH_START;
  let ms = 0;
  for (let index = 0; index < data.segments; index++) {
    const { arrays, first, rows } = data.segment(index);
    const started = performance.now();
    for (let from = 0; from < rows; from += CALL_ROWS) {
      counts[FROM] = LEAD_ROWS + from;
      counts[TO] = LEAD_ROWS + Math.min(from + CALL_ROWS, rows);
      counts[SHIFT] = first - LEAD_ROWS;
      walk(money, counts, arrays);
    }
    ms += performance.now() - started;
  }
  return {
    ms,
    fills: counts[FILLS],
    finalPosition: counts[POSITION],
    cash: money[CASH_AT],
    finalEquity: money[EQUITY],
    fees: money[FEES],
    maxDrawdown: money[DRAWDOWN],
    fillHash: hashText(counts[HASH]),
  };
}

/** Rows FROM to TO of the arrays; row r is bar r + SHIFT. */
function walk(money, counts, { open, close }) {
  const from = counts[FROM];
  const to = counts[TO];
  const shift = counts[SHIFT];
  let cash = money[CASH_AT];
  let fees = money[FEES];
  let fastSum = money[FAST_SUM];
  let slowSum = money[SLOW_SUM];
  let equity = money[EQUITY];
  let peak = money[PEAK];
  let maxDrawdown = money[DRAWDOWN];
  let position = counts[POSITION];
  let target = counts[TARGET];
  let fills = counts[FILLS];
  let hash = counts[HASH];
  for (let row = from; row < to; row++) {
    if (target !== position) {
      const qty = target - position;
      const price = open[row];
      const fee = Math.abs(qty) * FEE_PER_UNIT;
      cash -= qty * price + fee;
      fees += fee;
      position = target;
      fills += 1;
      hash = Math.imul(hash ^ (row + shift), HASH_PRIME);
      hash = Math.imul(hash ^ qty, HASH_PRIME);
      hash = Math.imul(hash ^ (price * 4), HASH_PRIME);
    }
    const price = close[row];
    fastSum += price - close[row - FAST];
    slowSum += price - close[row - SLOW];
    if (row + shift >= SLOW - 1) {
      const scaled = fastSum * (SLOW / FAST);
      if (scaled > slowSum) target = UNITS;
      else if (scaled < slowSum) target = -UNITS;
    }
    equity = cash + position * price;
    if (equity > peak) peak = equity;
    else if (peak - equity > maxDrawdown) maxDrawdown = peak - equity;
  }
  money.set([cash, fees, fastSum, slowSum, equity, peak, maxDrawdown]);
  counts.set([position, target, fills, hash]);
}
