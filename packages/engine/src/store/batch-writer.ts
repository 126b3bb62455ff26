// Decides row by row what a batch does to the tables, inside one transaction of a single writer.
import { isTradingError } from '@bookrunner/sdk';
import type { DatabaseValue } from './column.js';
import type { GroupOutcome, WriteGroup, WriteMode, WriteResult } from './store-backend.js';
import { lookupStatement, rowsPerStatement, upsertStatement, type Placeholder } from './sql.js';
import { storeError } from './store-errors.js';
import type { DatabaseRow, EncodedRow, Table } from './table.js';
import { TABLES, type TableName } from './tables.js';

/** The open transaction of a single writer. */
export interface Transaction {
  readonly placeholder: Placeholder;
  run(text: string, values: readonly DatabaseValue[]): Promise<readonly DatabaseRow[]>;
}

type Verdict = keyof WriteResult | 'conflict';

interface PendingRow {
  readonly values: EncodedRow;
  readonly mode: WriteMode;
  readonly tally: Tally;
}

/** A row that contradicts what is stored under its key. */
interface Conflict {
  readonly table: Table<never>;
  readonly stored: EncodedRow;
  readonly offered: EncodedRow;
}

/** What became of the rows of one group so far. */
class Tally {
  inserted = 0;
  updated = 0;
  repeated = 0;
  stale = 0;
  conflicts = 0;
  #first: Conflict | undefined;

  count(verdict: Verdict): void {
    if (verdict === 'conflict') this.conflicts += 1;
    else this[verdict] += 1;
  }

  remember(table: Table<never>, stored: EncodedRow, offered: EncodedRow): void {
    this.#first ??= { table, stored, offered };
  }

  outcome(): GroupOutcome {
    const { inserted, updated, repeated, stale } = this;
    const conflict = this.#first;
    if (conflict === undefined) return { ok: true, result: { inserted, updated, repeated, stale } };
    return { ok: false, error: conflictError(conflict, this.conflicts) };
  }
}

/** Writes the groups; a row that contradicts a stored one fails its group, and all other rows are written. */
export async function writeGroups(
  transaction: Transaction,
  groups: readonly WriteGroup[],
): Promise<readonly GroupOutcome[]> {
  const tallies = groups.map(() => new Tally());
  const tables = new Map<TableName, PendingRow[]>();
  groups.forEach(({ table, mode, rows }, place) => {
    const pending = tables.get(table) ?? [];
    tables.set(table, pending);
    const tally = tallies[place] as Tally;
    for (const values of rows) pending.push({ values, mode, tally });
  });
  for (const [name, rows] of tables) await writeTable(transaction, TABLES[name] as unknown as Table<never>, rows);
  return tallies.map((tally) => tally.outcome());
}

/** Sum of results; raises the first error among the outcomes. */
export function totalOf(outcomes: readonly GroupOutcome[]): WriteResult {
  const total = { inserted: 0, updated: 0, repeated: 0, stale: 0 };
  for (const outcome of outcomes) {
    if (!outcome.ok) throw outcome.error;
    total.inserted += outcome.result.inserted;
    total.updated += outcome.result.updated;
    total.repeated += outcome.result.repeated;
    total.stale += outcome.result.stale;
  }
  return total;
}

async function writeTable(transaction: Transaction, table: Table<never>, rows: readonly PendingRow[]): Promise<void> {
  const step = rowsPerStatement(table);
  for (let from = 0; from < rows.length; from += step) {
    await writeSlice(transaction, table, rows.slice(from, from + step));
  }
}

