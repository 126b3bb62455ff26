import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { provideBars } from '../lib/bar-runs.mjs';
import { checks } from '../lib/check.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { configFile, engineRun } from '../lib/engine-run.mjs';
import { slope } from '../lib/statistics.mjs';

const RUNS = 1_000;
/** Runs whose memory is not judged: code is compiled and the heap finds its size. */
const SETTLING = 0.2;
/**
 * Growth over the judged runs, as a share of the memory in use, that still counts as flat: V8 moves its own limits by some MB. Runs
 * that kept their logs would grow by several times the memory in use.
 */
const FLAT_SHARE = 0.1;
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

/** A full collection, so that what is live can be told from what is garbage. */
function collector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
