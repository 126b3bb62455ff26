import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from '../bench.fixture.js';
import { RawClient } from '../raw-client.fixture.js';
import { encodeFrame, encodePayload, GREETING } from '../wire/frame.js';
import { Transcript } from './transcript.js';

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

describe('handshake', () => {
  it('says what was recorded, in that order', async () => {
    const client = raw();
    await client.start(7);
    expect(client.received).toEqual([
      ['193', '20140505 08:00:00 Eastern Daylight Time'],
      ['15', '1', 'DU1234567'],
      ['9', '1', '1'],
      ['4', '2', '-1', '2104', 'Market data farm connection is OK:usfarm', ''],
      ['4', '2', '-1', '2107', 'HMDS data farm connection is inactive but should be available upon demand.ushmds', ''],
      ['4', '2', '-1', '2158', 'Sec-def data farm connection is OK:secdefil', ''],
    ]);
  });

  it.each([
    ['v100..193', 193, '193'],
    ['v100..225', 193, '193'],
    ['v157..178', 193, '178'],
    ['v100..193', 178, '178'],
    ['v176', 193, '176'],
    ['v100..193 +PACEAPI', 193, '193'],
  ])('agrees for %s and %d on %s', async (offer, serverVersion, agreed) => {
    bench.sim.faults.settings.serverVersion = serverVersion;
    const client = raw();
    client.greet(offer);
    await client.got(([version]) => version === agreed);
  });

  it.each(['v100..175', 'v194..225', 'v63', 'hello', ''])('closes where the client offers %j', async (offer) => {
    const client = raw();
    client.greet(offer);
    expect(await client.end()).toBe('fin');
    expect(client.received).toEqual([]);
    expect(bench.sim.counts.refusedVersions).toBe(1);
  });

  it('closes what is no client of this protocol', async () => {
    const client = raw();
    client.write('GET / HTTP/1.1\r\n\r\n');
    expect(['fin', 'rst']).toContain(await client.end());
    expect(bench.sim.counts.refusedStreams).toBe(1);
  });

  it('takes bytes one by one, and all at once', async () => {
    const bytesOf = (clientId: string): Buffer =>
      Buffer.concat([
        Buffer.from(GREETING),
        encodePayload('v100..193'),
        encodeFrame(['71', '2', clientId, '']),
        encodeFrame(['61', '1']),
      ]);
    const slow = raw();
    for (const byte of bytesOf('7')) {
      slow.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => bench.model.requests.length === 1, 'the request of the slow one');
    raw().write(bytesOf('8'));
    await until(() => bench.model.requests.length === 2, 'the request of the fast one');
    expect(bench.model.requests).toEqual([{ kind: 'requestPositions' }, { kind: 'requestPositions' }]);
  });

  it('hands nothing to the model before START_API', async () => {
    const client = raw();
    client.greet();
    client.send('61', '1');
    client.send('71', '2', '7', '');
    await client.got((fields) => fields[3] === '2158');
    expect(bench.model.requests).toEqual([]);
    expect([...bench.model.clients].map(({ clientId, serverVersion }) => [clientId, serverVersion])).toEqual([
      [7, 193],
    ]);
  });
});

describe('client ids', () => {
  it('in use are refused with 326, then the connection is closed', async () => {
    const first = await bench.ready(7);
    const second = bench.client(7);
    await second.told('disconnected');
    expect(second.codes).toEqual([326]);
    expect(first.of('disconnected')).toEqual([]);
    expect(bench.sim.counts.refusedClientIds).toBe(1);
    expect(bench.sim.clients).toMatchObject([{ clientId: 7, connection: 1 }]);
  });

  it('are free at once after an end in order', async () => {
    bench.sim.faults.settings.clientIdLingerMs = 60_000;
    const first = await bench.ready(7);
    first.api.disconnect();
    await until(() => bench.model.left.length === 1, 'the end of the first');
    await bench.ready(7);
  });

  it('linger after a reset, until their time is over', async () => {
    bench.sim.faults.settings.clientIdLingerMs = 60_000;
    const first = await bench.ready(7);
    bench.sim.faults.cut('rst');
    await first.told('disconnected');
    const early = bench.client(7);
    await early.told('disconnected');
    expect(early.codes).toEqual([326]);
    clock.advance(60_000);
    await bench.ready(7);
  });

  it('are forgotten by a gateway that restarts', async () => {
    bench.sim.faults.settings.clientIdLingerMs = 60_000;
    await bench.ready(7);
    bench.sim.faults.cut('rst');
    bench.sim.faults.forgetLingeringIds();
    await bench.ready(7);
  });
});

