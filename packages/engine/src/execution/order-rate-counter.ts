import type { EpochMs } from '@bookrunner/sdk';

const CAPACITY = 4_096;

/** Counts orders over a sliding minute of kernel time; a ring of send times, oldest overwritten beyond 4,096 a minute. */
export class OrderRateCounter {
  readonly #times = new Float64Array(CAPACITY);
  #count = 0;

  add(at: EpochMs): void {
    this.#times[this.#count % CAPACITY] = at;
    this.#count += 1;
  }

  /** The send times still held, oldest first. */
  save(): readonly number[] {
    const held = Math.min(this.#count, CAPACITY);
    return Array.from({ length: held }, (_, i) => this.#times[(this.#count - held + i) % CAPACITY] as number);
  }

  load(times: readonly number[]): void {
    this.#count = 0;
    for (const at of times) this.add(at);
  }

  /** Orders sent after the instant. */
  since(instant: EpochMs): number {
    const oldest = Math.max(0, this.#count - CAPACITY);
    let index = this.#count;
    while (index > oldest && (this.#times[(index - 1) % CAPACITY] as number) > instant) index -= 1;
    return this.#count - index;
  }
}
