// Where frames begin in what the gateway sends. A length that cannot be means that nobody knows any more.

/** Longest frame that either side takes. */
export const LONGEST_FRAME = 0xff_ff_ff;
const LENGTH_BYTES = 4;

/** Follows the lengths of frames through a stream that is cut anywhere. */
export class FrameScan {
  /** Bytes of the present frame that are still to come. */
  #toCome = 0;
  #length = 0;
  #lengthBytes = 0;

  /** How many of these bytes belong to frames; fewer than there are where a length cannot be. */
  sound(bytes: Uint8Array): number {
    let at = 0;
    let begun = 0;
    while (at < bytes.length) {
      if (this.#toCome > 0) {
        const taken = Math.min(this.#toCome, bytes.length - at);
        this.#toCome -= taken;
        at += taken;
        continue;
      }
      if (this.#lengthBytes === 0) begun = at;
      this.#length = this.#length * 256 + bytes[at]!;
      this.#lengthBytes += 1;
      at += 1;
      if (this.#lengthBytes < LENGTH_BYTES) continue;
      if (this.#length > LONGEST_FRAME) return begun;
      this.#toCome = this.#length;
      this.#length = 0;
      this.#lengthBytes = 0;
    }
    return at;
  }
}
