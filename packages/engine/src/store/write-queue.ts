// One queue for each database: rows are committed in the order they were given, many at a time.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { storeError } from './store-errors.js';

/** Limits of {@link WriteQueue}. */
export interface QueueLimits {
  /** Most rows that wait or are being committed; more are refused, or made to wait. */
  readonly capacityRows: number;
  /** Rows that make a batch go at once, and the most it takes on. */
  readonly batchRows: number;
  /** Longest time the first row of a batch waits for more, in milliseconds. */
  readonly batchAgeMs: number;
}

/** Limits unless told otherwise. */
export const DEFAULT_LIMITS: QueueLimits = { capacityRows: 20_000, batchRows: 2_000, batchAgeMs: 20 };

/** What a full queue does with a job: refuse it, or let its caller wait for room. */
export type WhenFull = 'refuse' | 'wait';

/** What became of one job. */
export type JobOutcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: TradingError };

/** Commits jobs in one transaction, outcomes by job; rejects where it could commit none. */
export type Commit<Job, Result> = (jobs: readonly Job[]) => Promise<readonly JobOutcome<Result>[]>;

/** What a job weighs and how it goes. */
export interface JobTerms {
  readonly rows: number;
  readonly whenFull: WhenFull;
  /** Committed in a transaction of its own. */
  readonly isAlone?: boolean;
}

interface Entry<Job, Result> {
  readonly job: Job;
  readonly terms: JobTerms;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: TradingError) => void;
}

/**
 * Rules: 1. Jobs are committed in the order of {@link write}. 2. A promise resolves after the commit, or rejects; no job is
 * dropped. 3. At most one commit runs at a time. 4. A job refused because the queue is full was never taken.
 */
export class WriteQueue<Job, Result> {
  readonly #commit: Commit<Job, Result>;
  readonly #limits: QueueLimits;
  readonly #entries: Entry<Job, Result>[] = [];
  /** Jobs whose callers wait for room, oldest first. */
  readonly #waiting: Entry<Job, Result>[] = [];
  readonly #idle: (() => void)[] = [];
  /** Rows taken and not yet settled, those being committed included. */
  #rows = 0;
  #isCommitting = false;
  #isUrgent = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(commit: Commit<Job, Result>, limits: Partial<QueueLimits> = {}) {
    this.#commit = commit;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    const { capacityRows, batchRows, batchAgeMs } = this.#limits;
    if (!isCount(capacityRows) || !isCount(batchRows) || batchRows > capacityRows || !(batchAgeMs >= 0)) {
      throw storeError(
        'STORE_OPTIONS_INVALID',
        `A queue of ${capacityRows} rows cannot make batches of ${batchRows} rows and ${batchAgeMs} ms: it needs whole ` +
          'numbers of rows, not more in a batch than in the queue, and an age of at least 0.',
      );
    }
  }

  /** Rows taken and not yet committed. */
  get pendingRows(): number {
    return this.#rows;
  }

  /** Most rows of a batch. */
  get batchRows(): number {
    return this.#limits.batchRows;
  }

  /** Errors: STORE_QUEUE_FULL, STORE_CLOSED, and what the commit raises. */
  write(job: Job, terms: JobTerms): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(closed());
        return;
      }
      const entry = { job, terms, resolve, reject };
      // Behind callers that wait, even a job that would fit has to wait, or it would overtake them.
      if (this.#waiting.length === 0 && this.#fits(terms.rows)) this.#take(entry);
      else if (terms.whenFull === 'wait') this.#waiting.push(entry);
      else reject(this.#full(terms.rows));
    });
  }

  /** Resolves when everything written so far is settled. */
  async flush(): Promise<void> {
    if (this.#isIdle()) return;
    this.#isUrgent = true;
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#schedule();
    await idle;
  }

  /** Takes no more jobs and commits those it has. A second call waits for the first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #fits(rows: number): boolean {
    // A job larger than the whole queue goes when the queue is empty; otherwise it could never go.
    return this.#rows === 0 || this.#rows + rows <= this.#limits.capacityRows;
  }

  #take(entry: Entry<Job, Result>): void {
    this.#entries.push(entry);
    this.#rows += entry.terms.rows;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isCommitting || this.#entries.length === 0) return;
    const { batchRows, batchAgeMs } = this.#limits;
    if (this.#isUrgent || this.#waiting.length > 0 || this.#rows >= batchRows) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#run();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#run();
      }, batchAgeMs);
    }
  }

  async #run(): Promise<void> {
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    const batch = this.#cut();
    const outcomes = await this.#outcomes(batch);
    batch.forEach((entry, place) => {
      this.#rows -= entry.terms.rows;
      settle(entry, outcomes[place]);
    });
    this.#isCommitting = false;
    this.#admit();
    if (this.#isIdle()) {
      this.#isUrgent = false;
      this.#idle.splice(0).forEach((resolve) => resolve());
    }
    this.#schedule();
  }

  /** The next batch: up to the row limit, at least one job, a job that goes alone by itself. */
  #cut(): Entry<Job, Result>[] {
    let rows = 0;
    let count = 0;
    for (const { terms } of this.#entries) {
      if (count > 0 && (terms.isAlone === true || rows + terms.rows > this.#limits.batchRows)) break;
      rows += terms.rows;
      count += 1;
      if (terms.isAlone === true) break;
    }
    return this.#entries.splice(0, count);
  }

  async #outcomes(batch: readonly Entry<Job, Result>[]): Promise<readonly JobOutcome<Result>[]> {
    try {
      return await this.#commit(batch.map(({ job }) => job));
    } catch (cause) {
      const error = isTradingError(cause)
        ? cause
        : storeError('STORE_WRITE_FAILED', 'A batch of rows was not stored.', { cause });
      return batch.map(() => ({ ok: false, error }));
    }
  }

  #admit(): void {
    for (let entry = this.#waiting[0]; entry !== undefined && this.#fits(entry.terms.rows); entry = this.#waiting[0]) {
      this.#waiting.shift();
      this.#entries.push(entry);
      this.#rows += entry.terms.rows;
    }
  }

  #isIdle(): boolean {
    return !this.#isCommitting && this.#entries.length === 0 && this.#waiting.length === 0;
  }

  #full(rows: number): Error {
    const { capacityRows } = this.#limits;
    return storeError(
      'STORE_QUEUE_FULL',
      `${rows} more rows do not fit: ${this.#rows} of at most ${capacityRows} wait to be stored.`,
      { details: { rows, pendingRows: this.#rows, capacityRows } },
    );
  }
}

/** STORE_CLOSED. */
export function closed(): TradingError {
  return storeError('STORE_CLOSED', 'The store is closed.');
}

function settle<Job, Result>(entry: Entry<Job, Result>, outcome: JobOutcome<Result> | undefined): void {
  if (outcome?.ok === true) entry.resolve(outcome.result);
  else
    entry.reject(
      outcome?.error ?? storeError('STORE_WRITE_FAILED', 'The database did not say whether rows were stored.'),
    );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
