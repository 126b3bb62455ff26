import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, SILENT_LOGGER, type VenueReport } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import type { ContractBook } from '../contracts/qualified-contract.js';
import { ibOrder } from './ib-order.js';
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

let clock: FakeClock;
let reports: Omit<VenueReport, 'ts'>[];
let register: OrderRegister;
let orderId: number;

beforeEach(() => {
  clock = new FakeClock();
  reports = [];
  orderId = 0;
  register = new OrderRegister({
    ...{ clock, logger: SILENT_LOGGER, clientId: 1, commissionWaitMs: 0, settleMs: 1_000 },
    wording: new OrderWording(BOOK, 'UTC'),
    isOurs: (account) => account === 'DU1',
    report: (report) => reports.push(report),
    ask: () => undefined,
    cancelRest: () => undefined,
    alarm: () => undefined,
  });
});

/** A sent order of one unit; its id. */
function sent(): string {
  const order = anOrder({ account: 'DU1' });
  orderId += 1;
  const place = { parentId: 0, transmit: true, outsideRth: false };
  register.addSent(termsOf(order), ibOrder(order, STOCK, place), { orderId, qualified: STOCK });
  return order.clientOrderId;
}

function status(fields: { readonly orderId: number; readonly permId: number; readonly status?: string }): void {
  register.onStatus({ status: 'Submitted', clientId: 1, filled: 0, remaining: 1, whyHeld: '', ...fields });
}

describe('what the gateway says', () => {
  it('finds its order by permId before the id, and by the id within a session only', () => {
    const first = sent();
    status({ orderId: 1, permId: 900 });
    register.onLost();
    // A gateway that was reset gives the id to another order.
    status({ orderId: 1, permId: 901, status: 'Cancelled' });
    expect(register.onCode(1, 201, 'rejected')).toBe(false);
    expect(register.find(first)?.state.phase).toBe('working');
    status({ orderId: 77, permId: 900, status: 'Cancelled' });
    expect(register.find(first)?.state.isOver).toBe(true);
  });

  it('of another client is not taken for ours that has the same id', () => {
    const first = sent();
    register.onStatus({
      orderId: 1,
      status: 'Cancelled',
      clientId: 2,
      filled: 0,
      remaining: 1,
      permId: 0,
      whyHeld: '',
    });
    expect(register.find(first)?.state.phase).toBe('sent');
  });

  it('of another account, and of a combination as a whole, is not heard', () => {
    const id = sent();
    register.onExecution(anExecution({ clientOrderId: id, account: 'DU2' }), false);
    register.onExecution(anExecution({ clientOrderId: id, contract: { secType: 'BAG' as never } }), false);
    expect(reports).toEqual([]);
  });
});

describe('a long run', () => {
  it('forgets what has been over for longer than IB tells of executions, and nothing else', () => {
    const done = sent();
    const resting = sent();
    status({ orderId: 1, permId: 900, status: 'Cancelled' });
    status({ orderId: 2, permId: 901 });
    clock.advance(7 * DAY_MS);
    for (let i = 0; i < 1_000; i++) sent();
    expect(register.find(done)).toBeDefined();
    clock.advance(2 * DAY_MS);
    for (let i = 0; i < 1_000; i++) sent();
    expect(register.find(done)).toBeUndefined();
    expect(register.find(resting)?.state.phase).toBe('working');
  });

  it('keeps a bounded number of fees whose execution never comes', () => {
    for (let i = 0; i < 5_000; i++) register.onFee({ executionId: `${i}.01`, fee: 1, currency: 'USD' });
    const kept = Array.from({ length: 5_000 }, (_, i) => register.feeOf(`${i}.01`)).filter((fee) => fee !== undefined);
    expect(kept).toHaveLength(1_000);
    expect(register.feeOf('4999.01')).toBeDefined();
  });
});
