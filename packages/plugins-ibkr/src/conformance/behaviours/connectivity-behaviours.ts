// 7 to 10, 28 and 29: a line to IB, farms and messages that are not as they should be.
import { check, checkEqual, RecordingFeedSink } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { IbkrBarFeed } from '../../feed/bars/ibkr-bar-feed.js';
import { barFeedOf } from '../contracts/bar-feed-suite.js';
import { AAPL, EURUSD, MSFT } from '../scene/instruments.js';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { kindsOf, limitOrder, outcomeOf, place } from '../scene/trading.js';
import { bidsOf, DURING_HOURS, eventAt, MESSAGE, publish, requestsFor, statesOf } from '../scene/watching.js';

const ALL = [AAPL, MSFT, EURUSD];
const AT_IB: readonly string[] = ['AAPL', 'MSFT', 'EUR'];

async function fillsCountWithoutUpstream(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  const { order, permId } = await place(scene);
  scene.sim.faults.connectivity.loseUpstream({ repeats: 5 });
  await scene.settle();
  scene.model.knobs.fillOrder(permId, 100);
  await scene.settle();
  scene.clock.advance(1_000);
  const { units, end } = outcomeOf(scene, order);
  checkEqual([units, end], [100, 'filled'], 'An order that was filled while 1100 stood');
}

/** Ids of the requests for data of all symbols so far. */
function requestIds(scene: Scene): readonly string[] {
  return scene.sent(MESSAGE.requestMarketData).map((fields) => fields[2] ?? '');
}

async function dataLost(stage: Stage): Promise<void> {
  const scene = await stage.watching();
  await scene.subscribe(ALL, scene.data);
  await scene.settle();
  const before = AT_IB.map((symbol) => requestsFor(scene, symbol));
  scene.sim.faults.connectivity.loseUpstream({ repeats: 5 });
  await scene.settle();
  scene.sim.faults.connectivity.restoreUpstream({ isDataLost: true });
  await scene.settle(8);
  const after = AT_IB.map((symbol, i) => requestsFor(scene, symbol) - (before[i] ?? 0));
  checkEqual(after, [1, 1, 1], 'Requests for each of three symbols after 1101');
  const ids = requestIds(scene);
  check(new Set(ids).size === ids.length, `The id of a subscription was used again: ${ids.join(', ')}.`);
  publish(scene, 'AAPL', eventAt(102));
  await scene.settle();
  checkEqual(bidsOf(scene.data, 'AAPL').at(-1), 102, 'The last bid after 1101');
}

async function barsAfterMaintained(stage: Stage): Promise<void> {
  const scene = await stage.watching(DURING_HOURS);
  const feed = barFeedOf(scene);
  await scene.during(feed.open(), 'the feed of bars to open');
  const sink = new RecordingFeedSink();
  await scene.during(feed.subscribe([AAPL], sink), 'a subscription of bars', 10);
  await scene.settle();
  const bars = (): number => scene.sent(MESSAGE.requestRealTimeBars, 'AAPL').length;
  await scene.until(() => sink.rows.length > 0, 'the first bar', 1_000);
  const before = bars();
  scene.sim.faults.connectivity.loseUpstream();
  await scene.settle();
  for (let trade = 0; trade < 12; trade += 1) {
    scene.model.trade('AAPL', 100, 50);
    scene.clock.advance(5_000);
  }
  scene.sim.faults.connectivity.restoreUpstream();
  await scene.settle();
  const delivered = sink.rows.length;
  await scene.until(() => sink.rows.length > delivered, 'a bar after 1102', 1_000);
  checkEqual(bars() - before, 1, 'Requests for bars after 1102');
  const states = statesOf(sink);
  const away = states.findIndex((state) => state.includes('disconnected'));
  const isBack = states.slice(away + 1).some((state) => state.includes('live'));
  check(away >= 0 && isBack, `Bars were missed, and the feed did not say it was away and back: ${states.join('; ')}.`);
  const missed = { from: scene.clock.nowUtc() - 60_000, to: scene.clock.nowUtc() };
  const filled = await scene.during(count(feed, missed), 'the history of the bars that were missed');
  check(filled > 0, 'History has none of the bars that were missed.');
  await feed.close();
}

async function count(feed: IbkrBarFeed, range: { readonly from: number; readonly to: number }): Promise<number> {
  let rows = 0;
  const bars = { use: 'time', options: { seconds: 5, price: 'last' } };
  for await (const { columns } of feed.history({ instrument: AAPL, ...range, bars })) rows += columns.length;
  return rows;
}

