// Orders that are on the wire and have not been answered: what became of them is known with the first word, or never in this session.
import type { Clock, SubmitOutcome } from '@bookrunner/sdk';
import { SENT, unknown } from './refusal.js';
import type { VenueOrder } from './venue-order.js';

interface Wait {
  readonly orders: readonly VenueOrder[];
  readonly settle: (outcome: SubmitOutcome) => void;
}

/** What waits are made with. */
export interface AnswerWaitsParts {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Nothing was said of an order within the limit. */
  readonly onSilence: () => void;
}

export class AnswerWaits {
  readonly #parts: AnswerWaitsParts;
  readonly #waits = new Set<Wait>();
  /** How to stop each of them. */
  readonly #watches = new Set<() => void>();

  constructor(parts: AnswerWaitsParts) {
    this.#parts = parts;
  }

  /** `sent` once the gateway has said something of each; unknown where it is lost before, or silent. */
  wait(orders: readonly VenueOrder[]): Promise<SubmitOutcome> {
    if (areAnswered(orders)) return Promise.resolve(SENT);
    const { clock, limitMs, onSilence } = this.#parts;
    return new Promise((resolve) => {
      const stopTimer = clock.callAt(clock.nowUtc() + limitMs, () => {
        wait.settle(unknown('IBKR_NO_ANSWER', `The gateway has not answered within ${limitMs} ms.`));
        onSilence();
      });
      const wait: Wait = {
        orders,
        settle: (outcome) => {
          this.#waits.delete(wait);
          stopTimer();
          resolve(outcome);
        },
      };
      this.#waits.add(wait);
    });
  }

  /** For what is answered by reports: where it is still open after the limit, that is silence as well. */
  watch(isOpen: () => boolean): void {
    const { clock, limitMs, onSilence } = this.#parts;
    const stop = clock.callAt(clock.nowUtc() + limitMs, () => {
      this.#watches.delete(stop);
      if (isOpen()) onSilence();
    });
    this.#watches.add(stop);
  }

  /** To be called when something was heard. */
  look(): void {
    for (const wait of [...this.#waits]) {
      if (areAnswered(wait.orders)) wait.settle(SENT);
    }
  }

  lost(message: string): void {
    for (const stop of this.#watches) stop();
    this.#watches.clear();
    for (const wait of [...this.#waits]) wait.settle(unknown('IBKR_NOT_CONNECTED', message));
  }
}

function areAnswered(orders: readonly VenueOrder[]): boolean {
  return orders.every(({ state }) => state.isAnswered);
}
