import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Order, SILENT_LOGGER } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import type { Order as IbOrder } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { AnswerWaits } from './answer-waits.js';
import { ibOrder } from './ib-order.js';
import { OrderDesk } from './order-desk.js';
import { OrderRegister } from './order-register.js';
import { anExecution } from './order-state.fixture.js';
import { termsOf } from './order-terms.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';

const STOCK = aStock();
const BOOK = bookOf(STOCK);
const PARENT = 1;
const CHILD = 2;

let gateway: FakeGateway;
let register: OrderRegister;
let desk: OrderDesk;

beforeEach(() => {
  const clock = new FakeClock();
  gateway = new FakeGateway();
  gateway.state = 'up';
  const isOurs = (): boolean => true;
  register = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000, isOurs },
    wording: new OrderWording(BOOK, 'UTC'),
    report: ({ kind, clientOrderId }) => {
      if (kind === 'rejected' || kind === 'cancelled') desk.onEnded(clientOrderId, kind === 'rejected');
    },
    ask: () => undefined,
    cancelRest: () => undefined,
    alarm: () => undefined,
  });
  desk = new OrderDesk({
    ...{ clock, gateway, register, isOurs, contracts: BOOK, outsideRth: false },
    waits: new AnswerWaits({ clock, limitMs: 5_000, onSilence: () => undefined }),
    closedFor: () => undefined,
    lookAtOpenOrders: () => Promise.resolve(),
  });
});

/** A parent and its child on the wire; the parent's id. */
function sent(): string {
  const parent = anOrder({ account: 'DU1', qty: 100 });
  const child = anOrder({ account: 'DU1', qty: 100, side: 'sell', parentId: parent.clientOrderId });
  const place = { transmit: true, outsideRth: false };
  const at = (orderId: number): Parameters<OrderRegister['addSent']>[2] => ({ orderId, qualified: STOCK });
  register.addSent(termsOf(parent), ibOrder(parent, STOCK, { ...place, parentId: 0 }), at(PARENT));
  register.addSent(termsOf(child), ibOrder(child, STOCK, { ...place, parentId: PARENT }), at(CHILD));
  return parent.clientOrderId;
}

it('a child does not outlive a parent that was rejected', () => {
  sent();
  register.onCode(PARENT, 201, 'Order rejected - reason:margin');
  expect(gateway.calls).toEqual([{ name: 'cancelOrder', args: [CHILD] }]);
});

it('a child stays where a part of its parent was filled before: it is what protects that part', () => {
  const clientOrderId = sent();
  register.onExecution(anExecution({ clientOrderId, qty: 40 }), false);
  register.onCode(PARENT, 201, 'Order rejected - reason:margin');
  const gone = {
    status: 'Inactive',
    orderId: PARENT,
    permId: 900,
    clientId: 1,
    filled: 40,
    remaining: 60,
    whyHeld: '',
  };
  register.onStatus(gone);
  expect(register.find(clientOrderId)?.state.isOver).toBe(true);
  expect(gateway.calls).toEqual([]);
});

