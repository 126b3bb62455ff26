import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { DuckDBInstance } from '@duckdb/node-api';
import { renderReport } from './render-report.js';
import { fillDocuments } from './run-document.js';
import { sampleRun } from './run-result.fixture.js';
import { writeRun } from './write-run.js';

const RUN = sampleRun({ hours: 400, tradeEvery: 10 });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('writeRun', () => {
  it('leaves a folder whose files say what the run was', async () => {
    const path = join(folder, 'deep', 'run');
    const written = writeRun(path, RUN);
    const names = [
      'config.yaml',
      'equity.parquet',
      'fills.parquet',
      'metrics.json',
      'orders.parquet',
      'report.html',
      'trades.parquet',
    ];
    expect(readdirSync(path).sort()).toEqual(names);
    expect(written.map((file) => file.name).sort()).toEqual(names);
    expect(readFileSync(join(path, 'config.yaml'), 'utf8')).toBe(RUN.config);
    const document = JSON.parse(readFileSync(join(path, 'metrics.json'), 'utf8'));
    expect(document).toMatchObject({ run: RUN.runId, decisionHash: RUN.decisionHash, fillsTotal: 80, bars: 400 });
    expect(document.metrics).toEqual(JSON.parse(JSON.stringify(RUN.metrics)));
    expect(document.daily).toHaveLength(RUN.daily.length);

    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const rows = async (query: string): Promise<unknown[][]> => (await connection.runAndReadAll(query)).getRows();
    const fills = await rows(`select orderId, side, price, tag, referencePrice is null from '${path}/fills.parquet'`);
    expect(fills).toHaveLength(80);
    const last = RUN.fills.at(79);
    expect(fills[79]).toEqual([last.orderId, last.side, last.price, last.tag, false]);
    expect(await rows(`select count(*), count(limitPrice) from '${path}/orders.parquet'`)).toEqual([[80n, 0n]]);
    expect(await rows(`select count(*), max(drawdown) from '${path}/equity.parquet'`)).toEqual([
      [BigInt(RUN.equity.length), RUN.metrics.maxDrawdown],
    ]);
    expect(await rows(`select count(*) from '${path}/trades.parquet'`)).toEqual([[BigInt(RUN.trades.total)]]);
    connection.closeSync();
    instance.closeSync();
  });

  it('leaves out what it is told to, and replaces files', () => {
    const path = join(folder, 'small');
    writeRun(path, RUN, { html: false, parquet: false });
    writeRun(path, { ...RUN, runId: 'second' }, { html: false, parquet: false });
    expect(readdirSync(path).sort()).toEqual(['config.yaml', 'metrics.json']);
    expect(JSON.parse(readFileSync(join(path, 'metrics.json'), 'utf8')).run).toBe('second');
  });

  it('leaves a file alone that was streamed while the run went on', () => {
    const path = join(folder, 'streamed');
    mkdirSync(path);
    writeFileSync(join(path, 'fills.parquet'), 'streamed');
    const fills = { ...RUN.fills, total: 80, first: 60, at: (index: number) => RUN.fills.at(index) };
    writeRun(
      path,
      { ...RUN, fills: { ...fills, columns: () => RUN.fills.columns() } },
      { streamed: ['fills'], rows: 10 },
    );
    expect(readFileSync(join(path, 'fills.parquet'), 'utf8')).toBe('streamed');
    expect(readFileSync(join(path, 'report.html'), 'utf8')).toContain('fills.parquet has all');
    expect(renderReport({ ...RUN, fills }, { rows: 10 })).toContain('fills.parquet has the last 20');
  });

  it('names the file that cannot be written and leaves no draft', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(codeOf(() => writeRun(join(path, 'run'), RUN))).toBe('REPORT_WRITE_FAILED');
    const broken = join(folder, 'broken');
    const fills = { ...RUN.fills, total: 0, first: 0, columns: () => [] };
    expect(codeOf(() => writeRun(broken, { ...RUN, fills }))).toBe('RECORD_COLUMNS_INVALID');
    expect(readdirSync(broken)).toEqual(['config.yaml']);
  });
});

describe('fillDocuments', () => {
  it('gives the first fills in the form of the command line', () => {
    expect(fillDocuments(RUN.fills, 'all')).toHaveLength(80);
    const { ts, symbol, side, qty, price, fee, tag, orderId } = RUN.fills.at(0);
    expect(fillDocuments(RUN.fills, 1)).toEqual([{ ts, symbol, side, qty, price, fee, tag, orderId }]);
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
