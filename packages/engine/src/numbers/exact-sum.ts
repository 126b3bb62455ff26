const LARGEST = Number.MAX_SAFE_INTEGER;
/** V8 keeps 0 as a small integer and moves the field, and its code, at the first larger sum; a field that began as this is a double. */
const DOUBLE = 0.5;

/**
 * An exact sum of integers and of products of integers: a double while it fits 2^53, a bigint for what does not. Ten times
 * faster than a bigint in the hot path, and exactly as exact. What does not fit has methods of its own, so that the rest is short.
 */
export class ExactSum {
  private low = DOUBLE;
  /** What the double does not hold; undefined while it holds all, which is asked at every read: to compare with 0n is a call. */
  private high: bigint | undefined = undefined;

  constructor() {
    this.low = 0;
  }

  /** Whether the sum is zero. */
  get isZero(): boolean {
    return this.low === 0 && (this.high === undefined || this.high === 0n);
  }

  /** Adds a safe integer. */
  add(integer: number): void {
    const sum = this.low + integer;
    if (sum <= LARGEST && sum >= -LARGEST) this.low = sum;
    else this.#carry(integer);
  }

  /** Adds the product of two safe integers. */
  addProduct(left: number, right: number): void {
    const product = left * right;
    if (product <= LARGEST && product >= -LARGEST) this.add(product);
    else this.#addHigh(BigInt(left) * BigInt(right));
  }

  /** Subtracts another sum. */
  subtract(other: ExactSum): void {
    this.add(-other.low);
    if (other.high !== undefined) this.#addHigh(-other.high);
  }

  /** The exact sum. */
  get value(): bigint {
    return (this.high ?? 0n) + BigInt(this.low);
  }

  /** The double nearest to the sum. */
  get nearest(): number {
    return this.high === undefined ? this.low : Number(this.value);
  }

  /** Replaces the sum. */
  set(value: bigint): void {
    this.low = 0;
    this.high = value;
    if (value <= BigInt(LARGEST) && value >= -BigInt(LARGEST)) {
      this.low = Number(value);
      this.high = undefined;
    }
  }

  clear(): void {
    this.low = 0;
    this.high = undefined;
  }

  /** Adds what the double has no room for, and empties it. */
  #carry(integer: number): void {
    this.#addHigh(BigInt(this.low) + BigInt(integer));
    this.low = 0;
  }

  #addHigh(value: bigint): void {
    this.high = (this.high ?? 0n) + value;
  }
}
