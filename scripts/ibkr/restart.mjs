// The gateway's daily restart while orders work and are filled in part: reset, refused connections, 326 once, handshake, farms that flap,
// five times 1100, 1102. What was filled meanwhile is booked, nothing is sent twice, and the books are the gateway's.
import { setTimeout as sleep } from 'node:timers/promises';
import { IbkrProject, MOST_UNITS } from './project.mjs';

/**
 * The course of a restart is the real one's; its 90 s are not waited for, nor all of the 5 s between the steps. Between the first of them and
 * the fifth the engine has to be ready, which a busy machine takes its time for.
 */
const RESTART = { downMs: 4000, stepMs: 1500 };
const SYMBOLS = ['AAPL', 'MSFT'];
const UNALLOCATED = 200_000;
const SOME = 12;
const MARKET = { ticksPerSecond: 10, fillSize: 5, restingCopies: 2 };

/** One engine lives through it; `isPlanned` says whether feed, venue and engine were told of it. */
export async function restarted(stage, isPlanned) {
  const gateway = await stage.gateway(SYMBOLS, MARKET);
  const { port } = gateway;
  const window = isPlanned ? nextWindow() : undefined;
  stage.project = new IbkrProject({ port, ...window?.options });
  const engine = stage.engine();
  await stage.ready();
  await stage.moreExecutions(SOME);
  if (window !== undefined) {
    // A moment into the window: from its first instant on nothing new may leave.
    await sleep(Math.max(0, window.startsAt + 500 - Date.now()));
    const before = stage.truth().orders.length;
    await sleep(2000);
    const sent = stage.truth().orders.length - before;
    stage.check(sent === 0, `${sent} orders were sent into the restart`);
  } else await stage.busy();
  const before = stage.truth();
  const told = (await stage.notices()).length;
  await gateway.faults.dailyRestart(RESTART);
  await settled(stage, told);
  checkReports(stage, { before, notices: (await stage.notices()).slice(told), isPlanned });
  if (!isPlanned) await stage.moreExecutions(SOME);
  await balance(stage, engine);
}

/** The process dies while the gateway restarts, and its successor lives through the rest. */
export async function killed(stage) {
  const gateway = await stage.gateway(SYMBOLS, MARKET);
  stage.project = new IbkrProject({ port: gateway.port });
  const first = stage.engine();
  await stage.ready();
  await stage.moreExecutions(SOME);
  await stage.busy();
  const run = await stage.newestRun();
  const restart = gateway.faults.dailyRestart(RESTART);
  // Once its connection is gone, before it can come back.
  await sleep(RESTART.downMs / 2);
  first.kill();
  await first.exited;
  const second = stage.engine();
  await stage.ready(run);
  await restart;
  await settled(stage, 0);
  await stage.moreExecutions(SOME);
  await balance(stage, second);
}

/** The last word of the venue is that it is ready, and nothing is unknown. */
async function settled(stage, told) {
  await stage.until('the venue is ready again', async () => {
    const states = (await stage.notices()).slice(told).filter(({ code }) => /^BROKER_(READY|AWAY)$/.test(code));
    return states.at(-1)?.code === 'BROKER_READY';
  });
}

/** Away once and ready once for the lost connection, the same for the lost line; nothing is in doubt, and nobody has to decide. */
function checkReports(stage, { before, notices, isPlanned }) {
  const count = (code) => notices.filter((notice) => notice.code === code).length;
  const [away, ready] = [count('BROKER_AWAY'), count('BROKER_READY')];
  stage.check(ready === 2 && away === 2, `it was away ${away} times and ready ${ready} times`);
  for (const code of ['SYMBOL_FROZEN', 'ORDER_OUTCOME_UNKNOWN', 'BROKER_REPORT_DAMAGED', 'PROTECTION_FAILED'])
    stage.check(count(code) === 0, `${code}: ${notices.find((notice) => notice.code === code)?.message}`);
  if (isPlanned) stage.check(count('OUTAGE_OVERRUN') === 0, 'the outage is said to be overrun');
  stage.meanwhile = stage.truth().executions.length - before.executions.length;
}

/** With still markets everything agrees, to the last execution; the report that is left says so. */
export async function balance(stage, engine) {
  stage.stand();
  await stage.agree({ unallocated: UNALLOCATED, most: MOST_UNITS });
  await stage.stop(engine);
  checkReport(stage);
}

/** The reconciliation file of the last run. */
export function checkReport(stage) {
  const { reconciliation } = stage.project.reports().at(-1);
  const [{ state, frozen, doubts, unknown, balances, differences }] = reconciliation;
  stage.check(state === 'ready', `the report says ${state}`);
  for (const [what, list] of Object.entries({ frozen, doubts, unknown }))
    stage.check(list.length === 0, `the report has ${what}: ${JSON.stringify(list)}`);
  for (const { name, difference } of balances)
    stage.check(difference === 0, `the report has a difference of ${difference} ${name}`);
  stage.differences = differences.map(({ cause }) => cause);
  const money = differences.filter(({ cause }) => cause === 'cash').length;
  stage.check(money <= 1, `the report has ${money} differences in cash`);
  for (const row of differences.filter((one) => !isHarmless(stage, one)))
    stage.check(false, `the report has ${JSON.stringify(row)}`);
  stage.reconciliations = stage.project.reports().length;
}

/**
 * What has to be found out after a loss: fills that nobody told of, a change or cancel that went under with the connection and is decided
 * anew, orders that really never arrived. And, once, the cash that no book was given: any other is explained to what the gateway tells.
 */
function isHarmless(stage, { cause, evidence }) {
  if (['missed-execution', 'request-lost'].includes(cause)) return true;
  if (cause === 'cash') return evidence === `the broker has ${UNALLOCATED} USD that no trade explains`;
  const [, id = ''] = /^order (\w{16}) /.exec(evidence) ?? [];
  return cause === 'order-never-arrived' && !stage.truth().orders.some(({ orderRef }) => orderRef.startsWith(id));
}

/** A restart declared for the next minute, as feed, venue and engine are told. */
function nextWindow() {
  const startsAt = Math.ceil((Date.now() + 25_000) / 60_000) * 60_000;
  const at = (ts) => new Date(ts).toISOString().slice(11, 16);
  const restart = `{ at: "${at(startsAt)}", zone: Etc/UTC, minutes: 1 }`;
  const outages = `[{ from: "${at(startsAt)}", to: "${at(startsAt + 60_000)}", timeZone: Etc/UTC }]`;
  return { startsAt, options: { restart, outages } };
}
