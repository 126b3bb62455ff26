// The bars of W1: a random walk of sums of twelve uniforms, rounded to quarters, so that every sum and mean is exact in a double.
import { generation } from './generation.mjs';
import { Mulberry32 } from './mulberry32.mjs';

/** Start of the first bar. */
export const START = 1_262_304_000_000;
export const MINUTE_MS = 60_000;
/** Rows before a segment's first: the bare loop looks back this far. Zero before the first bar. */
export const LEAD_ROWS = 30;
/** Rows held at once, 48 MB. More rows than this are made again, segment by segment, on every pass. */
const SEGMENT_ROWS = 1_000_000;
/** Rows of a block that the feed hands over. */
export const BLOCK_ROWS = 8_192;

const SIGMA = 0.00015;
const STEPS = 4;
const UNIFORMS = 12;

/**
 * @typedef {object} BarArrays
 * @property {Float64Array} ts
 * @property {Float64Array} open
 * @property {Float64Array} high
 * @property {Float64Array} low
 * @property {Float64Array} close
 * @property {Float64Array} volume
 */
/**
 * @typedef {object} BarSegment
 * @property {BarArrays} arrays `LEAD_ROWS` rows before the first, then `rows`
 * @property {number} first index of its first bar
 * @property {number} rows
 */

/** W1's bars for any seed, one segment in memory at a time. */
export class BarData {
  /** @param {{ rows: number, seed?: number }} options */
  constructor({ rows, seed = 42 }) {
    this.rows = rows;
    this.seed = seed;
    const size = LEAD_ROWS + Math.min(rows, SEGMENT_ROWS);
    const column = () => new Float64Array(size);
    /** @type {BarArrays} */
    this.arrays = {
      ts: column(),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: column(),
    };
    this.#held = -1;
    this.segment(0);
  }
  #held;
  #walk = new Walk(0);

  get segments() {
    return Math.ceil(this.rows / SEGMENT_ROWS);
  }

  /**
   * Segments have to be asked for in order; the first may be asked for at any time. Arrays are used again.
   * @param {number} index
   * @returns {BarSegment}
   */
  segment(index) {
    const first = index * SEGMENT_ROWS;
    const rows = Math.min(SEGMENT_ROWS, this.rows - first);
    if (index !== this.#held) generation.off(() => this.#make(index, rows));
    return { arrays: this.arrays, first, rows };
  }

  #make(index, rows) {
    if (index === 0) this.#walk = new Walk(this.seed);
    else if (index !== this.#held + 1) throw new RangeError(`Segment ${index} was asked for after ${this.#held}.`);
    for (const column of Object.values(this.arrays)) {
      if (index === 0) column.fill(0, 0, LEAD_ROWS);
      else column.copyWithin(0, SEGMENT_ROWS, SEGMENT_ROWS + LEAD_ROWS);
    }
    this.#walk.fill(this.arrays, index * SEGMENT_ROWS, rows);
    this.#held = index;
  }
}

/** The random walk behind the bars: four steps a bar, each of about normal size. */
class Walk {
  #random;
  #price = 4_000;

  constructor(seed) {
    this.#random = new Mulberry32(seed);
  }

  fill({ ts, open, high, low, close, volume }, first, rows) {
    for (let row = LEAD_ROWS; row < LEAD_ROWS + rows; row++) {
      const opening = this.#step();
      let highest = opening;
      let lowest = opening;
      let last = opening;
      for (let step = 1; step < STEPS; step++) {
        last = this.#step();
        if (last > highest) highest = last;
        if (last < lowest) lowest = last;
      }
      ts[row] = START + (first + row - LEAD_ROWS) * MINUTE_MS;
      open[row] = opening;
      high[row] = highest;
      low[row] = lowest;
      close[row] = last;
      volume[row] = 1 + (this.#random.next() % 1_000);
    }
  }

  /** The next price, rounded to a quarter; the walk itself goes on unrounded. */
  #step() {
    let sum = 0;
    for (let i = 0; i < UNIFORMS; i++) sum += this.#random.next();
    const normal = sum / 4_294_967_296 - UNIFORMS / 2;
    this.#price *= 1 + SIGMA * normal;
    return Math.floor(this.#price * 4 + 0.5) / 4;
  }
}

/**
 * The blocks of the bars, as a recorded feed gives them: views of the arrays, good until the next block.
 * @param {BarData} data
 * @param {string} symbol
 */
export function* barBlocks(data, symbol) {
  const spec = { use: 'time', options: { seconds: 60 } };
  for (let index = 0; index < data.segments; index++) {
    const { arrays, rows } = data.segment(index);
    for (let from = LEAD_ROWS; from < LEAD_ROWS + rows; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, LEAD_ROWS + rows);
      const columns = { symbol, length: to - from };
      for (const [name, column] of Object.entries(arrays)) columns[name] = column.subarray(from, to);
      yield { kind: 'bars', columns, spec };
    }
  }
}
