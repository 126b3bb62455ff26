// The quotes of W2: a walk in quarters with irregular times.
import { generation } from './generation.mjs';
import { Mulberry32 } from './mulberry32.mjs';

const START = 1_262_304_000_000;
const START_MID = 16_000;
const LOWEST_MID = 4_000;
const HIGHEST_MID = 64_000;
/** Rows held at once, 6 MB: enough that making them in between disturbs nothing. */
const SEGMENT_ROWS = 262_144;
const BLOCK_ROWS = 16_384;

/** One quote after the other: its time, and its bid and ask in quarters. */
export class QuoteWalk {
  ts = START;
  mid = START_MID;
  spread = 0;
  #random = new Mulberry32(7);

  next() {
    this.ts += 1 + (this.#random.next() % 2_399);
    const draw = this.#random.next();
    const direction = draw & 3;
    if (direction === 0) this.mid -= 1;
    else if (direction === 1) this.mid += 1;
    if (this.mid < LOWEST_MID) this.mid = LOWEST_MID + 1;
    else if (this.mid > HIGHEST_MID) this.mid = HIGHEST_MID - 1;
    this.spread = 1 + ((draw >>> 2) & 1);
  }
}

/** W2's quotes, one segment in memory at a time. */
export class QuoteData {
  #walk = new QuoteWalk();
  #held = -1;

  /** @param {{ rows: number }} options */
  constructor({ rows }) {
    this.rows = rows;
    const column = () => new Float64Array(SEGMENT_ROWS);
    this.arrays = { ts: column(), bid: column(), ask: column() };
  }

  get segments() {
    return Math.ceil(this.rows / SEGMENT_ROWS);
  }

  /**
   * Segments have to be asked for in order; the first may be asked for at any time. Arrays are used again.
   * @param {number} index
   */
  segment(index) {
    const first = index * SEGMENT_ROWS;
    const rows = Math.min(SEGMENT_ROWS, this.rows - first);
    if (index !== this.#held) generation.off(() => this.#make(index, rows));
    return { arrays: this.arrays, first, rows };
  }

  #make(index, rows) {
    if (index === 0) this.#walk = new QuoteWalk();
    else if (index !== this.#held + 1) throw new RangeError(`Segment ${index} was asked for after ${this.#held}.`);
    const walk = this.#walk;
    const { ts, bid, ask } = this.arrays;
    for (let row = 0; row < rows; row++) {
      walk.next();
      ts[row] = walk.ts;
      bid[row] = walk.mid / 4;
      ask[row] = (walk.mid + walk.spread) / 4;
    }
    this.#held = index;
  }
}

/**
 * The blocks of the quotes, as a recorded feed gives them: views of the arrays, good until the next block.
 * @param {QuoteData} data
 * @param {string} symbol
 */
export function* quoteBlocks(data, symbol) {
  for (let index = 0; index < data.segments; index++) {
    const { arrays, rows } = data.segment(index);
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, rows);
      const columns = { symbol, venue: 'reference', length: to - from };
      for (const [name, column] of Object.entries(arrays)) columns[name] = column.subarray(from, to);
      yield { kind: 'ticks', columns };
    }
  }
}
