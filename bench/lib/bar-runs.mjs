// What the workloads over W1's bars have in common: a checked run, and rounds of the engine and the bare loop in turn.
import { BarData, barBlocks, MINUTE_MS, START } from './bar-data.mjs';
import { collector } from './collector.mjs';
import { columnarBars } from './columnar-bars.mjs';
import { configFile, engineRun, outcomeOf } from './engine-run.mjs';
import { FillHash } from './fill-hash.mjs';
import { ONE_MINUTE, provide } from './reference-feed.mjs';
import { rounds } from './rounds.mjs';

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
  let wins = 0;
  // The published tables count a trade as won before fees, the engine's metrics after them.
  const onTrade = (pnl, fees) => {
    if (pnl + fees > 0) wins += 1;
  };
  const run = await engineRun(configFile(config), { overrides, onFill, onTrade });
  return { outcome: { ...outcomeOf(run), wins, fillHash: hash.text }, run };
}

/**
 * Rounds of a configuration and the bare loop in turn. The logs that the rounds before left, nine megabytes each, are collected before each run: peak memory
 * is that of a run, as in the command's process, and not that of four.
 * @param {{ config: string, data: BarData, rounds: number }} options
 */
export function barRounds({ config, data, rounds: count }) {
  return rounds({
    engine: () => engineRun(configFile(config)),
    columnar: () => columnarBars(data),
    beforeRun: collector(),
    rows: data.rows,
    rounds: count,
    row: 'Bar',
    isStreamed: data.segments > 1,
  });
}
