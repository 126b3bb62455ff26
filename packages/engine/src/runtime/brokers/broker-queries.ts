// Snapshots asked of one broker: one at a time, each question answered once.
import type { Clock, VenueSnapshot } from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';

/** Options of {@link BrokerQueries}. */
export interface BrokerQueriesOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly ask: () => Promise<VenueSnapshot>;
  /** Without a snapshot where it could not be had. */
  readonly answer: (query: number, answer: { readonly snapshot?: VenueSnapshot; readonly message: string }) => void;
}

interface Question {
  readonly query: number;
  isAnswered: boolean;
  cancel: () => void;
}

/** A plugin that has not answered is not asked again: its next question waits, for no longer than its own limit. */
export class BrokerQueries {
  readonly #options: BrokerQueriesOptions;
  readonly #waiting: Question[] = [];
  #isAsking = false;

  constructor(options: BrokerQueriesOptions) {
    this.#options = options;
  }

  query(query: number): void {
    const { clock, limitMs } = this.#options;
    const question: Question = { query, isAnswered: false, cancel: () => {} };
    question.cancel = clock.callAt(clock.nowUtc() + limitMs, () =>
      this.#answer(question, { message: `No snapshot came within ${limitMs} ms.` }),
    );
    this.#waiting.push(question);
    this.#next();
  }

  /** Nobody waits any more. */
  close(): void {
    for (const question of this.#waiting) question.cancel();
    this.#waiting.length = 0;
  }

  #next(): void {
    if (this.#isAsking) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    if (question.isAnswered) return this.#next();
    this.#isAsking = true;
    const done = (answer: { readonly snapshot?: VenueSnapshot; readonly message: string }): void => {
      this.#isAsking = false;
      this.#answer(question, answer);
      this.#next();
    };
    const onFault = (cause: unknown): void => done({ message: messageOf(cause) });
    try {
      this.#options.ask().then((snapshot) => done({ snapshot, message: '' }), onFault);
    } catch (cause) {
      onFault(cause);
    }
  }

  #answer(question: Question, answer: { readonly snapshot?: VenueSnapshot; readonly message: string }): void {
    if (question.isAnswered) return;
    question.isAnswered = true;
    question.cancel();
    this.#options.answer(question.query, answer);
  }
}
