import { afterEach, describe, expect, it } from '@jest/globals';
import { AAPL, type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

/** Requests that reached the gateway, by the number of their message. */
function requests(message: number): readonly (readonly string[])[] {
  return bench.sim.transcript.entries
    .filter(({ direction, fields }) => direction === 'in' && fields[0] === String(message))
    .map(({ fields }) => fields);
}

const PLACE_ORDER = 3;

describe('the last bit of a sum', () => {
  it('goes neither to IB nor between a change and its answer', async () => {
    bench = await VenueBench.ready();
    const { venue, sim } = bench;
    const order = bench.limit({ limitPrice: 98.9 + 0.2 });
    expect(order.limitPrice).not.toBe(99.1);
    expect(await venue.submit([order])).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted']);
    const limitPrice = 98.99 + 0.21;
    expect(limitPrice).not.toBe(99.2);
    for (const price of [limitPrice, 99.3]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await venue.replace(order, { limitPrice: price })).toEqual({ kind: 'sent' });
      // oxlint-disable-next-line no-await-in-loop
      await bench.settle();
    }
    expect(bench.kinds(order)).toEqual(['accepted', 'replaced', 'replaced']);
    const placed = sim.transcript.entries.filter(({ direction, fields }) => direction === 'in' && fields[0] === '3');
    expect(placed.map(({ fields }) => fields[19])).toEqual(['99.1', '99.2', '99.3']);
  });
});

describe('an order', () => {
  it('bears our id and tag, our account and every field that a gateway would else fill by itself', async () => {
    const { venue } = await ready({ venue: { outsideRth: true } });
    const order = bench.limit({ clientOrderId: 'abcdefgh00000001', tag: 'S|CORE|20261128', qty: 2.5, tif: 'DAY' });
    expect(await venue.submit([order])).toEqual({ kind: 'sent' });
    await bench.settle();
    const [told] = bench.model.truth().orders;
    expect(told).toMatchObject({ orderRef: 'abcdefgh00000001|S|CORE|20261128', totalQuantity: 2.5, isLive: true });
    const [fields] = requests(PLACE_ORDER);
    // tif, account, transmit, outsideRth, exemptCode, as IB's own clients place them.
    expect([21, 23, 27, 33, 45].map((at) => fields?.[at])).toEqual(['DAY', order.account, '1', '1', '-1']);
  });

  it('23: off the price band or the size increment never leaves', async () => {
    const { venue } = await ready();
    for (const fields of [{ limitPrice: 99.005 }, { qty: 0.00005 }]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await venue.submit([bench.limit(fields)])).toMatchObject({
        kind: 'refused',
        reason: 'IBKR_ORDER_OFF_GRID',
      });
    }
    expect(requests(PLACE_ORDER)).toHaveLength(0);
  });

  it('of an account that is not ours, or in a symbol nobody asked for, never leaves', async () => {
    const { venue } = await ready();
    expect(await venue.submit([bench.limit({ account: 'DU9' })])).toMatchObject({ reason: 'IBKR_ACCOUNT_UNKNOWN' });
    expect(await venue.submit([bench.limit({ symbol: 'IBM' })])).toMatchObject({ reason: 'IBKR_CONTRACT_NOT_FOUND' });
    expect(requests(PLACE_ORDER)).toHaveLength(0);
  });
});

describe('a group', () => {
  it('30: a bracket is held until its last order is there, and its children wait for the parent', async () => {
    const { venue } = await ready();
    const parent = bench.limit({ qty: 10 });
    const child = {
      side: 'sell',
      parentId: parent.clientOrderId,
      ocoGroup: 'g1',
      qty: 10,
      limitPrice: Number.NaN,
    } as const;
    const profit = bench.limit({ ...child, limitPrice: 110 });
    const loss = bench.order({ ...child, orderType: 'stop', stopPrice: 90 });
    expect(await venue.submit([parent, profit, loss])).toEqual({ kind: 'sent' });
    await bench.settle();
    const sent = requests(PLACE_ORDER);
    expect(sent.map((fields) => fields[27])).toEqual(['0', '0', '1']);
    expect(sent.map((fields) => fields[28])).toEqual(['0', sent[0]?.[1], sent[0]?.[1]]);
    bench.quote(98, 98.01);
    await bench.settle();
    expect(bench.kinds(parent)).toEqual(['accepted', 'filled']);
    bench.quote(110, 110.01);
    await bench.settle();
    expect(bench.kinds(profit)).toEqual(['accepted', 'filled']);
    expect(bench.kinds(loss)).toEqual(['accepted', 'cancelled']);
  });

  it('30: orders that only exclude each other are each sent off by themselves', async () => {
    const { venue } = await ready();
    const pair = [bench.limit({ ocoGroup: 'g1' }), bench.limit({ ocoGroup: 'g1', limitPrice: 98 })];
    await venue.submit(pair);
    expect(requests(PLACE_ORDER).map((fields) => [fields[27], fields[22], fields[46]])).toEqual([
      ['1', 'g1', '1'],
      ['1', 'g1', '1'],
    ]);
  });

  it('30: of which the connection let only a part through, is taken back when it is there again', async () => {
    const { venue, sim } = await ready();
    const parent = bench.limit({ qty: 10 });
    const child = { side: 'sell', parentId: parent.clientOrderId, limitPrice: 110, qty: 10 } as const;
    const children = [bench.limit(child), bench.limit(child)];
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', nth: 3, moment: 'before' });
    expect(await venue.submit([parent, ...children])).toMatchObject({ kind: 'unknown' });
    await bench.untilReady();
    await bench.settle();
    expect(bench.model.truth().orders.filter(({ isLive }) => isLive)).toEqual([]);
  });

  it('with a child whose parent is not there never leaves', async () => {
    const { venue } = await ready();
    const outcome = await venue.submit([bench.limit({ parentId: 'abcdefgh00000009' })]);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_NOT_SUPPORTED' });
  });
});

