import type { Clock, EpochMs } from '@bookrunner/sdk';
import type { QueuedRows } from './live-queue.js';

/** Where something stands among all that waits for the run to begin. */
export interface Arrival {
  /** Ascends over all feeds. */
  readonly order: number;
  readonly turn: { at: EpochMs };
}

/** Rows of a feed, or what it says, with their arrival. */
export type WaitingRows = QueuedRows & { readonly arrival: Arrival };

/** Order and instants of what the feeds of a run bring before it begins. What comes in one turn of the event loop comes at one instant, its end. */
export class Arrivals {
  readonly #clock: Clock;
  #count = 0;
  #turn: Arrival['turn'] | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): Arrival {
    this.#count += 1;
    this.#turn ??= this.#begin();
    return { order: this.#count, turn: this.#turn };
  }

  /** When it came. */
  instantOf({ turn }: Arrival): EpochMs {
    return Number.isNaN(turn.at) ? this.#clock.nowUtc() : turn.at;
  }

  #begin(): Arrival['turn'] {
    const turn = { at: Number.NaN };
    setImmediate(() => {
      turn.at = this.#clock.nowUtc();
      this.#turn = undefined;
    });
    return turn;
  }
}
