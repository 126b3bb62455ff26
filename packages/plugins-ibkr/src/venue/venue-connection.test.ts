import { afterEach, describe, expect, it } from '@jest/globals';
import { type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

function states(): readonly string[] {
  return bench.sink.statuses.map(({ state }) => state);
}

/** Orders that reached the gateway, by our ids. */
function placed(): readonly string[] {
  return bench.sim.transcript.entries
    .filter(({ direction, fields }) => direction === 'in' && fields[0] === '3')
    .map(({ fields }) => (fields[26] ?? '').slice(0, 16));
}

describe('1: orders', () => {
  it('before the gateway has told of open orders and executions are refused at once, and never sent', async () => {
    bench = await VenueBench.start();
    const { venue, sim, sink } = bench;
    sim.faults.set({ kind: 'drop-message', on: 'openOrderEnd' });
    await venue.open(sink);
    await bench.settle();
    expect(states()).not.toContain('ready');
    expect(await venue.submit([bench.limit()])).toMatchObject({ kind: 'refused', reason: 'IBKR_NOT_RECONCILED' });
    // It asks again after the same time.
    await bench.untilReady();
    expect(placed()).toEqual([]);
    expect(await venue.submit([bench.limit()])).toEqual({ kind: 'sent' });
  });

  it('of a session that is up and has not answered say so', async () => {
    const { venue, sim } = await ready();
    await bench.cut();
    sim.faults.set({ kind: 'drop-message', on: 'openOrderEnd' });
    await bench.until(() => bench.gateway.state === 'up');
    await bench.settle();
    expect(await venue.submit([bench.limit()])).toMatchObject({ kind: 'refused', reason: 'IBKR_NOT_RECONCILED' });
  });
});

describe('a cancel without a session', () => {
  it('says so, and not that the order is of others', async () => {
    const { venue } = await ready();
    const order = bench.limit();
    expect(await venue.submit([order])).toEqual({ kind: 'sent' });
    await bench.settle();
    await bench.cut();
    expect(await venue.cancel(order)).toMatchObject({ kind: 'refused', reason: 'IBKR_NOT_CONNECTED' });
    await bench.untilReady();
    expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
  });
});

describe('6: an order that waits for its turn', () => {
  it('is not written where the line to IB is lost meanwhile', async () => {
    const limits = { messagesPerSecond: 2, reservedForOrders: 1, burst: 1 };
    const { venue, sim } = await ready({ venue: { limits } });
    bench.clock.advance(1_000);
    const orders = [bench.limit(), bench.limit(), bench.limit()];
    const submits = orders.map((order) => venue.submit([order]));
    sim.faults.connectivity.loseUpstream();
    await bench.until(() => bench.gateway.state === 'upstream-lost', 0);
    bench.clock.advance(2_000);
    expect(await submits[2]).toMatchObject({ kind: 'refused', reason: 'IBKR_UPSTREAM_LOST' });
    await bench.until(() => placed().length >= 2, 0);
    expect(placed()).toEqual(orders.slice(0, 2).map(({ clientOrderId }) => clientOrderId));
  });
});

describe('4: a connection that is lost with orders on their way', () => {
  it('sends nothing stale on the next one; what never arrived is unknown, and no cancel', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'before' });
    const orders = [bench.limit(), bench.limit(), bench.limit()];
    const outcomes = await Promise.all(orders.map((order) => venue.submit([order])));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
    await bench.untilReady();
    await bench.settle();
    expect(bench.model.truth().orders).toEqual([]);
    expect(bench.sink.reports).toEqual([]);
    expect(await venue.submit([orders[0]!])).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_DUPLICATE' });
  });

  it('an order that arrived unheard is taken up, and can be cancelled', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'after' });
    const order = bench.limit();
    expect(await venue.submit([order])).toMatchObject({ kind: 'unknown', reason: 'IBKR_NOT_CONNECTED' });
    await bench.untilReady();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled']);
  });

  it('one that arrived and was filled unheard is told as filled', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'after' });
    const order = bench.order({ qty: 10 });
    expect(await venue.submit([order])).toMatchObject({ kind: 'unknown' });
    await bench.untilReady();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  });

  it('one that arrived and was cancelled meanwhile is told as cancelled: completed orders say so', async () => {
    const { venue, sim, model } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'after' });
    const order = bench.limit();
    await venue.submit([order]);
    model.knobs.cancelOrder(model.truth().orders[0]!.permId);
    await bench.untilReady();
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['cancelled']);
  });

  it('one that the gateway swallowed is unknown after the limit, and the gateway is asked', async () => {
    const { venue, model } = await ready();
    model.knobs.swallowNextOrders(1);
    const submitted = venue.submit([bench.limit()]);
    await bench.settle();
    bench.clock.advance(5_000);
    expect(await submitted).toMatchObject({ kind: 'unknown', reason: 'IBKR_NO_ANSWER' });
    bench.sim.transcript.clear();
    await bench.settle();
    const asked = bench.sim.transcript.entries.filter(
      ({ direction, fields }) => direction === 'in' && fields[0] === '16',
    );
    expect(asked.length).toBeGreaterThan(0);
  });

  it('a change that arrived unheard is told when the order is seen', async () => {
    const { venue, sim } = await ready();
    const order = bench.limit({ limitPrice: 98 });
    await venue.submit([order]);
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment: 'after' });
    await venue.replace(order, { limitPrice: 98.5 });
    await bench.until(() => !venue.isReady, 1);
    await bench.untilReady();
    await bench.settle();
    expect(bench.sink.of(order.clientOrderId).at(-1)).toMatchObject({ kind: 'replaced', limitPrice: 98.5 });
  });
});

