// Orders that are Inactive: held, refused, or waiting for their exchange. All look alike.
import { describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { AnswerWaits } from './answer-waits.js';
import { GatewayLists } from './gateway-lists.js';
import { ibOrder } from './ib-order.js';
import { ListedOrders } from './listed-orders.js';
import { OrderDesk } from './order-desk.js';
import { OrderRegister } from './order-register.js';
import { StateBench } from './order-state.fixture.js';
import { termsOf } from './order-terms.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';
import { SessionRecovery } from './session-recovery.js';
import { onOpenOrder, onOrderStatus } from './wire-events.js';

const STOCK = aStock();
const BOOK = bookOf(STOCK);
const ORDER_ID = 7;

function working(): StateBench {
  const bench = new StateBench();
  bench.openOrder('Submitted');
  bench.status('Submitted');
  return bench;
}

describe('the state of an order that is held', () => {
  const wanted = { qty: 150, limitPrice: 51, stopPrice: Number.NaN };

  it.each([
    ['with a reason', 'locate'],
    ['without one', ''],
  ])('%s does not die of a change that is refused, whenever that is told', (_, whyHeld) => {
    const bench = working();
    bench.openOrder('Inactive');
    bench.status('Inactive', { whyHeld });
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.clock.advance(5_000);
    bench.state.onListed(
      { qty: 100, limitPrice: 50, stopPrice: Number.NaN },
      'Inactive',
      bench.state.beforeList(5_000),
    );
    // It was only slow.
    bench.code(201, 'Order rejected - reason:the change needs more margin');
    bench.openOrder('Inactive');
    bench.status('Inactive', { whyHeld });
    expect([bench.kinds, bench.state.phase]).toEqual([['accepted', 'replace-rejected'], 'working']);
  });

  it('Inactive in an open order after a refusal: only its status says whether it is held', () => {
    const held = working();
    held.code(201, 'as IB says');
    held.openOrder('Inactive');
    held.status('Inactive', { whyHeld: 'locate' });
    held.openOrder('Inactive');
    expect(held.state.phase).toBe('working');
    held.status('Inactive');
    expect(held.kinds).toEqual(['accepted', 'rejected']);
  });

  it('Inactive without a word, however often: the gateway is asked once, and again after it was at work', () => {
    const bench = working();
    for (let i = 0; i < 5; i++) {
      bench.openOrder('Inactive');
      bench.status('Inactive');
    }
    expect(bench.asked).toBe(1);
    bench.status('Submitted');
    bench.openOrder('Inactive');
    expect(bench.asked).toBe(2);
  });
});

/** A gateway and what hears of its orders. */
function venue() {
  const clock = new FakeClock();
  const gateway = new FakeGateway();
  gateway.state = 'up';
  const kinds: string[] = [];
  const isOurs = (): boolean => true;
  const wording = new OrderWording(BOOK, 'UTC');
  const lists = new GatewayLists({ gateway, clock, limitMs: 5_000 });
  const register: OrderRegister = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000, isOurs, wording },
    report: ({ kind }) => kinds.push(kind),
    ask: () => recovery.request(),
    cancelRest: () => undefined,
    alarm: () => undefined,
  });
  const listed = new ListedOrders({ clock, lists, register, wording, isOurs, answerMs: 5_000, clientId: 1 });
  const recovery: SessionRecovery = new SessionRecovery({
    ...{ clock, logger: SILENT_LOGGER, lists, register, retryMs: 5_000 },
    openOrders: () => listed.ask(),
    session: () => 1,
    onSettled: () => undefined,
  });
  const desk = new OrderDesk({
    ...{ clock, gateway, register, isOurs, contracts: BOOK, outsideRth: false },
    waits: new AnswerWaits({ clock, limitMs: 5_000, onSilence: () => undefined }),
    closedFor: () => undefined,
    lookAtOpenOrders: () => Promise.resolve(),
  });
  onOpenOrder(gateway, (told) => register.onOpenOrder(told));
  onOrderStatus(gateway, (told) => register.onStatus(told));
  gateway.answer('reqExecutions', (id: never) => gateway.emit(EventName.execDetailsEnd, id));
  gateway.answer('reqCompletedOrders', () => gateway.emit(EventName.completedOrdersEnd));
  const order = anOrder({ account: 'DU1', qty: 100, orderType: 'limit', limitPrice: 50 });
  const wire = ibOrder(order, STOCK, { parentId: 0, transmit: true, outsideRth: false });
  let shown = 'Inactive';
  const say = (status: string, whyHeld?: string, filled = 0): void => {
    shown = status;
    const told = { ...wire, permId: 900, clientId: 1 };
    gateway.emit(EventName.openOrder, ORDER_ID, STOCK.contract, told, { status });
    if (whyHeld !== undefined)
      gateway.emit(EventName.orderStatus, ORDER_ID, status, filled, 100 - filled, 0, 900, 0, 0, 1, whyHeld, 0);
  };
  /** What lists show from now on, with a status of its own where a reason is given. */
  const list = (whyHeld?: string, filled?: number): void =>
    gateway.answer('reqAllOpenOrders', () => {
      say(shown, whyHeld, filled);
      gateway.emit(EventName.openOrderEnd);
    });
  const pass = async (rounds: number): Promise<void> => {
    for (let i = 0; i < rounds; i++) {
      // oxlint-disable-next-line no-await-in-loop
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(50);
    }
  };
  return { clock, gateway, register, listed, recovery, desk, order, wire, kinds, say, list, pass };
}

