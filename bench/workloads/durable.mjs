import { LONG_RUN_NODE_OPTIONS, tuneForLongRuns } from '../../packages/engine/dist/runtime/session/v8-options.js';
import { checks } from '../lib/check.mjs';
import { durableOrders } from '../lib/durable-orders.mjs';
import { pacedTicks } from '../lib/paced-ticks.mjs';
import { inScratchFolder } from '../lib/scratch-folder.mjs';
import { quantile, robustSlope, rounded } from '../lib/statistics.mjs';

const WARMUP = 2_000;
const TICKS_PER_SECOND = 100_000;
const MINUTES = 10;
/** The loop without the journal needs no memory curve. */
const PLAIN_SECONDS = 60;
const WARMUP_SECONDS = 5;
/** Memory is judged over the last eight of ten minutes: before that V8 still compiles. */
const JUDGED = 0.8;
const FLAT_SHARE = 0.05;
/** Of so many seconds the lowest counts: a leak lifts it, while pages that V8 keeps for some time do not. */
const LOW_SECONDS = 15;

export const durable = {
  // As the engine worker of paper and live runs.
  nodeOptions: LONG_RUN_NODE_OPTIONS,
  describe: 'the journal: from a tick to its order handed over, on disk before; 100,000 ticks a second; --minutes N',
  rows: 5_000,
  rounds: 1,
  processes: 1,
  targets: {
    orderOverSyncMs: { atMost: 0.5 },
    ticksPerSecond: { atLeast: 0.999 * TICKS_PER_SECOND },
    cpuShare: { atMost: 0.5 },
    growthShare: { atMost: FLAT_SHARE },
  },

  async measure({ rows, minutes = MINUTES }) {
    // As the engine worker of paper and live runs does.
    tuneForLongRuns();
    const seconds = minutes * 60;
    const orders = await inScratchFolder((dataDir) => durableOrders({ dataDir, ticks: rows, warmup: WARMUP }));
    const expected = rows + WARMUP;
    const pace = { ticksPerSecond: TICKS_PER_SECOND, warmupSeconds: Math.min(WARMUP_SECONDS, seconds) };
    const plain = await pacedTicks({ ...pace, seconds: Math.min(PLAIN_SECONDS, seconds) });
    const journalled = await inScratchFolder((dataDir) => pacedTicks({ ...pace, seconds, dataDir }));
    return {
      facts: { n: rows, minutes, rssEachMinuteMb: lows(journalled.resident, 60).map((mb) => rounded(mb)) },
      checks: [
        ...checks('one order per tick, each on disk', { orders: expected, handed: expected }, orders),
        ...checks('every tick is received', { ticks: journalled.ticks }, { ticks: journalled.received }),
        ...checks('every tick is on disk', { isDurable: true }, { isDurable: journalled.durable >= journalled.ticks }),
      ],
      figures: { ...orderFigures(orders), ...tickFigures(plain, journalled) },
    };
  },
};

function orderFigures({ samples, syncs }) {
  const [p50, sync] = [quantile(samples, 0.5), quantile(syncs, 0.5)];
  return {
    syncP50Ms: [sync],
    syncP99Ms: [quantile(syncs, 0.99)],
    orderP50Ms: [p50],
    orderP99Ms: [quantile(samples, 0.99)],
    orderOverSyncMs: [p50 - sync],
  };
}

function tickFigures(plain, journalled) {
  const { resident } = journalled;
  const judged = resident.slice(Math.floor(resident.length * (1 - JUDGED)));
  const lowSeconds = Math.max(1, Math.min(LOW_SECONDS, Math.floor(judged.length / 8)));
  const growthMbPerMinute = (robustSlope(lows(judged, lowSeconds)) * 60) / lowSeconds;
  const mean = judged.reduce((sum, value) => sum + value, 0) / judged.length;
  return {
    ticksPerSecond: [journalled.ticksPerSecond],
    cpuShare: [journalled.cpuShare],
    plainCpuShare: [plain.cpuShare],
    journalCpuShare: [journalled.cpuShare - plain.cpuShare],
    growthShare: [(growthMbPerMinute * (judged.length / 60)) / mean],
    growthMbPerMinute: [growthMbPerMinute],
    rssAfterSettlingMb: [judged[0]],
    rssAtEndMb: [resident.at(-1)],
    rssHighestMb: [Math.max(...resident)],
  };
}

/** The lowest of each so many values in a row; what is left over at the end counts to none. */
function lows(values, count) {
  return Array.from({ length: Math.floor(values.length / count) }, (_, place) =>
    Math.min(...values.slice(place * count, (place + 1) * count)),
  );
}
