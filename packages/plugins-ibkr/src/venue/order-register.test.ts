import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, SILENT_LOGGER, type VenueReport } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import type { ContractBook } from '../contracts/qualified-contract.js';
import { ibOrder } from './ib-order.js';
import { OrderRegister } from './order-register.js';
import { anExecution } from './order-state.fixture.js';
import { termsOf } from './order-terms.js';
import { OrderWording } from './order-wording.js';
import { aStock, bookOf } from './qualified.fixture.js';

const STOCK = aStock();
/** A contract that engine.yaml does not name. */
const YEN = { conId: 15_016_059, symbol: 'USD', secType: 'CASH' as never, currency: 'JPY', localSymbol: 'USD.JPY' };
const BOOK: ContractBook = {
  ...bookOf(STOCK),
  find: ({ conId }) => (conId === YEN.conId ? undefined : STOCK),
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

const STOCK_BOUGHT = { contract: STOCK.contract, side: 'buy', qty: 1 } as const;

/** What somebody else executes. */
function foreign(fields: Parameters<typeof anExecution>[0] = {}): void {
  register.onExecution(
    anExecution({ clientOrderId: '', tag: '', clientId: 0, orderId: 0, contract: YEN, ...fields }),
    false,
  );
}

describe('an execution without a reference', () => {
  it('of an order whose permId nobody has told yet is of the order that has its id', () => {
    const id = sent();
    register.onExecution(anExecution({ clientOrderId: '', tag: '', orderId: 1, permId: 900, ...STOCK_BOUGHT }), false);
    expect(reports).toMatchObject([
      { kind: 'accepted', clientOrderId: id, venueOrderId: '900' },
      { kind: 'filled', clientOrderId: id },
    ]);
    status({ orderId: 1, permId: 900, status: 'Filled' });
    expect(register.find('ib:900')).toBeUndefined();
  });

  it.each([
    ['another side', { side: 'sell' as const }],
    ['another contract', { contract: YEN }],
    ['another client', { clientId: 2 }],
    ['another session', { orderId: 7 }],
  ])('of %s is not', (_, fields) => {
    const id = sent();
    const told = { clientOrderId: '', tag: '', orderId: 1, permId: 900, ...STOCK_BOUGHT, ...fields };
    register.onExecution(anExecution(told), false);
    expect(reports).toMatchObject([{ kind: 'filled', clientOrderId: 'ib:900' }]);
    expect(register.find(id)?.state.phase).toBe('sent');
  });

  it('is not where the order has another permId', () => {
    const id = sent();
    status({ orderId: 1, permId: 901 });
    register.onExecution(anExecution({ clientOrderId: '', tag: '', orderId: 1, permId: 900, ...STOCK_BOUGHT }), false);
    expect(reports.map(({ clientOrderId }) => clientOrderId)).toEqual([id, 'ib:900']);
  });
});

describe('what others execute in contracts that nobody here named', () => {
  it.each([95_000_000, 95_000_000.25, 4e15, 1e22])('is told whatever its size: %d', (qty) => {
    foreign({ permId: 77, executionId: 'a.01', qty, cumQty: qty });
    foreign({ permId: 77, executionId: 'b.01', qty, cumQty: 2 * qty });
    expect(reports).toMatchObject([
      { kind: 'filled', clientOrderId: 'ib:77', symbol: 'USD.JPY CASH 15016059', fill: { qty }, leavesQty: 0 },
      { kind: 'filled', clientOrderId: 'ib:77', fill: { qty } },
    ]);
  });

  it('and orders of theirs as large are heard', () => {
    const wire = { action: 'BUY', totalQuantity: 3e14, orderType: 'LMT', lmtPrice: 1e12, permId: 78, account: 'DU1' };
    const told = { orderId: 0, permId: 78, clientId: 0, account: 'DU1', status: 'Submitted', contract: YEN } as const;
    register.onOpenOrder({ ...told, wire: wire as never, state: {} as never });
    register.onStatus({ ...told, filled: 1e14, remaining: 2e14, whyHeld: '' });
    expect(register.find('ib:78')?.state.leavesQty).toBe(3e14);
  });
});

describe('a long run', () => {
  it('forgets orders of others of which only executions were told, once no list shows them any more', () => {
    foreign({ permId: 77 });
    clock.advance(9 * DAY_MS);
    for (let i = 0; i < 1_000; i++) sent();
    // Nobody has said that it is over.
    expect(register.find('ib:77')).toBeDefined();
    register.listed(clock.nowUtc());
    for (let i = 0; i < 1_000; i++) sent();
    expect(register.find('ib:77')).toBeUndefined();
    expect(register.ownerOf('0000e0d5.6596b0b1.01.01')).toBeUndefined();
  });

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
