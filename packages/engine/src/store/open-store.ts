import { isAbsolute, join } from 'node:path';
import { Store } from './store.js';
import type { DatabaseTarget, StoreBackend } from './store-backend.js';
import { storeError } from './store-errors.js';
import type { QueueLimits } from './write-queue.js';

/** Where the database is, as in engine.yaml. `reveal()` of a secret is called once, when the store is opened. */
export type StoreDatabase =
  | { readonly type: 'sqlite'; readonly file?: string }
  | { readonly type: 'postgres'; readonly url: string | { reveal(): string } };

/** Options of {@link openStore}. */
export interface StoreOptions {
  readonly database: StoreDatabase;
  /** Folder of `bookrunner.db`, for a SQLite database without a file of its own. */
  readonly dataDir?: string;
  /**
   * `worker` (unless told otherwise) keeps every wait for the disk out of this thread; `same` is for commands that only read and
   * for tests.
   */
  readonly thread?: 'worker' | 'same';
  readonly queue?: Partial<QueueLimits>;
  /** How long to wait for another program's lock, in milliseconds; 5,000 unless told otherwise. */
  readonly lockTimeoutMs?: number;
}

const FILE = 'bookrunner.db';
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Opens the store and brings its tables to the present shape. TypeORM and the drivers are loaded here, not before, and in the
 * thread that uses them.
 * Errors: STORE_OPTIONS_INVALID, STORE_URL_INVALID, STORE_SQLITE_BINARY_MISSING, STORE_FILE_INVALID, STORE_VERSION_NEWER,
 * STORE_DURABILITY_REFUSED, STORE_ACCESS_DENIED, STORE_UNREACHABLE, STORE_LOCKED, STORE_READ_ONLY, STORE_DISK_FULL,
 * STORE_WORKER_FAILED, STORE_OPEN_FAILED.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const backend = await openBackend(databaseTarget(options), options.thread ?? 'worker');
  try {
    return new Store(backend, options.queue);
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function openBackend(target: DatabaseTarget, thread: 'worker' | 'same'): Promise<StoreBackend> {
  if (thread === 'worker') {
    const { StoreClient } = await import('./store-client.js');
    return StoreClient.open({ target });
  }
  const { DatabaseBackend } = await import('./database-backend.js');
  return DatabaseBackend.open(target);
}

/** The options as plain data. Errors: STORE_OPTIONS_INVALID, STORE_URL_INVALID. */
export function databaseTarget({ database, dataDir, lockTimeoutMs = LOCK_TIMEOUT_MS }: StoreOptions): DatabaseTarget {
  if (!Number.isSafeInteger(lockTimeoutMs) || lockTimeoutMs < 0) {
    throw storeError('STORE_OPTIONS_INVALID', `lockTimeoutMs has to be a whole number from 0; it is ${lockTimeoutMs}.`);
  }
  if (database.type === 'sqlite') return { type: 'sqlite', file: sqliteFile(database.file, dataDir), lockTimeoutMs };
  const url = typeof database.url === 'string' ? database.url : database.url.reveal();
  checkUrl(url);
  return { type: 'postgres', url, lockTimeoutMs };
}

function sqliteFile(file: string | undefined, dataDir: string | undefined): string {
  const name = file ?? FILE;
  if (name === ':memory:' || isAbsolute(name)) return name;
  if (dataDir === undefined) {
    throw storeError(
      'STORE_OPTIONS_INVALID',
      'A SQLite store needs `database.file` as an absolute path, or `dataDir`.',
    );
  }
  return join(dataDir, name);
}

/** The error says nothing of the address: it holds a password. */
function checkUrl(url: string): void {
  if (URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol)) return;
  throw storeError('STORE_URL_INVALID', '`database.url` is no address of a Postgres database.');
}
