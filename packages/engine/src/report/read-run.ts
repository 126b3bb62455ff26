// A run read back from its folder, so that its report can be made later, or again.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { EquityPoints } from '../portfolio/equity-buckets.js';
import type { FillRow, TradeRow } from '../recorder/record-rows.js';
import { rowsOf } from '../recorder/record-table.js';
import { reportError } from './report-errors.js';
import type { RunDocument } from './run-document.js';
import type { ReportInput } from './run-result.js';

/** Options of {@link readRun}. */
export interface ReadRunOptions {
  /** Most fills and most trades to read, the newest; 2,000 each unless told otherwise. */
  readonly rows?: number;
}

const DEFAULT_ROWS = 2000;
const FILES = ['metrics.json', 'config.yaml', 'fills.parquet', 'trades.parquet', 'equity.parquet'];
const EQUITY_COLUMNS = ['firstTs', 'ts', 'equity', 'low', 'high', 'drawdown', 'exposed'] as const;

/**
 * Reads what {@link writeRun} left, with Parquet files. Loads DuckDB, which a run itself does not need.
 * Errors: REPORT_READ_FAILED.
 */
export async function readRun(folder: string, options: ReadRunOptions = {}): Promise<ReportInput> {
  const missing = FILES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    throw reportError('REPORT_READ_FAILED', `The run folder ${folder} lacks ${missing.join(', ')}.`);
  }
  try {
    return await readWhole(folder, options.rows ?? DEFAULT_ROWS);
  } catch (cause) {
    throw reportError('REPORT_READ_FAILED', `The run folder ${folder} cannot be read.`, { cause, details: { folder } });
  }
}

async function readWhole(folder: string, rows: number): Promise<ReportInput> {
  const document = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as RunDocument;
  const config = readFileSync(join(folder, 'config.yaml'), 'utf8');
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    const newest = (name: string, replace: string): string => {
      // A quote in a path is doubled, as SQL has it.
      const file = `read_parquet('${join(folder, name).replaceAll("'", "''")}', file_row_number = true)`;
      return `select * exclude (file_row_number) replace (${replace}) from ${file}
        where file_row_number >= (select count(*) from ${file}) - ${Math.max(0, Math.floor(rows))} order by file_row_number`;
    };
    const fills = await objects<FillRow>(connection, newest('fills.parquet', FILL_NUMBERS));
    const trades = await objects<TradeRow>(connection, newest('trades.parquet', TRADE_NUMBERS));
    const equity = await readEquity(connection, join(folder, 'equity.parquet'));
    const { run, fillsTotal, ordersTotal, tradesTotal, noticesTotal, notices, ...rest } = document;
    return {
      runId: run,
      // Folders of older versions lack it.
      ...{ openPositions: [] },
      ...rest,
      config,
      equity,
      fills: rowsOf(fills, fillsTotal),
      orders: { total: ordersTotal },
      trades: rowsOf(trades, tradesTotal),
      notices: rowsOf(notices, noticesTotal),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const FILL_NUMBERS =
  'epoch_ms(ts)::double as ts, recordedSequence::double as recordedSequence, barIndex::double as barIndex';
const TRADE_NUMBERS = 'epoch_ms(openTs)::double as openTs, epoch_ms(closeTs)::double as closeTs';

async function objects<Row>(connection: DuckDBConnection, query: string): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(query);
  return reader.getRowObjectsJS() as unknown as readonly Row[];
}

async function readEquity(connection: DuckDBConnection, path: string): Promise<EquityPoints> {
  const file = `read_parquet('${path.replaceAll("'", "''")}')`;
  const reader = await connection.runAndReadAll(
    `select epoch_ms(firstTs)::double, epoch_ms(ts)::double, equity, low, high, drawdown, exposed from ${file}`,
  );
  const columns = reader.getColumnsJS();
  const column = (name: (typeof EQUITY_COLUMNS)[number]): Float64Array =>
    Float64Array.from(columns[EQUITY_COLUMNS.indexOf(name)] as readonly number[]);
  return {
    length: reader.currentRowCount,
    firstTs: column('firstTs'),
    ts: column('ts'),
    equity: column('equity'),
    low: column('low'),
    high: column('high'),
    drawdown: column('drawdown'),
    exposed: column('exposed'),
  };
}
