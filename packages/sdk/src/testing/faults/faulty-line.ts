import type { Clock } from '../../interfaces/clock.js';
import type { EpochMs } from '../../model/time.js';

/** Who hears of a line that is cut and of its end. Called before and after everything else of it. */
export interface LineOwner {
  lost(): void;
  restored(): void;
}

/** How a line falls silent. */
export interface LineSilence {
  readonly lastsMs: number;
  /** Whether what comes meanwhile comes at the end; else it is lost. */
  readonly keeps: boolean;
}

/** A call that waits for an answer on a silent line. */
export interface WaitingCall<T> {
  readonly limitMs: number;
  /** The answer if the line speaks again within the limit. */
  answer(): T | Promise<T>;
  /** The answer at the limit, or if the line is lost. */
  giveUp(): T | Promise<T>;
}

/**
 * A connection that can be cut or fall silent, and is well again by the clock or by hand. What arrives over a cut line is lost; what
 * arrives over a silent one waits or is lost. A line that is cut is no longer silent.
 */
export class FaultyLine {
  readonly #clock: Clock;
  readonly #owner: LineOwner;
  #state: 'open' | 'cut' | 'silent' = 'open';
  #keeps = true;
  #endTs: EpochMs = Number.NEGATIVE_INFINITY;
  #cancelEnd: () => void = () => {};
  #waiting: (() => void)[] = [];
  #calls = new Set<(isHeard: boolean) => void>();
  #afterwards: (() => void)[] = [];

  constructor(clock: Clock, owner: LineOwner) {
    this.#clock = clock;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isCut(): boolean {
    return this.#state === 'cut';
  }

  get isSilent(): boolean {
    return this.#state === 'silent';
  }

  /** Whether it is open and nobody waits for an answer. */
  get isQuiet(): boolean {
    return this.isOpen && this.#calls.size === 0;
  }

  /** Lets something over the line: now, or at the end of a silence that keeps it. False if it is lost. */
  pass(deliver: () => void): boolean {
    if (this.#state === 'open') deliver();
    else if (this.#state === 'silent' && this.#keeps) this.#waiting.push(deliver);
    else return false;
    return true;
  }

  /** Cuts the line for so long, or longer if it is cut already; then `afterwards` is called. Answers how much that waited is lost. */
  cut(lastsMs: number, afterwards: () => void = () => {}): number {
    this.#afterwards.push(afterwards);
    const wasCut = this.#state === 'cut';
    this.#state = 'cut';
    const lost = this.#waiting.splice(0).length;
    this.#lastUntil(wasCut ? this.#endTs : Number.NEGATIVE_INFINITY, lastsMs);
    if (!wasCut) this.#owner.lost();
    this.#answerCalls(false);
    return lost;
  }

  /** Lets the line fall silent for so long; a cut line stays cut. False if it was cut. */
  fallSilent({ lastsMs, keeps }: LineSilence): boolean {
    if (this.#state === 'cut') return false;
    this.#keeps = keeps;
    this.#lastUntil(this.#state === 'silent' ? this.#endTs : Number.NEGATIVE_INFINITY, lastsMs);
    this.#state = 'silent';
    return true;
  }

  /** Ends the cut or the silence now. */
  restore(): void {
    const wasCut = this.#state === 'cut';
    this.#cancelEnd();
    this.#state = 'open';
    if (wasCut) this.#owner.restored();
    for (const deliver of this.#waiting.splice(0)) this.pass(deliver);
    this.#answerCalls(true);
    for (const afterwards of this.#afterwards.splice(0)) afterwards();
  }

  /** Answers a call made into the silence: at its limit, or when the silence ends. */
  wait<T>(call: WaitingCall<T>): Promise<T> {
    return new Promise((resolve) => {
      const end = (isHeard: boolean): void => {
        cancel();
        this.#calls.delete(end);
        resolve(isHeard ? call.answer() : call.giveUp());
      };
      // Infinity is a call without a limit of its own.
      const isLimited = Number.isFinite(call.limitMs);
      const cancel = isLimited
        ? this.#clock.callAt(this.#clock.nowUtc() + call.limitMs, () => end(false))
        : (): void => {};
      this.#calls.add(end);
    });
  }

  /** A new line: nothing waits, nothing is remembered; calls still waiting are given up. */
  reset(): void {
    this.#cancelEnd();
    this.#state = 'open';
    this.#waiting = [];
    this.#afterwards = [];
    this.#answerCalls(false);
  }

  #lastUntil(atLeastTs: EpochMs, lastsMs: number): void {
    this.#cancelEnd();
    this.#endTs = Math.max(atLeastTs, this.#clock.nowUtc() + lastsMs);
    this.#cancelEnd = Number.isFinite(this.#endTs)
      ? this.#clock.callAt(this.#endTs, () => this.restore())
      : (): void => {};
  }

  #answerCalls(isHeard: boolean): void {
    for (const end of Array.from(this.#calls)) end(isHeard);
  }
}
