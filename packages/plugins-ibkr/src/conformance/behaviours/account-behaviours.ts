// 22, 23 and 31: what is there when we come, on which grid prices lie, and a day with a restart.
import type { Instrument, VenueSnapshot } from '@bookrunner/sdk';
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import { AAPL, ES, EURUSD, MSFT, VOD } from '../scene/instruments.js';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { brokersView, kindsOf, limitOrder, marketOrder, outcomeOf, place } from '../scene/trading.js';
import { bidsOf, eventAt, MESSAGE, publish, requestsFor } from '../scene/watching.js';

const EVERYTHING: readonly Instrument[] = [AAPL, MSFT, EURUSD, ES, VOD];

/** Buys at the market of each, at these prices. */
async function buyEach(scene: Scene): Promise<void> {
  const markets = [
    { name: 'AAPL', symbol: 'AAPL', bid: 99.99, ask: 100, qty: 30 },
    { name: 'EUR.USD', symbol: 'EURUSD', bid: 1.0999, ask: 1.1, qty: 20_000 },
    { name: 'ESM4', symbol: 'ES', bid: 4_999.75, ask: 5_000, qty: 2 },
    { name: 141_128, symbol: 'VOD', bid: 71.98, ask: 72, qty: 500 },
  ];
  for (const { name, symbol, bid, ask, qty } of markets) {
    scene.model.quote(name, { bid, ask, bidSize: 1_000_000, askSize: 1_000_000 });
    const { order } = await place(scene, marketOrder(scene, { symbol, qty }));
    checkEqual(outcomeOf(scene, order).end, 'filled', `A market order in ${symbol}`);
  }
}

function averageOf({ positions }: VenueSnapshot, symbol: string): number {
  return positions.items.find((position) => position.symbol === symbol)?.avgPrice ?? Number.NaN;
}

function checkNear(actual: number, expected: number, what: string): void {
  // Commissions are in IB's average cost.
  check(Math.abs(actual / expected - 1) < 0.01, `${what}: expected about ${expected}, was ${actual}.`);
}

async function startsFromWhatIsThere(stage: Stage): Promise<void> {
  const scene = await stage.trading({ instruments: EVERYTHING });
  const resting = await place(scene);
  await buyEach(scene);
  const next = await stage.next(scene, { instruments: EVERYTHING });
  const snapshot = await next.snapshot();
  const { positions, openOrders, executions, accounts } = snapshot;
  checkEqual(
    [positions, openOrders, executions, accounts].map(({ complete }) => complete),
    [true, true, true, true],
    'Parts of the snapshot that are whole',
  );
  checkEqual(
    openOrders.items.map(({ clientOrderId }) => clientOrderId),
    [resting.order.clientOrderId],
    'Open orders',
  );
  checkEqual(executions.items.length, 4, "Today's executions");
  const quantities = positions.items.map(({ symbol, qty }) => `${symbol} ${qty}`).toSorted();
  checkEqual(quantities, ['AAPL 30', 'ES 2', 'EURUSD 20000', 'VOD 500'], 'Positions, currencies among them once');
  checkNear(averageOf(snapshot, 'AAPL'), 100, 'Average price of a stock');
  checkNear(averageOf(snapshot, 'ES'), 5_000, 'Average price of a future, without its multiplier');
  checkNear(averageOf(snapshot, 'VOD'), 0.72, 'Average price in pounds of what is quoted in pence');
}

async function unknownIsNotFlat(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  await place(scene, marketOrder(scene));
  for (const on of ['positionEnd', 'openOrderEnd', 'execDetailsEnd'] as const) {
    scene.sim.faults.set({ kind: 'drop-message', on, times: 'all' });
  }
  const silent = await scene.snapshot();
  checkEqual(
    [silent.positions.complete, silent.openOrders.complete, silent.executions.complete],
    [false, false, false],
    'Parts that are whole where the gateway does not answer',
  );
  scene.sim.faults.clear();
  await scene.cut();
  const away = await scene.snapshot();
  checkEqual(
    [away.positions.complete, away.openOrders.complete],
    [false, false],
    'Parts that are whole without a connection',
  );
}

