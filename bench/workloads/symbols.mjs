import { checks } from '../lib/check.mjs';
import { CASH, columnarBars } from '../lib/columnar-bars.mjs';
import { engineRun } from '../lib/engine-run.mjs';
import { rounds } from '../lib/rounds.mjs';
import { provideSymbols } from '../lib/symbol-runs.mjs';

const CAPITAL = 1_000_000_000;

export const symbols = {
  describe: 'a hundred symbols with a strategy each, all bars at the same instants, merged by time',
  rows: 1_000_000,
  targets: { barsPerSecond: { atLeast: 8_000_000 } },

  async measure({ rows, rounds: count }) {
    const { all, config, remove } = provideSymbols(rows);
    try {
      const n = all.reduce((sum, data) => sum + data.rows, 0);
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
        rows: n,
        rounds: count,
        row: 'Bar',
      });
      return {
        facts: { n, symbols: all.length, ...outcome },
        checks: checks('bare loops', expected, outcome),
        figures,
      };
    } finally {
      remove();
    }
  },
};
