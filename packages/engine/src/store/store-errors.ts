import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of the store. Every code is a row of docs/store.md. */
export const STORE_ERRORS = {
  STORE_OPTIONS_INVALID: { severity: 'fatal', remedy: 'Correct the named option of the store.' },
  STORE_URL_INVALID: {
    severity: 'fatal',
    remedy: 'Give `database.url` the form postgres://user:password@host:port/database.',
  },
  STORE_SQLITE_BINARY_MISSING: {
    severity: 'fatal',
    remedy:
      'Add "allowScripts": { "better-sqlite3": true } to the package.json of your project and run ' +
      '`npm rebuild better-sqlite3`: npm 12 skips install scripts that are not allowed, and still exits 0.',
  },
  STORE_OPEN_FAILED: { severity: 'fatal', remedy: 'See the cause; check `database:` and `dataDir` in engine.yaml.' },
  STORE_FILE_INVALID: {
    severity: 'fatal',
    remedy: 'Point `database.file` at a store, or move the file away: a store is rebuilt from the journal.',
  },
  STORE_VERSION_NEWER: {
    severity: 'fatal',
    remedy: 'Use the engine version that wrote it, or a newer one; or give this engine another database.',
  },
  STORE_DURABILITY_REFUSED: {
    severity: 'fatal',
    remedy: 'Put the file on a local disk whose file system supports shared memory and locks.',
  },
  STORE_ACCESS_DENIED: {
    severity: 'fatal',
    remedy: 'Check user, password, database name and rights of `database.url`, or the rights of the folder.',
  },
  STORE_UNREACHABLE: {
    severity: 'retryable',
    remedy: 'Check that the database server runs and can be reached; repeating a write does no harm.',
  },
  STORE_LOCKED: {
    severity: 'retryable',
    remedy: 'End the other program that holds the database, then try again; repeating a write does no harm.',
  },
  STORE_DISK_FULL: { severity: 'fatal', remedy: 'Free space on the disk of the database, then start again.' },
  STORE_READ_ONLY: { severity: 'fatal', remedy: 'Make the database writable for the engine, then start again.' },
  STORE_VALUE_INVALID: { severity: 'rejected', remedy: 'Correct the named value where the row is made.' },
  STORE_CONFLICT: {
    severity: 'rejected',
    remedy: 'Find out which of the two is right: a row already stored is never overwritten by an append.',
  },
  STORE_QUEUE_FULL: {
    severity: 'retryable',
    remedy: 'Wait for earlier rows to be committed, or allow a larger `queue.capacityRows`.',
  },
  STORE_WRITE_FAILED: { severity: 'rejected', remedy: 'See the cause; the other rows of the batch are stored.' },
  STORE_QUERY_FAILED: { severity: 'rejected', remedy: 'See the cause; correct the query.' },
  STORE_CLOSED: { severity: 'rejected', remedy: 'Open the store again.' },
  STORE_WORKER_FAILED: { severity: 'fatal', remedy: 'See the cause, then open the store again; stored rows are safe.' },
} as const satisfies ErrorTable;

/** Code of an error of the store. */
export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** Raises the errors of the store. */
export const storeError = errorFactory<StoreErrorCode>(STORE_ERRORS);
