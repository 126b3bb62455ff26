import { readFileSync } from 'node:fs';
import type { Logger } from '@bookrunner/sdk';
import { ibkrError } from '../ibkr-errors.js';
import { writeDurably } from './durable-file.js';

/** Where request ids begin. An error names an order or a request by one number, so order ids stay below. */
export const FIRST_REQUEST_ID = 2_000_000_000;
/** Ids of one write to disk. */
const BLOCK = 1_000;

/** What a counter is made from. */
export interface OrderIdsParts {
  /** File that keeps the counter; without one it starts anew in each process. */
  readonly path: string | undefined;
  readonly logger: Logger;
}

/**
 * Ids of orders, never given twice over the life of a data directory. What the gateway calls the next one may go back after a
 * restart: orders written just before it are then unknown to IB, and their ids would name others. So the next is the highest of
 * what was kept, what the gateway said, and what any report has shown. Blocks of a thousand are kept ahead, so that no order
 * waits for the disk; those left of a block when a process ends are skipped.
 */
export class OrderIds {
  readonly #parts: OrderIdsParts;
  #next = 1;
  /** Ids below it are on disk as given. */
  #kept = 0;
  #isDue = false;
  #isLoaded = false;

  constructor(parts: OrderIdsParts) {
    this.#parts = parts;
  }

  /** Reads what was kept; a second time it does nothing. Errors: IBKR_ORDER_IDS_DAMAGED. */
  load(): void {
    if (this.#isLoaded) return;
    const { path } = this.#parts;
    const kept = path === undefined ? 1 : readKept(path);
    this.#isLoaded = true;
    this.#next = Math.max(this.#next, kept);
    this.#kept = kept;
  }

  /** The next id is at least this one. */
  raise(atLeast: number): void {
    if (atLeast > this.#next) this.#next = Math.min(atLeast, FIRST_REQUEST_ID);
    this.#keepAhead();
  }

  /** An id that is in use. Those of requests, of bound orders (negative) and of manual executions (2147483647) are no order ids. */
  saw(orderId: number): void {
    if (orderId < FIRST_REQUEST_ID) this.raise(orderId + 1);
  }

  /** Errors: IBKR_ORDER_IDS_EXHAUSTED; IBKR_ORDER_IDS_UNWRITABLE where the disk did not take the block in time. */
  next(): number {
    if (this.#next >= FIRST_REQUEST_ID) {
      throw ibkrError('IBKR_ORDER_IDS_EXHAUSTED', `The next order id would be ${this.#next}.`);
    }
    if (this.#next >= this.#kept) this.#keep();
    const orderId = this.#next;
    this.#next += 1;
    this.#keepAhead();
    return orderId;
  }

  /** When half a block is used a further one is kept, in a turn of its own: orders find it there. */
  #keepAhead(): void {
    if (this.#isDue || !this.#needsBlock()) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      // An order may have been faster.
      if (!this.#needsBlock()) return;
      try {
        this.#keep();
      } catch (error) {
        this.#parts.logger.error('Order ids could not be kept ahead; the next order tries again.', {
          error: String(error),
        });
      }
    });
  }

  #needsBlock(): boolean {
    return this.#kept - this.#next < BLOCK / 2;
  }

  #keep(): void {
    const { path } = this.#parts;
    const until = this.#next + BLOCK;
    try {
      if (path !== undefined) {
        // A session with another gateway may have the same client id, and is further on.
        const next = Math.max(until, readKept(path));
        writeDurably(path, `${JSON.stringify({ version: 1, next })}\n`);
      }
    } catch (error) {
      throw ibkrError('IBKR_ORDER_IDS_UNWRITABLE', `${path} cannot be written.`, { cause: error });
    }
    this.#kept = until;
  }
}

function readKept(path: string): number {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 1;
    throw ibkrError('IBKR_ORDER_IDS_DAMAGED', `${path} cannot be read.`, { cause: error });
  }
  try {
    const { version, next } = JSON.parse(text) as { version?: unknown; next?: unknown };
    if (
      version === 1 &&
      Number.isInteger(next) &&
      (next as number) >= 1 &&
      (next as number) <= FIRST_REQUEST_ID + BLOCK
    ) {
      return next as number;
    }
  } catch {
    // Told below.
  }
  throw ibkrError('IBKR_ORDER_IDS_DAMAGED', `${path} does not hold a next order id.`);
}
