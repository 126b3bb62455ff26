import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventName } from '@stoqey/ib';
import { until } from './scripted-gateway.fixture.js';
import { RecordingUser, sessionBench } from './session-bench.fixture.js';
import type { SessionBench } from './session-bench.fixture.js';

const LOST = 'Connectivity between IB and Trader Workstation has been lost.';

describe('what the gateway says of its lines', () => {
  let bench: SessionBench;

  beforeEach(async () => {
    bench = await sessionBench();
    await bench.session.attach(bench.user);
    bench.user.told.length = 0;
  });
  afterEach(() => bench.close());

  /** Answered after everything that was said before it. */
  async function heard(): Promise<void> {
    let answers = 0;
    const stop = bench.session.on('currentTime' as EventName, () => (answers += 1));
    await bench.session.send({ lane: 'order', write: (api) => api.reqCurrentTime() });
    await until(() => answers === 1);
    stop();
  }

  it('6: 1100 and 2110 stop new orders, are told once however often they come, and leave the connection alone', async () => {
    const { gateway, session, user } = bench;
    for (let count = 0; count < 5; count += 1) gateway.last.notice(1100, LOST);
    await heard();
    expect([session.state, user.told]).toEqual(['upstream-lost', ['upstream-lost IBKR_UPSTREAM_LOST']]);
    gateway.last.notice(1102, 'Connectivity restored - data maintained.');
    gateway.last.notice(2110, 'Connectivity between TWS and server is broken. It will be restored automatically.');
    await heard();
    expect(session.state).toBe('upstream-lost');
    gateway.last.notice(1101, 'Connectivity restored - data lost.');
    await heard();
    expect(user.told.slice(1)).toEqual([
      ...['up', 'onUpstream', 'upstream-lost IBKR_UPSTREAM_LOST', 'up', 'onUpstream data lost'],
    ]);
    expect([session.state, gateway.connections.length, gateway.open]).toEqual(['up', 1, 1]);
  });

  it('6: a line that nobody says is back is, once a farm is connected and a minute without a word against it is over', async () => {
    const { clock, gateway, session, user } = bench;
    const say = async (code: number, text: string): Promise<void> => {
      gateway.last.notice(code, text);
      await heard();
    };
    await say(2110, LOST);
    await say(2107, 'HMDS data farm connection is inactive but should be available upon demand.ushmds');
    clock.advance(120_000);
    expect(session.state).toBe('upstream-lost');
    for (const [code, text] of [
      [1100, LOST],
      [2103, 'Market data farm connection is broken:usfarm'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      await say(2104, 'Market data farm connection is OK:usfarm');
      clock.advance(59_000);
      // oxlint-disable-next-line no-await-in-loop
      await say(code, text);
      clock.advance(120_000);
      expect(session.state).toBe('upstream-lost');
    }
    await say(2104, 'Market data farm connection is OK:usfarm');
    clock.advance(60_000);
    expect([session.state, user.told.slice(-2)]).toEqual(['up', ['up', 'onUpstream data lost']]);
    clock.advance(600_000);
    expect(user.told.filter((text) => text.startsWith('onUpstream'))).toHaveLength(1);
  });

  it('6: a gateway that has no line when the session begins says so right away', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.script.onStart = (connection) => {
      connection.send([15, 1, 'DU1']);
      connection.notice(2110, 'broken');
      connection.send([9, 1, 1]);
    };
    gateway.last.reset();
    await until(() => session.state === 'disconnected');
    clock.advance(5_000);
    await until(() => user.told.at(-1) === 'onUp');
    expect([session.state, user.told.slice(-2)]).toEqual([
      'upstream-lost',
      ['upstream-lost IBKR_UPSTREAM_LOST', 'onUp'],
    ]);
  });

  it('5: open orders that are told in the middle of the handshake are heard, and their ids not given again', async () => {
    const { clock, gateway, session, user } = bench;
    const orders: unknown[] = [];
    session.on('orderStatus' as EventName, (orderId: number) => orders.push([orderId, session.state]));
    gateway.script.onStart = (connection) =>
      connection.send(
        [3, 900, 'Submitted', 0, 100, 0, 77, 0, 0, 7, '', 0],
        [15, 1, 'DU1'],
        [3, 901, 'PreSubmitted', 0, 100, 0, 78, 0, 0, 7, '', 0],
        [9, 1, 5],
      );
    gateway.last.reset();
    await until(() => session.state === 'disconnected');
    clock.advance(5_000);
    await until(() => user.told.at(-1) === 'onUp');
    expect(orders).toEqual([
      [900, 'disconnected'],
      [901, 'disconnected'],
    ]);
    expect(session.nextOrderId()).toBe(902);
  });

  it('7: executions that come while the line is lost are passed on', async () => {
    const { gateway, session } = bench;
    const executions: unknown[] = [];
    session.on('execDetails' as EventName, (_id: never, _contract: never, execution: { execId: string }) =>
      executions.push(execution.execId),
    );
    gateway.last.notice(1100, LOST);
    gateway.last.send([
      ...[11, -1, 5, 265598, 'AAPL', 'STK', '', 0, '', '', 'SMART', 'USD', 'AAPL', 'NMS', '0000e0d5.01'],
      ...[
        '20261128 12:00:00 US/Eastern',
        'DU1',
        'NASDAQ',
        'BOT',
        100,
        150,
        777,
        7,
        0,
        100,
        150,
        'ref',
        '',
        '',
        '',
        1,
        0,
      ],
    ]);
    await until(() => executions.length === 1);
    expect([executions, session.state]).toEqual([['0000e0d5.01'], 'upstream-lost']);
    expect(session.nextOrderId()).toBe(6);
  });

  it('8: 1101 and 1102 are told once each', async () => {
    const { gateway, user } = bench;
    for (const code of [1100, 1101, 1100, 1102]) gateway.last.notice(code, LOST);
    await heard();
    expect(user.told.filter((text) => text.startsWith('onUpstream'))).toEqual(['onUpstream data lost', 'onUpstream']);
  });

  it('9: a farm that breaks and comes back is told to users, and touches neither socket nor state', async () => {
    const { gateway, session, user } = bench;
    const say = (code: number, text: string): void => gateway.last.notice(code, text);
    say(2104, 'Market data farm connection is OK:usfarm.nj');
    say(2103, 'Market data farm connection is broken:usfarm.nj');
    say(2103, 'Market data farm connection is broken:usfarm.nj');
    say(2119, 'Market data farm is connecting:usfarm.nj');
    say(2104, 'Market data farm connection is OK:usfarm.nj');
    say(2105, 'HMDS data farm connection is broken:ushmds');
    say(2107, 'HMDS data farm connection is inactive but should be available upon demand.ushmds');
    say(2157, 'Sec-def data farm connection is broken:secdefil');
    say(2158, 'Sec-def data farm connection is OK:secdefil');
    await heard();
    expect(user.told).toEqual([
      ...[
        'market-data usfarm.nj broken',
        'market-data usfarm.nj whole',
        'history ushmds broken',
        'history ushmds whole',
      ],
      ...['contracts secdefil broken', 'contracts secdefil whole'],
    ]);
    expect([session.state, gateway.connections.length, gateway.open]).toEqual(['up', 1, 1]);
  });

  it('9: who attaches later is told of the farms that are broken, and of no others', async () => {
    const { gateway, session } = bench;
    gateway.last.notice(2103, 'Market data farm connection is broken:usfarm');
    gateway.last.notice(2105, 'HMDS data farm connection is broken:ushmds');
    gateway.last.notice(2106, 'HMDS data farm connection is OK:ushmds');
    await heard();
    const late = new RecordingUser('late');
    await session.attach(late);
    await session.detach(late);
    expect(late.told).toEqual(['up', 'onUp', 'market-data usfarm broken']);
  });

  it('9: who attaches before the session is up is told of what was said meanwhile', async () => {
    const { gateway, session, user } = bench;
    await session.detach(user);
    gateway.script.onStart = () => undefined;
    const first = session.attach(user);
    await until(() => gateway.connections.length === 2 && gateway.last.received.length === 1);
    gateway.last.notice(2103, 'Market data farm connection is broken:usfarm');
    await until(() => user.told.includes('market-data usfarm broken'));
    const late = new RecordingUser('late');
    const second = session.attach(late);
    gateway.last.send([9, 1, 42], [15, 1, 'DU1,']);
    await Promise.all([first, second]);
    await session.detach(late);
    expect(late.told).toEqual(['connecting', 'market-data usfarm broken', 'up', 'onUp']);
  });

  it('passes on what concerns a request with its id', async () => {
    const { gateway, session } = bench;
    const errors: unknown[] = [];
    session.on('error' as EventName, (error: Error, code: number, id: number) =>
      errors.push([id, code, error.message]),
    );
    gateway.last.send([4, 2, 55, 10182, 'Failed to request live updates (disconnected).', '']);
    gateway.last.send([4, 2, 56, 10197, 'No market data during competing live session', '']);
    await heard();
    expect(errors).toEqual([
      [55, 10182, 'Failed to request live updates (disconnected).'],
      [56, 10197, 'No market data during competing live session'],
    ]);
  });

  it('20: malformed reasons of a reject end nothing and spoil nothing after them', async () => {
    const { gateway, session, user } = bench;
    const errors: unknown[] = [];
    session.on('error' as EventName, (_: Error, code: number, id: number, reject: unknown) =>
      errors.push([id, code, reject]),
    );
    gateway.last.send(
      [4, 2, 55, 201, 'Order rejected', '{"rejects":[{"code":1'],
      [4, 2, 56, 201, 'Order rejected', '{"a":"\\u0022"}'],
      [4, 2, 57, 201, 'Order rejected', '{"a":"\\u00e9"}'],
      [3, 58, 'Submitted', 0, 100, 0, 900, 0, 0, 7, '', 0],
    );
    await heard();
    expect(errors).toEqual([
      [55, 201, '{"rejects":[{"code":1'],
      [56, 201, '{"a":" u0022"}'],
      [57, 201, { a: 'é' }],
    ]);
    expect(session.nextOrderId()).toBe(59);
    expect(user.told).toEqual(['alarm IBKR_UNREADABLE']);
  });

  it('28: unknown messages, ones that are too short and ones that go on are counted, and the stream goes on', async () => {
    const { gateway, session, user } = bench;
    const sizes: unknown[] = [];
    session.on('tickSize' as EventName, (...values: unknown[]) => sizes.push(values));
    gateway.last.send(
      [9999, 1, 2, 3],
      [2, 6, 1, 0, 100, 'a later field', 'another'],
      [2, 6, 1],
      [5, 1],
      [2, 6, 1, 3, 200],
    );
    await heard();
    expect(sizes).toEqual([
      [1, 0, 100],
      [1, 3, 200],
    ]);
    // The library complains twice of a message that it does not know.
    expect(session.counts.unreadable).toBe(5);
    expect(user.told).toEqual(['alarm IBKR_UNREADABLE']);
  });

  it('28: a message that the library fails on does not end the process, nor is its rest read as another one', async () => {
    const { gateway, session, user } = bench;
    const sizes: unknown[] = [];
    session.on('tickSize' as EventName, (...values: unknown[]) => sizes.push(values));
    // So many price increments that no list can hold them; what follows could be read as a size.
    gateway.last.send([93, 26, -1, 2, 6, 9, 9, 9], [2, 6, 1, 3, 200]);
    await heard();
    expect(sizes).toEqual([[1, 3, 200]]);
    expect([session.counts.unreadable, user.told]).toEqual([1, ['alarm IBKR_UNREADABLE']]);
  });

  it('100: warns of too many messages', async () => {
    bench.gateway.last.notice(100, 'Max rate of messages per second has been exceeded.');
    await heard();
    expect(bench.user.told).toEqual(['alarm IBKR_MESSAGE_RATE']);
  });
});

describe('heartbeat', () => {
  let bench: SessionBench;

  beforeEach(async () => {
    bench = await sessionBench({ heartbeat: { everyMs: 30_000, limitMs: 20_000 } });
    await bench.session.attach(bench.user);
    bench.user.told.length = 0;
  });
  afterEach(() => bench.close());

  const asked = (): number => bench.gateway.last.received.filter(([message]) => message === '49').length;

  it('asks for the time, one question at a time', async () => {
    const { clock, gateway, user } = bench;
    clock.advance(29_999);
    clock.advance(1);
    await until(() => user.told.length === 1);
    expect([asked(), user.told]).toEqual([1, ['heartbeat 0']]);
    gateway.script.answersTime = false;
    clock.advance(30_000);
    await until(() => asked() === 2);
    let isHeard = false;
    const stop = bench.session.on('tickSize' as EventName, () => (isHeard = true));
    gateway.last.send([2, 6, 1, 0, 100]);
    await until(() => isHeard);
    stop();
    clock.advance(20_000);
    clock.advance(19_999);
    expect([asked(), bench.session.state]).toEqual([2, 'up']);
  });

  it('10: finds a socket that is half open, closes it and connects anew', async () => {
    const { clock, gateway, session, user } = bench;
    gateway.last.freeze();
    clock.advance(30_000);
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(20_000);
    expect(session.state).toBe('up');
    clock.advance(250);
    expect(user.told).toEqual(['disconnected IBKR_NO_ANSWER']);
    clock.advance(5_000);
    await until(() => session.state === 'up');
    expect(gateway.connections).toHaveLength(2);
  });
});
