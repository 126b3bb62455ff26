// The two strategies of examples/ibkr/engine.yaml, as a person starts them: with orders at the gateway, and on paper.
import { runCommand } from '../crash/processes.mjs';
import { checkReport } from './restart.mjs';
import { IbkrProject } from './project.mjs';

const RESTART = { downMs: 3000, stepMs: 250 };
/** Faster than a market: the example's bars take five seconds. */
const MARKET = { ticksPerSecond: 10 };

/** Markets that give both strategies something to do: one enters on the way, the other against it. */
async function startGateway(stage) {
  const gateway = await stage.gateway(['AAPL', 'EUR.USD'], MARKET);
  stage.project = new IbkrProject();
  stage.swing('AAPL', { step: 0.01, periodMs: 60_000 });
  stage.swing('EUR.USD', { step: 0.00005, periodMs: 40_000 });
  return gateway;
}

export async function exampleLive(stage) {
  const gateway = await startGateway(stage);
  const engine = stage.exampleEngine('run');
  await stage.ready();
  await stage.until('both strategies have traded', () => {
    const { orders } = stage.truth();
    return ['reversion-eurusd', 'breakout-aapl'].every((name) =>
      orders.some(({ orderRef, filled }) => orderRef.includes(`|${name}|`) && filled > 0),
    );
  });
  await gateway.faults.dailyRestart(RESTART);
  await stage.moreExecutions(1);
  stage.stand();
  await stage.agree({ unallocated: 0 });
  await stage.stop(engine);
  checkReport(stage);
}

/** Nothing reaches the gateway; what the simulated venue did is what its backtest does. */
export async function examplePaper(stage) {
  const gateway = await startGateway(stage);
  const engine = stage.exampleEngine('paper');
  await stage.until('it has begun', () => stage.newestRun());
  await stage.until('it has decided something', async () => (await stage.submitted()).length > 1);
  await gateway.faults.dailyRestart(RESTART);
  const before = (await stage.submitted()).length;
  await stage.until('it goes on', async () => (await stage.submitted()).length > before);
  await stage.stop(engine);
  const { orders } = stage.truth();
  stage.check(orders.length === 0, `${orders.length} orders reached the gateway from paper`);
  const { code, output } = await runCommand(stage.project.folder, [
    'parity',
    'latest',
    '--data-dir',
    stage.project.dataDir,
    '--strict',
  ]);
  stage.check(code === 0, `its parity ended with ${code}: ${output.slice(0, 2000)}`);
  if (code !== 0) return;
  const { rows } = JSON.parse(output.slice(output.indexOf('{')));
  stage.check(rows.reduce((sum, { fills }) => sum + fills.session, 0) > 0, 'nothing was filled on paper');
}
