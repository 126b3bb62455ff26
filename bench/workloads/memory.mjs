import { provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { configFile, engineRun } from '../lib/engine-run.mjs';
import { slope } from '../lib/statistics.mjs';

const RUNS = 1_000;
/** Runs whose memory is not judged: code is compiled and the heap finds its size. */
const SETTLING = 0.2;
/** Growth over the judged runs, as a share of the memory in use, that still counts as flat. */
const FLAT_SHARE = 0.05;
const MB = 1_048_576;

export const memory = {
  describe: 'a thousand runs in one process: whether resident memory stays flat',
  rows: 20_000,
  processes: 1,
  targets: { growthShare: { atMost: FLAT_SHARE } },

  async measure({ rows, runs = RUNS }) {
    const data = provideBars(rows);
    const { fills } = columnarBars(data);
    const resident = [];
    const faulty = [];
    for (let run = 0; run < runs; run++) {
      const { result } = await engineRun(configFile('w1.yaml'));
      if (result.fills.total !== fills) faulty.push(run);
      resident.push(process.memoryUsage.rss() / MB);
    }
    const judged = resident.slice(Math.floor(runs * SETTLING));
    const growthMb = slope(judged) * judged.length;
    const mean = judged.reduce((sum, value) => sum + value, 0) / judged.length;
    return {
      facts: { n: rows, runs, fills, isFlat: growthMb / mean <= FLAT_SHARE },
      checks: checks('runs with the fills of the first', { faulty: '' }, { faulty: faulty.join(' ') }),
      figures: {
        growthShare: [growthMb / mean],
        growthMbPer1000Runs: [slope(judged) * 1_000],
        rssAfterFirstMb: [resident[0]],
        rssAfterSettlingMb: [judged[0]],
        rssAtEndMb: [resident.at(-1)],
        rssHighestMb: [Math.max(...resident)],
      },
    };
  },
};
