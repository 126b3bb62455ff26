// Damaged frames, by the thousand: the simulator goes on, forgets every one of them, and serves the next client.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Bench, until } from '../bench.fixture.js';
import { RawClient } from '../raw-client.fixture.js';
import { encodeFrame, encodePayload } from '../wire/frame.js';
import { encodeRequest } from '../wire/layout-reading.fixture.js';
import { REQUESTS } from '../wire/wire-samples.fixture.js';
import { Chance } from './chance.js';

/** Frames sent; continuous integration sends more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5000);
const FRAMES_A_CONNECTION = 50;
const ODD_FIELDS = ['', '-1', '0', '1e999', '2147483648', 'NaN', '\u{1f600}', 'BAG', 'x'.repeat(2000), '4000000000'];

let bench: Bench;
let clock: FakeClock;
beforeEach(async () => {
  clock = new FakeClock();
  bench = await Bench.start({ clock });
});
afterEach(() => bench.close());

const kinds = Object.values(REQUESTS).filter(({ kind }) => kind !== 'startApi');

/** A frame of some request, with damage within it; it still ends where it says. */
function damagedFrame(chance: Chance): Buffer {
  const request = kinds[chance.below(kinds.length)] ?? REQUESTS.placeOrder;
  const fields = encodeRequest(request, 193);
  for (let wounds = 1 + chance.below(4); wounds > 0; wounds -= 1) wound(fields, chance);
  const frame = encodeFrame(fields);
  if (chance.happens(0.7)) return frame;
  const payload = frame.subarray(4);
  for (let flips = 1 + chance.below(8); flips > 0 && payload.length > 0; flips -= 1)
    payload[chance.below(payload.length)] = chance.below(256);
  return frame;
}

function wound(fields: string[], chance: Chance): void {
  const place = chance.below(fields.length + 1);
  const odd = ODD_FIELDS[chance.below(ODD_FIELDS.length)] ?? '';
  const cures = [
    () => fields.splice(place, 1),
    () => fields.splice(place, 0, odd),
    () => fields.splice(place, 1, odd),
    () => fields.splice(place),
    () => fields.push(...fields.slice(0, chance.below(20))),
  ];
  cures[chance.below(cures.length)]?.();
}

/** What ends a connection: bytes after which nobody can know where a frame begins. */
function lastWords(chance: Chance): Buffer {
  const words = [
    encodePayload(''),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
    Buffer.from([0, 0, 0, 200, 1]),
    Buffer.from(Array.from({ length: 1 + chance.below(64) }, () => chance.below(256))),
    encodeFrame(['61', '1']).subarray(0, chance.below(9)),
  ];
  return words[chance.below(words.length)] ?? Buffer.alloc(0);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it(
  `survives ${RUNS} damaged frames`,
  async () => {
    const chance = new Chance(20_261_128);
    let heapAtStart = 0;
    for (let sent = 0; sent < RUNS; sent += FRAMES_A_CONNECTION) {
      const client = new RawClient(bench.sim.port);
      await client.start(sent % 3);
      client.write(Buffer.concat(Array.from({ length: FRAMES_A_CONNECTION }, () => damagedFrame(chance))));
      // The connection is still in step: a sound request behind the damage is answered.
      client.send('49', '1');
      await client.got(([kind]) => kind === '49');
      client.write(lastWords(chance));
      client.socket.destroy();
      bench.model.requests.length = 0;
      await until(() => bench.sim.clients.length === 0, 'the end of the session');
      if (sent === 0) heapAtStart = heap();
    }
    const { counts } = bench.sim;
    expect(counts.undecodable).toBeGreaterThan(RUNS / 3);
    expect(counts.modelFaults).toBe(0);
    expect(bench.model.clients.size).toBe(0);
    expect(clock.pendingCalls).toBe(0);
    bench.sim.transcript.clear();
    // What one connection leaves behind would add up to far more.
    expect(heap() - heapAtStart).toBeLessThan(32 * 2 ** 20);
    const sound = await bench.ready(1);
    sound.api.reqPositions();
    await until(() => bench.model.requests.length === 1, 'the request of a sound client');
  },
  60_000 + RUNS * 10,
);

it(
  `survives ${RUNS / 5} damaged frames with the simulated gateway behind it`,
  async () => {
    const chance = new Chance(4711);
    const gateway = await Bench.startGateway({ clock });
    for (let sent = 0; sent < RUNS / 5; sent += FRAMES_A_CONNECTION) {
      const client = new RawClient(gateway.sim.port);
      await client.start(sent % 3);
      client.write(Buffer.concat(Array.from({ length: FRAMES_A_CONNECTION }, () => damagedFrame(chance))));
      client.send('49', '1');
      await client.got(([kind]) => kind === '49');
      client.socket.destroy();
      clock.advance(1000);
      await until(() => gateway.sim.clients.length === 0, 'the end of the session');
    }
    await gateway.close();
    expect(gateway.modelFaults).toEqual([]);
  },
  60_000 + RUNS * 10,
);

it('survives connections that never get past the handshake', async () => {
  const chance = new Chance(7);
  for (let sent = 0; sent < 200; sent += 1) {
    const client = new RawClient(bench.sim.port);
    if (chance.happens(0.5)) client.greet(chance.happens(0.5) ? 'v100..193' : 'x');
    client.write(lastWords(chance));
    client.socket.end();
    await until(() => client.socket.closed, 'the end of the connection');
  }
  await bench.ready(1);
});
