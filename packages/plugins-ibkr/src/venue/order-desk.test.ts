import { beforeEach, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import type { ContractBook } from '../contracts/qualified-contract.js';
import { AnswerWaits } from './answer-waits.js';
import { ibOrder } from './ib-order.js';
import { OrderDesk } from './order-desk.js';
import { OrderRegister } from './order-register.js';
import { anExecution } from './order-state.fixture.js';
import { termsOf } from './order-terms.js';
import { OrderWording } from './order-wording.js';
import { aStock } from './qualified.fixture.js';

const STOCK = aStock();
const BOOK: ContractBook = {
  qualify: () => Promise.resolve(STOCK),
  of: () => STOCK,
  byConId: () => STOCK,
  find: () => STOCK,
};
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
      if (kind === 'rejected') desk.dropChildren(clientOrderId);
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
