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

/** Executions that a status counts: waited for, then asked for, and given up once the answer does not have them. */
export class AwaitedFills {
  readonly #parts: AwaitedFillsParts;
  #told = 0;
  #givenUpAt = 0;
  #isWaiting = false;
  /** Units that a status counted when executions were asked for; 0 where they are not. */
  #askedFor = 0;
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

  /** Whether they are asked for. */
  get isAsked(): boolean {
    return this.#askedFor > 0;
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
    const { clock, settleMs, ask } = this.#parts;
    if (this.#isWaiting || !this.isShort) return;
    this.#isWaiting = true;
    this.#stopTimer = clock.callAt(clock.nowUtc() + settleMs, () => {
      if (!this.isShort) return this.stop();
      this.#askedFor = this.#told;
      ask();
    });
  }

  /** A whole list of executions that was asked for since they were does not have what is still missing. */
  giveUp(): void {
    const askedFor = this.#askedFor;
    this.stop();
    if (!this.isShort) return;
    // A copy of the same status says no more than it did; one that counts more may be ahead of the list.
    this.#givenUpAt = askedFor;
    this.#parts.giveUp();
    this.look();
  }

  stop(): void {
    this.#isWaiting = false;
    this.#askedFor = 0;
    this.#stopTimer();
  }
}
