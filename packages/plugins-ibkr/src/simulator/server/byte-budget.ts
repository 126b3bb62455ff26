import type { CutStyle } from './fault-rules.js';

/** How much of some bytes may still be written, and how the connection ends after them. */
export interface ByteLimit {
  readonly allowed: number;
  readonly how: CutStyle;
}

/** Counts the bytes to all clients down to a cut, which comes in the middle of whatever is written then. */
export class ByteBudget {
  #left = Infinity;
  #how: CutStyle = 'rst';

  set(bytes: number, how: CutStyle): void {
    this.#left = bytes;
    this.#how = how;
  }

  clear(): void {
    this.#left = Infinity;
  }

  /** Takes bytes from it; a limit where the last one is among them. */
  spend(bytes: number): ByteLimit | undefined {
    const allowed = this.#left;
    this.#left -= bytes;
    if (this.#left > 0) return undefined;
    this.clear();
    return { allowed, how: this.#how };
  }
}
