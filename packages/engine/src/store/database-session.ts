// One open database: transactions of a single writer, and reads that see only what is committed.
import type { DataSource, QueryRunner, Repository } from 'typeorm';
import type { Transaction } from './batch-writer.js';
import type { DatabaseValue } from './column.js';
import { checkDurability, createDataSource, dialectOf, type Dialect } from './data-source.js';
import { databaseError, secretsOf, type DatabaseDeed } from './database-errors.js';
import { ENTITIES } from './entities.js';
import { migrate } from './migrate.js';
import { SerialLock } from './serial-lock.js';
import type { DatabaseTarget } from './store-backend.js';
import type { DatabaseRow } from './table.js';
import type { RowOf, TableName } from './tables.js';
import { closed } from './write-queue.js';

/** An open database. Every fault leaves as a STORE_* error. */
export class DatabaseSession {
  readonly dataSource: DataSource;
  readonly dialect: Dialect;
  readonly #secrets: readonly string[];
  readonly #lock = new SerialLock();
  #isClosed = false;

  private constructor(dataSource: DataSource, dialect: Dialect, secrets: readonly string[]) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.#secrets = secrets;
  }

  /** Connects, checks that commits are durable, and brings the tables to the present shape. */
  static async open(target: DatabaseTarget): Promise<DatabaseSession> {
    const place = target.type === 'sqlite' ? `in '${target.file}'` : 'in Postgres';
    const secrets = target.type === 'postgres' ? secretsOf(target.url) : [];
    let session: DatabaseSession | undefined;
    try {
      session = new DatabaseSession(createDataSource(target), dialectOf(target), secrets);
      await session.#prepare(target);
      return session;
    } catch (cause) {
      await session?.close();
      throw databaseError(cause, {
        code: 'STORE_OPEN_FAILED',
        message: `The store ${place} could not be opened`,
        secrets,
      });
    }
  }

  /** Runs work in a transaction that no other writer can enter; rolled back if it rejects. */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#named({ code: 'STORE_WRITE_FAILED', message: 'Rows were not stored' }, () =>
      this.#exclusive((runner) =>
        work({
          placeholder: this.dialect.placeholder,
          run: (text, values) => runner.query(text, [...values]) as Promise<readonly DatabaseRow[]>,
        }),
      ),
    );
  }

  /** Rows of a statement. */
  read(text: string, values: readonly DatabaseValue[]): Promise<readonly DatabaseRow[]> {
    return this.#reading(() => this.dataSource.query(text, [...values]) as Promise<readonly DatabaseRow[]>);
  }

  /** Asks the repository of a table. */
  ask<Name extends TableName, Result>(
    name: Name,
    work: (repository: Repository<RowOf<Name>>) => Promise<Result>,
  ): Promise<Result> {
    return this.#reading(() => work(this.dataSource.getRepository(ENTITIES[name]) as Repository<RowOf<Name>>));
  }

  /** Closes after what is under way. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#lock.run(async () => {
      if (this.dataSource.isInitialized) await this.dataSource.destroy();
    });
  }

  async #prepare(target: DatabaseTarget): Promise<void> {
    await this.dataSource.initialize();
    await this.#exclusive(async (runner) => {
      await checkDurability(runner, target);
      await migrate(this.dataSource, runner);
    });
  }

  #reading<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#named({ code: 'STORE_QUERY_FAILED', message: 'The store could not be read' }, () => {
      if (this.#isClosed) throw closed();
      return this.dialect.readsWait ? this.#lock.run(work) : work();
    });
  }

  #exclusive<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closed();
    return this.#lock.run(async () => {
      const runner = this.dataSource.createQueryRunner();
      try {
        return await inTransaction(runner, this.dialect, work);
      } finally {
        await runner.release();
      }
    });
  }

  async #named<Result>(deed: Omit<DatabaseDeed, 'secrets'>, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      throw databaseError(cause, { ...deed, secrets: this.#secrets });
    }
  }
}

async function inTransaction<Result>(
  runner: QueryRunner,
  dialect: Dialect,
  work: (runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  try {
    for (const statement of dialect.begin) await runner.query(statement);
    const result = await work(runner);
    await runner.query('COMMIT');
    return result;
  } catch (cause) {
    // Fails where the database has rolled back by itself or is gone: then there is nothing to undo.
    await runner.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}
