// Kills a trading engine again and again and looks whether anything was lost: see docs/journal.md, "What the crash test shows".
//   npm run test:crash -- [--json] [--kills 500] [--seeds 20] [--seed 1] [--side-by-side 5]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Chain } from './chain.mjs';
import { makePlans } from './plans.mjs';
import { Tally } from './tally.mjs';
import { traceWire } from './wire-trace.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    kills: { type: 'string', default: '500' },
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'side-by-side': { type: 'string', default: '5' },
  },
});
const kills = Number(values.kills);
const seeds = Math.min(Number(values.seeds), kills);
const firstSeed = Number(values.seed);

/** Equal seeds give equal numbers from 0 to 1. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Consecutive plans for each seed, so that together they are all of them. */
function shares(plans) {
  return Array.from({ length: seeds }, (_, i) => ({
    seed: firstSeed + i,
    plans: plans.filter((_plan, index) => Math.floor((index * seeds) / plans.length) === i),
  }));
}

async function work(queue, tally) {
  for (let share = queue.shift(); share !== undefined; share = queue.shift()) {
    const { seed, plans } = share;
    // One chain after the other: others run beside this one.
    // oxlint-disable-next-line no-await-in-loop
    await new Chain({ seed, tally }).run(plans);
  }
}

const canTrace = spawnSync('strace', ['-e', 'trace=write', 'true']).status === 0;
const tally = new Tally({ isQuiet: values.json, kills, canTrace });
const plans = makePlans(kills, randomOf(firstSeed)).filter((plan) => canTrace || plan.kind !== 'write');
const queue = shares(plans);
await Promise.all(Array.from({ length: Number(values['side-by-side']) }, () => work(queue, tally)));
if (canTrace) tally.traced(await traceWire());
tally.print(values.json);
process.exitCode = tally.isFine() ? 0 : 1;
