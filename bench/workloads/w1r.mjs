import { barRounds, checkedRun, provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';

export const w1r = {
  describe: 'W1 with a bracket on every entry and every limit of the standard policy for strategy, book and engine',
  rows: 1_000_000,
  targets: { barsPerSecond: { atLeast: 5_000_000 } },

  async measure({ rows, rounds }) {
    const data = provideBars(rows);
    const { outcome, run } = await checkedRun('w1r.yaml');
    const facts = { n: rows, ...outcome, orders: run.result.orders.total };
    return {
      facts,
      // No fills are published. Whatever the fills, nothing may be refused, and there are no fees but those of fills.
      checks: checks(
        'nothing refused',
        { warnings: '', isBracketed: true },
        {
          warnings: run.result.warnings.join(' '),
          isBracketed: facts.orders > 2 * facts.closedTrades,
        },
      ),
      figures: await barRounds({ config: 'w1r.yaml', data, rounds }),
    };
  },
};
