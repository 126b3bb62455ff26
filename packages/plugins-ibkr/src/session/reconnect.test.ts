import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import type { EventName } from '@stoqey/ib';
import { connectionOptions } from '../connection-options.js';
import { GatewayPool } from './gateway-pool.js';
import { ScriptedGateway, until } from './scripted-gateway.fixture.js';
import { RecordingUser, sessionBench } from './session-bench.fixture.js';
import type { SessionBench } from './session-bench.fixture.js';

describe('a session that is lost', () => {
  let bench: SessionBench;

  beforeEach(async () => {
    bench = await sessionBench({ openTimeoutMs: 10_000_000 });
  });
  afterEach(() => bench.close());

  const connections = (): number => bench.gateway.connections.length;

  /** Lets a wait pass and shows that nothing was tried one millisecond earlier. */
  async function expectAttemptAfter(waitMs: number): Promise<void> {
    const before = connections();
    bench.clock.advance(waitMs - 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(connections()).toBe(before);
    bench.clock.advance(1);
    await until(() => connections() === before + 1);
    // None where the gateway has ended it already.
    expect(bench.gateway.open).toBeLessThanOrEqual(1);
  }

  it('2: a handshake that hangs is given up after 15 s, its socket closed, and tried again at 5, 10, 20 … 300 s', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.isMute = true;
    const attached = session.attach(user);
    await until(() => connections() === 1);
    for (const waitSeconds of [5, 10, 20, 40, 80, 160, 300, 300]) {
      clock.advance(14_999);
      expect(session.state).toBe(user.told.length === 1 ? 'connecting' : 'disconnected');
      clock.advance(1);
      expect(user.told.at(-1)).toBe('disconnected IBKR_HANDSHAKE_TIMEOUT');
      await until(() => gateway.open === 0);
      await expectAttemptAfter(waitSeconds * 1_000);
    }
    gateway.script.isMute = false;
    clock.advance(15_000);
    await until(() => gateway.open === 0);
    clock.advance(300_000);
    await attached;
    // Nine times it failed, for one reason.
    expect(user.told).toEqual(['connecting', 'disconnected IBKR_HANDSHAKE_TIMEOUT', 'up', 'onUp']);
  });

  it('1, 2: accounts without a next order id are no handshake, and the timeout names what is missing', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.onStart = (connection) => connection.send([15, 1, 'DU1']);
    void session.attach(user).catch(() => undefined);
    await until(() => connections() === 1 && gateway.last.received.length === 1);
    await until(() => session.state === 'connecting');
    clock.advance(15_000);
    expect(user.messages.at(-1)).toMatch(/within 15 s: .*next order id\.$/);
  });

  it('2: attempts are spread: half of a wait is left to chance', async () => {
    const { backoffMs } = await import('./backoff.js');
    const options = { retryFirstMs: 5_000, retryLongestMs: 300_000 };
    expect([backoffMs(0, options, () => 0), backoffMs(3, options, () => 0.5)]).toEqual([2_500, 30_000]);
    expect(backoffMs(10_000, options, () => 0.999)).toBeLessThanOrEqual(300_000);
  });

  it('3: a client id in use is tried again with the same id, with growing waits and one socket at a time', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.onStart = (connection) => {
      connection.notice(326, 'Unable to connect as the client id is already in use. Retry with a unique client id.');
      connection.end();
    };
    const attached = session.attach(user);
    for (const waitMs of [5_000, 10_000, 20_000]) {
      await until(() => user.told.at(-1) === 'disconnected IBKR_CLIENT_ID_IN_USE' && gateway.open === 0);
      await expectAttemptAfter(waitMs);
    }
    await until(() => session.state === 'disconnected' && gateway.open === 0);
    gateway.script.onStart = undefined;
    clock.advance(40_000);
    await attached;
    const starts = gateway.connections.flatMap(({ received }) => received).filter(([message]) => message === '71');
    expect(starts).toEqual(Array(5).fill(['71', '2', '7', '']));
  });

  it('5: ids do not go back when the gateway does, nor are those of reports given again', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.nextOrderId = 38_099;
    await session.attach(user);
    expect([1, 2, 3, 4].map(() => session.nextOrderId())).toEqual([38_099, 38_100, 38_101, 38_102]);
    gateway.script.nextOrderId = 38_099;
    gateway.last.reset();
    await until(() => session.state === 'disconnected');
    clock.advance(5_000);
    await until(() => session.state === 'up');
    expect(session.nextOrderId()).toBe(38_103);
    // An order of this client that nobody remembers; one of another client; one made by hand.
    gateway.last.send(orderStatus(38_200, 7), orderStatus(50_000, 8), orderStatus(0, 0));
    let seen = 0;
    session.on('orderStatus' as EventName, () => (seen += 1));
    await until(() => seen === 3);
    expect(session.nextOrderId()).toBe(38_201);
    session.sawOrderId(2_147_483_647);
    session.sawOrderId(-5);
    session.sawOrderId(39_000);
    expect(session.nextOrderId()).toBe(39_001);
  });

  it('request ids are never those of orders', () => {
    expect([bench.session.nextRequestId(), bench.session.nextRequestId()]).toEqual([2_000_000_000, 2_000_000_001]);
    expect(() => bench.session.nextOrderId()).toThrow(expect.objectContaining({ code: 'IBKR_NOT_CONNECTED' }));
  });

  it('begins with the first wait again only after a session that lasted', async () => {
    const { clock, gateway, session, user } = bench;
    const loseAfter = async (lastedMs: number): Promise<void> => {
      await until(() => session.state === 'up');
      clock.advance(lastedMs);
      gateway.last.reset();
      await until(() => session.state === 'disconnected' && gateway.open === 0);
    };
    await session.attach(user);
    await loseAfter(0);
    await expectAttemptAfter(5_000);
    await loseAfter(10_000);
    await expectAttemptAfter(10_000);
    await loseAfter(60_000);
    await expectAttemptAfter(5_000);
    await until(() => session.state === 'up');
  });

  it.each([
    ['194', 'IBKR_SERVER_VERSION'],
    ['176', 'IBKR_SERVER_VERSION'],
    ['HTTP/1.1 400 Bad Request', 'IBKR_SERVER_VERSION'],
  ])('does not work with server version %s', async (version, code) => {
    const { clock, gateway, session, user } = bench;
    gateway.script.serverVersion = version;
    const attached = session.attach(user);
    await until(() => session.state === 'failed');
    expect(user.told.at(-1)).toBe(`failed ${code}`);
    gateway.script.serverVersion = '178';
    await until(() => gateway.open === 0);
    clock.advance(299_999);
    expect(connections()).toBe(1);
    clock.advance(1);
    await attached;
    expect(session.state).toBe('up');
  });

  it('1300: follows to the port that TWS names', async () => {
    const { clock, gateway, session, user } = bench;
    const moved = await ScriptedGateway.start();
    await session.attach(user);
    gateway.last.notice(
      1300,
      `TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port - ${moved.port}`,
    );
    await until(() => session.state === 'disconnected');
    expect(user.told.slice(-2)).toEqual(['alarm IBKR_PORT_MOVED', 'disconnected IBKR_PORT_MOVED']);
    clock.advance(5_000);
    await until(() => session.state === 'up');
    expect([gateway.connections.length, moved.open]).toEqual([1, 1]);
    await moved.stop();
  });
});

