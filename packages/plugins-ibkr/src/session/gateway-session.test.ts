import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventName } from '@stoqey/ib';
import { until } from './scripted-gateway.fixture.js';
import { RecordingUser, sessionBench } from './session-bench.fixture.js';
import type { SessionBench } from './session-bench.fixture.js';

const CONTRACT = { symbol: 'AAPL', secType: 'STK' as never, exchange: 'SMART', currency: 'USD' };

describe('GatewaySession', () => {
  let bench: SessionBench;

  beforeEach(async () => {
    bench = await sessionBench();
  });
  afterEach(() => bench.close());

  it('1: is up only after accounts and next order id', async () => {
    const { gateway, session, user } = bench;
    gateway.script.onStart = () => undefined;
    let isAttached = false;
    const attached = session.attach(user).then(() => (isAttached = true));
    await until(() => gateway.connections.length === 1 && gateway.last.received.length === 1);
    gateway.last.send([9, 1, 42]);
    gateway.last.notice(2104, 'Market data farm connection is OK:usfarm');
    expect(await session.send({ lane: 'order', write: (api) => api.cancelOrder(1) })).toBe('purged');
    expect([session.state, isAttached]).toEqual(['connecting', false]);
    gateway.last.send([15, 1, 'DU1,DU2,']);
    await attached;
    expect(user.told).toEqual(['connecting', 'up', 'onUp']);
    expect([session.accounts, session.nextOrderId(), session.nextOrderId()]).toEqual([['DU1', 'DU2'], 42, 43]);
  });

  it('sends in the turn in which it is asked to', async () => {
    const { gateway, session, user } = bench;
    await session.attach(user);
    const outcome = session.send({ lane: 'data', write: (api) => api.reqMktData(5, CONTRACT, '', false, false) });
    expect(await outcome).toBe('written');
    await until(() => gateway.last.received.some((fields) => fields[0] === '1' && fields[2] === '5'));
  });

  it('takes what a user sends while it is told that the session is up', async () => {
    const { gateway, session, user } = bench;
    const outcomes: string[] = [];
    user.onUp = () => {
      void session.send({ lane: 'order', write: (api) => api.reqOpenOrders() }).then((text) => outcomes.push(text));
    };
    await session.attach(user);
    await until(() => gateway.last.received.some(([message]) => message === '5'));
    expect(outcomes).toEqual(['written']);
  });

  it('is one connection for all who ask for the same, and ends with the last', async () => {
    const { gateway, session, user } = bench;
    const other = new RecordingUser('other');
    await Promise.all([session.attach(user), session.attach(other)]);
    expect(other.told).toEqual(['connecting', 'up', 'onUp']);
    await session.detach(user);
    expect([gateway.connections.length, gateway.open, session.state]).toEqual([1, 1, 'up']);
    await session.detach(other);
    await until(() => gateway.open === 0);
    expect(session.state).toBe('closed');
    await session.attach(user);
    expect([gateway.connections.length, gateway.open]).toEqual([2, 1]);
  });

  it('4: what waits when the connection is lost is purged, and nothing of it is ever sent', async () => {
    const { clock, gateway, session, user } = bench;
    await session.attach(user);
    const outcomes: string[] = [];
    for (let orderId = 100; orderId < 160; orderId += 1) {
      void session
        .send({ lane: 'order', write: (api) => api.cancelOrder(orderId) })
        .then((text) => outcomes.push(text));
    }
    gateway.last.reset();
    await until(() => session.state === 'disconnected');
    expect(await session.send({ lane: 'order', write: (api) => api.cancelOrder(1) })).toBe('purged');
    expect(outcomes).toEqual([...Array<string>(45).fill('written'), ...Array<string>(15).fill('purged')]);
    clock.advance(5_000);
    await until(() => session.state === 'up');
    clock.advance(10_000);
    expect(await session.send({ lane: 'order', write: (api) => api.cancelOrder(999) })).toBe('written');
    await until(() => gateway.last.received.length === 2);
    expect(gateway.last.received.map((fields) => fields.slice(0, 2))).toEqual([
      ['71', '2'],
      ['4', '999'],
    ]);
    expect(user.told).toEqual([...['connecting', 'up', 'onUp', 'disconnected IBKR_NOT_CONNECTED', 'up', 'onUp']]);
  });

  it('tells who waits for an answer that the session has ended, once, also when it is closed', async () => {
    const { clock, gateway, session, user } = bench;
    const told: string[] = [];
    session.on('disconnected' as EventName, () => told.push(session.state));
    user.onState = (state) => told.push(`state ${state}`);
    await session.attach(user);
    gateway.last.end();
    await until(() => session.state === 'disconnected');
    clock.advance(5_000);
    await until(() => session.state === 'up');
    await session.detach(user);
    await until(() => gateway.open === 0);
    expect(told).toEqual([...['state connecting', 'state up', 'up', 'state disconnected', 'state up', 'up']]);
  });

  it('28: what a listener throws stops neither the others nor the stream', async () => {
    const { gateway, session, user } = bench;
    await session.attach(user);
    const heard: unknown[] = [];
    session.on('tickSize' as EventName, () => {
      throw new Error('listener');
    });
    session.on('tickSize' as EventName, (...values: unknown[]) => heard.push(values));
    user.onFarm = () => {
      throw new Error('user');
    };
    gateway.last.send(
      [2, 6, 1, 0, 100],
      [4, 2, -1, 2103, 'Market data farm connection is broken:usfarm', ''],
      [2, 6, 1, 3, 200],
    );
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      [1, 0, 100],
      [1, 3, 200],
    ]);
  });
});
