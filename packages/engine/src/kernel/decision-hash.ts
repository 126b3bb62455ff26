import type { OrderRecord } from '../execution/order-record.js';

const { imul } = Math;
const PRIME = 0x01000193;

// One double and its two halves. Of the module and over a buffer of its own, so that V8 knows where they are and how long.
const BYTES = new ArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
const DOUBLE = new Float64Array(BYTES);
const HALVES = new Int32Array(BYTES);

/**
 * Hash over decisions: every order sent and every fill, in order, then the books. Two lanes of 32 bits, each an FNV-1a step over the
 * two halves of a double, so that equal numbers give equal hashes on every machine. Run epoch and wall clock do not enter.
 */
export class DecisionHash {
  #low = 0x811c9dc5 | 0;
  #high = 0x9747b28c | 0;

  number(value: number): void {
    // All NaN are one NaN, and -0 is 0.
    DOUBLE[0] = value === value ? value + 0 : Number.NaN;
    const a = HALVES[0] as number;
    const b = HALVES[1] as number;
    const high = this.#high;
    this.#low = imul(imul(this.#low ^ a, PRIME) ^ b, PRIME);
    this.#high = imul((high ^ b) + ((high << 13) | (high >>> 19)), 0x5bd1e995) ^ a;
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.number(value.charCodeAt(i));
  }

  order(order: OrderRecord): void {
    this.number(order.instrumentIndex);
    this.number(order.direction * order.qtyScaled);
    this.number(order.orderType.length);
    this.number(order.limitPrice);
    this.number(order.stopPrice);
    if (order.trail === order.trail) this.number(order.trail);
    this.number(order.createdTs);
  }

  fill(order: OrderRecord, at: number, signedScaled: number, priceScaled: number): void {
    this.number(order.sequence);
    this.number(at);
    this.number(signedScaled);
    this.number(priceScaled);
  }

  /** 16 hexadecimal digits of the decisions so far. */
  digest(): string {
    return hex(this.#high) + hex(this.#low);
  }

  save(): readonly [number, number] {
    return [this.#low, this.#high];
  }

  load(saved: readonly [number, number]): void {
    this.#low = saved[0] | 0;
    this.#high = saved[1] | 0;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
