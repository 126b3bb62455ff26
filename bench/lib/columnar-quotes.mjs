// W2 as a bare loop over typed arrays.
import { CASH, FAST, FEE_PER_UNIT, SLOW, UNITS } from './columnar-bars.mjs';
import { HASH_PRIME, HASH_START, hashText } from './fill-hash.mjs';

const MINUTE_MS = 60_000;
/** Places of the ring of closes, a power of two above `SLOW`. */
const RING = 32;

/** Rows of one call, as in the loop over bars. */
const CALL_ROWS = 16_384;

class Account {
  position = 0;
  cash = CASH + 0.5;
  fills = 0;
  hash = HASH_START | 0;
  fastSum = 0.5;
  slowSum = 0.5;
  bars = 0;
  closes = new Float64Array(RING);
  /** End of the running bar and last mid; elements of typed arrays have one type for ever. */
  market = new Float64Array([0, Number.NaN]);

  // Fields hold fractions first, so that they are doubles for ever.
  constructor() {
    this.cash = CASH;
    this.fastSum = 0;
    this.slowSum = 0;
  }
}

/**
 * Runs the rules over all segments.
 * @param {import('./quote-data.mjs').QuoteData} data
 */
export function columnarQuotes(data) {
  const account = new Account();
  let ms = 0;
  for (let index = 0; index < data.segments; index++) {
    const { arrays, first, rows } = data.segment(index);
    const started = performance.now();
    for (let from = 0; from < rows; from += CALL_ROWS) {
      walk(account, arrays, { from, to: Math.min(from + CALL_ROWS, rows), first });
    }
    ms += performance.now() - started;
  }
  return {
    ms,
    bars: account.bars,
    fills: account.fills,
    finalEquity: account.cash + account.position * account.market[1],
    fillHash: hashText(account.hash),
  };
}

/** A bar closes with the first quote of a later minute; that quote fills the order before it enters the new bar. */
function walk(account, { ts, bid, ask }, { from, to, first }) {
  const { market } = account;
  let [barEnd, mid] = market;
  for (let row = from; row < to; row++) {
    const at = ts[row];
    if (at >= barEnd) {
      if (barEnd > 0) {
        const target = closeBar(account, mid);
        if (target !== account.position) fill(account, { target, index: first + row, bid: bid[row], ask: ask[row] });
      }
      barEnd = (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
    }
    mid = (bid[row] + ask[row]) / 2;
  }
  market[0] = barEnd;
  market[1] = mid;
}

function closeBar(account, close) {
  const { closes, bars } = account;
  account.fastSum += close - closes[(bars - FAST) & (RING - 1)];
  account.slowSum += close - closes[(bars - SLOW) & (RING - 1)];
  closes[bars & (RING - 1)] = close;
  account.bars = bars + 1;
  const scaled = account.fastSum * (SLOW / FAST);
  if (account.bars < SLOW || scaled === account.slowSum) return account.position;
  return scaled > account.slowSum ? UNITS : -UNITS;
}

function fill(account, { target, index, bid, ask }) {
  const qty = target - account.position;
  const price = qty > 0 ? ask : bid;
  account.cash -= qty * price + Math.abs(qty) * FEE_PER_UNIT;
  account.position = target;
  account.fills += 1;
  let hash = Math.imul(account.hash ^ index, HASH_PRIME);
  hash = Math.imul(hash ^ qty, HASH_PRIME);
  account.hash = Math.imul(hash ^ (price * 4), HASH_PRIME);
}
