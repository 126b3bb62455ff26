import type { Clock } from '@bookrunner/sdk';

/** What is waited with. */
export interface AwaitedFillsParts {
  readonly clock: Clock;
  readonly settleMs: number;
  /** Units filled, as far as executions tell. */
  readonly filled: () => number;
  /** Executions are asked for. */
  readonly ask: () => void;
  /** Nobody tells of them. */
  readonly giveUp: () => void;
}

/** Executions that a status counts: waited for, then asked for, then given up. */
export class AwaitedFills {
  readonly #parts: AwaitedFillsParts;
  #told = 0;
  #givenUpAt = 0;
  #isWaiting = false;
  #hasFilled = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: AwaitedFillsParts) {
    this.#parts = parts;
  }

  /** Most units that a status counted, those that were given up among them. */
  get told(): number {
    return this.#told;
  }

  /** Whether executions that a status counts have not come, and are waited for. */
  get isShort(): boolean {
    return this.#told > this.#givenUpAt && this.#parts.filled() < this.#told;
  }

  /** Whether anybody ever said that a part of it was filled. */
  get hasFilled(): boolean {
    return this.#hasFilled || this.#parts.filled() > 0;
  }

  /** A status counts so many units; NaN where it says nothing. */
  count(filled: number): void {
    if (!Number.isFinite(filled)) return;
    this.#told = Math.max(this.#told, filled);
    this.#hasFilled ||= filled > 0;
  }

  look(): void {
    const { ask } = this.#parts;
    if (this.#isWaiting || !this.isShort) return;
    this.#isWaiting = true;
    this.#later(() => {
      if (this.isShort) ask();
      this.#later(() => this.#giveUp());
    });
  }

  stop(): void {
    this.#isWaiting = false;
    this.#stopTimer();
  }

  #giveUp(): void {
    this.#isWaiting = false;
    if (!this.isShort) return;
    // A copy of the same status says no more than it did.
    this.#givenUpAt = this.#told;
    this.#parts.giveUp();
  }

  #later(act: () => void): void {
    const { clock, settleMs } = this.#parts;
    this.#stopTimer = clock.callAt(clock.nowUtc() + settleMs, act);
  }
}
