import { checkedRun, provideBars, rounds } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { W1 } from '../lib/published.mjs';

export const w1 = {
  describe: 'one million one-minute bars, moving-average flip, beside the bare columnar loop',
  rows: 1_000_000,
  targets: { ratioToColumnar: { atMost: 15 }, barsPerSecond: { atLeast: 10_000_000 }, peakRssMb: { atMost: 200 } },

  async measure({ rows, rounds: count }) {
    const data = provideBars(rows);
    const { ms: _, ...bare } = columnarBars(data);
    const { outcome, decisionHash } = await checkedRun('w1.yaml');
    const { wins, ...published } = W1[rows] ?? {};
    return {
      facts: { n: rows, ...outcome },
      checks: [
        ...checks('bare loop and engine', bare, outcome),
        ...checks('published', published, outcome),
        ...(wins === undefined || outcome.wins === undefined ? [] : checks('published', { wins }, outcome)),
      ],
      figures: await rounds({ config: 'w1.yaml', data, rounds: count, decisionHash }),
    };
  },
};
