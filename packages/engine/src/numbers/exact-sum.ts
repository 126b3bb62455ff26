const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * An exact sum of integers and of products of integers: a double while it fits 2^53, a bigint for what does not. Ten times
 * faster than a bigint in the hot path, and exactly as exact.
 */
export class ExactSum {
  #low = 0;
  /** What the double does not hold; undefined while it holds all, which is asked at every read: to compare with 0n is a call. */
  #high: bigint | undefined = undefined;

  /** Whether the sum is zero. */
  get isZero(): boolean {
    return this.#low === 0 && (this.#high === undefined || this.#high === 0n);
  }

  /** Adds a safe integer. */
  add(integer: number): void {
    const sum = this.#low + integer;
    if (sum <= LARGEST && sum >= -LARGEST) {
      this.#low = sum;
    } else {
      this.#addHigh(BigInt(this.#low) + BigInt(integer));
      this.#low = 0;
    }
  }

  /** Adds the product of two safe integers. */
  addProduct(left: number, right: number): void {
    const product = left * right;
    if (product <= LARGEST && product >= -LARGEST) this.add(product);
    else this.#addHigh(BigInt(left) * BigInt(right));
  }

  /** Subtracts another sum. */
  subtract(other: ExactSum): void {
    this.add(-other.#low);
    if (other.#high !== undefined) this.#addHigh(-other.#high);
  }

  /** The exact sum. */
  get value(): bigint {
    return (this.#high ?? 0n) + BigInt(this.#low);
  }

  /** The double nearest to the sum. */
  get nearest(): number {
    return this.#high === undefined ? this.#low : Number(this.value);
  }

  /** Replaces the sum. */
  set(value: bigint): void {
    this.#low = 0;
    this.#high = value;
    if (value <= BigInt(LARGEST) && value >= -BigInt(LARGEST)) {
      this.#low = Number(value);
      this.#high = undefined;
    }
  }

  clear(): void {
    this.#low = 0;
    this.#high = undefined;
  }

  #addHigh(value: bigint): void {
    this.#high = (this.#high ?? 0n) + value;
  }
}
