import { checks } from '../lib/check.mjs';
import { LONG_RUN_NODE_OPTIONS, tuneForLongRuns } from '../../packages/engine/dist/runtime/session/v8-options.js';
import { quantile } from '../lib/statistics.mjs';
import { tickLatencies, timerNs } from '../lib/tick-latency.mjs';

const WARMUP = 200_000;

export const latency = {
  // As the engine worker of paper and live runs.
  nodeOptions: LONG_RUN_NODE_OPTIONS,
  describe: 'from a tick handed to the driver to its order handed to the venue, in process; one order per tick',
  rows: 500_000,
  targets: { p50Ns: { atMost: 250 }, p99Ns: { atMost: 1_000 } },

  async measure({ rows }) {
    // As the engine worker of paper and live runs does.
    tuneForLongRuns();
    const options = { ticks: rows, warmup: WARMUP };
    const alone = await tickLatencies(options);
    const withFill = await tickLatencies({ ...options, overrides: ['venues.paper.options.fill=next-tick'] });
    const timer = timerNs();
    const ns = (samples, share) => [quantile(samples, share) - timer];
    return {
      facts: { n: rows },
      // With next-tick the last order goes out like all others.
      checks: checks(
        'one order per tick',
        { alone: rows + WARMUP, withFill: rows + WARMUP },
        {
          alone: alone.orders,
          withFill: withFill.orders,
        },
      ),
      figures: {
        p50Ns: ns(alone.samples, 0.5),
        p90Ns: ns(alone.samples, 0.9),
        p99Ns: ns(alone.samples, 0.99),
        maxNs: ns(alone.samples, 1),
        p50WithFillNs: ns(withFill.samples, 0.5),
        p99WithFillNs: ns(withFill.samples, 0.99),
        timerNs: [timer],
      },
    };
  },
};
