// The folder a run leaves behind.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isTradingError } from '@bookrunner/sdk';
import { writeParquet } from '../recorder/parquet-file.js';
import type { Column } from '../recorder/record-table.js';
import { renderReport, type ReportOptions } from './render-report.js';
import { reportError } from './report-errors.js';
import { runDocument } from './run-document.js';
import type { RunResult } from './run-result.js';

/** Options of {@link writeRun}. */
export interface WriteRunOptions extends ReportOptions {
  /** Whether to write report.html; yes unless told otherwise. */
  readonly html?: boolean;
  /** Whether to write the Parquet files; yes unless told otherwise. */
  readonly parquet?: boolean;
}

/** One file of the folder and how long it took to make and write. */
export interface WrittenFile {
  readonly name: string;
  readonly milliseconds: number;
}

/**
 * Writes `metrics.json`, `config.yaml`, `fills.parquet`, `orders.parquet`, `trades.parquet`, `equity.parquet` and `report.html`
 * into `folder`, which is made if it does not exist; a record named in `streamed` has its file already. Each file appears whole or
 * not at all and replaces the one before; `metrics.json` comes last, so a folder that has it is complete.
 * Errors: REPORT_WRITE_FAILED, REPORT_CHARTS_MISSING.
 */
export function writeRun(folder: string, result: RunResult, options: WriteRunOptions = {}): readonly WrittenFile[] {
  attempt(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const written: WrittenFile[] = [];
  const put = (name: string, write: (path: string) => void): void => {
    const start = performance.now();
    writeWhole(join(folder, name), write);
    written.push({ name, milliseconds: performance.now() - start });
  };
  const metadata = { run: result.runId, decisionHash: result.decisionHash };
  const streamed = new Set<string>(options.streamed);
  const putColumns = (record: string, columns: () => readonly Column[]): void => {
    if (streamed.has(record)) return;
    put(`${record}.parquet`, (path) => writeParquet(path, columns(), { metadata }));
  };
  put('config.yaml', (path) => writeFileSync(path, result.config));
  if (options.parquet !== false) {
    putColumns('fills', () => result.fills.columns());
    putColumns('orders', () => result.orders.columns());
    putColumns('trades', () => result.trades.columns());
    putColumns('equity', () => equityColumns(result));
  }
  if (options.html !== false) put('report.html', (path) => writeFileSync(path, renderReport(result, options)));
  put('metrics.json', (path) => writeFileSync(path, `${JSON.stringify(runDocument(result), undefined, 2)}\n`));
  return written;
}

function equityColumns(result: RunResult): readonly Column[] {
  const { equity } = result;
  return [
    { name: 'ts', type: 'timestamp', values: equity.ts },
    { name: 'firstTs', type: 'timestamp', values: equity.firstTs },
    { name: 'equity', type: 'double', values: equity.equity },
    { name: 'low', type: 'double', values: equity.low },
    { name: 'high', type: 'double', values: equity.high },
    { name: 'drawdown', type: 'double', values: equity.drawdown },
    { name: 'exposed', type: 'double', values: equity.exposed },
  ];
}

/** Writes beside the file and renames, which file systems do at once. */
function writeWhole(path: string, write: (path: string) => void): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    attempt(path, () => {
      write(draft);
      renameSync(draft, path);
    });
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function attempt(path: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    if (isTradingError(cause) && cause.code !== 'RECORD_FILE_FAILED') throw cause;
    throw reportError('REPORT_WRITE_FAILED', `${basename(path)} cannot be written to the run folder.`, {
      cause,
      details: { path },
    });
  }
}
