// A cancel in a storm of subscriptions goes out next, however many wait.
import { defineInstrument } from '@bookrunner/sdk';
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { kindsOf, place } from '../scene/trading.js';
import { MESSAGE } from '../scene/watching.js';

const FIRST_CON_ID = 900_000_000;

/** So many stocks that the simulator knows by their ids. */
function stocks(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const symbol = `S${String(i).padStart(4, '0')}`;
    const conId = FIRST_CON_ID + i;
    return {
      definition: {
        ...{ conId, symbol, secType: 'STK', currency: 'USD', exchanges: ['SMART', 'NASDAQ'], longName: symbol },
        ...{ priceIncrements: [{ lowEdge: 0, increment: 0.01 }], minSize: 1, sizeIncrement: 1, startPrice: 50 },
        ...{ calendar: 'XNYS', timeZone: 'US/Eastern', primaryExchange: 'NASDAQ' },
      },
      instrument: defineInstrument({
        ...{ symbol, assetClass: 'equity', quote: 'USD', priceStep: 0.01, calendar: 'XNYS' },
        venues: { ib: { conId, exchange: 'SMART' } },
      }),
    };
  });
}

/** Most messages of a client in any second, by the gateway's clock. */
function busiestSecond(scene: Scene): number {
  const times = scene.sim.transcript.entries.filter(({ direction }) => direction === 'in').map(({ ts }) => ts);
  let first = 0;
  let most = 0;
  times.forEach((ts, i) => {
    while ((times[first] ?? 0) <= ts - 1_000) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

/** Subscribes so many instruments at a strict gateway, and cancels an order when a fifth of them are asked for. */
export async function cancelInStorm(stage: Stage, count: number): Promise<void> {
  const listed = stocks(count);
  const scene = await stage.trading({
    simulator: {
      ...{ marketDataLines: count, settings: { messageRate: { perSecond: 50, strikes: 1 } } },
      instruments: listed.map(({ definition }) => definition) as never,
      transcriptEntries: 100_000,
    },
  });
  await scene.openFeed();
  const { order } = await place(scene);
  scene.sim.transcript.clear();
  const instruments = listed.map(({ instrument }) => instrument);
  const subscribing = Promise.all(instruments.map((instrument) => scene.feed.subscribe([instrument], scene.data)));
  subscribing.catch(() => undefined);
  const asked = (): number => scene.sent(MESSAGE.requestMarketData).length;
  await scene.until(() => asked() >= count / 5, 'a fifth of the subscriptions', 20);
  const before = scene.sim.transcript.entries.filter(({ direction }) => direction === 'in').length;
  const cancelledAt = scene.clock.nowUtc();
  const cancelling = scene.venue.cancel(order);
  await scene.during(cancelling, 'the cancel to be sent', 1);
  await scene.until(() => scene.sent(MESSAGE.cancelOrder).length === 1, 'the cancel at the gateway', 1);
  const requests = scene.sim.transcript.entries.filter(({ direction }) => direction === 'in');
  const place_ = requests.findIndex(({ fields }) => fields[0] === MESSAGE.cancelOrder);
  const waited = (requests[place_]?.ts ?? Number.NaN) - cancelledAt;
  // What was written before it is on its way; of what waits behind the limit nothing goes first.
  check(place_ - before <= 10, `${place_ - before} requests went out between a cancel and its place on the wire.`);
  check(waited <= 100, `A cancel waited ${waited} ms of the clock.`);
  await scene.during(subscribing, 'all subscriptions', 20);
  await scene.settle();
  checkEqual(asked(), count, 'Subscriptions asked for');
  checkEqual(kindsOf(scene, order).at(-1), 'cancelled', 'The order that was cancelled in the storm');
  checkEqual(scene.tap.opened, 1, 'Connections: the gateway cuts who sends too much');
  const most = busiestSecond(scene);
  check(most <= 50, `${most} messages went out within a second; IB allows 50.`);
}

export const PRIORITY: readonly CaseOver<Stage>[] = [
  {
    id: 'PRI-500',
    title: 'a cancel among 500 subscriptions goes out next, and no second has more than 50 messages',
    run: (stage) => cancelInStorm(stage, 500),
  },
];