describe('attaching', () => {
  let bench: SessionBench;

  beforeEach(async () => {
    bench = await sessionBench({ openTimeoutMs: 25_000 });
  });
  afterEach(() => bench.close());

  it('fails after the open timeout with what stood in the way, and leaves nothing behind', async () => {
    const { clock, gateway, session, user } = bench;
    await gateway.stop();
    const attached = session.attach(user);
    const other = new RecordingUser('other');
    clock.advance(1_000);
    const second = session.attach(other);
    await until(() => user.told.at(-1) === 'disconnected IBKR_UNREACHABLE');
    clock.advance(24_000);
    await expect(attached).rejects.toThrow(expect.objectContaining({ code: 'IBKR_UNREACHABLE' }));
    expect(session.state).not.toBe('closed');
    await until(() => session.state === 'disconnected');
    clock.advance(1_000);
    // The address once, though Node's text has it as well.
    await expect(second).rejects.toThrow(/^\S+:\d+: connect ECONNREFUSED\.$/);
    await until(() => clock.pendingCalls === 0);
    expect(session.state).toBe('closed');
  });

  it('ends with the user that leaves while it waits', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.isMute = true;
    const attached = session.attach(user);
    await until(() => gateway.open === 1);
    await session.detach(user);
    await expect(attached).rejects.toThrow(expect.objectContaining({ code: 'IBKR_NOT_CONNECTED' }));
    await until(() => gateway.open === 0);
    expect([session.state, clock.pendingCalls]).toEqual(['closed', 0]);
    gateway.script.isMute = false;
    await session.attach(user);
    expect(gateway.open).toBe(1);
  });

  it('twice is once, and detaching twice as well', async () => {
    const { gateway, session, user } = bench;
    await Promise.all([session.attach(user), session.attach(user)]);
    await session.attach(user);
    expect(user.told).toEqual(['connecting', 'up', 'onUp']);
    await session.detach(user);
    await session.detach(user);
    await until(() => gateway.open === 0);
  });

  it('tells a user that comes later how the session stands', async () => {
    const { gateway, session, user } = bench;
    await session.attach(user);
    gateway.last.notice(1100, 'Connectivity between IB and Trader Workstation has been lost.');
    await until(() => session.state === 'upstream-lost');
    const later = new RecordingUser();
    await session.attach(later);
    expect(later.told).toEqual(['upstream-lost IBKR_UPSTREAM_LOST', 'onUp']);
    await session.detach(later);
  });
});

function orderStatus(orderId: number, clientId: number): readonly (string | number)[] {
  return [3, orderId, 'Submitted', 0, 100, 0, 900, 0, 0, clientId, '', 0];
}

describe('GatewayPool', () => {
  const options = connectionOptions.parse({ port: 4_002, clientId: 1 });
  const clock = new FakeClock();

  it('gives the same session for the same host, port and client id, and says where other options differ', () => {
    const warnings: unknown[] = [];
    const logger = { ...SILENT_LOGGER, warn: (_: string, fields: unknown) => warnings.push(fields) };
    const pool = new GatewayPool();
    const first = pool.gateway(options, { clock, logger });
    expect(pool.gateway({ ...options, readOnly: true }, { clock, logger })).toBe(first);
    expect(warnings).toEqual([]);
    expect(pool.gateway({ ...options, openTimeoutMs: 500, restart: false }, { clock, logger })).toBe(first);
    expect(warnings).toEqual([{ differ: ['openTimeoutMs', 'restart'] }]);
    expect(pool.gateway({ ...options, clientId: 2 }, { clock, logger })).not.toBe(first);
    expect(new GatewayPool().gateway(options, { clock, logger })).not.toBe(first);
  });

  it('gives another engine of this process a session of its own clock, once the last one is closed', () => {
    const pool = new GatewayPool();
    const first = pool.gateway(options, { clock, logger: SILENT_LOGGER });
    expect(pool.gateway(options, { clock: new FakeClock(), logger: SILENT_LOGGER })).not.toBe(first);
  });
});
