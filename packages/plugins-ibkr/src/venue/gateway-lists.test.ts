import { beforeEach, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { GatewayLists } from './gateway-lists.js';

const LIMIT_MS = 5_000;

let gateway: FakeGateway;
let clock: FakeClock;
let lists: GatewayLists;

beforeEach(() => {
  gateway = new FakeGateway();
  gateway.state = 'up';
  clock = new FakeClock();
  lists = new GatewayLists({ gateway, clock, limitMs: LIMIT_MS });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Told {
  readonly status?: string;
  readonly clientId?: number;
}

function openOrder(orderId: number, permId: number, { status = 'Submitted', clientId = 1 }: Told = {}): void {
  const order = { permId, clientId, account: 'DU1', action: 'BUY', totalQuantity: 1, orderType: 'LMT', lmtPrice: 1 };
  gateway.emit(EventName.openOrder, orderId, { conId: 1 }, order, { status });
}

function orderStatus(orderId: number, permId: number, status: string): void {
  gateway.emit(EventName.orderStatus, orderId, status, 0, 1, 0, permId, 0, 0, 1, '', 0);
}

async function codeOf(list: Promise<unknown>): Promise<string> {
  try {
    await list;
    return 'none';
  } catch (error) {
    return isTradingError(error) ? error.code : String(error);
  }
}

describe('A list without an id', () => {
  it('is not asked while the end of one that was given up may still come, and so never ended by it', async () => {
    const first = codeOf(lists.openOrders());
    await turn();
    openOrder(1, 101);
    clock.advance(LIMIT_MS);
    expect(await first).toBe('IBKR_NO_ANSWER');
    // As often as somebody wants to know.
    for (let i = 0; i < 3; i++) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await codeOf(lists.openOrders())).toBe('IBKR_NO_ANSWER');
      clock.advance(LIMIT_MS);
    }
    expect(gateway.of('reqAllOpenOrders')).toHaveLength(1);
    openOrder(2, 102);
    gateway.emit(EventName.openOrderEnd);
    const last = lists.openOrders();
    await turn();
    openOrder(1, 101);
    openOrder(2, 102);
    gateway.emit(EventName.openOrderEnd);
    expect((await last).map(({ permId }) => permId)).toEqual([101, 102]);
  });

  it('is another matter than other lists', async () => {
    const silent = codeOf(lists.positions());
    await turn();
    clock.advance(LIMIT_MS);
    expect(await silent).toBe('IBKR_NO_ANSWER');
    const open = lists.openOrders();
    await turn();
    gateway.emit(EventName.positionEnd);
    gateway.emit(EventName.openOrderEnd);
    expect(await open).toEqual([]);
    const positions = lists.positions();
    await turn();
    gateway.emit(EventName.positionEnd);
    expect(await positions).toEqual([]);
  });

  it('does not wait for an end of another connection', async () => {
    const first = codeOf(lists.completed());
    await turn();
    clock.advance(LIMIT_MS);
    expect(await first).toBe('IBKR_NO_ANSWER');
    gateway.cut();
    gateway.restore();
    const second = lists.completed();
    await turn();
    gateway.emit(EventName.completedOrdersEnd);
    expect(await second).toEqual([]);
  });

  /** Asks, gets no answer, and waits until it is asked again. */
  async function giveUp(ask: () => Promise<unknown>): Promise<void> {
    const first = codeOf(ask());
    await turn();
    clock.advance(LIMIT_MS);
    expect(await first).toBe('IBKR_NO_ANSWER');
    clock.advance(59_999);
    expect(await codeOf(ask())).toBe('IBKR_NO_ANSWER');
    clock.advance(1);
  }

  it('is asked again where an end was lost, and again at its end: that may be the older one', async () => {
    await giveUp(() => lists.openOrders());
    const second = lists.openOrders();
    await turn();
    openOrder(1, 101);
    gateway.emit(EventName.openOrderEnd);
    await turn();
    expect(gateway.of('reqAllOpenOrders')).toHaveLength(3);
    openOrder(1, 101);
    gateway.emit(EventName.openOrderEnd);
    expect((await second).map(({ permId }) => permId)).toEqual([101]);
  });

  it('is whole where the end of one that was given up comes very late', async () => {
    await giveUp(() => lists.openOrders());
    const second = lists.openOrders();
    await turn();
    // Of the first question.
    openOrder(2, 102);
    gateway.emit(EventName.openOrderEnd);
    await turn();
    openOrder(1, 101);
    openOrder(2, 102);
    gateway.emit(EventName.openOrderEnd);
    expect((await second).map(({ permId }) => permId)).toEqual([102, 101]);
    // One was asked for and has not ended: once it has, nothing is owed any more.
    gateway.emit(EventName.openOrderEnd);
    const third = lists.openOrders();
    await turn();
    gateway.emit(EventName.openOrderEnd);
    expect(await third).toEqual([]);
    expect(gateway.of('reqAllOpenOrders')).toHaveLength(4);
  });

  it('is asked once, in the end, where the older end never came', async () => {
    await giveUp(() => lists.completed());
    clock.advance(600_000);
    const second = lists.completed();
    await turn();
    gateway.emit(EventName.completedOrdersEnd);
    expect(await second).toEqual([]);
    expect(gateway.of('reqCompletedOrders')).toHaveLength(2);
  });

  it('of positions is cancelled before it is asked again', async () => {
    await giveUp(() => lists.positions());
    const second = lists.positions();
    await turn();
    const since = gateway.calls.length;
    gateway.emit(EventName.positionEnd);
    await turn();
    expect(gateway.calls.slice(since).map(({ name }) => name)).toEqual(['cancelPositions', 'reqPositions']);
    gateway.emit(EventName.positionEnd);
    expect(await second).toEqual([]);
  });

  it('is asked by one user of a session at a time: the end of one is not the end of the other', async () => {
    const other = new GatewayLists({ gateway, clock, limitMs: LIMIT_MS });
    const mine = lists.openOrders();
    const theirs = other.openOrders();
    await turn();
    expect(gateway.of('reqAllOpenOrders')).toHaveLength(1);
    openOrder(1, 101);
    gateway.emit(EventName.openOrderEnd);
    expect(await mine).toHaveLength(1);
    await turn();
    expect(gateway.of('reqAllOpenOrders')).toHaveLength(2);
    openOrder(1, 101);
    gateway.emit(EventName.openOrderEnd);
    expect(await theirs).toHaveLength(1);
  });

  it.each([
    [505, 'Underrun error on OPEN_ORDER: End of message reached.'],
    [508, 'Message 5 could not be decoded.'],
  ])('is not whole where a message got lost in it (%p)', async (code, text) => {
    const asked = codeOf(lists.openOrders());
    await turn();
    gateway.error(-1, code, text);
    gateway.emit(EventName.openOrderEnd);
    expect(await asked).toBe('IBKR_UNREADABLE');
  });

  it('is whole where a message had more in it than the library knows', async () => {
    const asked = codeOf(lists.openOrders());
    await turn();
    gateway.error(-1, 505, 'Decoding error on OPEN_ORDER: unprocessed data left on queue ([]).');
    gateway.emit(EventName.openOrderEnd);
    expect(await asked).toBe('none');
  });
});

describe('Open orders', () => {
  it('are one row where the first one had no permId yet', async () => {
    const asked = lists.openOrders();
    await turn();
    openOrder(7, 0, { status: 'PendingSubmit' });
    openOrder(7, 0, { status: 'PendingSubmit', clientId: 2 });
    openOrder(7, 123);
    gateway.emit(EventName.openOrderEnd);
    expect((await asked).map(({ permId, clientId }) => [permId, clientId])).toEqual([
      [123, 1],
      [0, 2],
    ]);
  });

  it('are none that has ended, whichever message says so', async () => {
    const asked = lists.openOrders();
    await turn();
    openOrder(7, 0, { status: 'PendingSubmit' });
    orderStatus(7, 107, 'Cancelled');
    openOrder(8, 108);
    orderStatus(8, 108, 'Submitted');
    openOrder(8, 108, { status: 'Filled' });
    gateway.emit(EventName.openOrderEnd);
    expect(await asked).toEqual([]);
  });
});

describe('Orders made by hand', () => {
  it('are bound where the gateway says nothing of an end', async () => {
    (gateway as { clientId: number }).clientId = 0;
    const bound = codeOf(lists.bindOrdersByHand());
    await turn();
    clock.advance(LIMIT_MS);
    expect(await bound).toBe('none');
    const open = lists.openOrders();
    await turn();
    gateway.emit(EventName.openOrderEnd);
    expect(await open).toEqual([]);
    // It goes on for as long as the connection does.
    expect(await codeOf(lists.bindOrdersByHand())).toBe('none');
    expect(gateway.of('reqAutoOpenOrders')).toHaveLength(1);
    gateway.cut();
    gateway.restore();
    const again = codeOf(lists.bindOrdersByHand());
    await turn();
    gateway.emit(EventName.openOrderEnd);
    expect(await again).toBe('none');
    expect(gateway.of('reqAutoOpenOrders')).toHaveLength(2);
  });
});

describe('Orders made by hand, whose end is that of open orders', () => {
  it('are not asked for while the end of an older list may still come', async () => {
    (gateway as { clientId: number }).clientId = 0;
    const open = codeOf(lists.openOrders());
    await turn();
    clock.advance(LIMIT_MS);
    expect(await open).toBe('IBKR_NO_ANSWER');
    expect(await codeOf(lists.bindOrdersByHand())).toBe('IBKR_NO_ANSWER');
    expect(gateway.of('reqAutoOpenOrders')).toHaveLength(0);
    gateway.emit(EventName.openOrderEnd);
    const bound = codeOf(lists.bindOrdersByHand());
    await turn();
    gateway.emit(EventName.openOrderEnd);
    expect(await bound).toBe('none');
    expect(gateway.of('reqAutoOpenOrders')).toHaveLength(1);
  });
});

describe('Positions', () => {
  it('are cancelled before anybody asks for them again', async () => {
    const lanes: string[] = [];
    const send = gateway.send.bind(gateway);
    gateway.send = (one) => {
      lanes.push(one.lane);
      return send(one);
    };
    const asked = lists.positions();
    await turn();
    gateway.emit(EventName.positionEnd);
    await asked;
    await turn();
    expect(lanes).toEqual(['order', 'order']);
  });
});
