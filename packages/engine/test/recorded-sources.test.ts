// What a run says of the data it read.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { composeEngine } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import type { DataSourceResult, RunResult } from '../src/report/run-result.js';
import { runRecorded } from '../src/runtime/recorded/recorded-run.js';
import { barsCsv, engineYaml, FLIP, Project, sawBars } from './command-line.fixture.js';

const SYMBOLS = ['A', 'AAPL', 'PL'];
let project: Project;

beforeEach(() => {
  const yaml = engineYaml(['flip'], "path: '{symbol}.csv', kind: bars, seconds: 60, onBadRow: skip")
    .replace(
      '  AAA:',
      SYMBOLS.map((symbol) => `  ${symbol}: { assetClass: equity, quote: USD, calendar: 24x7 }\n`).join('') + '  AAA:',
    )
    .replace('symbols: [AAA]', `symbols: [${SYMBOLS.join(', ')}]`);
  project = new Project().write('flip.mjs', FLIP).write('engine.yaml', yaml);
});

afterEach(() => project.remove());

/** Ten bars, of which the last `bad` cannot be read. */
function bars(symbol: string, bad: number): void {
  const rows = sawBars(10).map((row, i) => (i < 10 - bad ? row : row.replace(/,\d+/, ',x')));
  project.write(`${symbol}.csv`, barsCsv(rows));
}

async function resultOf(): Promise<RunResult> {
  const config = loadConfig(join(project.folder, 'engine.yaml'), {});
  const log = { level: 'silent', format: 'json', write: () => {} } as const;
  const { prepared, parts, calendar } = await composeEngine({ config, mode: 'backtest', log });
  for (const feed of parts.feeds.values()) await feed.open();
  const result = await runRecorded({ runId: 'r', kind: 'backtest', prepared, parts, calendar, now: () => 0 });
  for (const feed of parts.feeds.values()) await feed.close();
  return result;
}

async function sourcesOf(): Promise<readonly DataSourceResult[]> {
  return (await resultOf()).sources;
}

describe('the sources of a recorded run', () => {
  it.each([
    [0, 2, 1],
    [0, 3, 0],
    [2, 0, 0],
  ])('count rows left out with the symbol they were read for (%d, %d, %d)', async (...bad) => {
    SYMBOLS.forEach((symbol, i) => bars(symbol, bad[i] ?? 0));
    const sources = await sourcesOf();
    expect(sources.map(({ symbol, rejected }) => [symbol, rejected])).toEqual(SYMBOLS.map((s, i) => [s, bad[i]]));
    sources.forEach(({ symbol, source, reason, rejected }) => {
      expect(reason === undefined).toBe(rejected === 0);
      if (rejected > 0) expect(source).toBe(join(project.folder, `${symbol}.csv`));
    });
  });
});

it('a symbol of which no row could be used is warned of', async () => {
  SYMBOLS.forEach((symbol, i) => bars(symbol, i === 1 ? 10 : 0));
  const { warnings } = await resultOf();
  expect(warnings.filter((text) => text.includes('no row of it'))).toEqual([expect.stringMatching(/^AAPL: feed '/)]);
});

describe('hourly bars of a market that closes at a half hour', () => {
  it.each(['ts', 'ts,endTs'])('give the last half hour to its day (%s)', async (times) => {
    const hour = 3_600_000;
    const rows = ['2024-07-08', '2024-07-09'].flatMap((day, place) =>
      Array.from({ length: 7 }, (_, i) => {
        const start = Date.parse(day) + 13.5 * hour + i * hour;
        const end = start + (i === 6 ? hour / 2 : hour);
        const close = place === 0 && i === 6 ? 90 : 100 - 10 * place;
        return `${times === 'ts' ? start : `${start},${end}`},100,100,90,${close},100`;
      }),
    );
    const yaml = engineYaml(['flip'], "path: '{symbol}.csv', kind: bars, timeframe: 1h")
      .replace('  AAA:', '  NY: { assetClass: equity, quote: USD, calendar: XNYS }\n  AAA:')
      .replace('symbols: [AAA]', 'symbols: [NY], bars: { use: time, options: { seconds: 3600 } }');
    project.write('engine.yaml', yaml).write('NY.csv', [`${times},open,high,low,close,volume`, ...rows, ''].join('\n'));
    const { daily, to } = await resultOf();
    expect(to).toBe(Date.UTC(2024, 6, 9, 20));
    expect(daily.map(({ tradingDay }) => tradingDay)).toEqual([20_240_708, 20_240_709]);
  });
});