async function farmFlaps(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  await scene.openFeed();
  await scene.subscribe([AAPL, EURUSD], scene.data);
  await scene.settle();
  const before = requestsFor(scene, 'AAPL');
  const from = scene.data.statuses.length;
  scene.sim.faults.connectivity.breakFarm('market-data', 'usfarm');
  await scene.settle();
  check(
    statesOf(scene.data, from).some((state) => state.startsWith('AAPL stale')),
    `AAPL has to be stale: ${statesOf(scene.data).join('; ')}.`,
  );
  check(scene.venue.isReady, 'A farm of market data closed the venue.');
  const { order } = await place(scene);
  scene.clock.advance(3_000);
  scene.sim.faults.connectivity.mendFarm('market-data', 'usfarm');
  await scene.settle();
  publish(scene, 'AAPL', eventAt(103));
  await scene.settle();
  checkEqual(kindsOf(scene, order), ['accepted'], 'An order given while the farm was broken');
  checkEqual(requestsFor(scene, 'AAPL') - before, 1, 'Requests for the data of the farm');
  checkEqual(scene.tap.opened, 1, 'Connections');
  checkEqual(bidsOf(scene.data, 'AAPL').at(-1), 103, 'The last bid once the farm is whole');
  check(statesOf(scene.data).at(-1) === 'AAPL live', `AAPL has to be live again: ${statesOf(scene.data).join('; ')}.`);
}

async function halfOpenIsFound(stage: Stage): Promise<void> {
  const scene = await stage.trading({ venue: { heartbeat: { everyMs: 30_000, limitMs: 20_000 } } });
  const { order, permId } = await place(scene);
  scene.sim.faults.cut('half-open');
  await scene.until(() => scene.gateway.state !== 'up', 'the dead connection to be found', 1_000);
  const { reason } = scene.reports.statuses.at(-1) ?? { reason: '' };
  checkEqual(reason, 'IBKR_NO_ANSWER', 'Why the connection was given up');
  scene.model.knobs.fillOrder(permId, 100);
  await scene.untilReady();
  await scene.settle();
  checkEqual(outcomeOf(scene, order).end, 'filled', 'An order that was filled while the connection was dead');
}

/** A sink that fails at every tick, and counts them. */
class FailingSink extends RecordingFeedSink {
  count = 0;

  override tick(): void {
    this.count += 1;
    throw new Error('A sink never throws, and this one does.');
  }
}

async function strangeMessages(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  await scene.openFeed();
  const failing = new FailingSink();
  await scene.subscribe([AAPL], scene.data);
  await scene.subscribe([AAPL], failing);
  await scene.settle();
  publish(scene, 'AAPL', eventAt(100));
  await scene.settle();
  scene.sim.faults.sendRaw(['4711', '1', 'unknown']);
  scene.sim.faults.sendRaw(['1', '6']);
  scene.sim.faults.set(
    { kind: 'extra-fields', on: 'tickPrice', times: 'all', fields: ['more', 'than', 'known'] },
    { kind: 'extra-fields', on: 'openOrder', times: 'all', fields: ['7', 'x'] },
    { kind: 'extra-fields', on: 'execDetails', times: 'all', fields: ['7', 'x'] },
  );
  publish(scene, 'AAPL', eventAt(101));
  const { order, permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 100);
  await scene.settle();
  checkEqual(bidsOf(scene.data, 'AAPL').slice(-2), [100, 101], 'Bids around strange messages');
  check(failing.count >= 2, 'After a sink had thrown nothing more came to it.');
  checkEqual(outcomeOf(scene, order).end, 'filled', 'An order whose messages have more fields than known');
  checkEqual([scene.gateway.state, scene.tap.opened], ['up', 1], 'The session and its connections');
  check(scene.feed.counters.rejected > 0, 'What could not be read was counted nowhere.');
}

async function readOnlyGateway(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  scene.sim.faults.settings.isReadOnly = true;
  await scene.openFeed();
  await scene.subscribe([AAPL], scene.data);
  const order = limitOrder(scene);
  await scene.submit([order]);
  await scene.settle();
  const [report] = scene.reports.of(order.clientOrderId);
  check(
    report?.kind === 'rejected' && report.reason === 'IBKR_READ_ONLY',
    `An order at a read-only gateway has to be rejected with IBKR_READ_ONLY; reported was ${JSON.stringify(report)}.`,
  );
  const outcome = await scene.submit([limitOrder(scene)]);
  check(outcome.kind === 'refused', 'A gateway that takes no orders was sent another one.');
  publish(scene, 'AAPL', eventAt(104));
  await scene.settle();
  checkEqual(bidsOf(scene.data).at(-1), 104, 'Data of a read-only gateway');
}

export const CONNECTIVITY_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  { id: 'IBK-007', title: 'books executions that come while the line to IB is lost', run: fillsCountWithoutUpstream },
  {
    id: 'IBK-008',
    title: 'asks for every subscription once after 1101, for bars after 1102 too, and misses none',
    run: async (stage) => {
      await dataLost(stage);
      await barsAfterMaintained(stage);
    },
  },
  { id: 'IBK-009', title: 'a farm that flaps makes data stale, touches no order, and is asked anew', run: farmFlaps },
  { id: 'IBK-010', title: 'finds a connection that is dead without a word', run: halfOpenIsFound },
  { id: 'IBK-028', title: 'goes on after sinks that throw, unknown messages and fields', run: strangeMessages },
  { id: 'IBK-029', title: 'a read-only gateway takes no orders and gives data', run: readOnlyGateway },
];
