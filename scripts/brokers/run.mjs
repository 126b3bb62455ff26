// Engines that trade at practice brokers, in processes of their own: what a change of the set-up leaves as it was, what one broker of two
// is to the other, and whether sums are right to the last unit. See docs/reconciliation.md, "What is tested".
//   npm run test:brokers -- [--json] [--only NAME] [--seed 1] [--times 1] [--side-by-side 2]
// With `--times` each case is played so often, with the seeds from `--seed` on: when a kill strikes is chance.
import { parseArgs } from 'node:util';
import { CHANGES, changedSetUp } from './changed-set-up.mjs';
import { fractions } from './fractions.mjs';
import { Stage } from './stage.mjs';
import { twoBrokers } from './two-brokers.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '1' },
    'side-by-side': { type: 'string', default: '2' },
  },
});

const CASES = new Map([
  ['two brokers', twoBrokers],
  ['fractions, paid for', (stage) => fractions(stage, 'cash')],
  ['fractions, on margin', (stage) => fractions(stage, 'margin')],
  ...Object.entries(CHANGES).map(([name, change]) => [`another ${name}`, (stage) => changedSetUp(stage, change)]),
]);

/** Runs one case on markets of one seed; what was found. */
async function play({ name, seed }) {
  const startedAt = performance.now();
  const stage = new Stage(name, seed);
  try {
    await CASES.get(name)(stage);
  } catch (error) {
    stage.findings.push(error.stack);
  } finally {
    await stage.end();
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stderr.write(`${stage.findings.length === 0 ? 'ok' : 'FAILED'}: ${name}, seed ${seed}, ${seconds} s\n`);
  for (const finding of stage.findings) process.stderr.write(`  ${finding}\n`);
  return { name, seed, seconds, findings: stage.findings };
}

const names = [...CASES.keys()].filter((name) => values.only === undefined || name.includes(values.only));
const seeds = Array.from({ length: Number(values.times) }, (_, n) => Number(values.seed) + n);
const queue = seeds.flatMap((seed) => names.map((name) => ({ name, seed })));
const results = [];
async function work() {
  // One case after the other: others run beside this one.
  // oxlint-disable-next-line no-await-in-loop
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.push(await play(next));
}
await Promise.all(Array.from({ length: Number(values['side-by-side']) }, work));
process.stdout.write(`${JSON.stringify({ cases: results }, undefined, values.json ? undefined : 2)}\n`);
process.exitCode = results.length > 0 && results.every(({ findings }) => findings.length === 0) ? 0 : 1;
