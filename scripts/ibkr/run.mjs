// Engines at Interactive Brokers, as the gateway simulator plays it, in processes of their own: what they trade survives the daily restart
// and a kill in the middle of it, with no order twice and no fill lost. See docs/ibkr.md, "What was verified where".
//   npm run test:ibkr -- [--json] [--only NAME] [--side-by-side 3]
import { parseArgs } from 'node:util';
import { exampleLive, examplePaper } from './example.mjs';
import { killed, restarted } from './restart.mjs';
import { Stage } from './stage.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    'side-by-side': { type: 'string', default: '3' },
  },
});

const CASES = new Map([
  ['planned restart', (stage) => restarted(stage, true)],
  ['example, live', exampleLive],
  ['example, paper', examplePaper],
  ['restart nobody was told of', (stage) => restarted(stage, false)],
  ['killed in the restart', killed],
]);

/** Runs one case; what was found, and what there was. */
async function play(name) {
  const startedAt = performance.now();
  const stage = new Stage(name);
  let truth = { orders: [], executions: [] };
  try {
    await CASES.get(name)(stage);
  } catch (error) {
    stage.findings.push(error.stack);
  } finally {
    if (stage.gatewayServer !== undefined) truth = stage.truth();
    await stage.end();
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stderr.write(`${stage.findings.length === 0 ? 'ok' : 'FAILED'}: ${name}, ${seconds} s\n`);
  for (const finding of stage.findings) process.stderr.write(`  ${finding}\n`);
  const { duplicateOrders, lostFills, bookMismatches } = stage.result;
  return {
    ...{ name, seconds, orders: truth.orders.length, duplicateOrders: duplicateOrders.length },
    ...{ fills: truth.executions.length, lostFills: lostFills.length, bookMismatches: bookMismatches.length },
    ...{ reconciliations: stage.reconciliations ?? 0, differences: stage.differences ?? [], findings: stage.findings },
  };
}

const queue = [...CASES.keys()].filter((name) => values.only === undefined || name.includes(values.only));
const cases = [];
async function work() {
  // One case after the other: others run beside this one.
  // oxlint-disable-next-line no-await-in-loop
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) cases.push(await play(name));
}
await Promise.all(Array.from({ length: Number(values['side-by-side']) }, work));
const total = (what) => cases.reduce((sum, result) => sum + result[what], 0);
const totals = ['orders', 'duplicateOrders', 'fills', 'lostFills', 'bookMismatches', 'reconciliations'];
const report = { cases, ...Object.fromEntries(totals.map((what) => [what, total(what)])) };
process.stdout.write(`${JSON.stringify(report, undefined, values.json ? undefined : 2)}\n`);
process.exitCode = cases.length > 0 && cases.every(({ findings }) => findings.length === 0) ? 0 : 1;
// The simulator's sockets and timers are over; what is left of them waits for nothing.
process.exit();
