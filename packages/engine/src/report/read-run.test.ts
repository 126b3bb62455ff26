import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { readRun } from './read-run.js';
import { renderReport } from './render-report.js';
import { renderSummary } from './render-summary.js';
import { sampleRun } from './run-result.fixture.js';
import { writeRun } from './write-run.js';

const RUN = sampleRun({ hours: 400, tradeEvery: 10 });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "it's a run-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('readRun', () => {
  it('gives the very report that the run itself made', async () => {
    writeRun(folder, RUN);
    const read = await readRun(folder);
    expect(renderReport(read)).toBe(renderReport(RUN));
    expect(renderSummary(read)).toBe(renderSummary(RUN));
    expect(read.fills.at(79)).toEqual(RUN.fills.at(79));
    expect(read.trades.at(0)).toEqual(RUN.trades.at(0));
    expect(read.equity).toEqual(RUN.equity);
  });

  it('reads the newest rows where told to read few', async () => {
    writeRun(folder, RUN);
    const read = await readRun(folder, { rows: 5 });
    expect([read.fills.total, read.fills.first]).toEqual([80, 75]);
    expect(read.fills.at(75)).toEqual(RUN.fills.at(75));
    expect(renderReport(read)).toContain('The newest 5 of 80 fills');
  });

  it('says what is missing and what cannot be read', async () => {
    await expect(readRun(join(folder, 'none'))).rejects.toThrow('lacks metrics.json, config.yaml');
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    for (const name of ['metrics.json', 'config.yaml', 'fills.parquet', 'trades.parquet', 'equity.parquet']) {
      writeFileSync(join(broken, name), 'no');
    }
    const error: unknown = await readRun(broken).catch((reason: unknown) => reason);
    expect(isTradingError(error) && error.code).toBe('REPORT_READ_FAILED');
  });
});
