import type { OrderRecord } from '../execution/order-record.js';

const { imul } = Math;
const PRIME = 0x01000193;

/** Last place among the halves of one decision's numbers, a mask. No decision is as long as that: reading it would not come to an end. */
const LAST = 15;
// The numbers of one decision and the halves of each. Of the module and over a buffer of its own, so that V8 knows where they are and how long.
const BYTES = new ArrayBuffer((LAST + 1) * Int32Array.BYTES_PER_ELEMENT);
const ROW = new Float64Array(BYTES);
const HALVES = new Int32Array(BYTES);

/** All NaN are one NaN, and -0 is 0. */
function plain(value: number): number {
  return value === value ? value + 0 : Number.NaN;
}

/**
 * Hash over decisions: every order sent and every fill, in order, then the books. Two lanes of 32 bits, each an FNV-1a step over the
 * two halves of a double, so that equal numbers give equal hashes on every machine. Run epoch and wall clock do not enter.
 */
export class DecisionHash {
  private low = 0x811c9dc5 | 0;
  private high = 0x9747b28c | 0;

  number(value: number): void {
    ROW[0] = plain(value);
    this.#mix(1);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.number(value.charCodeAt(i));
  }

  order(order: OrderRecord): void {
    ROW[0] = order.instrumentIndex;
    ROW[1] = plain(order.direction * order.qtyScaled);
    ROW[2] = order.orderType.length;
    ROW[3] = plain(order.limitPrice);
    ROW[4] = plain(order.stopPrice);
    const { trail } = order;
    const hasTrail = trail === trail;
    if (hasTrail) ROW[5] = plain(trail);
    ROW[hasTrail ? 6 : 5] = plain(order.createdTs);
    this.#mix(hasTrail ? 7 : 6);
  }

  fill(order: OrderRecord, at: number, signedScaled: number, priceScaled: number): void {
    ROW[0] = order.sequence;
    ROW[1] = plain(at);
    ROW[2] = plain(signedScaled);
    ROW[3] = plain(priceScaled);
    this.#mix(4);
  }

  /** Takes so many numbers of the row: both lanes stay in registers meanwhile. */
  #mix(count: number): void {
    let { low, high } = this;
    // What is masked cannot lie outside the row, nor be too large to add to: V8 asks for neither.
    for (let at = 0; at < 2 * count; at = (at + 2) & LAST) {
      const a = HALVES[at] as number;
      const b = HALVES[(at + 1) & LAST] as number;
      low = imul(imul(low ^ a, PRIME) ^ b, PRIME);
      high = imul((high ^ b) + ((high << 13) | (high >>> 19)), 0x5bd1e995) ^ a;
    }
    this.low = low;
    this.high = high;
  }

  /** 16 hexadecimal digits of the decisions so far. */
  digest(): string {
    return hex(this.high) + hex(this.low);
  }

  save(): readonly [number, number] {
    return [this.low, this.high];
  }

  load(saved: readonly [number, number]): void {
    this.low = saved[0] | 0;
    this.high = saved[1] | 0;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
