// Histories of many instruments at once: each asks for its next block before it is needed, and all together for no more than a source bears.
import type { HistoryBlock } from '@bookrunner/sdk';

/** Histories that are asked at the same time, at a start and after an outage. */
export const ASKED_AT_ONCE = 4;

/** Lets no more than so many questions be under way; the others wait in order. */
export class HistorySlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number = ASKED_AT_ONCE) {
    this.#free = most;
  }

  /** Gives what the question gives. */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await question();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** The blocks of one history; the first is asked for at once, each other one when the one before is taken. */
export class HistoryAhead implements AsyncIterableIterator<HistoryBlock> {
  readonly #blocks: AsyncIterator<HistoryBlock>;
  readonly #slots: HistorySlots;
  #next: Promise<IteratorResult<HistoryBlock>>;

  constructor(blocks: AsyncIterable<HistoryBlock>, slots: HistorySlots) {
    this.#blocks = blocks[Symbol.asyncIterator]();
    this.#slots = slots;
    this.#next = this.#ask();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Rejects with what the history says, once it is its turn to be heard. */
  async next(): Promise<IteratorResult<HistoryBlock>> {
    const result = await this.#next;
    if (result.done !== true) this.#next = this.#ask();
    return result;
  }

  #ask(): Promise<IteratorResult<HistoryBlock>> {
    const asked = this.#slots.ask(() => this.#blocks.next());
    // Who waits for it hears of a failure; until then it is not unhandled.
    asked.catch(() => {});
    return asked;
  }
}
