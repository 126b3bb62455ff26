import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { rmSync } from 'node:fs';
import { backtest, loadConfig, readRun, renderReport, renderSummary, VERSION, writeRun } from './index.js';
import { PluginProject } from './plugins/plugin-project.fixture.js';

// A backtest in a test runner's sandbox takes its time; nothing here measures it.
jest.setTimeout(60_000);

const STRATEGY = `
import { definePlugin, defineStrategy, zscore } from '@bookrunner/sdk';
import { z } from 'zod';
const fade = defineStrategy({
  name: 'fade',
  params: z.strictObject({ length: z.int().min(2).default(20) }),
  features: (p) => ({ score: zscore(p.length) }),
  onBar: ({ features }) => (features.score > 2 ? -1 : features.score < -2 ? 1 : undefined),
});
export default definePlugin({ id: 'fade', apiVersion: 1, strategies: { fade } });
`;

const YAML = `
engine: { name: library }
plugins: [./fade.mjs]
instruments: { AAA: { assetClass: equity, quote: USD, calendar: 24x7 } }
feeds: { made: { use: synthetic, options: { days: 3, kind: bars, seconds: 60, ticksPerMinute: 2 } } }
strategies: { fade: { use: fade, symbols: [AAA] } }
`;

let folder = '';
let path = '';

beforeEach(() => {
  const project = new PluginProject().link('@bookrunner/sdk', 'packages/sdk').link('zod', 'node_modules/zod');
  ({ folder } = project);
  path = join(folder, 'engine.yaml');
  project.write('fade.mjs', STRATEGY).write('engine.yaml', YAML);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the library', () => {
  it('runs a backtest from a file or a configuration, the same both times', async () => {
    const fromFile = await backtest(path, { overrides: ['engine.name=renamed'], env: {} });
    const fromConfig = await backtest(loadConfig(path), { runId: 'mine' });
    expect(fromFile.name).toBe('renamed');
    expect(fromFile.engineVersion).toBe(VERSION);
    expect(fromConfig.runId).toBe('mine');
    expect(fromFile.bars).toBeGreaterThan(2 * 1440);
    expect(fromFile.fills.total).toBeGreaterThan(0);
    expect(fromConfig.decisionHash).toBe(fromFile.decisionHash);
  });

  it('tells how far it is, stops where it is told to, and covers what it has read', async () => {
    const stop = new AbortController();
    const progress: number[] = [];
    const onProgress = ({ rows }: { readonly rows: number }): void => {
      progress.push(rows);
      if (rows > 0) stop.abort();
    };
    const result = await backtest(path, {
      overrides: ['feeds.made.options.days=60'],
      env: {},
      onProgress,
      signal: stop.signal,
    });
    expect(progress[0]).toBe(0);
    expect(result.bars).toBeGreaterThan(0);
    expect(result.bars).toBeLessThan(60 * 1440);
  });

  it('writes a run, reads it back and renders the same page', async () => {
    const result = await backtest(path, { env: {} });
    const run = join(folder, 'run');
    writeRun(run, result);
    const read = await readRun(run);
    expect(renderSummary(read)).toBe(renderSummary(result));
    expect(renderReport(read)).toBe(renderReport(result));
  });

  it('rejects with the code of what is wrong', async () => {
    await expect(backtest(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'CONFIG_FILE_UNREADABLE' });
    const message = expect.stringMatching(/ has rows from \d{4}-\S+Z to \d{4}-\S+Z/);
    await expect(backtest(path, { from: Date.UTC(2050, 0, 1) })).rejects.toMatchObject({
      code: 'RUN_NO_DATA',
      message,
    });
  });

  it('does not call a run one that had rows to warm up with and none to trade on', async () => {
    const { to } = await backtest(path, { env: {} });
    // From the very end of the last bar on as well, which is where data that ends at midnight ends.
    for (const from of [to, to + 3_600_000]) {
      await expect(backtest(path, { from })).rejects.toMatchObject({ code: 'RUN_NO_DATA' });
    }
    expect(await backtest(path, { from: to - 60_000 })).toMatchObject({ to });
  });
});