describe('a session', () => {
  it('stands beside others, and each hears its own', async () => {
    const clients = await Promise.all([1, 2, 3].map((id) => bench.ready(id)));
    bench.model.answer = (request) =>
      request.kind === 'requestPositions' ? [{ kind: 'positionEnd' }] : [{ kind: 'openOrderEnd' }];
    clients[0]?.api.reqPositions();
    clients[2]?.api.reqOpenOrders();
    await clients[0]?.told('positionEnd');
    await clients[2]?.told('openOrderEnd');
    expect(clients.map(({ seen }) => seen.filter(([name]) => name.endsWith('End')).length)).toEqual([1, 0, 1]);
    expect(new Set(bench.sim.clients.map(({ clientId }) => clientId))).toEqual(new Set([1, 2, 3]));
  });

  it('tells the model once that it came, and once that it went', async () => {
    const client = await bench.ready(7);
    expect(bench.model.clients.size).toBe(1);
    client.api.disconnect();
    await until(() => bench.sim.clients.length === 0, 'the end');
    expect([bench.model.clients.size, bench.model.left]).toEqual([0, [7]]);
    bench.model.push({ kind: 'positionEnd' });
  });

  it('tells the time of its clock, and the ids of the model', async () => {
    const client = await bench.ready(7);
    clock.advance(90_000);
    bench.model.setNextOrderId(7, 4711);
    client.api.reqCurrentTime();
    client.api.reqIds();
    await client.told('nextValidId', 2);
    expect([client.of('currentTime'), client.of('nextValidId')]).toEqual([[[clock.nowUtc() / 1000]], [[1], [4711]]]);
  });

  it('answers damage with 320 and goes on', async () => {
    const client = raw();
    await client.start(7);
    client.send('2', '1', 'nine');
    client.send('3', '99');
    client.send('4711');
    client.write(encodePayload('61\x001'));
    client.send('61', '1');
    await until(() => bench.model.requests.length === 1, 'the request behind the damage');
    const errors = (): readonly unknown[] =>
      client.received.filter((fields) => fields[3] === '320').map((fields) => [fields[2], fields[4]]);
    await until(() => errors().length === 4, 'the errors');
    expect(errors()).toEqual([
      ['-1', 'Error reading request. Message 2, field 2 (requestId): "nine" is not what belongs there'],
      ['99', 'Error reading request. Message 3, field 2 (conId): the message ends before it'],
      ['-1', 'Error reading request. Message 4711, field 0 (message number): no such message'],
      ['-1', 'Error reading request. Message NaN, field 0 (frame): its last field does not end'],
    ]);
    expect(bench.sim.counts.undecodable).toBe(4);
  });

  it('closes where a frame is larger than any may be', async () => {
    const client = raw();
    await client.start(7);
    client.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    expect(['fin', 'rst']).toContain(await client.end());
    expect(bench.sim.counts.refusedStreams).toBe(1);
  });

  it('survives a model that throws', async () => {
    const client = await bench.ready(7);
    bench.model.answer = () => {
      throw new Error('on purpose');
    };
    client.api.reqPositions();
    client.api.reqCurrentTime();
    await client.told('currentTime');
    expect(bench.modelFaults).toEqual([new Error('on purpose')]);
    expect(bench.sim.counts.modelFaults).toBe(1);
  });

  it('is cut where its client does not read', async () => {
    bench.sim.faults.settings.maxBufferedBytes = 64 * 1024;
    const client = raw();
    await client.start(7);
    client.socket.pause();
    const message = { kind: 'tickString', requestId: 1, tickType: 45, value: 'x'.repeat(10_000) } as const;
    for (let sent = 0; bench.model.clients.size > 0; sent += 1) {
      if (sent > 100_000) throw new Error('Nothing bounds what waits.');
      bench.model.push(message);
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bench.sim.counts.slowClients).toBe(1);
    await bench.ready(7);
  });

  it('is one of so many at a time', async () => {
    bench.sim.faults.settings.maxClients = 2;
    await bench.ready(1);
    await bench.ready(2);
    const third = bench.client(3);
    await third.told('disconnected');
    expect(third.of('connected')).toEqual([]);
  });
});

describe('the simulator', () => {
  it('closes twice, frees its port and cancels what was to come', async () => {
    bench.sim.faults.settings.clientIdLingerMs = 60_000;
    await bench.ready(7);
    bench.sim.faults.cut('rst');
    expect(clock.pendingCalls).toBe(1);
    await bench.sim.close();
    await bench.sim.close();
    expect(clock.pendingCalls).toBe(0);
    const client = raw();
    expect(await client.end()).toBe('refused');
  });

  it('tells of a port that is taken', async () => {
    const { startTwsSimulator } = await import('../start-tws-simulator.js');
    await expect(startTwsSimulator({ model: bench.model, port: bench.sim.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('keeps both directions', async () => {
    const client = await bench.ready(7);
    client.api.reqPositions();
    await until(() => bench.model.requests.length === 1, 'the request');
    const entries = bench.sim.transcript.entries.map(({ direction, clientId, fields }) => [
      direction,
      clientId,
      fields[0],
    ]);
    expect(entries).toEqual([
      ['in', undefined, 'v100..193'],
      ['out', undefined, '193'],
      ['in', undefined, '71'],
      ['out', 7, '15'],
      ['out', 7, '9'],
      ['out', 7, '4'],
      ['out', 7, '4'],
      ['out', 7, '4'],
      ['in', 7, '61'],
    ]);
  });

  it('keeps no more than so many messages, nor so many fields', () => {
    const transcript = new Transcript(10);
    const entry = (fields: readonly string[]) => ({
      ts: 0,
      direction: 'in' as const,
      connection: 1,
      clientId: 1,
      fields,
    });
    for (let i = 0; i < 100; i += 1) transcript.add(entry([String(i)]));
    expect(transcript.entries.map(({ fields }) => fields[0])).toEqual([
      '90',
      '91',
      '92',
      '93',
      '94',
      '95',
      '96',
      '97',
      '98',
      '99',
    ]);
    for (let i = 0; i < 5; i += 1) transcript.add(entry(Array(400).fill(String(i))));
    expect(transcript.entries).toHaveLength(1);
    transcript.clear();
    expect(transcript.entries).toEqual([]);
  });
});
