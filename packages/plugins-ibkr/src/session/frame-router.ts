// Where frames begin in what the gateway sends, and who reads each: ticks are read here, all others by the library, in their order.
import { isTick, type TickFrames } from './tick-frames.js';

/** Longest frame that either side takes. */
export const LONGEST_FRAME = 0xff_ff_ff;
const LENGTH_BYTES = 4;
/** A longer frame is none of a tick. */
const LONGEST_TICK = 250;
const NOTHING = Buffer.alloc(0);

/** What a router is made from. */
export interface FrameRouterParts {
  readonly ticks: Pick<TickFrames, 'read'>;
  /** To the library, frames whole or in parts. */
  readonly onOthers: (bytes: Buffer) => void;
  /** A length that cannot be: nobody knows any more where frames begin. Nothing is passed on behind it. */
  readonly onBroken: () => void;
}

/** Follows a stream of frames that is cut anywhere. The first frame is the greeting, and no tick. */
export class FrameRouter {
  readonly #parts: FrameRouterParts;
  /** Bytes of a frame of others that are still to come. */
  #toCome = 0;
  /** Beginning of a frame of which not enough is there to tell. */
  #begun: Buffer = NOTHING;
  #hasGreeted = false;
  #isBroken = false;

  constructor(parts: FrameRouterParts) {
    this.#parts = parts;
  }

  take(received: Buffer): void {
    if (this.#isBroken) return;
    const bytes = this.#begun.length === 0 ? received : Buffer.concat([this.#begun, received]);
    let at = Math.min(this.#toCome, bytes.length);
    this.#toCome -= at;
    /** From here up to `at` all is for the library. */
    let others = 0;
    for (let end = this.#endOf(bytes, at); end > 0; end = this.#endOf(bytes, at)) {
      const begin = at + LENGTH_BYTES;
      if (this.#mayBeTick(end - begin) && isTick(bytes, begin)) {
        this.#pass(bytes, others, at);
        others = this.#parts.ticks.read(bytes, begin, end) ? end : at;
      }
      this.#hasGreeted = true;
      this.#toCome = Math.max(0, end - bytes.length);
      at = Math.min(end, bytes.length);
    }
    this.#begun = this.#isBroken ? NOTHING : bytes.subarray(at);
    this.#pass(bytes, others, at);
    if (this.#isBroken) this.#parts.onBroken();
  }

  /** Where the frame that begins there ends; 0 where more of it is needed, or its length cannot be. */
  #endOf(bytes: Buffer, at: number): number {
    if (bytes.length - at < LENGTH_BYTES) return 0;
    const length = bytes.readUInt32BE(at);
    this.#isBroken = length > LONGEST_FRAME;
    if (this.#isBroken) return 0;
    const end = at + LENGTH_BYTES + length;
    // What may be a tick is waited for; of others parts are passed on.
    return end > bytes.length && this.#mayBeTick(length) ? 0 : end;
  }

  #mayBeTick(length: number): boolean {
    return this.#hasGreeted && length <= LONGEST_TICK;
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (from < to) this.#parts.onOthers(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  }
}
