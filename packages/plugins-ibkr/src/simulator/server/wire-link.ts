import type { Socket } from 'node:net';
import type { ByteLimit } from './byte-budget.js';
import type { Chance } from './chance.js';
import type { CutStyle } from './fault-rules.js';

/** How long the other side has to close a connection that was closed on this one. */
const CLOSING_MS = 10_000;

/** How bytes leave: whole frames, or pieces of random size that split and join them. */
export type Framing = { readonly kind: 'whole' } | { readonly kind: 'pieces'; readonly maxPieceBytes: number };

/** What a link needs to know of the world around it; read at every write, since faults change it. */
export interface LinkSurroundings {
  readonly framing: Framing;
  readonly chance: Chance;
  /** Bytes that may wait for a client that does not read. */
  readonly maxBufferedBytes: number;
  /** How many of these bytes may still be written, and how the connection ends after them; undefined for all. */
  spend(bytes: number): ByteLimit | undefined;
  /** The client did not read, and was cut. */
  onOverflow(): void;
  /** The byte came at which the connection had to be cut. */
  onCut(how: CutStyle): void;
}

/** The way out to one client: bytes in order, in the pieces asked for, as far as the faults let them. */
export class WireLink {
  readonly #socket: Socket;
  readonly #around: LinkSurroundings;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isPumping = false;
  #isCorked = false;
  #isFrozen = false;
  /** Takes no more bytes; those that wait still go out. */
  #isClosing = false;
  #afterwards: (() => void) | undefined;

  constructor(socket: Socket, around: LinkSurroundings) {
    this.#socket = socket;
    this.#around = around;
  }

  /** False once it ends, or is frozen. */
  get isOpen(): boolean {
    return !this.#isFrozen && !this.#isClosing && this.#socket.writable;
  }

  write(bytes: Buffer): void {
    if (!this.isOpen) return;
    const limit = this.#around.spend(bytes.length);
    this.#accept(limit === undefined ? bytes : bytes.subarray(0, limit.allowed));
    // A cut comes a turn later: what it tells others must not come in the middle of whatever writes here.
    if (limit !== undefined) this.finishWriting(() => this.#around.onCut(limit.how));
    else if (this.#socket.writableLength + this.#waitingBytes > this.#around.maxBufferedBytes) {
      this.#isClosing = true;
      setImmediate(() => this.#around.onOverflow());
    }
  }

  /** Ends the connection in the given way; what was written before goes out first, but for a reset. */
  end(how: CutStyle): void {
    if (how === 'half-open') this.#freeze();
    else if (how === 'rst') this.#reset();
    else if (this.#isPumping) this.finishWriting(() => this.#finish());
    else this.#finish();
  }

  /** Takes no more bytes, and does this once the last of them went out; never at once. */
  finishWriting(then: () => void): void {
    this.#isClosing = true;
    if (this.#isPumping) this.#afterwards = then;
    else setImmediate(then);
  }

  #finish(): void {
    this.#socket.end();
    // A client that does not close its side keeps the socket no longer.
    this.#socket.setTimeout(CLOSING_MS, () => this.#socket.destroy());
  }

  /** Nothing is read or written any more, and the client is not told. */
  #freeze(): void {
    this.#isFrozen = true;
    this.#forget();
    this.#socket.pause();
  }

  #reset(): void {
    this.#forget();
    this.#socket.resetAndDestroy();
  }

  #forget(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #accept(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#around.framing.kind === 'whole' && !this.#isPumping) {
      this.#cork();
      this.#socket.write(bytes);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#isPumping) setImmediate(() => this.#pump());
    this.#isPumping = true;
  }

  /** What is written in one turn leaves together. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }

  /** Writes one piece a turn, so that each is a segment of its own. */
  #pump(): void {
    if (this.#waitingBytes === 0 || !this.#socket.writable) {
      this.#isPumping = false;
      this.#afterwards?.();
      return;
    }
    const { framing, chance } = this.#around;
    const [first = Buffer.alloc(0)] = this.#waiting;
    const all = this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting);
    const size = framing.kind === 'whole' ? all.length : 1 + chance.below(framing.maxPieceBytes);
    this.#socket.write(all.subarray(0, size));
    const rest = all.subarray(size);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#waitingBytes = rest.length;
    setImmediate(() => this.#pump());
  }
}
