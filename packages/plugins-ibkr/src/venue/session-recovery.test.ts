import { expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { GatewayLists } from './gateway-lists.js';
import { onOpenOrder } from './wire-events.js';
import { OrderRegister } from './order-register.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';
import { SessionRecovery } from './session-recovery.js';

const STOCK = aStock();
const BOOK = bookOf(STOCK);
const ORDER = { action: 'SELL', totalQuantity: 5, orderType: 'LMT', lmtPrice: 90, account: 'DU1', clientId: 1 };

/** A gateway that shows these orders, all of them Inactive, and who asks it. */
function bench(
  open: readonly number[],
  completed: readonly number[],
  onSettled = (): void => undefined,
): { gateway: FakeGateway; clock: FakeClock; register: OrderRegister; recovery: SessionRecovery } {
  const gateway = new FakeGateway();
  gateway.state = 'up';
  const clock = new FakeClock();
  const lists = new GatewayLists({ gateway, clock, limitMs: 5_000 });
  const register = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000, isOurs: () => true },
    wording: new OrderWording(BOOK, 'UTC'),
    report: () => undefined,
    ask: () => undefined,
    cancelRest: () => undefined,
    alarm: () => undefined,
  });
  onOpenOrder(gateway, (told) => register.onOpenOrder(told));
  gateway.answer('reqExecutions', (id: never) => gateway.emit(EventName.execDetailsEnd, id));
  gateway.answer('reqAllOpenOrders', () => {
    for (const permId of open)
      gateway.emit(EventName.openOrder, permId, STOCK.contract, { ...ORDER, permId }, { status: 'Inactive' });
    gateway.emit(EventName.openOrderEnd);
  });
  gateway.answer('reqCompletedOrders', () => {
    for (const permId of completed)
      gateway.emit(EventName.completedOrder, STOCK.contract, { ...ORDER, permId }, { status: 'Inactive' });
    gateway.emit(EventName.completedOrdersEnd);
  });
  const recovery = new SessionRecovery({
    ...{ clock, logger: SILENT_LOGGER, lists, register, retryMs: 5_000, onSettled },
    openOrders: () => lists.openOrders(),
    session: () => 1,
  });
  return { gateway, clock, register, recovery };
}

it('an order that is held is in both lists, and is not over', async () => {
  const register = await new Promise<OrderRegister>((resolve) => {
    const made = bench([1, 2], [1], () => resolve(made.register));
    made.recovery.run();
  });
  expect([register.find('ib:1')?.state.isOver, register.find('ib:2')?.state.isOver]).toEqual([false, false]);
});

it('the gateway is asked soon, however often somebody wants it to be', async () => {
  const { gateway, clock, recovery } = bench([], []);
  for (let i = 0; i < 10 && gateway.of('reqExecutions').length === 0; i++) {
    recovery.request();
    clock.advance(20);
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(gateway.of('reqExecutions')).toHaveLength(1);
  recovery.stop();
});
