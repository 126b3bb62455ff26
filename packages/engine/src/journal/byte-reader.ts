import { journalError } from './journal-errors.js';

/** Reads what a `ByteWriter` wrote, and nothing else. Errors: JOURNAL_RECORD_INVALID. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #place = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not yet read: nothing may claim to be longer. */
  get left(): number {
    return this.#bytes.length - this.#place;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#place++] as number;
  }

  word(): number {
    this.#need(2);
    this.#place += 2;
    return this.#view.getUint16(this.#place - 2, true);
  }

  double(): number {
    this.#need(8);
    this.#place += 8;
    return this.#view.getFloat64(this.#place - 8, true);
  }

  count(): number {
    let value = 0;
    let scale = 1;
    for (let read = 0; read < 8; read++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        // One number has one form.
        if ((byte === 0 && read > 0) || value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 0x80;
    }
    return this.fail('holds a whole number that is not written as one');
  }

  text(): string {
    const tagged = this.count();
    const isWide = tagged % 2 === 1;
    const length = Math.floor(tagged / 2);
    const size = isWide ? 2 * length : length;
    this.#need(size);
    const slice = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#place, size);
    this.#place += size;
    return slice.toString(isWide ? 'utf16le' : 'latin1');
  }

  /** A count of things that take at least `size` bytes each. */
  countOf(size: number): number {
    const count = this.count();
    if (count * size > this.left) this.fail('ends before the things it says it holds');
    return count;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) this.fail(`has ${this.left} bytes too many`);
  }

  fail(what: string): never {
    throw journalError('JOURNAL_RECORD_INVALID', `A record of the journal ${what} (byte ${this.#place}).`, {
      details: { byte: this.#place },
    });
  }

  #need(count: number): void {
    if (count > this.left) this.fail('ends too early');
  }
}
