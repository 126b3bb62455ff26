// What we write is judged by an independent reader: DuckDB.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { ParquetFile, writeParquet } from './parquet-file.js';
import { uniqueTextColumn, type Column } from './record-table.js';

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

async function read(path: string, columns = '*'): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(`select ${columns} from read_parquet('${path}')`);
  return reader.getRows();
}

interface Row {
  readonly ts: number;
  readonly value: number;
  readonly maybe: number;
  readonly whole: number;
  readonly small: number;
  readonly symbol: string;
  readonly id: string;
}

const row: fc.Arbitrary<Row> = fc.record({
  ts: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
  value: fc.double(),
  maybe: fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)),
  whole: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  small: fc.integer(),
  symbol: fc.constantFrom('EURUSD', 'Ärger', '日経', '', 'AAPL', 'a', 'b', 'c', 'd'),
  id: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
});

function columnsOf(rows: readonly Row[]): Column[] {
  const dictionary = ['unused', ...new Set(rows.map((one) => one.symbol))];
  return [
    { name: 'ts', type: 'timestamp', values: Float64Array.from(rows, (one) => one.ts) },
    { name: 'value', type: 'double', values: Float64Array.from(rows, (one) => one.value) },
    { name: 'maybe', type: 'double', values: Float64Array.from(rows, (one) => one.maybe), optional: true },
    { name: 'whole', type: 'int64', values: Float64Array.from(rows, (one) => one.whole) },
    { name: 'small', type: 'int32', values: Int32Array.from(rows, (one) => one.small) },
    { name: 'symbol', type: 'text', codes: Int32Array.from(rows, (one) => dictionary.indexOf(one.symbol)), dictionary },
    uniqueTextColumn(
      'id',
      rows.map((one) => one.id),
    ),
  ];
}

const SELECT = 'epoch_ms(ts), value, maybe, whole, small, symbol, id';

function expected(rows: readonly Row[]): unknown[][] {
  return rows.map((one) => [
    BigInt(one.ts),
    one.value,
    Number.isNaN(one.maybe) ? null : one.maybe,
    BigInt(one.whole),
    one.small,
    one.symbol,
    one.id,
  ]);
}

describe('ParquetFile', () => {
  it('writes what DuckDB reads back, row group after row group', async () => {
    const path = join(folder, 'groups.parquet');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { maxLength: 25 }), { minLength: 1, maxLength: 4 }), async (groups) => {
        const file = new ParquetFile(path);
        for (const rows of groups) file.writeRowGroup(columnsOf(rows));
        file.close();
        expect(await read(path, SELECT)).toEqual(expected(groups.flat()));
      }),
      { numRuns: 60 },
    );
  });

  it('writes many rows, dictionaries wider than a byte and long runs of nothing', async () => {
    const path = join(folder, 'many.parquet');
    const count = 300_000;
    const dictionary = Array.from({ length: 5000 }, (_, k) => `name ${k}`);
    writeParquet(path, [
      { name: 'n', type: 'int64', values: Float64Array.from({ length: count }, (_, k) => k) },
      { name: 'name', type: 'text', codes: Int32Array.from({ length: count }, (_, k) => (k * 7) % 5000), dictionary },
      { name: 'none', type: 'double', values: new Float64Array(count).fill(Number.NaN), optional: true },
    ]);
    const [totals] = await read(
      path,
      `count(*), sum(n), count(distinct name), count(none), count(*) filter (name <> 'name ' || (n * 7) % 5000)`,
    );
    expect(totals).toEqual([BigInt(count), BigInt((count * (count - 1)) / 2), 5000n, 0n, 0n]);
  });

  it('writes a table without rows, with its columns, and its metadata', async () => {
    const path = join(folder, 'empty.parquet');
    writeParquet(path, columnsOf([]), { metadata: { run: 'r1' } });
    expect(await read(path)).toEqual([]);
    const metadata = await connection.runAndReadAll(
      `select decode(key), decode(value) from parquet_kv_metadata('${path}')`,
    );
    expect(metadata.getRows()).toEqual([['run', 'r1']]);
    const types = await connection.runAndReadAll(`describe select * from read_parquet('${path}')`);
    expect(types.getRows().map((column) => [column[0], column[1]])).toEqual([
      ['ts', 'TIMESTAMP WITH TIME ZONE'],
      ['value', 'DOUBLE'],
      ['maybe', 'DOUBLE'],
      ['whole', 'BIGINT'],
      ['small', 'INTEGER'],
      ['symbol', 'VARCHAR'],
      ['id', 'VARCHAR'],
    ]);
  });

  it('refuses columns that do not fit together', () => {
    const values = new Float64Array(2);
    const column = (name: string, length = 2): Column => ({ name, type: 'double', values: values.subarray(0, length) });
    const path = join(folder, 'bad.parquet');
    expect(codeOf(() => writeParquet(path, []))).toBe('RECORD_COLUMNS_INVALID');
    expect(codeOf(() => writeParquet(path, [column('a'), column('a')]))).toBe('RECORD_COLUMNS_INVALID');
    const file = new ParquetFile(path);
    expect(codeOf(() => file.writeRowGroup([column('a'), column('b', 1)]))).toBe('RECORD_COLUMNS_INVALID');
    file.writeRowGroup([column('a')]);
    expect(codeOf(() => file.writeRowGroup([column('b')]))).toBe('RECORD_COLUMNS_INVALID');
    file.close();
    file.close();
    expect(codeOf(() => file.writeRowGroup([column('a')]))).toBe('RECORD_COLUMNS_INVALID');
    expect(codeOf(() => new ParquetFile(join(folder, 'no', 'such', 'folder')))).toBe('RECORD_FILE_FAILED');
  });
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isTradingError(error)) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}
