import { checkedRun, provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { W1C } from '../lib/published.mjs';

export const w1c = {
  describe: "W1 with fills at the signal bar's own close: a check of the fills, without a target of speed",
  rows: 1_000_000,
  targets: {},

  async measure({ rows }) {
    provideBars(rows);
    const overrides = ['venues.paper.options.fill=this-close'];
    const { outcome, run } = await checkedRun('w1.yaml', { overrides, barsBefore: 1 });
    return {
      facts: { n: rows, ...outcome },
      checks: checks('published', W1C[rows], outcome),
      figures: { nsPerBar: [(run.ms * 1e6) / rows] },
    };
  },
};
