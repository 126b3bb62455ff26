import type { ReadInto } from './byte-source.js';
import { CHUNK_BYTES } from './byte-source.js';
import type { CsvScanner } from './csv-scanner.js';
import { READ_AHEAD_BYTES } from './decimal-run.js';

const LF = 10;
const MAX_LINE_BYTES = 64 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Cuts a stream of chunks into runs of whole lines for a scanner, which is made once the header line (if any) is known. One buffer
 * is reused; the rest of a line waits in it for the next chunk. A line longer than 64 KiB is reported and left out.
 */
export class LineFeeder {
  readonly #buffer = new Uint8Array(CHUNK_BYTES + MAX_LINE_BYTES + 1 + READ_AHEAD_BYTES);
  readonly #hasHeader: boolean;
  readonly #createScanner: (header: string | undefined) => CsvScanner;
  #scanner: CsvScanner | undefined;
  // Bytes of an unfinished line at the start of the buffer.
  #carry = 0;
  #isInLongLine = false;
  #isFirst = true;

  constructor(hasHeader: boolean, createScanner: (header: string | undefined) => CsvScanner) {
    this.#hasHeader = hasHeader;
    this.#createScanner = createScanner;
  }

  /** Rows of other symbols seen so far. */
  get otherSymbols(): number {
    return this.#scanner?.otherSymbols ?? 0;
  }

  /** Reads one chunk in place; false once the file has ended or nothing more is wanted. */
  takeFrom(read: ReadInto): boolean {
    const count = read(this.#buffer, this.#carry, CHUNK_BYTES);
    if (count > 0) return this.#process(this.#carry + count);
    this.finish();
    return false;
  }

  /** Takes a chunk of any size; false once nothing more is wanted. */
  takeChunk(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      const part = chunk.subarray(at, at + CHUNK_BYTES);
      this.#buffer.set(part, this.#carry);
      if (!this.#process(this.#carry + part.length)) return false;
    }
    return true;
  }

  /** Ends the last line, which may lack its line feed; a file without any line still has its header checked. */
  finish(): void {
    if (this.#carry > 0 || this.#scanner === undefined) {
      this.#buffer[this.#carry] = LF;
      this.#process(this.#carry + 1);
    }
  }

  #process(end: number): boolean {
    const buffer = this.#buffer;
    let start = this.#isFirst ? this.#skipByteOrderMark(end) : 0;
    if (start < 0) {
      this.#carry = end;
      return true;
    }
    this.#isFirst = false;
    const stop = buffer.lastIndexOf(LF, end - 1) + 1;
    if (this.#isInLongLine && stop > 0) {
      start = buffer.indexOf(LF) + 1;
      this.#isInLongLine = false;
    }
    if (this.#isInLongLine) {
      this.#carry = 0;
      return true;
    }
    if (stop > start) start = this.#scan(start, stop);
    if (this.#scanner?.isDone === true) return false;
    this.#keep(Math.max(start, stop), end);
    return true;
  }

  #scan(start: number, stop: number): number {
    let at = start;
    if (this.#scanner === undefined) {
      const headerEnd = this.#hasHeader ? this.#buffer.indexOf(LF, at) : at - 1;
      const header = this.#hasHeader ? Buffer.from(this.#buffer.subarray(at, headerEnd)).toString('utf8') : undefined;
      this.#scanner = this.#createScanner(header?.replace(/\r$/, ''));
      at = headerEnd + 1;
    }
    this.#scanner.scan(this.#buffer, at, stop);
    return stop;
  }

  #keep(start: number, end: number): void {
    const rest = end - start;
    if (rest <= MAX_LINE_BYTES) {
      if (start > 0) this.#buffer.copyWithin(0, start, end);
      this.#carry = rest;
      return;
    }
    // The header is checked even where it is too long to be one.
    this.#scanner ??= this.#createScanner(this.#hasHeader ? '' : undefined);
    this.#scanner.rejectLongLine();
    this.#isInLongLine = true;
    this.#carry = 0;
  }

  /** Where the text starts; -1 while there are too few bytes to tell. */
  #skipByteOrderMark(end: number): number {
    const isMark = BYTE_ORDER_MARK.every((byte, i) => i >= end || this.#buffer[i] === byte);
    if (!isMark) return 0;
    return end >= BYTE_ORDER_MARK.length ? BYTE_ORDER_MARK.length : -1;
  }
}
