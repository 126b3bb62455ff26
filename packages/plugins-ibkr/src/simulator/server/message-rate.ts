import type { EpochMs } from '@bookrunner/sdk';

/** How many messages a client may send, and how often it may send more. */
export interface MessageRate {
  readonly perSecond: number;
  /** Violations until the connection is cut. */
  readonly strikes: number;
}

/** Counts the messages of one client over the last second. */
export class MessageRateGauge {
  #times: EpochMs[] = [];
  #violations = 0;

  /** Notes a message: within the rate, beyond it, or beyond it once too often. */
  note(now: EpochMs, rate: MessageRate): 'within' | 'beyond' | 'cut' {
    this.#times = this.#times.filter((ts) => ts > now - 1000);
    this.#times.push(now);
    if (this.#times.length <= rate.perSecond) return 'within';
    // A violation is a second that was too full, not each message in it.
    this.#times = [];
    this.#violations += 1;
    return this.#violations >= rate.strikes ? 'cut' : 'beyond';
  }
}