describe('a gateway that shows an order Inactive', () => {
  it.each([
    ['with a reason', 'locate'],
    ['without one', ''],
    ['in an open order alone', undefined],
  ])('%s is not asked for ever', async (_, whyHeld) => {
    const { gateway, recovery, list, pass } = venue();
    list(whyHeld);
    recovery.run();
    await pass(100);
    expect(gateway.of('reqAllOpenOrders').length).toBeLessThanOrEqual(2);
  });

  it('with fills that no execution tells of is not asked for ever', async () => {
    const { gateway, recovery, say, list, pass } = venue();
    list('');
    say('Submitted', '');
    recovery.run();
    await pass(20);
    list('', 30);
    recovery.run();
    await pass(100);
    const asked = gateway.of('reqExecutions').length;
    await pass(400);
    expect(gateway.of('reqExecutions')).toHaveLength(asked);
  });
});

describe('an order that is held', () => {
  function sent(): ReturnType<typeof venue> & { readonly id: string } {
    const made = venue();
    made.register.addSent(termsOf(made.order), made.wire, { orderId: ORDER_ID, qualified: STOCK });
    made.list();
    return { ...made, id: made.order.clientOrderId };
  }

  it('can be cancelled after a change of it was refused', async () => {
    const { id, clock, register, listed, desk, kinds, say } = sent();
    say('PreSubmitted');
    say('Inactive');
    register.find(id)?.state.requests.askChange({ qty: 150, limitPrice: 50, stopPrice: Number.NaN }, clock.nowUtc());
    register.onCode(ORDER_ID, 201, 'Order rejected - reason:the change needs more margin');
    await listed.ask();
    expect(kinds).toEqual(['accepted', 'replace-rejected']);
    expect(await desk.cancel({ clientOrderId: id, symbol: STOCK.instrument.symbol })).toEqual({ kind: 'sent' });
  });

  it('can be cancelled although it was thought to be over', async () => {
    const { id, gateway, register, listed, desk, kinds, say } = sent();
    say('PreSubmitted');
    register.onCode(ORDER_ID, 202, 'Order Canceled - reason:');
    say('Inactive');
    await listed.ask();
    expect([kinds, register.find(id)?.isOpenAs('Inactive')]).toEqual([['accepted', 'cancelled'], true]);
    expect(await desk.cancel({ clientOrderId: id, symbol: STOCK.instrument.symbol })).toEqual({ kind: 'sent' });
    expect(gateway.of('cancelOrder')).toMatchObject([{ args: [ORDER_ID] }]);
  });

  it('is none where IB refused it as it came', async () => {
    const { id, register, listed, desk, say } = sent();
    register.onCode(ORDER_ID, 201, 'Order rejected - reason:margin');
    say('Inactive');
    await listed.ask();
    expect(register.find(id)?.isOpenAs('Inactive')).toBe(false);
    expect(await desk.cancel({ clientOrderId: id, symbol: STOCK.instrument.symbol })).toMatchObject({
      reason: 'IBKR_ORDER_NOT_WORKING',
    });
  });
});
