// An engine that trades is killed, its strategy's code, a parameter or its plugin's version is changed, and it is started again: what
// happened stays as the broker has it, nothing is decided again, and the strategy begins anew.
import { setTimeout as sleep } from 'node:timers/promises';
import { newestRun } from '../crash/engine-state.mjs';
import { BrokersProject, TICKS_A_BAR, turner, WARMUP, yaml } from './project.mjs';

/** Executions before the kill, so that there is something to fold. */
const BEFORE = 12;
const AFTER = 12;

/** What is changed, and what the engine says of it. */
export const CHANGES = {
  code: {
    change: ({ project }) => project.write('turner.mjs', turner({ reach: 0.4 })),
    says: "Strategy 'first' has changed.",
    isNew: ({ reach }) => reach === 0.4,
    ticksWhileDead: 0,
    movesMs: 0,
  },
  parameter: {
    change: ({ project }, ports) => project.write('engine.yaml', yaml({ ports, every: 2 })),
    says: 'every',
    isNew: ({ strategy, every }) => strategy !== 'first' || every === 2,
    ticksWhileDead: 25,
    movesMs: 170,
  },
  version: {
    plugin: 'turner-plugin',
    change: ({ project }) => project.install('1.0.1'),
    says: "Plugin 'turner' has changed.",
    isNew: () => true,
    ticksWhileDead: 60,
    movesMs: 90,
  },
};

/** Runs one of {@link CHANGES} on a stage. */
export async function changedSetUp(stage, { change, says, isNew, ticksWhileDead, movesMs, plugin }) {
  const broker = await stage.broker({ maxUnitsPerFill: 4, fillsPerTick: 1 });
  const ports = [broker.port];
  stage.project = new BrokersProject({ 'turner.mjs': turner(), 'engine.yaml': yaml({ ports, plugin }) });
  if (plugin !== undefined) stage.project.install('1.0.0');
  const killed = stage.engine();
  await stage.ready(undefined, ['a']);
  await busy(stage, broker);
  // With the market moving it is killed in the midst of whatever it does then.
  if (movesMs > 0) {
    broker.move();
    await sleep(movesMs);
  }
  killed.kill();
  await killed.exited;
  await broker.pause();
  const before = await broker.truth();
  const asked = stage.project.calls().length;
  const run = await newestRun(stage.project.dataDir);
  // The market goes on, and nobody hears what becomes of the orders.
  if (ticksWhileDead > 0) await broker.tick(ticksWhileDead);
  change(stage, ports);

  const restartedAt = Date.now();
  const engine = stage.engine();
  await stage.ready(run, ['a']);
  await stage.agree(broker);
  check(stage, { engine, says, isNew });
  await nothingDecidedAgain(stage, broker, { before, asked, restartedAt });
  await beginsAnew(stage, broker, { asked, isNew });

  await goesOn(stage, broker, before);
  await stage.agree(broker);
  await stage.stop(engine);
}

function check(stage, { engine, says }) {
  const said = engine.stderr.split('\n').find((line) => line.includes('RUN_CONTINUED')) ?? '';
  stage.check(said.includes(says) && said.includes('strategies begin anew'), `it says of the change: ${said}`);
}

/** Moves the market until an entry, a protection and a position are there at once, and stops it. */
async function busy(stage, broker) {
  await stage.until('something of everything works', async () => {
    broker.move();
    const isBusy = async () => {
      const { openOrders, positions, executions, orders } = await broker.truth();
      const purposes = new Set(orders.filter(({ status }) => status === 'working').map(({ order }) => order.purpose));
      const isThere = openOrders.length > 0 && positions.length > 0 && executions.length >= BEFORE;
      return isThere && purposes.has('protection') && purposes.has('entry');
    };
    if (!(await isBusy())) return false;
    await broker.pause();
    return isBusy();
  });
}

/**
 * Before a bar closes nobody is asked. What goes out protects what is held, which is the engine's own work, or had been decided before the kill
 * and had not left.
 */
async function nothingDecidedAgain(stage, broker, { before, asked, restartedAt }) {
  stage.check(stage.project.calls().length === asked, 'a strategy was asked before anything happened');
  const known = new Set(before.orders.map(({ order }) => order.clientOrderId));
  const { orders, duplicates } = await broker.truth();
  const anew = orders.filter(({ order }) => !known.has(order.clientOrderId));
  for (const { order } of anew) {
    const isAllowed = order.purpose === 'protection' || order.createdTs < restartedAt;
    stage.check(isAllowed, `an order to ${order.purpose} went out: ${JSON.stringify(order)}`);
  }
  stage.check(duplicates.length === 0, `sent twice: ${duplicates.join(', ')}`);
}

/** Its first word is a reset, then it warms up, then it is asked with fresh memory and the position it has. */
async function beginsAnew(stage, broker, { asked, isNew }) {
  await broker.tick(TICKS_A_BAR * (WARMUP - 1));
  const early = stage.project.calls().slice(asked);
  stage.check(!early.some(({ bars }) => bars !== undefined), 'a strategy was asked before it was warm');
  const calls = await stage.until('every strategy was asked', async () => {
    await broker.tick(1);
    const since = stage.project.calls().slice(asked);
    return (
      ['first', 'second'].every((name) => since.some(({ strategy, bars }) => strategy === name && bars > 0)) && since
    );
  });
  for (const name of ['first', 'second']) {
    const [reset, answer] = calls.filter(({ strategy }) => strategy === name);
    stage.check(reset.reset !== undefined && reset.isLater, `${name} began with ${JSON.stringify(reset)}`);
    stage.check(answer?.bars === 1 && isNew(answer), `${name} was then asked ${JSON.stringify(answer)}`);
  }
}

/** What worked when it was killed is filled, changed or taken back, and trading goes on. */
async function goesOn(stage, broker, before) {
  const working = before.openOrders.map(({ clientOrderId }) => clientOrderId);
  broker.move();
  await stage.until('what worked is over, and more is executed', async () => {
    const { orders, executions } = await broker.truth();
    const open = orders.filter(({ order, status }) => working.includes(order.clientOrderId) && status === 'working');
    return open.length === 0 && executions.length >= before.executions.length + AFTER;
  });
  await broker.pause();
}