describe('children of a parent whose rejection is learned after a reconnect', () => {
  const COMPLETED = { status: 'Inactive', completedStatus: 'Rejected' } as never;

  function shows(orderId: number, wire: IbOrder): void {
    const frame = { clientId: 1, account: 'DU1', status: 'PreSubmitted', contract: STOCK.contract, state: {} as never };
    register.onOpenOrder({ ...frame, orderId, permId: 900 + orderId, wire: { ...wire, permId: 900 + orderId } });
  }

  it('do not stay at work', () => {
    const parent = register.find(sent());
    const child = register.all.find((order) => order !== parent);
    const wires = [parent?.wire as IbOrder, child?.wire as IbOrder] as const;
    register.onLost();
    shows(CHILD, wires[1]);
    register.onCompleted({ ...wires[0], permId: 900 + PARENT }, COMPLETED);
    expect(gateway.calls).toEqual([{ name: 'cancelOrder', args: [CHILD] }]);
  });

  it('do not stay at work where another process had sent them', () => {
    const entry = anOrder({ account: 'DU1', qty: 100 });
    const stop = anOrder({ account: 'DU1', qty: 100, side: 'sell', parentId: entry.clientOrderId });
    const place = { transmit: true, outsideRth: false };
    const wire = ibOrder(entry, STOCK, { ...place, parentId: 0 });
    const tell = (): void => shows(CHILD, ibOrder(stop, STOCK, { ...place, parentId: PARENT }));
    shows(PARENT, wire);
    tell();
    register.onLost();
    tell();
    register.onCompleted({ ...wire, permId: 900 + PARENT }, COMPLETED);
    expect(gateway.calls).toEqual([{ name: 'cancelOrder', args: [CHILD] }]);
  });

  it('are left alone where a part of the parent was filled', () => {
    const id = sent();
    const wire = register.all.find((order) => order.id !== id)?.wire as IbOrder;
    const parent = register.find(id)?.wire as IbOrder;
    register.onExecution(anExecution({ clientOrderId: id, permId: 900 + PARENT, qty: 40 }), false);
    register.onLost();
    shows(CHILD, wire);
    register.onCompleted({ ...parent, permId: 900 + PARENT, filledQuantity: 40 }, COMPLETED);
    expect(register.find(id)?.state.isOver).toBe(true);
    expect(gateway.calls).toEqual([]);
  });
});

describe('families of which the gateway lost the end', () => {
  /** Sends them; the ids in turn. */
  async function submitted(orders: readonly Order[]): Promise<readonly number[]> {
    let nextId = 10;
    let onSent: () => void = () => undefined;
    gateway.nextOrderId = () => nextId++;
    gateway.answer('on', (_event: never, listener: never) => (onSent = listener));
    gateway.answer('placeOrder', () => onSent());
    void desk.submit(orders);
    await new Promise((resolve) => setImmediate(resolve));
    return gateway.of('placeOrder').map(({ args }) => args[0] as number);
  }

  function family(): readonly [Order, Order] {
    const entry = anOrder({ account: 'DU1', qty: 10 });
    return [entry, anOrder({ account: 'DU1', qty: 10, side: 'sell', parentId: entry.clientOrderId })];
  }

  function works(order: Order, orderId: number): void {
    const wire = { ...(register.find(order.clientOrderId)?.wire as IbOrder), permId: 900 + orderId };
    const frame = { clientId: 1, account: 'DU1', status: 'Submitted', contract: STOCK.contract, state: {} as never };
    register.onOpenOrder({ ...frame, orderId, permId: 900 + orderId, wire });
  }

  const cancelled = (): readonly number[] => gateway.of('cancelOrder').map(({ args }) => args[0] as number);

  it('are taken back, children first, and whole ones of the same group stay', async () => {
    const whole = family();
    const ids = await submitted([...whole, ...family()]);
    register.onLost();
    whole.forEach((order, i) => works(order, ids[i] as number));
    desk.dropRemnants();
    expect(cancelled()).toEqual([ids[3], ids[2]]);
  });

  it('are taken back where IB refused the end, and the connection died before the cancel', async () => {
    const ids = await submitted(family());
    gateway.state = 'disconnected';
    register.onCode(ids[1] as number, 201, 'Order rejected - reason:margin');
    register.onLost();
    expect(cancelled()).toEqual([]);
    gateway.state = 'up';
    desk.dropRemnants();
    desk.dropRemnants();
    expect(cancelled()).toEqual([ids[0]]);
  });

  it('are taken back at once where IB refuses or cancels the end', async () => {
    const ids = await submitted(family());
    register.onCode(ids[1] as number, 387, 'Unsupported order type');
    register.onCode(ids[1] as number, 202, 'Order Canceled');
    expect(cancelled()).toEqual([ids[0]]);
  });

  it('stay where the end is refused once the others work, or a part of them is filled', async () => {
    const [entry, stop] = family();
    const ids = await submitted([entry, stop]);
    works(entry, ids[0] as number);
    register.onCode(ids[1] as number, 201, 'Order rejected - reason:margin');
    expect(cancelled()).toEqual([]);
  });
});
