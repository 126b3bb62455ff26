import { MINUTE_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';

/** What a line is made from. */
export interface UpstreamLineParts {
  readonly clock: Clock;
  /** A farm is connected again, and for a minute nothing has spoken against it. */
  readonly onPresumedBack: () => void;
}

/**
 * Whether the gateway has a line to IB. It says so when it is back (1101, 1102); not always after 2110. A farm that is connected means
 * that the login holds, since farms take nobody without one: where nothing is said against it for a minute, the line is taken to be back.
 */
export class UpstreamLine {
  readonly #parts: UpstreamLineParts;
  #isLost = false;
  #stopTimer: (() => void) | undefined;

  constructor(parts: UpstreamLineParts) {
    this.#parts = parts;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  lost(): void {
    this.#isLost = true;
    this.#stop();
  }

  back(): void {
    this.#isLost = false;
    this.#stop();
  }

  farmConnected(): void {
    const { clock, onPresumedBack } = this.#parts;
    if (!this.#isLost || this.#stopTimer !== undefined) return;
    this.#stopTimer = clock.callAt(clock.nowUtc() + MINUTE_MS, () => {
      this.#stopTimer = undefined;
      onPresumedBack();
    });
  }

  farmBroken(): void {
    this.#stop();
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