describe('5: order ids that go backwards', () => {
  it('are used by no other order, and no answer finds the wrong one', async () => {
    const { venue, sim, model } = await ready();
    const first = bench.limit({ limitPrice: 98 });
    await venue.submit([first]);
    const before = model.truth().orders[0]!.orderId;
    sim.faults.set({ kind: 'roll-ids-back', count: 1 });
    model.knobs.setNextOrderId(1, before);
    await bench.cut();
    await bench.untilReady();
    const second = bench.limit({ limitPrice: 97 });
    await venue.submit([second]);
    await bench.settle();
    expect(model.truth().orders.map(({ orderId }) => orderId)).toEqual([before, expect.any(Number)]);
    expect(model.truth().orders[1]!.orderId).toBeGreaterThan(before);
    await venue.cancel(second);
    await bench.settle();
    expect([bench.kinds(first), bench.kinds(second)]).toEqual([['accepted'], ['accepted', 'cancelled']]);
  });
});

describe('6: the line to IB', () => {
  it('lost refuses orders and lets cancels pass; back, everything is asked for before the next order', async () => {
    const { venue, sim } = await ready();
    const order = bench.limit();
    await venue.submit([order]);
    await bench.settle();
    sim.faults.connectivity.loseUpstream({ repeats: 5 });
    await bench.settle();
    expect(bench.sink.statuses.at(-1)).toMatchObject({ state: 'disconnected', reason: 'IBKR_UPSTREAM_LOST' });
    expect(states().filter((state) => state === 'disconnected')).toHaveLength(1);
    expect(await venue.submit([bench.limit()])).toMatchObject({ kind: 'refused', reason: 'IBKR_UPSTREAM_LOST' });
    expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled']);
    sim.faults.connectivity.restoreUpstream();
    await bench.settle();
    expect(states().slice(-2)).toEqual(['disconnected', 'ready']);
    expect(placed()).toEqual([order.clientOrderId]);
  });

  it('lost makes no snapshot complete', async () => {
    const { venue, sim } = await ready();
    sim.faults.connectivity.loseUpstream();
    await bench.settle();
    const { positions, openOrders, executions, accounts } = await venue.snapshot();
    expect([positions, openOrders, executions, accounts].map(({ complete }) => complete)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('the planned restart refuses orders before and while it is under way', async () => {
    // The clock stands at 08:00 in New York.
    const { venue } = await ready({ venue: { restart: { at: '08:05', zone: 'America/New_York', minutes: 5 } } });
    const resting = bench.limit();
    await venue.submit([resting]);
    bench.clock.advance(5 * 60_000);
    expect(await venue.submit([bench.limit()])).toMatchObject({ kind: 'refused', reason: 'IBKR_PLANNED_OUTAGE' });
    await bench.cut();
    expect(bench.lastState).toBe('planned-outage');
    expect(await venue.submit([bench.limit()])).toMatchObject({ kind: 'refused', reason: 'IBKR_PLANNED_OUTAGE' });
    await bench.untilReady();
    expect(await venue.submit([bench.limit()])).toEqual({ kind: 'sent' });
  });

  it('the planned restart refuses to cancel and to change before it, so that what protects stays', async () => {
    const { venue } = await ready({ venue: { restart: { at: '08:05', zone: 'America/New_York', minutes: 5 } } });
    const resting = bench.limit();
    await venue.submit([resting]);
    await bench.settle();
    bench.clock.advance(5 * 60_000);
    const refusal = { kind: 'refused', reason: 'IBKR_PLANNED_OUTAGE' };
    expect(await venue.cancel(resting)).toMatchObject(refusal);
    expect(await venue.replace(resting, { qty: 50 })).toMatchObject(refusal);
    await bench.settle();
    expect(bench.kinds(resting)).toEqual(['accepted']);
    await bench.cut();
    await bench.untilReady();
    expect(await venue.cancel(resting)).toEqual({ kind: 'sent' });
  });
});

it('7: executions while the line to IB is lost are told', async () => {
  const { venue, sim, model } = await ready();
  const order = bench.limit();
  await venue.submit([order]);
  sim.faults.connectivity.loseUpstream();
  await bench.settle();
  model.knobs.fillOrder(model.truth().orders[0]!.permId, 40);
  await bench.settle();
  expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  sim.faults.connectivity.restoreUpstream({ isDataLost: true });
  await bench.settle();
  expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
});

it('31: a daily restart doubles no order, loses no fill, and becomes ready when it is over', async () => {
  const { venue, sim, model } = await ready();
  const order = bench.limit();
  await venue.submit([order]);
  await bench.settle();
  const restart = sim.faults.dailyRestart({ forgottenIds: 1 });
  let isOver = false;
  void restart.then(() => {
    isOver = true;
  });
  await bench.until(() => !venue.isReady);
  model.knobs.fillOrder(model.truth().orders[0]!.permId, 40);
  await bench.until(() => isOver, 500);
  await bench.until(() => bench.lastState === 'ready');
  await bench.settle();
  expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  expect(placed()).toEqual([order.clientOrderId]);
  bench.quote(98, 98.01);
  await bench.settle();
  expect(bench.sink.of(order.clientOrderId).at(-1)).toMatchObject({ kind: 'filled', leavesQty: 0 });
}, 20_000);

it('closes in any state, twice, and tells nothing afterwards', async () => {
  const { venue, model } = await ready();
  const order = bench.limit();
  await venue.submit([order]);
  await bench.settle();
  const { permId } = model.truth().orders[0]!;
  model.knobs.withholdCommissions();
  model.knobs.fillOrder(permId, 10);
  await venue.close();
  await venue.close();
  const before = bench.sink.reports.length;
  bench.clock.advance(60_000);
  expect(bench.sink.reports).toHaveLength(before);
});
