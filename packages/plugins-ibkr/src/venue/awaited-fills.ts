import type { Clock } from '@bookrunner/sdk';

/** What is waited with. */
export interface AwaitedFillsParts {
  readonly clock: Clock;
  readonly settleMs: number;
  /** Whether executions that a status counts have not come. */
  readonly isShort: () => boolean;
  /** They are asked for. */
  readonly ask: () => void;
  /** Nobody tells of them. */
  readonly giveUp: () => void;
}

/** Executions that a status counts: waited for, then asked for, then given up. */
export class AwaitedFills {
  readonly #parts: AwaitedFillsParts;
  #isWaiting = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: AwaitedFillsParts) {
    this.#parts = parts;
  }

  look(): void {
    const { isShort, ask, giveUp } = this.#parts;
    if (this.#isWaiting || !isShort()) return;
    this.#isWaiting = true;
    this.#later(() => {
      if (isShort()) ask();
      this.#later(() => {
        this.#isWaiting = false;
        if (isShort()) giveUp();
      });
    });
  }

  stop(): void {
    this.#isWaiting = false;
    this.#stopTimer();
  }

  #later(act: () => void): void {
    const { clock, settleMs } = this.#parts;
    this.#stopTimer = clock.callAt(clock.nowUtc() + settleMs, act);
  }
}
