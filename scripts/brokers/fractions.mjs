// Quantities finer than a lot, fees in a third currency and an account settled on margin, through fills, corrections, a kill and a change:
// every sum is the broker's, to the last unit.
import { setTimeout as sleep } from 'node:timers/promises';
import { toMoney, toScaled } from '@bookrunner/sdk';
import { newestRun, readEngine } from '../crash/engine-state.mjs';
import { runCommand } from '../crash/processes.mjs';
import { BrokersProject, turner, yaml } from './project.mjs';

const LOT = 0.001;
/** Decimals at which quantities are compared: those of the instrument, a lot and three more. */
const DECIMALS = 6;
const INSTRUMENT = { assetClass: 'crypto', quote: 'USD', priceStep: 0.01, lotStep: LOT, calendar: '24x7' };
/** Without it nobody could say what a book that paid fees is worth. */
const RATE = {
  symbol: 'BNBUSD',
  assetClass: 'fx',
  base: 'BNB',
  quote: 'USD',
  priceStep: 0.01,
  lotStep: 1,
  calendar: '24x7',
};
/** Where the market of the rate begins, and how far it may have gone. */
const START_PRICE = 100;
const MOST_MOVE = 3;
const SOME = 60;

/** Runs the case on a stage, with positions that are paid for, or not. */
export async function fractions(stage, settlement) {
  const broker = await stage.broker({
    ...{ feePerUnit: 0.01237, feeCurrency: 'BNB', maxUnitsPerFill: 0.0004, fillsPerTick: 7 },
    ...{ commissions: stage.seed % 2 === 0 ? 'later' : 'in-fill' },
    instruments: [{ ...INSTRUMENT, symbol: 'ACME' }, RATE],
    accounts: [{ id: 'practice', currency: 'USD', cash: 1_000_000, settlement }],
  });
  const use = settlement === 'margin' ? 'practice-margin' : 'practice';
  const options = { ports: [broker.port], use, instrument: INSTRUMENT, unit: LOT, rate: RATE };
  stage.project = new BrokersProject({ 'turner.mjs': turner(), 'engine.yaml': yaml(options) });
  const killed = stage.engine();
  await stage.ready(undefined, ['a']);
  await trade(stage, broker);
  await correct(broker);
  await agreeExactly(stage, broker, 'after corrections');

  broker.move();
  await sleep(200);
  killed.kill();
  await killed.exited;
  await broker.pause();
  await broker.tick(10);
  const run = await newestRun(stage.project.dataDir);
  stage.project.write('engine.yaml', yaml({ ...options, every: 2 }));
  const engine = stage.engine();
  await stage.ready(run, ['a']);
  await agreeExactly(stage, broker, 'after a kill and a change');

  await trade(stage, broker);
  await correct(broker);
  await agreeExactly(stage, broker, 'at the end');
  await stage.stop(engine);
  await parity(stage, broker);
}

async function trade(stage, broker) {
  const { executions } = await broker.truth();
  broker.move();
  await stage.until(
    'more executions',
    async () => (await broker.truth()).executions.length >= executions.length + SOME,
  );
  await broker.pause();
}

/** One execution is another one, one never was. */
async function correct(broker) {
  const { executions } = await broker.truth();
  const [first, second] = executions.filter(({ state }) => state === 'booked').slice(-5);
  await broker.command('correct', { executionId: first.executionId, qty: 0.0002, price: first.price + 0.01 });
  await broker.command('bust', { executionId: second.executionId });
}

/** Executions, positions and money are the broker's, each in whole numbers. */
async function agreeExactly(stage, broker, when) {
  let wrong;
  const look = async () => {
    // On margin a broker realises on what it holds, and each book on what it holds: what differs is in suspense when somebody has compared.
    stage.project.say({ name: 'reconcile', args: {} });
    wrong = differences(await broker.truth(), await readEngine(stage.project.dataDir));
    return wrong.length === 0;
  };
  try {
    await stage.until(`agreement ${when}`, look);
  } catch {
    stage.findings.push(`${when}: ${wrong.join('; ')}`);
  }
}

function differences({ executions, positions, balances, openOrders, duplicates }, engine) {
  const theirs = executions.filter(({ state }) => state !== 'busted').reduce((sum, one) => sum + scaled(one), 0);
  const held = engine.positions.reduce((sum, { units }) => sum + toScaled(units, DECIMALS), 0);
  const shown = positions.reduce((sum, { qty }) => sum + toScaled(qty, DECIMALS), 0);
  const booked = new Set(engine.executions.map(({ id }) => id));
  const live = engine.liveOrders.toSorted().join();
  const open = openOrders.map(({ clientOrderId }) => clientOrderId).toSorted();
  return [
    ...(engine.difference === '' ? [] : [engine.difference]),
    ...executions
      .filter(({ executionId }) => !booked.has(executionId))
      .map(({ executionId }) => `${executionId} is not booked`),
    ...(held === theirs && shown === theirs
      ? []
      : [`books hold ${held}, the broker ${shown}, ${theirs} were executed`]),
    ...(engine.suspense.units === 0 && engine.suspense.unexplained === 0
      ? []
      : [`${engine.suspense.units} in suspense`]),
    ...Object.entries(balances.practice).flatMap(([currency, amount]) => {
      const ours = engine.money.get(currency) ?? 0n;
      return ours === toMoney(amount) ? [] : [`books have ${ours} ${currency}, the broker ${toMoney(amount)}`];
    }),
    ...(live === open.join() ? [] : [`live are ${live}, at the broker ${open.join()}`]),
    ...duplicates.map((id) => `${id} came twice`),
  ];
}

function scaled({ side, qty }) {
  return toScaled(side === 'buy' ? qty : -qty, DECIMALS);
}

/** The session's side of the comparison has what the broker executed, and what it charged. */
async function parity(stage, broker) {
  const { code, output } = await runCommand(stage.project.folder, ['parity', 'latest']);
  stage.check(code === 0, `parity ended with ${code}: ${output}`);
  const { rows = [] } = JSON.parse(output.slice(output.indexOf('{')));
  const { executions, balances } = await broker.truth();
  const fills = rows.reduce((sum, row) => sum + row.fills.session, 0);
  const count = executions.filter(({ state }) => state !== 'busted').length;
  stage.check(fills === count, `parity has ${fills} executions of ${count}`);
  const fees = rows.reduce((sum, row) => sum + row.fees.session, 0);
  const rate = fees / -balances.practice.BNB;
  stage.check(Math.abs(rate - START_PRICE) < MOST_MOVE, `parity has fees of ${fees}, as if one BNB were ${rate}`);
}
