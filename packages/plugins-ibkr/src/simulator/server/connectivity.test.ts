import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BarSizeSetting, WhatToShow } from '@stoqey/ib';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from '../bench.fixture.js';
import type { BenchClient } from '../bench.fixture.js';
import { STOCK } from '../library-orders.fixture.js';
import { MESSAGES } from '../wire/wire-samples.fixture.js';

let bench: Bench;
let clock: FakeClock;
let client: BenchClient;

const TICKS = 1;
const BARS = 2;
const HISTORY = 3;

beforeEach(async () => {
  clock = new FakeClock();
  bench = await Bench.start({ clock });
  client = await bench.ready();
  subscribe(client);
  await until(() => bench.model.requests.length === 3, 'the subscriptions');
});
afterEach(() => bench.close());

function subscribe({ api }: BenchClient): void {
  api.reqMktData(TICKS, STOCK, '', false, false);
  api.reqRealTimeBars(BARS, STOCK, 5, WhatToShow.TRADES, true);
  api.reqHistoricalData(HISTORY, STOCK, '', '1 D', BarSizeSetting.MINUTES_ONE, WhatToShow.TRADES, true, 2, true);
}

/** Which of the three subscriptions data comes for, and whether an order report comes. */
async function alive(): Promise<readonly (number | 'order')[]> {
  const from = client.seen.length;
  const times = client.of('accountDownloadEnd').length;
  bench.model.push(
    { ...MESSAGES.tickSize, requestId: TICKS },
    { ...MESSAGES.realTimeBar, requestId: BARS },
    { ...MESSAGES.historicalDataUpdate, requestId: HISTORY },
    MESSAGES.orderStatus,
    MESSAGES.accountDownloadEnd,
  );
  await client.told('accountDownloadEnd', times + 1);
  return client.seen
    .slice(from)
    .map(([name, id]) => (name === 'orderStatus' ? 'order' : (id as number)))
    .filter((what) => what === 'order' || [TICKS, BARS, HISTORY].includes(what));
}

const newCodes = (): readonly number[] => client.codes.slice(3);

describe('the line to IB', () => {
  it('is lost: data stops, reports come', async () => {
    bench.sim.faults.connectivity.loseUpstream({ repeats: 3 });
    expect(bench.sim.faults.connectivity.isUpstreamLost).toBe(true);
    expect(await alive()).toEqual(['order']);
    expect(newCodes()).toEqual([1100, 1100, 1100]);
  });

  it('comes back with 1101: every subscription is dead until it is asked for anew', async () => {
    bench.sim.faults.connectivity.loseUpstream();
    bench.sim.faults.connectivity.restoreUpstream({ isDataLost: true });
    expect(await alive()).toEqual(['order']);
    bench.model.answer = () => [{ ...MESSAGES.tickSize, requestId: TICKS }];
    client.api.reqMktData(TICKS, STOCK, '', false, false);
    await client.told('tickSize');
    expect(await alive()).toEqual([TICKS, 'order']);
    expect(newCodes()).toEqual([1100, 1101]);
  });

  it('comes back with 1102: bars are dead', async () => {
    bench.sim.faults.connectivity.loseUpstream({ code: 2110 });
    bench.sim.faults.connectivity.restoreUpstream();
    expect(await alive()).toEqual([TICKS, 'order']);
    expect(newCodes()).toEqual([2110, 1102]);
  });
});

describe('a farm', () => {
  it('of market data breaks and is whole again: its bars are silently dead', async () => {
    const { connectivity } = bench.sim.faults;
    connectivity.breakFarm('market-data', 'usfarm');
    expect(await alive()).toEqual([HISTORY, 'order']);
    connectivity.mendFarm('market-data', 'usfarm');
    expect(await alive()).toEqual([TICKS, 'order']);
    expect(client.of('info').slice(3)).toEqual([
      ['Market data farm connection is broken:usfarm', 2103],
      ['Market data farm connection is OK:usfarm', 2104],
    ]);
  });

  it('that is whole again brings nothing back while another of its kind is broken', async () => {
    const { connectivity } = bench.sim.faults;
    connectivity.breakFarm('market-data', 'usfarm');
    connectivity.breakFarm('market-data', 'usfarm.nj');
    connectivity.mendFarm('market-data', 'usfarm');
    expect(await alive()).toEqual(['order']);
    connectivity.mendFarm('market-data', 'usfarm.nj');
    expect(await alive()).toEqual([TICKS, 'order']);
  });

  it('of history flaps', async () => {
    const over = bench.sim.faults.flapFarm('history', 'ushmds', 3000);
    expect(await alive()).toEqual([TICKS, BARS, 'order']);
    clock.advance(3000);
    await over;
    expect(await alive()).toEqual([TICKS, 'order']);
    expect(newCodes()).toEqual([2105, 2106]);
  });

  it('of contracts breaks: data is untouched', async () => {
    bench.sim.faults.connectivity.breakFarm('contracts', 'secdefil');
    expect(await alive()).toEqual([TICKS, BARS, HISTORY, 'order']);
    expect(newCodes()).toEqual([2157]);
  });
});

it('a competing session takes the data, and gives it back', async () => {
  const { connectivity } = bench.sim.faults;
  connectivity.startCompeting();
  expect(await alive()).toEqual([HISTORY, 'order']);
  client.api.reqMktData(9, STOCK, '', false, false);
  await client.told('error', 2);
  expect(client.of('error').map(([, code, id]) => [code, id])).toEqual([
    [10_197, TICKS],
    [10_197, 9],
  ]);
  connectivity.stopCompeting();
  expect(await alive()).toEqual([TICKS, BARS, HISTORY, 'order']);
});

it('a port that moves is told with 1300, then the connection is closed', async () => {
  bench.sim.faults.resetPort(4003);
  await client.told('disconnected');
  expect(newCodes()).toEqual([1300]);
});

it('any code can be said', async () => {
  bench.sim.faults.announce(2119, 'Market data farm is connecting:usfarm');
  await client.told('info', 4);
  expect(newCodes()).toEqual([2119]);
});

describe('the daily restart', () => {
  /** Lets what waits for the clock take its turn. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('is lived through from the reset to the last 1102', async () => {
    bench.model.setNextOrderId(7, 38_103);
    const over = bench.sim.faults.dailyRestart({ forgottenIds: 4 });
    await client.told('disconnected');
    const refused = bench.client(7);
    await refused.told('error');
    expect([refused.codes, bench.sim.isListening]).toEqual([[502], false]);
    clock.advance(90_000);
    await until(() => bench.sim.isListening, 'the port');
    const inUse = bench.client(7);
    await inUse.told('disconnected');
    expect(inUse.codes).toEqual([326]);
    const back = await bench.ready(7);
    let isOver = false;
    void over.then(() => (isOver = true));
    for (; !isOver; clock.advance(5000)) await settle();
    await back.told('info', 13);
    expect(back.of('nextValidId')).toEqual([[38_099]]);
    expect(back.codes.slice(3)).toEqual([2103, 2104, 2105, 2106, 1100, 1100, 1100, 1100, 1100, 1102]);
  });

  it('ends where the simulator is closed', async () => {
    const over = bench.sim.faults.dailyRestart();
    await bench.sim.close();
    await over;
    expect(clock.pendingCalls).toBe(0);
  });
});
