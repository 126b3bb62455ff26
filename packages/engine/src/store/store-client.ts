// The store's database in another thread, so that no disk ever holds up the engine's.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TradingError } from '@bookrunner/sdk';
import type {
  DatabaseTarget,
  GroupOutcome,
  ProjectionRequest,
  QueryAnswer,
  QueryArgument,
  QueryName,
  StoreBackend,
  WriteGroup,
  WriteResult,
} from './store-backend.js';
import { storeError } from './store-errors.js';
import {
  fromPlainError,
  fromPlainOutcome,
  OPENED,
  type PlainOutcome,
  type ThreadAnswer,
  type ThreadRequest,
  type ThreadSettings,
} from './thread-messages.js';
import { closed } from './write-queue.js';
import { sentence } from '../sentence.js';

/** How {@link StoreClient} is started. */
export interface StoreClientOptions {
  readonly target: DatabaseTarget;
  /** The thread's compiled entry; the one beside this file unless told otherwise. */
  readonly entry?: URL;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TradingError) => void;
}

/**
 * The same as a database in this thread, by messages. When the thread ends unasked, everything not yet answered is rejected with
 * STORE_WORKER_FAILED: some of it may be stored, and writing it again is a no-op.
 */
export class StoreClient implements StoreBackend {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = OPENED;
  #ended: TradingError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: ThreadAnswer) => this.#settle(answer));
    worker.on('error', (cause) =>
      this.#end(sentence(`The store's thread ended with a fault: ${cause.message}`), cause),
    );
    worker.on('exit', (code) => this.#end(`The store's thread ended with exit code ${code}.`));
  }

  /** Starts the thread and waits until the database is open. Errors: STORE_* of opening, STORE_WORKER_FAILED. */
  static async open({
    target,
    entry = new URL('./store-worker.js', import.meta.url),
  }: StoreClientOptions): Promise<StoreClient> {
    if (!existsSync(fileURLToPath(entry))) {
      throw storeError('STORE_WORKER_FAILED', "The compiled entry of the store's thread is missing.", {
        remedy: 'Run `npm run build`: threads run compiled code.',
      });
    }
    const settings: ThreadSettings = { target };
    // A thread takes over the loaders and flags of its process unless told otherwise.
    const client = new StoreClient(new Worker(entry, { workerData: settings, execArgv: [], name: 'bookrunner-store' }));
    await client.#answer(OPENED);
    return client;
  }

  async commit(groups: readonly WriteGroup[]): Promise<readonly GroupOutcome[]> {
    const outcomes = (await this.#ask({ kind: 'commit', groups })) as readonly PlainOutcome[];
    return outcomes.map(fromPlainOutcome);
  }

  async project(request: ProjectionRequest): Promise<WriteResult | undefined> {
    return (await this.#ask({ kind: 'project', request })) as WriteResult | undefined;
  }

  async query<Name extends QueryName>(name: Name, argument: QueryArgument<Name>): Promise<QueryAnswer<Name>> {
    return (await this.#ask({ kind: 'query', name, argument })) as QueryAnswer<Name>;
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await this.#ask({ kind: 'close' });
    this.#ended = closed();
    await exit;
  }

  async #ask(request: ThreadRequest): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = this.#answer(id);
    this.#worker.postMessage({ ...request, id });
    return answer;
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #settle(answer: ThreadAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.ok) pending?.resolve(answer.value);
    else pending?.reject(fromPlainError(answer.error));
  }

  #end(message: string, cause?: unknown): void {
    this.#ended ??= storeError('STORE_WORKER_FAILED', message, cause === undefined ? {} : { cause });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
