import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from '../bench.fixture.js';
import type { BenchClient } from '../bench.fixture.js';
import { RawClient } from '../raw-client.fixture.js';
import { MESSAGES } from '../wire/wire-samples.fixture.js';
import type { FaultRule } from './fault-rules.js';
import { LIMIT, STOCK } from '../library-orders.fixture.js';

const { orderStatus, openOrder, execDetails, commissionReport, tickSize, openOrderEnd } = MESSAGES;

let bench: Bench;
let clock: FakeClock;
const raws: RawClient[] = [];

const raw = (): RawClient => {
  const client = new RawClient(bench.sim.port);
  raws.push(client);
  return client;
};

beforeEach(async () => {
  clock = new FakeClock();
  bench = await Bench.start({ clock });
});
afterEach(async () => {
  for (const { socket } of raws.splice(0)) socket.destroy();
  await bench.close();
});

/** All orders of some items. */
function permutations(items: readonly string[]): readonly (readonly string[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

/** What a client was told of these events, once something sent behind it has come. */
async function namesBehind(client: BenchClient, ...names: readonly string[]): Promise<readonly string[]> {
  const times = client.of('accountDownloadEnd').length;
  bench.model.push({ kind: 'accountDownloadEnd', account: 'x' });
  await client.told('accountDownloadEnd', times + 1);
  return client.seen.map(([name]) => name).filter((name) => names.includes(name));
}

describe('messages', () => {
  it('are lost, by kind', async () => {
    bench.sim.faults.set({ kind: 'drop-message', on: 'orderStatus', times: 'all' });
    const client = await bench.ready();
    bench.model.push(orderStatus, openOrder, orderStatus, execDetails);
    expect(await namesBehind(client, 'orderStatus', 'openOrder', 'execDetails')).toEqual(['openOrder', 'execDetails']);
  });

  it('are repeated', async () => {
    bench.sim.faults.set({ kind: 'duplicate-message', on: 'openOrder', copies: 2, nth: 2 });
    const client = await bench.ready();
    bench.model.push(openOrder, openOrder, openOrder);
    expect(await namesBehind(client, 'openOrder')).toHaveLength(5);
  });

  it('are late', async () => {
    bench.sim.faults.set({ kind: 'delay-message', on: 'execDetails', delayMs: 1000 });
    const client = await bench.ready();
    bench.model.push(execDetails, orderStatus);
    expect(await namesBehind(client, 'execDetails', 'orderStatus')).toEqual(['orderStatus']);
    clock.advance(1000);
    await client.told('execDetails');
  });

  it.each(permutations(['openOrder', 'orderStatus', 'execDetails', 'commissionReport']))(
    'of one moment come as %s, %s, %s, %s',
    async (...order) => {
      bench.sim.faults.set({ kind: 'reorder-messages', order: [...order] });
      const client = await bench.ready();
      bench.model.push(openOrder, orderStatus, execDetails, tickSize, commissionReport);
      expect(await namesBehind(client, ...order)).toEqual(order);
      bench.model.push(openOrder, orderStatus, execDetails, commissionReport);
      const next = ['openOrder', 'orderStatus', 'execDetails', 'commissionReport'];
      expect((await namesBehind(client, ...order)).slice(4)).toEqual(next);
    },
  );

  it('are reordered over a window of time, with their copies', async () => {
    bench.sim.faults.set(
      { kind: 'reorder-messages', order: ['commissionReport', 'execDetails'], windowMs: 500 },
      { kind: 'duplicate-message', on: 'execDetails' },
    );
    const client = await bench.ready();
    bench.model.push(execDetails);
    clock.advance(400);
    bench.model.push(commissionReport);
    expect(await namesBehind(client, 'execDetails', 'commissionReport')).toEqual([]);
    clock.advance(100);
    expect(await namesBehind(client, 'execDetails', 'commissionReport')).toEqual([
      'commissionReport',
      'execDetails',
      'execDetails',
    ]);
  });

  it('have more fields than the client knows, and are no message at all', async () => {
    bench.sim.faults.set({ kind: 'extra-fields', on: 'openOrder', fields: ['new', 'newer'] });
    const client = await bench.ready();
    bench.model.push(openOrder);
    bench.sim.faults.sendRaw(['4711', '1', 'x']);
    bench.model.push({ kind: 'raw', fields: ['4712'] });
    // The library tells of the fields that are left over, and of each message twice: unknown, and not read to its end.
    expect(await namesBehind(client, 'openOrder', 'error')).toEqual(['error', 'openOrder', 'error', 'error', 'error']);
    expect(client.codes.slice(3)).toEqual([505, 505, 505, 505]);
  });

  it('strike by seed alone', async () => {
    const counts = [];
    for (const seed of [1, 1, 2]) {
      const other = await Bench.start({ seed });
      other.sim.faults.set({ kind: 'drop-message', on: 'tickSize', times: 'all', chance: 0.5 });
      const client = await other.ready();
      for (let size = 0; size < 40; size += 1) other.model.push({ ...tickSize, size });
      other.model.push(openOrderEnd);
      await client.told('openOrderEnd');
      counts.push(
        client
          .of('tickSize')
          .map(([, , size]) => size)
          .join(),
      );
      await other.close();
    }
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).not.toBe(counts[2]);
  });
});

describe('connections are cut', () => {
  const place = (client: BenchClient): unknown => client.api.placeOrder(1, STOCK, LIMIT);

  it.each([
    ['before', 0, 0],
    ['after', 1, 0],
    ['answered', 1, 1],
  ] as const)('%s the model sees an order: it knows of %d, the client hears of %d', async (moment, known, heard) => {
    bench.model.answer = () => [openOrder];
    bench.sim.faults.set({ kind: 'cut-on-request', on: 'placeOrder', moment });
    const client = await bench.ready();
    place(client);
    await client.told('disconnected');
    await until(() => bench.sim.clients.length === 0, 'the end of the session');
    expect([bench.model.requests.length, client.of('openOrder').length]).toEqual([known, heard]);
    const next = await bench.ready();
    place(next);
    await next.told('openOrder');
  });

  it.each(['rst', 'fin'] as const)('with %s', async (how) => {
    const client = raw();
    await client.start(7);
    bench.sim.faults.cut(how, 7);
    expect(await client.end()).toBe(how);
  });

  it('of one client only', async () => {
    const [first, second] = [await bench.ready(1), await bench.ready(2)];
    bench.sim.faults.cut('rst', 1);
    await first.told('disconnected');
    bench.model.push(openOrderEnd);
    await second.told('openOrderEnd');
  });

  it.each([
    ['rst', 'whole'],
    ['fin', 'whole'],
    ['rst', 'pieces'],
    ['fin', 'pieces'],
  ] as const)('at a byte within a frame, with %s, bytes going out in %s', async (how, kind) => {
    bench.sim.faults.settings.framing = kind === 'whole' ? { kind } : { kind, maxPieceBytes: 4 };
    const client = raw();
    await client.start(7);
    const [messages, bytes] = [client.received.length, client.socket.bytesRead];
    bench.sim.faults.cutAfterBytes(30, how);
    // A frame of this message is nine bytes long: the cut comes in the fourth.
    bench.model.push(openOrderEnd, openOrderEnd, openOrderEnd, openOrderEnd, openOrderEnd);
    expect(bench.model.left).toEqual([]);
    expect(await client.end()).toBe(how);
    expect([client.received.length - messages, client.socket.bytesRead - bytes]).toEqual([3, 30]);
    await until(() => bench.model.left.length === 1, 'the end of the session');
  });

  it('half-open: the client hears nothing, and its id is in use until it has lingered', async () => {
    bench.sim.faults.settings.clientIdLingerMs = 60_000;
    const client = await bench.ready(7);
    bench.sim.faults.cut('half-open');
    client.api.reqCurrentTime();
    bench.model.push(openOrderEnd);
    const other = bench.client(7);
    await other.told('disconnected');
    expect([client.of('currentTime'), client.of('openOrderEnd'), client.of('disconnected')]).toEqual([[], [], []]);
    expect(bench.model.left).toEqual([]);
    clock.advance(60_000);
    expect(bench.model.left).toEqual([7]);
    await bench.ready(7);
    expect(client.of('disconnected')).toEqual([]);
  });

  it('and refused for a while', async () => {
    const { port } = bench.sim;
    const client = await bench.ready(7);
    const again = bench.sim.faults.refuseConnections(5000);
    const refused = raw();
    expect(await refused.end()).toBe('refused');
    bench.model.push(openOrderEnd);
    await client.told('openOrderEnd');
    clock.advance(5000);
    await again;
    expect(bench.sim.port).toBe(port);
    await bench.ready(8);
  });
});

describe('the handshake', () => {
  it.each([
    ['version', []],
    ['accounts', ['connected', 'server']],
    ['next-valid-id', ['connected', 'server', 'managedAccounts']],
  ] as const)('hangs at the %s', async (at, heard) => {
    bench.sim.faults.set({ kind: 'hang-handshake', at, delayMs: 3000 });
    const client = bench.client();
    await until(() => clock.pendingCalls > 0 && client.seen.length >= heard.length, 'the handshake to hang');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.seen.map(([name]) => name)).toEqual(heard);
    clock.advance(3000);
    await client.ready();
  });

  it('never ends', async () => {
    bench.sim.faults.set({ kind: 'hang-handshake' });
    const client = bench.client();
    await until(() => bench.sim.clients.length === 1, 'the session');
    expect(client.of('nextValidId')).toEqual([]);
    expect(clock.pendingCalls).toBe(0);
  });

  it.each([
    ['before-accounts', ['openOrder', 'orderStatus', 'managedAccounts', 'nextValidId']],
    ['before-next-valid-id', ['managedAccounts', 'openOrder', 'orderStatus', 'nextValidId']],
  ] as const)('has the open orders %s', async (place, order) => {
    bench.model.answer = ({ kind }) => (kind === 'requestOpenOrders' ? [openOrder, orderStatus, openOrderEnd] : []);
    bench.sim.faults.set({ kind: 'open-orders-first', place });
    const client = await bench.ready();
    await client.told('info', 3);
    expect(client.seen.map(([name]) => name).slice(2, 6)).toEqual(order);
    expect(client.of('openOrderEnd')).toEqual([]);
  });

  it('rolls the order ids back, with the counter of the model', async () => {
    bench.model.setNextOrderId(7, 38_103);
    bench.sim.faults.set({ kind: 'roll-ids-back', count: 4 });
    const client = await bench.ready(7);
    client.api.reqIds();
    await client.told('nextValidId', 2);
    expect(client.of('nextValidId')).toEqual([[38_099], [38_099]]);
  });
});

