// The store's database in this thread: batches into transactions, questions into queries.
import { isTradingError } from '@bookrunner/sdk';
import { totalOf, writeGroups, writeSeparately } from './batch-writer.js';
import { DatabaseSession } from './database-session.js';
import { storeQueries } from './queries.js';
import { lookupStatement } from './sql.js';
import type {
  DatabaseTarget,
  GroupOutcome,
  ProjectionRequest,
  QueryAnswer,
  QueryArgument,
  QueryName,
  StoreBackend,
  StoreQueries,
  WriteGroup,
  WriteResult,
} from './store-backend.js';
import { OFFSETS } from './tables.js';

/** Pauses before a batch is tried again that met a lock or a lost connection: repeating a write does no harm. */
const PAUSES_MS = [50, 250];

/** A database in this thread. With SQLite every call holds the thread until the disk has answered. */
export class DatabaseBackend implements StoreBackend {
  readonly session: DatabaseSession;
  readonly #queries: StoreQueries;

  private constructor(session: DatabaseSession) {
    this.session = session;
    this.#queries = storeQueries(session);
  }

  /** Errors: STORE_* of opening. */
  static async open(target: DatabaseTarget): Promise<DatabaseBackend> {
    return new DatabaseBackend(await DatabaseSession.open(target));
  }

  commit(groups: readonly WriteGroup[]): Promise<readonly GroupOutcome[]> {
    const inOneTransaction = (some: readonly WriteGroup[]): Promise<readonly GroupOutcome[]> =>
      patiently(() => this.session.transaction((transaction) => writeGroups(transaction, some)));
    return writeSeparately(groups, inOneTransaction);
  }

  project({ projection, offset, groups }: ProjectionRequest): Promise<WriteResult | undefined> {
    const reached = OFFSETS.encode({ projection, offset });
    return patiently(() =>
      this.session.transaction(async (transaction) => {
        const lookup = lookupStatement(OFFSETS as never, [reached], transaction.placeholder);
        const [stored] = await transaction.run(lookup.text, lookup.values);
        if (stored !== undefined && OFFSETS.decode(stored).offset >= offset) return undefined;
        const result = totalOf(await writeGroups(transaction, groups));
        await writeGroups(transaction, [{ table: 'offsets', mode: 'upsert', rows: [reached] }]);
        return result;
      }),
    );
  }

  query<Name extends QueryName>(name: Name, argument: QueryArgument<Name>): Promise<QueryAnswer<Name>> {
    const ask = this.#queries[name] as (argument: QueryArgument<Name>) => Promise<QueryAnswer<Name>>;
    return ask(argument);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isTradingError(error) || error.severity !== 'retryable') throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  return work();
}