async function gridOfPrices(stage: Stage): Promise<void> {
  const scene = await stage.trading();
  await scene.openFeed();
  const resolved = await scene.during(scene.venue.resolve(AAPL), 'the instrument to be resolved');
  checkEqual(
    resolved.priceSteps,
    [
      { from: 0, step: 0.0001 },
      { from: 1, step: 0.01 },
    ],
    'Price bands of AAPL',
  );
  const before = scene.sent(MESSAGE.placeOrder).length;
  for (const fields of [{ limitPrice: 99.005 }, { limitPrice: 1.0001 }, { limitPrice: 0.999_95 }, { qty: 0.000_05 }]) {
    const outcome = await scene.submit([limitOrder(scene, fields)]);
    check(outcome.kind === 'refused', `${JSON.stringify(fields)} is off the grid, and was answered ${outcome.kind}.`);
  }
  checkEqual(scene.sent(MESSAGE.placeOrder).length, before, 'Orders on the wire that are off the grid');
  for (const fields of [{ limitPrice: 99.01 }, { limitPrice: 1 }, { limitPrice: 0.9999 }, { qty: 0.0001 }]) {
    const { order } = await place(scene, limitOrder(scene, fields));
    checkEqual(kindsOf(scene, order), ['accepted'], `An order on the grid: ${JSON.stringify(fields)}`);
  }
}

async function gridOfData(stage: Stage): Promise<void> {
  const scene = await stage.watching();
  await scene.subscribe([AAPL], scene.data);
  await scene.settle();
  publish(scene, 'AAPL', eventAt(105));
  await scene.settle();
  // A trade may lie inside a price step, but not at the tenth decimal.
  const id = scene.sent(MESSAGE.requestMarketData, 'AAPL').at(-1)?.[2] ?? '0';
  const before = scene.feed.counters.rejected;
  scene.sim.faults.sendRaw(['1', '6', id, '1', '105.12345678912', '100', '1']);
  await scene.settle();
  check(scene.feed.counters.rejected > before, 'A price off the grid was not counted as rejected.');
  publish(scene, 'AAPL', eventAt(106));
  await scene.settle();
  checkEqual(bidsOf(scene.data).slice(-2), [105, 106], 'Bids around one that is off the grid');
}

/** Two minutes before 23:45 in New York. */
const BEFORE_RESTART = Date.UTC(2014, 4, 6, 3, 43, 0);
const RESTART_AT = Date.UTC(2014, 4, 6, 3, 45, 0);

async function dailyRestart(stage: Stage): Promise<void> {
  const restart = { at: '23:45', zone: 'America/New_York', minutes: 5 };
  const scene = await stage.trading({ venue: { restart }, startTs: BEFORE_RESTART });
  await scene.openFeed();
  await scene.subscribe([AAPL], scene.data);
  const resting = await place(scene);
  const filled = await place(scene);
  scene.clock.moveTo(RESTART_AT);
  const states = scene.reports.statuses.length;
  const restarted = scene.sim.faults.dailyRestart({ forgottenIds: 2 });
  await scene.until(() => scene.gateway.state === 'planned-outage', 'the restart to be noticed', 1);
  scene.model.knobs.fillOrder(filled.permId, 100);
  await scene.during(restarted, 'the end of the restart', 1_000);
  await scene.untilReady();
  await scene.settle(6);
  const kinds = scene.reports.statuses.slice(states).map(({ state }) => state);
  check(kinds.includes('planned-outage') && !kinds.includes('failed'), `The venue's states were ${kinds.join(', ')}.`);
  checkEqual(outcomeOf(scene, filled.order).end, 'filled', 'An order that was filled while we were away');
  checkEqual(kindsOf(scene, resting.order), ['accepted'], 'Reports of an order that rested all the time');
  checkEqual(scene.sent(MESSAGE.placeOrder).length, 2, 'Orders on the wire before and after the restart');
  const after = await place(scene);
  const ids = scene.sent(MESSAGE.placeOrder).map((fields) => fields[1]);
  checkEqual(new Set(ids).size, 3, 'Order ids of three orders');
  checkEqual(brokersView(scene, after.order).isLive, true, 'An order after the restart');
  checkEqual(scene.model.truth().orders.length, 3, 'Orders at the gateway');
  publish(scene, 'AAPL', eventAt(107));
  await scene.settle();
  checkEqual(bidsOf(scene.data, 'AAPL').at(-1), 107, 'Data after the restart');
  checkEqual(requestsFor(scene, 'AAPL') >= 2, true, 'Data was asked for anew');
  checkEqual(scene.tap.mostAtOnce, 1, 'Connections at a time');
}

export const ACCOUNT_BEHAVIOURS: readonly CaseOver<Stage>[] = [
  {
    id: 'IBK-022',
    title: 'starts from open orders, fills and positions; what is not known is not flat',
    run: async (stage) => {
      await startsFromWhatIsThere(stage);
      await unknownIsNotFlat(stage);
    },
  },
  {
    id: 'IBK-023',
    title: 'keeps to price bands and size increments, out and in',
    run: async (stage) => {
      await gridOfPrices(stage);
      await gridOfData(stage);
    },
  },
  { id: 'IBK-031', title: 'lives through a daily restart: no order twice, no fill lost', run: dailyRestart },
];