async function writeSlice(transaction: Transaction, table: Table<never>, rows: readonly PendingRow[]): Promise<void> {
  const keyed = new Map(rows.map((row) => [table.keyOf(row.values), row.values]));
  const lookup = lookupStatement(table, [...keyed.values()], transaction.placeholder);
  const stored = new Map<string, EncodedRow>();
  for (const found of await transaction.run(lookup.text, lookup.values)) {
    const values = table.normalise(found);
    stored.set(table.keyOf(values), values);
  }
  // Several changes of one row in a slice are decided in order and written once.
  const changed = new Map<string, EncodedRow>();
  for (const { values, mode, tally } of rows) {
    const key = table.keyOf(values);
    const before = stored.get(key);
    const verdict = judge(table, mode, { before, after: values });
    tally.count(verdict);
    if (verdict === 'conflict') tally.remember(table, before as EncodedRow, values);
    if (verdict !== 'inserted' && verdict !== 'updated') continue;
    stored.set(key, values);
    changed.set(key, values);
  }
  if (changed.size === 0) return;
  const upsert = upsertStatement(table, [...changed.values()], transaction.placeholder);
  await transaction.run(upsert.text, upsert.values);
}

/** A row as it is stored, and as it would be. */
interface RowPair {
  readonly before: EncodedRow | undefined;
  readonly after: EncodedRow;
}

function judge(table: Table<never>, mode: WriteMode, rows: RowPair): Verdict {
  const { before, after } = rows;
  if (before === undefined) return 'inserted';
  const differing = table.columns.filter((_, place) => before[place] !== after[place]);
  if (differing.length === 0) return 'repeated';
  if (mode === 'append' || differing.some(({ mayChange }) => !mayChange)) return 'conflict';
  // Revisions have a fixed number of digits, so their texts order as the numbers do.
  const older = before[table.revision] as string;
  const newer = after[table.revision] as string;
  if (newer === older) return 'conflict';
  return newer > older ? 'updated' : 'stale';
}

function conflictError(conflict: Conflict, count: number) {
  const { table, stored, offered } = conflict;
  const fields = table.columns.flatMap(({ field }, place) =>
    stored[place] === offered[place] ? [] : [`${field} is ${show(stored[place])} and would be ${show(offered[place])}`],
  );
  const more = count === 1 ? '' : ` ${count - 1} more rows of the same call conflict.`;
  return storeError(
    'STORE_CONFLICT',
    `${table.name} holds another row of ${table.describeKey(offered)}: ${fields.join('; ')}.${more}`,
    { details: { table: table.name, key: table.describeKey(offered), conflicts: count } },
  );
}

function show(value: DatabaseValue | undefined): string {
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}

/**
 * Writes the groups, one half after the other where all together fail, until the rows that the database refuses stand alone:
 * their groups fail, all other rows are stored. `write` stores some groups in one transaction of their own.
 */
export async function writeSeparately(
  groups: readonly WriteGroup[],
  write: (groups: readonly WriteGroup[]) => Promise<readonly GroupOutcome[]>,
): Promise<readonly GroupOutcome[]> {
  try {
    return await write(groups);
  } catch (error) {
    // What concerns the database as a whole would fail each row in the same way.
    if (!isTradingError(error) || error.code !== 'STORE_WRITE_FAILED') throw error;
    const [only] = groups;
    if (only === undefined) return [];
    if (groups.length > 1) {
      const middle = groups.length >> 1;
      const before = await writeSeparately(groups.slice(0, middle), write);
      return [...before, ...(await writeSeparately(groups.slice(middle), write))];
    }
    if (only.rows.length <= 1) return [{ ok: false, error: rowError(only, error) }];
    const middle = only.rows.length >> 1;
    const halves = [
      { ...only, rows: only.rows.slice(0, middle) },
      { ...only, rows: only.rows.slice(middle) },
    ];
    const outcomes = [
      await writeSeparately(halves.slice(0, 1), write),
      await writeSeparately(halves.slice(1), write),
    ].flat();
    return [outcomes.find((outcome) => !outcome.ok) ?? { ok: true, result: totalOf(outcomes) }];
  }
}

function rowError(group: WriteGroup, cause: Error) {
  const table = TABLES[group.table] as unknown as Table<never>;
  const [row] = group.rows;
  const key = row === undefined ? 'no key' : table.describeKey(row);
  return storeError('STORE_WRITE_FAILED', `${table.name} did not take the row of ${key}: ${cause.message}`, {
    details: { table: table.name, key },
    cause: cause.cause,
  });
}
