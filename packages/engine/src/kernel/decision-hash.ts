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
 *
 * An order is only noted when it is sent, so that it does not wait for its numbers to be taken; the next decision takes them, or whoever asks.
 */
export class DecisionHash {
  private low = 0x811c9dc5 | 0;
  private high = 0x9747b28c | 0;
  /** An order was sent whose numbers are not taken yet: those below. */
  private hasOrder = false;
  private instrumentIndex = 0;
  private typeLength = 0;
  private signedScaled = -0;
  private limitPrice = Number.NaN;
  private stopPrice = Number.NaN;
  private trail = Number.NaN;
  private createdTs = Number.NaN;

  number(value: number): void {
    if (this.hasOrder) this.#takeOrder();
    ROW[0] = plain(value);
    this.#mix(1);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.number(value.charCodeAt(i));
  }

  order(order: OrderRecord): void {
    if (this.hasOrder) this.#takeOrder();
    this.instrumentIndex = order.owner.instrumentIndex;
    this.signedScaled = order.direction * order.qtyScaled;
    this.typeLength = order.orderType.length;
    this.limitPrice = order.limitPrice;
    this.stopPrice = order.stopPrice;
    this.trail = order.trail;
    this.createdTs = order.createdTs;
    this.hasOrder = true;
  }

  fill(order: OrderRecord, at: number, signedScaled: number, priceScaled: number): void {
    if (this.hasOrder) this.#takeOrder();
    ROW[0] = order.sequence;
    ROW[1] = plain(at);
    ROW[2] = plain(signedScaled);
    ROW[3] = plain(priceScaled);
    this.#mix(4);
  }

  #takeOrder(): void {
    const { trail } = this;
    const hasTrail = trail === trail;
    this.hasOrder = false;
    ROW[0] = this.instrumentIndex;
    ROW[1] = plain(this.signedScaled);
    ROW[2] = this.typeLength;
    ROW[3] = plain(this.limitPrice);
    ROW[4] = plain(this.stopPrice);
    if (hasTrail) ROW[5] = plain(trail);
    ROW[hasTrail ? 6 : 5] = plain(this.createdTs);
    this.#mix(hasTrail ? 7 : 6);
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
    if (this.hasOrder) this.#takeOrder();
    return hex(this.high) + hex(this.low);
  }

  save(): readonly [number, number] {
    if (this.hasOrder) this.#takeOrder();
    return [this.low, this.high];
  }

  load(saved: readonly [number, number]): void {
    this.hasOrder = false;
    this.low = saved[0] | 0;
    this.high = saved[1] | 0;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
