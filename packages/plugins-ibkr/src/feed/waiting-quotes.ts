// Quotes that wait for their other parts, and the one timer that sends them out.
import type { Clock } from '@bookrunner/sdk';
import type { MarketLine } from './market-line.js';

/** Lines with half a quote. */
export class WaitingQuotes {
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #onFault: (error: unknown) => void;
  #lines: MarketLine[] = [];
  #spare: MarketLine[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, waitMs: number, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#onFault = onFault;
  }

  add(line: MarketLine): void {
    this.#lines.push(line);
    this.#cancel ??= this.#clock.callAt(this.#clock.nowUtc() + this.#waitMs, () => this.#flush());
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#lines.length = 0;
  }

  #flush(): void {
    this.#cancel = undefined;
    const lines = this.#lines;
    this.#lines = this.#spare;
    for (const line of lines) {
      // What a receiver throws in a timer would end the process, and the others would wait for ever.
      try {
        line.flush();
      } catch (error) {
        this.#onFault(error);
      }
    }
    lines.length = 0;
    this.#spare = lines;
  }
}
