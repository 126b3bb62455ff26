const FIRST_SIZE = 4_096;

/** Upper half of the one NaN that is written; the lower one is 0. */
const NAN_HIGH = 0x7ff8_0000;

/** Writes numbers and texts into one buffer that grows and is reused. Little-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  /** Takes back what was written after a length. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Makes room, so that the writes that follow need not look. */
  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Sixteen bits without a sign. */
  word(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  /** Adds bits to sixteen written before. */
  addBits(position: number, bits: number): void {
    this.#view.setUint16(position, this.#view.getUint16(position, true) | bits, true);
  }

  /**
   * All NaN are one NaN: its bits depend on what made it, V8 may change them where it stores it, and written states are compared by
   * their bytes.
   */
  double(value: number): void {
    this.reserve(8);
    if (value === value) {
      this.#view.setFloat64(this.#length, value, true);
    } else {
      this.#view.setUint32(this.#length, 0, true);
      this.#view.setUint32(this.#length + 4, NAN_HIGH, true);
    }
    this.#length += 8;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  count(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** One byte a character where that is enough, else two: any text, also one that is not well-formed, comes back as it was. */
  text(value: string): void {
    const { length } = value;
    let isNarrow = true;
    for (let i = 0; i < length && isNarrow; i++) isNarrow = value.charCodeAt(i) < 0x100;
    this.count(2 * length + (isNarrow ? 0 : 1));
    this.reserve(2 * length);
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      this.#bytes[this.#length++] = unit & 0xff;
      if (!isNarrow) this.#bytes[this.#length++] = unit >>> 8;
    }
  }
}
