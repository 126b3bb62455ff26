const LARGEST = Number.MAX_SAFE_INTEGER;

/** An exact sum of integers and of products of integers: a double while it fits, a bigint for what does not. */
export class ExactSum {
  #low = 0;
  #high = 0n;

  /** Adds a safe integer. */
  add(integer: number): void {
    const sum = this.#low + integer;
    if (sum <= LARGEST && sum >= -LARGEST) {
      this.#low = sum;
    } else {
      this.#high += BigInt(this.#low) + BigInt(integer);
      this.#low = 0;
    }
  }

  /** Adds the product of two safe integers. */
  addProduct(left: number, right: number): void {
    const product = left * right;
    if (product <= LARGEST && product >= -LARGEST) this.add(product);
    else this.#high += BigInt(left) * BigInt(right);
  }

  /** The exact sum. */
  get value(): bigint {
    return this.#high + BigInt(this.#low);
  }

  /** The double nearest to the sum. */
  get nearest(): number {
    return this.#high === 0n ? this.#low : Number(this.value);
  }

  /** Replaces the sum, as when a saved state is loaded. */
  set(value: bigint): void {
    this.#low = 0;
    this.#high = value;
    if (value <= BigInt(LARGEST) && value >= -BigInt(LARGEST)) {
      this.#low = Number(value);
      this.#high = 0n;
    }
  }
}