describe('settings', () => {
  it('read-only refuses orders, and nothing else', async () => {
    bench.sim.faults.settings.isReadOnly = true;
    const client = await bench.ready();
    client.api.placeOrder(12, STOCK, LIMIT);
    client.api.cancelOrder(12);
    client.api.reqPositions();
    await until(() => bench.model.requests.length === 1, 'the positions');
    await client.told('error', 2);
    expect(client.seen.filter(([name]) => name === 'error').map(([, , code, id]) => [code, id])).toEqual([
      [321, 12],
      [321, 12],
    ]);
    expect(bench.model.requests).toEqual([{ kind: 'requestPositions' }]);
  });

  it('a message rate is told with 100, and then enforced', async () => {
    bench.sim.faults.settings.messageRate = { perSecond: 50, strikes: 3 };
    const client = raw();
    await client.start(7);
    const burst = (): void => {
      for (let i = 0; i < 51; i += 1) client.send('2', '1', '1');
    };
    for (let strike = 1; strike <= 3; strike += 1) {
      burst();
      await until(() => client.received.filter((fields) => fields[3] === '100').length === strike, 'error 100');
      clock.advance(1000);
    }
    expect(await client.end()).toBe('fin');
    expect(bench.model.requests).toHaveLength(150);
  });

  it('a message rate lets fifty a second pass', async () => {
    bench.sim.faults.settings.messageRate = { perSecond: 50, strikes: 3 };
    const client = raw();
    await client.start(7);
    for (let second = 1; second <= 3; second += 1) {
      for (let i = 0; i < 50; i += 1) client.send('2', '1', '1');
      await until(() => bench.model.requests.length === 50 * second, 'the requests');
      clock.advance(1000);
    }
    expect(client.ended).toBe('no');
  });

  it.each([1, 3, 64, 100_000])('pieces of up to %d bytes change nothing', async (maxPieceBytes) => {
    bench.sim.faults.settings.framing = { kind: 'pieces', maxPieceBytes };
    const client = await bench.ready();
    bench.model.push(...Object.values(MESSAGES), openOrderEnd);
    await client.told('openOrderEnd', 2);
    const seen = JSON.stringify(client.seen);
    bench.sim.faults.settings.framing = { kind: 'whole' };
    const whole = await bench.ready(8);
    bench.model.push(...Object.values(MESSAGES), openOrderEnd);
    await whole.told('openOrderEnd', 2);
    expect(seen).toBe(JSON.stringify(whole.seen));
  });

  it('pieces that are still to come go out before an end in order', async () => {
    bench.sim.faults.settings.framing = { kind: 'pieces', maxPieceBytes: 2 };
    const client = raw();
    await client.start(7);
    const before = client.received.length;
    bench.model.push(openOrderEnd, openOrderEnd, openOrderEnd);
    bench.sim.faults.cut('fin');
    expect(await client.end()).toBe('fin');
    expect([client.received.length - before, client.isReadable]).toEqual([3, true]);
  });
});

describe('rules', () => {
  it.each([
    [{ kind: 'no-such' }],
    [{ kind: 'drop-message', times: 0 }],
    [{ kind: 'duplicate-message', copies: 'two' }],
    [{ kind: 'drop-message', wrong: 1 }],
  ])('that are none are refused: %j', (rule) => {
    expect(() => bench.sim.faults.set(rule as unknown as FaultRule)).toThrow();
  });

  it('are forgotten', async () => {
    bench.sim.faults.set({ kind: 'drop-message', times: 'all' });
    bench.sim.faults.cutAfterBytes(10);
    bench.sim.faults.connectivity.loseUpstream();
    bench.sim.faults.clear();
    const client = await bench.ready();
    bench.model.push(tickSize);
    await client.told('tickSize');
  });
});
