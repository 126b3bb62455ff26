import { afterEach, describe, expect, it } from '@jest/globals';
import type { Order } from '@bookrunner/sdk';
import { type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

async function submitted(order: Order): Promise<Order> {
  expect(await bench.venue.submit([order])).toEqual({ kind: 'sent' });
  await bench.settle();
  return order;
}

/** The order lives on as it was, and fills. */
async function lives(order: Order): Promise<void> {
  bench.quote(97, 97.01);
  await bench.settle();
  const kinds = bench.kinds(order);
  expect([kinds[0], kinds.at(-1)]).toEqual(['accepted', 'filled']);
  expect(kinds).not.toContain('rejected');
  expect(kinds).not.toContain('cancelled');
}

describe('17: a cancel that IB declines', () => {
  it.each([161, 10147, 10148, 104])(
    'with %d is answered at once; the order is what the gateway says it is',
    async (code) => {
      const { venue, model } = await ready();
      const order = await submitted(bench.limit());
      model.knobs.failNextCancel(code);
      expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
      await bench.settle();
      expect(bench.kinds(order)).toEqual(['accepted', 'cancel-rejected']);
      await lives(order);
    },
  );

  it('since the order is over without our knowing is answered, and its end is told', async () => {
    const { venue, model, sim } = await ready();
    const order = await submitted(bench.limit());
    const { permId } = model.truth().orders[0]!;
    // Neither its status nor 202 arrives.
    sim.faults.set(
      { kind: 'drop-message', on: 'orderStatus' },
      { kind: 'drop-message', on: 'openOrder' },
      { kind: 'drop-message', on: 'error' },
    );
    model.knobs.cancelOrder(permId);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order).toSorted()).toEqual(['accepted', 'cancel-rejected', 'cancelled']);
  });
});

describe('18: a change that IB declines', () => {
  it.each([104, 105, 110, 321, 434, 2102])('with %d leaves the order alive with its old terms', async (code) => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit({ limitPrice: 98 }));
    model.knobs.failNextModify(code, 'cannot be done');
    expect(await venue.replace(order, { limitPrice: 99, qty: 50 })).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'replace-rejected']);
    const { openOrders } = await venue.snapshot();
    expect(openOrders.items).toMatchObject([{ clientOrderId: order.clientOrderId, qty: 100, limitPrice: 98 }]);
    await lives(order);
  });
});

describe('a cancel', () => {
  it('that is confirmed has nobody ask what became of it', async () => {
    const { venue, sim } = await ready();
    const order = await submitted(bench.limit());
    await venue.cancel(order);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled']);
    const asked = (): number =>
      sim.transcript.entries.filter(({ direction, fields }) => direction === 'in' && fields[0] === '16').length;
    const before = asked();
    bench.clock.advance(20_000);
    await bench.settle();
    expect(asked()).toBe(before);
  });

  it('that is sent again while it is under way is done once, and ours', async () => {
    const { venue } = await ready({ simulator: { cancelMs: 2_000 } });
    const order = await submitted(bench.limit());
    for (let i = 0; i < 2; i++) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
    }
    bench.clock.advance(2_000);
    await bench.settle();
    expect(bench.sink.of(order.clientOrderId)).toMatchObject([
      { kind: 'accepted' },
      { kind: 'cancelled', reason: 'asked' },
    ]);
  });

  it('that is under way lets no change follow it', async () => {
    const { venue, model, sim } = await ready();
    const order = await submitted(bench.limit());
    model.knobs.failNextCancel(161);
    sim.faults.set({ kind: 'drop-message', on: 'error' });
    await venue.cancel(order);
    expect(await venue.replace(order, { limitPrice: 98 })).toMatchObject({
      ...{ kind: 'refused', reason: 'IBKR_ORDER_NOT_SUPPORTED' },
      message: expect.stringContaining('cancel'),
    });
  });
});

describe('an order that was said to be over, and works', () => {
  it('can be cancelled as soon as a list has shown it', async () => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit());
    const { permId } = model.truth().orders[0]!;
    model.knobs.sayStatus(permId, 'Cancelled');
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled']);
    expect(await venue.cancel(order)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_WORKING' });
    expect((await venue.snapshot()).openOrders.items).toMatchObject([{ clientOrderId: order.clientOrderId }]);
    expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(model.truth().orders.filter(({ isLive }) => isLive)).toEqual([]);
    await venue.snapshot();
    expect(await venue.cancel(order)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_WORKING' });
  });
});

describe('a request that IB swallows', () => {
  it('is a change that failed once a list of open orders shows the old terms; the next change goes through', async () => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit({ limitPrice: 98 }));
    model.knobs.swallowNextOrders(1);
    expect(await venue.replace(order, { limitPrice: 99 })).toEqual({ kind: 'sent' });
    await bench.settle();
    // It may still be under way.
    expect((await venue.snapshot()).openOrders.items).toMatchObject([{ limitPrice: 98 }]);
    expect(bench.kinds(order)).toEqual(['accepted']);
    expect(await venue.replace(order, { limitPrice: 98.5 })).toMatchObject({ reason: 'IBKR_ORDER_NOT_SUPPORTED' });
    await bench.until(() => bench.kinds(order).length > 1);
    const [, told] = bench.sink.of(order.clientOrderId);
    expect(told).toMatchObject({ kind: 'replace-rejected', reason: expect.stringContaining('IBKR_NO_ANSWER') });
    expect(await venue.replace(order, { limitPrice: 98.5 })).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'replace-rejected', 'replaced']);
    expect((await venue.snapshot()).openOrders.items).toMatchObject([{ limitPrice: 98.5 }]);
  });

  it('is a cancel that failed; where it works after all, it was ours', async () => {
    const { venue, model, sim } = await ready();
    const order = await submitted(bench.limit());
    const { permId } = model.truth().orders[0]!;
    model.knobs.failNextCancel(161);
    sim.faults.set({ kind: 'drop-message', on: 'error' });
    expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
    await bench.until(() => bench.kinds(order).length > 1);
    expect(bench.kinds(order)).toEqual(['accepted', 'cancel-rejected']);
    model.knobs.cancelOrder(permId);
    await bench.settle();
    expect(bench.sink.of(order.clientOrderId).at(-1)).toMatchObject({ kind: 'cancelled', reason: 'asked' });
  });
});