describe('a change', () => {
  it('of an order that was filled in part changes the whole of it', async () => {
    const { venue, model } = await ready();
    const order = bench.limit({ qty: 100 });
    await venue.submit([order]);
    const { permId } = model.truth().orders[0]!;
    model.knobs.fillOrder(permId, 40, 99);
    await bench.settle();
    expect(await venue.replace(order, { qty: 60 })).toEqual({ kind: 'sent' });
    await bench.settle();
    bench.quote(98, 98.01);
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled', 'replaced', 'filled']);
    expect(bench.sink.of(order.clientOrderId).at(-1)).toMatchObject({ leavesQty: 0, fill: { qty: 20 } });
  });

  it('is not sent while the gateway has no line to IB', async () => {
    const { venue, sim } = await ready();
    const order = bench.limit();
    await venue.submit([order]);
    sim.faults.connectivity.loseUpstream({ code: 2110 });
    await bench.settle();
    expect(await venue.replace(order, { qty: 60 })).toMatchObject({ kind: 'refused', reason: 'IBKR_UPSTREAM_LOST' });
    expect(requests(PLACE_ORDER)).toHaveLength(1);
  });

  it('off the grid never leaves', async () => {
    const { venue } = await ready();
    const order = bench.limit();
    await venue.submit([order]);
    expect(await venue.replace(order, { limitPrice: 98.999 })).toMatchObject({ reason: 'IBKR_ORDER_OFF_GRID' });
  });
});

describe('27: a preview', () => {
  it('tells margin and commission, and leaves nothing', async () => {
    const { venue, model } = await ready();
    const preview = await venue.preview(bench.limit({ qty: 10 }));
    expect(preview.initialMarginChange).toBeGreaterThan(0);
    expect(preview.commissionCurrency).toBe('USD');
    await bench.settle();
    expect(model.truth().orders).toEqual([]);
    expect(bench.sink.reports).toEqual([]);
    const { openOrders } = await venue.snapshot();
    expect(openOrders).toMatchObject({ complete: true, items: [] });
  });

  it('of an order that IB would not take says why', async () => {
    const { venue, model } = await ready();
    model.knobs.setReadOnly(true);
    await expect(venue.preview(bench.limit())).rejects.toMatchObject({ code: 'IBKR_ORDER_REFUSED' });
  });

  it('that is not answered ends in time', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'drop-message', on: 'openOrder' });
    const asked = venue.preview(bench.limit()).catch((error: unknown) => error);
    await bench.settle();
    bench.clock.advance(5_000);
    expect(await asked).toMatchObject({ code: 'IBKR_NO_ANSWER' });
  });
});

describe('29: without the right to trade', () => {
  it('the option refuses orders, cancels and changes, and shows all the same', async () => {
    const { venue } = await ready({ venue: { readOnly: true } });
    const order = bench.limit();
    const refusal = { kind: 'refused', reason: 'IBKR_READ_ONLY' };
    expect(await venue.submit([order])).toMatchObject(refusal);
    expect(await venue.cancel(order)).toMatchObject(refusal);
    expect(await venue.replace(order, { qty: 1 })).toMatchObject(refusal);
    expect((await venue.snapshot()).positions.complete).toBe(true);
  });

  it('a gateway that lets only read rejects the first order; the next ones stay here until it is asked anew', async () => {
    const { venue, model } = await ready();
    model.knobs.setReadOnly(true);
    const [first, second, third] = [bench.limit(), bench.limit(), bench.limit()];
    await venue.submit([first]);
    await bench.settle();
    expect(bench.sink.reports).toMatchObject([{ kind: 'rejected', reason: 'IBKR_READ_ONLY' }]);
    expect(await venue.submit([second])).toMatchObject({ kind: 'refused', reason: 'IBKR_READ_ONLY' });
    expect((await venue.snapshot()).accounts.complete).toBe(true);
    model.knobs.setReadOnly(false);
    await bench.cut();
    await bench.untilReady();
    expect(await venue.submit([third])).toEqual({ kind: 'sent' });
  });
});

it('resolves an instrument to what IB says of it', async () => {
  const { venue } = await ready();
  expect(await venue.resolve(AAPL)).toMatchObject({
    symbol: 'AAPL',
    priceSteps: [
      { from: 0, step: 0.0001 },
      { from: 1, step: 0.01 },
    ],
  });
});
