// Rounds of the engine with the bare loop before and after each, so that both see the same machine.
import { cpuMs, generation } from './generation.mjs';
import { median } from './statistics.mjs';

/** The bare loop is so short that one pass says little: these many before and after each run of the engine. */
const PASSES = 5;
/** Passes until the bare loop is compiled for good. Judged before that it would be slow, and the engine's ratio too good. */
const WARMUP_PASSES = 30;
const WARMUP_ROUNDS = 3;

/**
 * @typedef {object} RoundsOptions
 * @property {() => Promise<{ ms: number, cpuMs: number, result: { decisionHash: string } }>} engine one run
 * @property {() => { ms: number }} columnar one pass of the bare loop
 * @property {number} rows
 * @property {number} rounds
 * @property {'Bar' | 'Quote'} row what the figures are named after
 * @property {() => void} [beforeRun] of the engine, outside of its time
 * @property {boolean} [isStreamed] whether a pass has to make its data again, so that one has to do
 */

/**
 * @param {RoundsOptions} options
 * @returns {Promise<Record<string, number[]>>} figures by name, a value per round
 */
export async function rounds({ engine, columnar, rows, rounds: count, row, beforeRun = () => {}, isStreamed = false }) {
  const times = { engine: [], engineCpu: [], columnar: [], columnarCpu: [] };
  const passes = isStreamed ? 1 : PASSES;
  const warmups = isStreamed ? 1 : WARMUP_ROUNDS;
  const hashes = new Set();
  for (let round = -warmups; round < count; round++) {
    const repeats = round < 0 && !isStreamed ? WARMUP_PASSES : passes;
    const before = timed(columnar, repeats);
    beforeRun();
    const run = await engine();
    const around = [...before, ...timed(columnar, repeats)];
    hashes.add(run.result.decisionHash);
    if (round < 0) continue;
    times.engine.push(run.ms);
    times.engineCpu.push(run.cpuMs);
    times.columnar.push(median(around.map(({ ms }) => ms)));
    times.columnarCpu.push(median(around.map((pass) => pass.cpuMs)));
  }
  if (hashes.size > 1) throw new Error('Two rounds over the same data decided differently.');
  const ns = (values) => values.map((ms) => (ms * 1e6) / rows);
  return {
    [`nsPer${row}`]: ns(times.engine),
    [`columnarNsPer${row}`]: ns(times.columnar),
    ratioToColumnar: times.engine.map((ms, i) => ms / times.columnar[i]),
    [`cpuNsPer${row}`]: ns(times.engineCpu),
    [`columnarCpuNsPer${row}`]: ns(times.columnarCpu),
    cpuRatioToColumnar: times.engineCpu.map((ms, i) => ms / times.columnarCpu[i]),
  };
}

function timed(columnar, passes) {
  return Array.from({ length: passes }, () => {
    generation.reset();
    const cpu = cpuMs();
    const { ms } = columnar();
    return { ms, cpuMs: cpuMs() - cpu - generation.cpuMs };
  });
}
