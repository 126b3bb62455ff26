import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BarData, barBlocks } from '../lib/bar-data.mjs';
import { checks } from '../lib/check.mjs';
import { CASH, columnarBars } from '../lib/columnar-bars.mjs';
import { engineRun } from '../lib/engine-run.mjs';
import { ONE_MINUTE, provide } from '../lib/reference-feed.mjs';
import { rounds } from '../lib/rounds.mjs';
import { symbolsConfig } from '../lib/symbols-config.mjs';

const SYMBOLS = 100;
const CAPITAL = 1_000_000_000;

export const symbols = {
  describe: 'a hundred symbols with a strategy each, all bars at the same instants, merged by time',
  rows: 1_000_000,
  targets: { barsPerSecond: { atLeast: 8_000_000 } },

  async measure({ rows, rounds: count }) {
    const perSymbol = Math.ceil(rows / SYMBOLS);
    const all = Array.from({ length: SYMBOLS }, (_, i) => new BarData({ rows: perSymbol, seed: 42 + i }));
    const names = all.map((_, i) => `S${i}`);
    names.forEach((name, i) => provide(name, { spec: ONE_MINUTE, blocks: () => barBlocks(all[i], name) }));
    const folder = mkdtempSync(join(tmpdir(), 'bookrunner-bench-'));
    try {
      const config = join(folder, 'engine.yaml');
      writeFileSync(config, symbolsConfig(names));
      const bare = all.map((data) => columnarBars(data));
      const { result } = await engineRun(config);
      const outcome = {
        fills: result.fills.total,
        finalEquity: result.metrics.finalEquity,
        warnings: result.warnings.length,
      };
      const expected = {
        fills: bare.reduce((sum, { fills }) => sum + fills, 0),
        finalEquity: bare.reduce((sum, { finalEquity }) => sum + finalEquity - CASH, CAPITAL),
        warnings: 0,
      };
      const figures = await rounds({
        engine: () => engineRun(config),
        columnar: () => ({ ms: all.reduce((sum, data) => sum + columnarBars(data).ms, 0) }),
        rows: perSymbol * SYMBOLS,
        rounds: count,
        row: 'Bar',
      });
      return {
        facts: { n: perSymbol * SYMBOLS, symbols: SYMBOLS, ...outcome },
        checks: checks('bare loops', expected, outcome),
        figures,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
