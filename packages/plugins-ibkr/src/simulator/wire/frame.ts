// Frames: uint32 length, big endian, then fields that each end with NUL. Only a client's greeting `API\0` stands outside of a frame.

/** Longest frame that either side takes. */
export const MAX_FRAME_BYTES = 0xff_ff_ff;
/** What a client sends before its first frame. */
export const GREETING = 'API\0';

const LENGTH_BYTES = 4;

/** The bytes of one frame. A NUL within a field would end it: it is left out. */
export function encodeFrame(fields: readonly string[]): Buffer {
  return encodePayload(fields.map((field) => `${field.replaceAll('\0', '')}\0`).join(''));
}

/** A payload behind its length: for what is not made of fields, such as the client's version range. */
export function encodePayload(payload: string): Buffer {
  const size = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + size);
  frame.writeUInt32BE(size);
  frame.write(payload, LENGTH_BYTES);
  return frame;
}

/** The fields of a payload, or undefined where the last one does not end. */
export function splitFields(payload: Buffer): readonly string[] | undefined {
  if (payload.length === 0 || payload.at(-1) !== 0) return undefined;
  return payload.toString('utf8', 0, payload.length - 1).split('\0');
}

/** What came out of the bytes so far. After `refused` the stream cannot be read on: nobody knows where the next frame begins. */
export type Piece =
  | { readonly kind: 'greeting' }
  | { readonly kind: 'frame'; readonly payload: Buffer }
  | { readonly kind: 'refused'; readonly reason: string };

/** Finds the frames in a stream that is cut and joined anywhere. */
export class FrameReader {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #size = 0;
  #expectsGreeting: boolean;
  #isRefused = false;

  constructor(options: { readonly expectsGreeting?: boolean; readonly maxBytes?: number } = {}) {
    this.#expectsGreeting = options.expectsGreeting ?? false;
    this.#maxBytes = options.maxBytes ?? MAX_FRAME_BYTES;
  }

  /** Takes bytes and gives what they complete, in order. */
  *push(bytes: Buffer): Generator<Piece> {
    if (this.#isRefused) return;
    if (bytes.length > 0) {
      this.#pieces.push(bytes);
      this.#size += bytes.length;
    }
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      yield piece;
      if (piece.kind === 'refused') return;
    }
  }

  #next(): Piece | undefined {
    if (this.#size < LENGTH_BYTES) return undefined;
    if (this.#expectsGreeting) return this.#greeting();
    const length = this.#peek(LENGTH_BYTES).readUInt32BE();
    if (length > this.#maxBytes) return this.#refuse(`a frame of ${length} bytes, where ${this.#maxBytes} are allowed`);
    if (this.#size < LENGTH_BYTES + length) return undefined;
    return { kind: 'frame', payload: this.#take(LENGTH_BYTES + length).subarray(LENGTH_BYTES) };
  }

  #greeting(): Piece {
    this.#expectsGreeting = false;
    if (this.#take(GREETING.length).toString('latin1') !== GREETING) return this.#refuse('no greeting');
    return { kind: 'greeting' };
  }

  #refuse(reason: string): Piece {
    this.#isRefused = true;
    this.#pieces = [];
    this.#size = 0;
    return { kind: 'refused', reason };
  }

  /** The first bytes in one buffer, without joining all that waits behind them. */
  #peek(count: number): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= count) return first;
    let joined = 0;
    let size = 0;
    while (size < count) size += this.#pieces[joined++]?.length ?? count;
    const head = Buffer.concat(this.#pieces.slice(0, joined));
    this.#pieces.splice(0, joined, head);
    return head;
  }

  #take(count: number): Buffer {
    const head = this.#peek(count);
    const rest = head.subarray(count);
    if (rest.length === 0) this.#pieces.shift();
    else this.#pieces[0] = rest;
    this.#size -= count;
    return head.subarray(0, count);
  }
}