describe('19: advice', () => {
  it.each([399, 404, 2109, 2137, 10349, 54_321])('%d kills no order', async (code) => {
    const { model } = await ready();
    model.knobs.adviseNextOrder(code);
    const order = await submitted(bench.limit());
    expect(bench.kinds(order)).toEqual(['accepted']);
    await lives(order);
  });

  it('stock that has to be located first holds the order, and no more', async () => {
    const { venue, model } = await ready({ simulator: { hardToBorrow: ['AAPL'] } });
    const order = bench.order({ side: 'sell', qty: 100 });
    await venue.submit([order]);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    expect((await venue.snapshot()).openOrders.items).toHaveLength(1);
    model.knobs.locateShares('AAPL');
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
  });
});

describe('an order that IB holds as Inactive', () => {
  it.each([
    ['without a reason', ''],
    ['while stock is located', 'locate'],
  ])('%s outlives a change that is refused, a reconnect, and fills', async (_, why) => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit());
    model.knobs.holdOrder(model.truth().orders[0]!.permId, why);
    await bench.settle();
    model.knobs.failNextModify(201, 'Order rejected - reason:the change needs more margin');
    await venue.replace(order, { limitPrice: 98 });
    await bench.settle();
    await bench.cut();
    await bench.untilReady();
    await bench.settle();
    const { openOrders } = await venue.snapshot();
    expect(openOrders.items).toMatchObject([{ clientOrderId: order.clientOrderId, leavesQty: 100 }]);
    expect(bench.kinds(order)).toEqual(['accepted', 'replace-rejected']);
    model.knobs.releaseOrder(model.truth().orders[0]!.permId);
    await bench.settle();
    await lives(order);
  });

  it('is cancelled', async () => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit());
    model.knobs.holdOrder(model.truth().orders[0]!.permId);
    await bench.settle();
    expect(await venue.cancel(order)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'cancelled']);
  });
});

describe('a change back to the terms before', () => {
  it('is told once the gateway lists them', async () => {
    const { venue } = await ready();
    const order = await submitted(bench.limit());
    for (const limitPrice of [98, 99, 98]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await venue.replace(order, { limitPrice })).toEqual({ kind: 'sent' });
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
      expect(bench.sink.reports.at(-1)).toMatchObject({ kind: 'replaced', limitPrice });
    }
  });
});

describe('20: a rejection', () => {
  it.each([
    [200, true],
    [201, false],
    [201, true],
    [203, false],
    [321, true],
    [460, false],
    [103, true],
    [110, true],
  ])('with %d is told once with its text (error alone: %s)', async (code, errorOnly) => {
    const { model } = await ready();
    model.knobs.rejectNextOrder({ code, message: 'reason:<br>no margin', errorOnly });
    const order = await submitted(bench.limit());
    const reports = bench.sink.of(order.clientOrderId);
    expect(reports).toMatchObject([{ kind: 'rejected', message: `TWS ${code}: reason: no margin` }]);
    expect((await bench.venue.snapshot()).openOrders.items).toEqual([]);
    expect(await bench.venue.submit([order])).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_DUPLICATE' });
  });

  it('whose JSON is malformed is a rejection, and what follows is read', async () => {
    const { model } = await ready();
    model.knobs.rejectNextOrderWithMalformedJson();
    const first = await submitted(bench.limit());
    const second = await submitted(bench.limit());
    expect([bench.kinds(first), bench.kinds(second)]).toEqual([['rejected'], ['accepted']]);
  });
});

describe('21: two orders under one reference', () => {
  it('are an alarm; both are shown, both are cancelled, and the order is over when both are', async () => {
    const { venue, model } = await ready();
    const order = await submitted(bench.limit({ limitPrice: 98 }));
    model.knobs.splitNextModify();
    await venue.replace(order, { limitPrice: 98.5 });
    await bench.settle();
    expect(bench.logged).toEqual([expect.stringContaining('IBKR_ORDER_TWICE')]);
    expect(await venue.replace(order, { limitPrice: 97 })).toMatchObject({
      kind: 'refused',
      reason: 'IBKR_ORDER_TWICE',
    });
    const { openOrders } = await venue.snapshot();
    const [first, second] = openOrders.items;
    expect([first?.clientOrderId, second?.clientOrderId]).toEqual([order.clientOrderId, `ib:${second?.venueOrderId}`]);
    await venue.cancel(order);
    await bench.settle();
    await bench.until(() => !model.truth().orders.some(({ isLive }) => isLive));
    await bench.settle();
    expect(bench.kinds(order).at(-1)).toBe('cancelled');
    expect(bench.kinds(order).filter((kind) => kind === 'cancelled')).toHaveLength(1);
  });
});
