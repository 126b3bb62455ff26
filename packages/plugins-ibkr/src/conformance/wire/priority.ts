// A cancel in a storm of subscriptions goes out next, however many wait.
import { setImmediate as turn } from 'node:timers/promises';
import { defineInstrument } from '@bookrunner/sdk';
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { TranscriptEntry } from '../../simulator/index.js';
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
  const times = arrivals(scene).map(({ ts }) => ts);
  let first = 0;
  let most = 0;
  times.forEach((ts, i) => {
    while ((times[first] ?? 0) <= ts - 1_000) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

/** Moves the clock only once the gateway has read what was written: it counts messages by the same clock. */
class Lockstep {
  readonly #scene: Scene;
  #written: number;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#written = arrivals(scene).length;
    const send = scene.gateway.send.bind(scene.gateway);
    scene.gateway.send = async (message) => {
      const outcome = await send(message);
      if (outcome === 'written') this.#written += message.cost ?? 1;
      return outcome;
    };
  }

  async until(isSo: () => boolean, what: string): Promise<void> {
    for (let steps = 0; !isSo(); steps += 1) {
      check(steps < 20_000, `Waited in vain for ${what}.`);
      this.#scene.clock.advance(10);
      await turn();
      await this.arrived();
    }
  }

  arrived(): Promise<void> {
    return this.#scene.until(() => arrivals(this.#scene).length >= this.#written, 'what was written to arrive', 0);
  }
}

function arrivals(scene: Scene): readonly TranscriptEntry[] {
  return scene.sim.transcript.entries.filter(({ direction }) => direction === 'in');
}

/** An order at a strict gateway, and so many instruments that nobody has subscribed yet. */
async function calm(stage: Stage, count: number) {
  const listed = stocks(count);
  const scene = await stage.trading({
    simulator: {
      ...{ marketDataLines: count, settings: { messageRate: { perSecond: 50, strikes: 1 } } },
      instruments: listed.map(({ definition }) => definition),
      transcriptEntries: 100_000,
    },
  });
  await scene.openFeed();
  const { order } = await place(scene);
  scene.clock.advance(2_000);
  scene.sim.transcript.clear();
  return { scene, order, instruments: listed.map(({ instrument }) => instrument) };
}

/** Subscribes so many instruments at a strict gateway, and cancels an order when a fifth of them are asked for. */
export async function cancelInStorm(stage: Stage, count: number): Promise<void> {
  const { scene, order, instruments } = await calm(stage, count);
  const lockstep = new Lockstep(scene);
  let isDone = false;
  const subscribing = Promise.all(instruments.map((instrument) => scene.feed.subscribe([instrument], scene.data)));
  subscribing.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  const asked = (): number => scene.sent(MESSAGE.requestMarketData).length;
  await lockstep.until(() => asked() >= count / 5, 'a fifth of the subscriptions');
  const before = arrivals(scene).length;
  const cancelledAt = scene.clock.nowUtc();
  let isSent = false;
  void scene.venue.cancel(order).then(() => (isSent = true));
  // The clock stands: whatever waits behind the limit would still wait.
  for (let round = 0; round < 20 && !isSent; round += 1) await turn();
  check(isSent, 'A cancel waits for its turn behind requests for data.');
  await lockstep.arrived();
  const at = arrivals(scene).findIndex(({ fields }) => fields[0] === MESSAGE.cancelOrder);
  checkEqual(at - before, 0, 'Requests on the wire between what was there before a cancel and the cancel');
  checkEqual(arrivals(scene)[at]?.ts, cancelledAt, 'When the cancel arrived');
  await lockstep.until(() => isDone && asked() === count, 'all subscriptions');
  await subscribing;
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
