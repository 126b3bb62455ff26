import { provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { collector } from '../lib/collector.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { configFile, engineRun } from '../lib/engine-run.mjs';
import { slope } from '../lib/statistics.mjs';

const RUNS = 2_000;
/**
 * Runs whose memory is not judged. V8 compiles what is called once a run only after hundreds of them, and the heap finds its size:
 * heap snapshots of run 300 and run 900 differ by machine code and what belongs to it, and by no object, closure or shape.
 */
const SETTLING = 0.5;
/** Growth over the judged runs, as a share of the memory in use, that still counts as flat. */
const FLAT_SHARE = 0.05;
/** What is live after a full collection may grow by machine code, not by anything that a run leaves: 2 kB a run would be too much. */
const LIVE_GROWTH_MB = 2;
const MB = 1_048_576;

export const memory = {
  describe: 'two thousand runs in one process: whether resident memory stays flat over the second thousand',
  rows: 20_000,
  processes: 1,
  targets: { growthShare: { atMost: FLAT_SHARE }, liveHeapGrowthMb: { atMost: LIVE_GROWTH_MB } },

  async measure({ rows, runs = RUNS }) {
    const data = provideBars(rows);
    const { fills } = columnarBars(data);
    const resident = [];
    const live = [];
    const faulty = [];
    const collect = collector();
    const settled = Math.floor(runs * SETTLING);
    for (let run = 0; run < runs; run++) {
      const { result } = await engineRun(configFile('w1.yaml'));
      if (result.fills.total !== fills) faulty.push(run);
      resident.push(process.memoryUsage.rss() / MB);
      if (run === settled || run === runs - 1) {
        collect();
        live.push(process.memoryUsage().heapUsed / MB);
      }
    }
    const judged = resident.slice(settled);
    const growthMb = slope(judged) * judged.length;
    const mean = judged.reduce((sum, value) => sum + value, 0) / judged.length;
    return {
      facts: { n: rows, runs, fills, isFlat: growthMb / mean <= FLAT_SHARE },
      checks: checks('runs with the fills of the first', { faulty: '' }, { faulty: faulty.join(' ') }),
      figures: {
        growthShare: [growthMb / mean],
        growthMbPer1000Runs: [slope(judged) * 1_000],
        liveHeapGrowthMb: [live.at(-1) - live[0]],
        rssAfterFirstMb: [resident[0]],
        rssAfterSettlingMb: [judged[0]],
        rssAtEndMb: [resident.at(-1)],
        rssHighestMb: [Math.max(...resident)],
      },
    };
  },
};
