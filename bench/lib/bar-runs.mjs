// What the workloads over W1's bars have in common: a checked run first, then rounds of the engine and the bare loop in turn.
import { BarData, barBlocks, MINUTE_MS, START } from './bar-data.mjs';
import { columnarBars } from './columnar-bars.mjs';
import { configFile, engineRun, outcomeOf } from './engine-run.mjs';
import { FillHash } from './fill-hash.mjs';
import { ONE_MINUTE, provide } from './reference-feed.mjs';
import { median } from './statistics.mjs';

/** The bare loop is so short that one pass says little: these many before and after each run of the engine. */
const COLUMNAR_PASSES = 3;
/** Passes until the bare loop is compiled for good. */
const COLUMNAR_WARMUP = 20;
const WARMUP_ROUNDS = 2;

/** Puts up W1's bars under the symbol that the configurations name. */
export function provideBars(rows) {
  const data = new BarData({ rows });
  provide('W1', { spec: ONE_MINUTE, blocks: () => barBlocks(data, 'W1') });
  return data;
}

/**
 * Runs a configuration once and hashes its fills.
 * @param {string} config
 * @param {{ overrides?: readonly string[], barsBefore?: number }} [options] `barsBefore`: bars from the one that starts with a
 * fill's instant back to the one that counts
 */
export async function checkedRun(config, { overrides = [], barsBefore = 0 } = {}) {
  const hash = new FillHash();
  const onFill = (ts, qty, price) => hash.add((ts - START) / MINUTE_MS - barsBefore, qty, price);
  const run = await engineRun(configFile(config), { overrides, onFill });
  const wins = winsBeforeFees(run.result);
  return { outcome: { ...outcomeOf(run), ...wins, fillHash: hash.text }, decisionHash: run.result.decisionHash, run };
}

/** The published tables count a trade as won before fees, the engine's metrics after them. Undefined where trades were dropped. */
function winsBeforeFees({ trades }) {
  if (trades.first > 0) return { wins: undefined };
  const columns = new Map(trades.columns().map((column) => [column.name, column.values]));
  const fees = columns.get('fees');
  let wins = 0;
  columns.get('pnl').forEach((pnl, row) => {
    if (pnl + fees[row] > 0) wins += 1;
  });
  return { wins };
}

/**
 * Rounds of the engine with the bare loop before and after each.
 * @param {{ config: string, data: BarData, rounds: number, decisionHash: string }} options
 */
export async function rounds({ config, data, rounds: count, decisionHash }) {
  for (let pass = 0; pass < COLUMNAR_WARMUP && data.segments === 1; pass++) columnarBars(data);
  const figures = { nsPerBar: [], columnarNsPerBar: [], ratioToColumnar: [] };
  for (let round = -WARMUP_ROUNDS; round < count; round++) {
    const before = columnarPasses(data);
    const run = await engineRun(configFile(config));
    const columnar = median([...before, ...columnarPasses(data)]);
    if (run.result.decisionHash !== decisionHash)
      throw new Error(`Round ${round} decided otherwise than the checked run.`);
    if (round < 0) continue;
    figures.nsPerBar.push((run.ms * 1e6) / data.rows);
    figures.columnarNsPerBar.push((columnar * 1e6) / data.rows);
    figures.ratioToColumnar.push(run.ms / columnar);
  }
  return figures;
}

function columnarPasses(data) {
  return Array.from({ length: data.segments === 1 ? COLUMNAR_PASSES : 1 }, () => columnarBars(data).ms);
}
