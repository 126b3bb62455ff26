import { afterEach, describe, expect, it } from '@jest/globals';
import type { Order } from '@bookrunner/sdk';
import type { IBApi } from '@stoqey/ib';
import { type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

/** An entry with its profit and its loss. */
function bracket(): readonly [Order, Order, Order] {
  const parent = bench.limit({ qty: 10 });
  const child = { side: 'sell', parentId: parent.clientOrderId, ocoGroup: 'g1', qty: 10 } as const;
  const loss = { ...child, orderType: 'stop', stopPrice: 90, limitPrice: Number.NaN } as const;
  return [parent, bench.limit({ ...child, limitPrice: 110 }), bench.limit(loss)];
}

type PlaceOrder = Parameters<IBApi['placeOrder']>;

/** The library writes the nth order of the next ones in another way. */
function placeOtherwise(nth: number, place: (api: IBApi, ...values: PlaceOrder) => IBApi): void {
  const { gateway } = bench;
  const send = gateway.send.bind(gateway);
  let count = 0;
  gateway.send = ({ write, ...rest }) =>
    send({
      ...rest,
      write: (api) =>
        write(
          new Proxy(api, {
            get: (target, name) => {
              const value = Reflect.get(target, name, target) as unknown;
              if (name !== 'placeOrder') return typeof value === 'function' ? value.bind(target) : value;
              return (...values: PlaceOrder) => {
                count += 1;
                return count === nth ? place(api, ...values) : api.placeOrder(...values);
              };
            },
          }),
        ),
    });
}

/** The library cannot write the nth order of the next ones: it throws, or says so by an event alone. */
function failEncoding(nth: number, how: 'throws' | 'is silent'): void {
  placeOtherwise(nth, (api) => {
    if (how === 'throws') throw new TypeError('cannot be encoded');
    return api;
  });
}

function liveAtIb(): readonly string[] {
  return bench.model
    .truth()
    .orders.filter(({ isLive }) => isLive)
    .map(({ orderRef }) => orderRef);
}

describe('a group of which the library writes only a part', () => {
  it.each([
    [2, 'throws'],
    [3, 'throws'],
    [2, 'is silent'],
    [3, 'is silent'],
  ] as const)('is taken back: order %d %s', async (nth, how) => {
    const { venue } = await ready();
    failEncoding(nth, how);
    const orders = bracket();
    expect(await venue.submit(orders)).toMatchObject({ kind: 'unknown', reason: 'IBKR_ORDER_UNWRITTEN' });
    await bench.settle();
    expect(liveAtIb()).toEqual([]);
    const ends = orders.map((order) => bench.kinds(order).at(-1));
    expect(ends).toEqual(orders.map((_, i) => (i < nth - 1 ? 'cancelled' : 'rejected')));
    expect(bench.sink.reports.every(({ kind }) => kind !== 'accepted')).toBe(true);
    // Nothing of it stands in the way of what comes next.
    const next = bracket();
    expect(await venue.submit(next)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(liveAtIb()).toHaveLength(3);
  });

  it.each(['throws', 'is silent'] as const)('never left where it is none of it: the first one %s', async (how) => {
    const { venue } = await ready();
    failEncoding(1, how);
    const orders = bracket();
    expect(await venue.submit(orders)).toMatchObject({ kind: 'refused', reason: 'IBKR_ORDER_UNWRITTEN' });
    await bench.settle();
    expect(liveAtIb()).toEqual([]);
    expect(bench.sink.reports).toEqual([]);
  });

  it('and of orders that only exclude each other as well', async () => {
    const { venue } = await ready();
    failEncoding(2, 'throws');
    const pair = [bench.limit({ ocoGroup: 'g1' }), bench.limit({ ocoGroup: 'g1', limitPrice: 98 })];
    expect(await venue.submit(pair)).toMatchObject({ kind: 'unknown' });
    await bench.settle();
    expect(liveAtIb()).toEqual([]);
    expect(pair.map((order) => bench.kinds(order).at(-1))).toEqual(['cancelled', 'rejected']);
  });
});

describe('a bracket whose connection dies', () => {
  it.each([
    [1, 'before'],
    [2, 'before'],
    [3, 'before'],
    [1, 'after'],
    [2, 'after'],
  ] as const)('at order %d, %s the gateway sees it: no order of it is left', async (nth, moment) => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', nth, moment });
    const orders = bracket();
    expect(await venue.submit(orders)).toMatchObject({ kind: 'unknown' });
    await bench.untilReady();
    await bench.settle();
    expect(liveAtIb()).toEqual([]);
    const { openOrders } = await venue.snapshot();
    expect([openOrders.complete, openOrders.items]).toEqual([true, []]);
  });

  it('when all of it is there is there whole', async () => {
    const { venue, sim } = await ready();
    sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', nth: 3, moment: 'after' });
    const orders = bracket();
    expect(await venue.submit(orders)).toMatchObject({ kind: 'unknown' });
    await bench.untilReady();
    await bench.settle();
    expect(liveAtIb()).toHaveLength(3);
    expect(orders.map((order) => bench.kinds(order))).toEqual([['accepted'], ['accepted'], ['accepted']]);
  });
});

describe('a bracket whose last order is rejected', () => {
  it('leaves nothing held at the gateway', async () => {
    const { venue } = await ready();
    placeOtherwise(3, (api, ...[id, contract, order]) => api.placeOrder(id, contract, { ...order, auxPrice: 90.001 }));
    const orders = bracket();
    expect(await venue.submit(orders)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(orders.map((order) => bench.kinds(order))).toEqual([['cancelled'], ['cancelled'], ['rejected']]);
    expect(liveAtIb()).toEqual([]);
  });

  it('leaves nothing held where the connection dies with the answer', async () => {
    const { venue, sim } = await ready();
    placeOtherwise(3, (api, ...[id, contract, order]) => api.placeOrder(id, contract, { ...order, auxPrice: 90.001 }));
    sim.faults.set({ kind: 'cut-on-request', on: 'cancelOrder', nth: 1, moment: 'before' });
    const orders = bracket();
    void venue.submit(orders);
    await bench.until(() => !venue.isReady);
    await bench.untilReady();
    await bench.settle();
    expect(liveAtIb()).toEqual([]);
  });
});

describe('a bracket whose entry is rejected', () => {
  it('is over as a whole: IB finds no parent for the others', async () => {
    const { venue, model } = await ready();
    model.knobs.rejectNextOrder({ code: 201, errorOnly: true });
    const orders = bracket();
    expect(await venue.submit(orders)).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(orders.map((order) => bench.kinds(order))).toEqual([['rejected'], ['rejected'], ['rejected']]);
    expect(liveAtIb()).toEqual([]);
  });
});
