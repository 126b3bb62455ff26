import { barRounds, checkedRun, provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { W1 } from '../lib/published.mjs';

export const w1 = {
  describe: 'one million one-minute bars, moving-average flip, beside the bare columnar loop',
  rows: 1_000_000,
  targets: { ratioToColumnar: { atMost: 15 }, barsPerSecond: { atLeast: 10_000_000 }, peakRssMb: { atMost: 200 } },

  async measure({ rows, rounds }) {
    const data = provideBars(rows);
    const { ms: _, ...bare } = columnarBars(data);
    const { outcome } = await checkedRun('w1.yaml');
    return {
      facts: { n: rows, ...outcome },
      checks: [...checks('bare loop and engine', bare, outcome), ...checks('published', W1[rows], outcome)],
      figures: await barRounds({ config: 'w1.yaml', data, rounds }),
    };
  },
};
