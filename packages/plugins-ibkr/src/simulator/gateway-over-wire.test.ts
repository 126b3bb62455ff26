// The simulated gateway as a client sees it: the sequences that were recorded at a real one.
import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import type { Order } from '@stoqey/ib';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from './bench.fixture.js';
import type { BenchClient } from './bench.fixture.js';
import { STOCK } from './library-orders.fixture.js';
import type { SimulatedGateway } from './model/simulated-gateway.js';

let bench: Bench<SimulatedGateway> | undefined;
afterEach(() => bench?.close());

async function start(serverVersion: number): Promise<BenchClient> {
  bench = await Bench.startGateway({ clock: new FakeClock(), settings: { serverVersion } });
  bench.model.quote('AAPL', { bid: 199.9, ask: 200, bidSize: 1000, askSize: 1000 });
  const client = await bench.ready();
  await client.told('info', 3);
  client.seen.length = 0;
  return client;
}

const ORDER: Order = {
  orderType: OrderType.MKT,
  action: OrderAction.BUY,
  totalQuantity: 100,
  tif: TimeInForce.DAY,
  orderRef: 'ref-1',
  transmit: true,
};
const LIMIT: Order = { ...ORDER, orderType: OrderType.LMT, lmtPrice: 150 };

/** Events of orders with the state they tell, in order. */
function course({ seen }: BenchClient): readonly string[] {
  return seen.flatMap(([name, ...values]) => {
    if (name === 'openOrder') return [`openOrder ${(values[3] as { status: string }).status}`];
    if (name === 'orderStatus') return [`orderStatus ${values[1] as string}`];
    if (name === 'error') return [`error ${values[1] as number}`];
    return name === 'execDetails' || name === 'commissionReport' ? [name] : [];
  });
}

describe.each([193, 178])('at version %d', (serverVersion) => {
  it('a market order fills as it was recorded', async () => {
    const client = await start(serverVersion);
    client.api.placeOrder(1, STOCK, ORDER);
    await client.told('commissionReport');
    expect(course(client)).toEqual([
      'openOrder PreSubmitted',
      'orderStatus PreSubmitted',
      'execDetails',
      'openOrder Filled',
      'orderStatus Filled',
      'openOrder Filled',
      'commissionReport',
    ]);
    const [[, , execution]] = client.of('execDetails') as [[number, object, { execId: string }]];
    expect(execution).toMatchObject({ side: 'BOT', shares: 100, price: 200, orderRef: 'ref-1', cumQty: 100 });
    expect(client.of('commissionReport')).toMatchObject([[{ execId: execution.execId, currency: 'USD' }]]);
    client.api.reqPositions();
    await client.told('positionEnd');
    expect(client.of('position')).toMatchObject([['DU1234567', { conId: 265_598 }, 100, 200.01]]);
  });

  it('a limit order rests, is cancelled, and both are told', async () => {
    const client = await start(serverVersion);
    client.api.placeOrder(1, STOCK, LIMIT);
    await client.told('orderStatus');
    client.api.cancelOrder(1);
    await client.told('error');
    expect(course(client).slice(-2)).toEqual(['orderStatus Cancelled', 'error 202']);
    client.api.reqCompletedOrders(false);
    await client.told('completedOrdersEnd');
    expect(client.of('completedOrder')).toMatchObject([
      [{ conId: 265_598 }, { orderRef: 'ref-1' }, { status: 'Cancelled' }],
    ]);
  });

  it('a preview leaves no order', async () => {
    const client = await start(serverVersion);
    client.api.placeOrder(1, STOCK, { ...LIMIT, whatIf: true });
    await client.told('openOrder');
    expect(client.of('openOrder')).toMatchObject([[1, {}, { whatIf: true }, { status: 'PreSubmitted' }]]);
    const [[, , , state]] = client.of('openOrder') as [[number, object, object, { initMarginAfter?: number }]];
    expect(state.initMarginAfter).toBeGreaterThan(0);
    client.api.reqOpenOrders();
    await client.told('openOrderEnd');
    expect(course(client)).toEqual(['openOrder PreSubmitted']);
  });

  it('an order with an old id is refused with 103', async () => {
    const client = await start(serverVersion);
    client.api.placeOrder(5, STOCK, LIMIT);
    await client.told('orderStatus');
    client.api.placeOrder(4, STOCK, LIMIT);
    await client.told('error');
    expect(client.of('error').map(([, code, id]) => [code, id])).toEqual([[103, 4]]);
  });
});

it('orders live on over sessions, and the ids that were forgotten are given out again', async () => {
  const client = await start(193);
  for (const id of [1, 2, 3]) client.api.placeOrder(id, STOCK, { ...LIMIT, tif: TimeInForce.GTC });
  await client.told('openOrder', 3);
  bench?.sim.faults.set({ kind: 'roll-ids-back', count: 2 }, { kind: 'open-orders-first' });
  bench?.sim.faults.cut('rst');
  await until(() => bench?.sim.clients.length === 0, 'the end of the session');
  const back = await bench?.ready();
  expect(back?.of('nextValidId')).toEqual([[2]]);
  expect(back?.of('openOrder').map(([id]) => id)).toEqual([1, 2, 3]);
  expect(back?.seen.findIndex(([name]) => name === 'openOrder')).toBeLessThan(
    back?.seen.findIndex(([name]) => name === 'nextValidId') ?? -1,
  );
});
