// Damaged frames by the hundred thousand, at the simulator and at the session: both live, and serve whoever comes next.
import { setTimeout as sleep } from 'node:timers/promises';
import { check, checkEqual, seededRandom } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import { AAPL, EURUSD } from '../scene/instruments.js';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { limitOrder, outcomeOf, place } from '../scene/trading.js';
import { bidsOf, eventAt, publish } from '../scene/watching.js';
import { Damage } from './damage.js';
import { RawClient } from './raw-client.js';
import type { Fields } from './raw-client.js';
import { SOUND_REQUESTS } from './requests.js';

const FRAMES_A_CONNECTION = 200;
const FRAMES_A_TURN = 250;
/** After so many a connection is cut in the middle of a frame. */
const FRAMES_A_CUT = 10_000;

/** A whole session with a client that has come through: the simulator serves as before. */
async function servesAnother(scene: Scene): Promise<void> {
  const next = await RawClient.start(scene.sim.port, 9);
  next.taken();
  next.send('61', '1');
  await next.until(([kind]) => kind === '62', 'positions');
  next.close();
}

async function atTheSimulator(stage: Stage, count: number): Promise<void> {
  const scene = await stage.scene({ trouble: {}, simulator: { transcriptEntries: 100 } });
  const damage = new Damage(seededRandom(stage.seed));
  for (let sent = 0; sent < count; sent += FRAMES_A_CONNECTION) {
    const client = await RawClient.start(scene.sim.port, 1 + (sent % 5));
    client.bytes(
      Buffer.concat(Array.from({ length: FRAMES_A_CONNECTION }, () => damage.frame(damage.one(SOUND_REQUESTS)))),
    );
    // The connection is still in step: what is sound is answered.
    await client.settle();
    client.bytes(damage.lastWords());
    client.close();
    await scene.until(() => scene.sim.clients.length === 0, 'the end of the session', 1);
  }
  check(
    scene.sim.counts.undecodable > count / 4,
    `Of ${count} damaged frames ${scene.sim.counts.undecodable} were seen as such.`,
  );
  checkEqual(scene.modelFaults.map(String), [], 'What the model threw');
  await servesAnother(scene);
}

/** What a gateway says: one of each kind of message that the scene has brought about. */
function soundMessages(scene: Scene): readonly Fields[] {
  const byKind = new Map<string, Fields>();
  for (const { direction, fields } of scene.sim.transcript.entries) {
    if (direction === 'out') byKind.set(`${fields[0] ?? ''} ${fields[0] === '4' ? (fields[3] ?? '') : ''}`, fields);
  }
  // The first message of a connection is read apart. What a gateway calls the next order id has to be believed, and whoever
  // damages it ends the ids; the port that 1300 names would be followed.
  const isLeftOut = ([kind = '', second]: Fields): boolean => kind === '193' || kind === '9' || second === '1300';
  return [...byKind.values()].filter((fields) => !isLeftOut(fields));
}

/** A session that has heard of everything. */
async function busyScene(stage: Stage): Promise<Scene> {
  const scene = await stage.trading({ trouble: {} });
  await scene.openFeed();
  await scene.subscribe([AAPL, EURUSD], scene.data);
  const { permId } = await place(scene);
  scene.model.knobs.fillOrder(permId, 40);
  await place(scene, limitOrder(scene, { limitPrice: 98 }));
  await scene.snapshot();
  scene.sim.faults.announce(2104, 'Market data farm connection is OK:usfarm');
  publish(scene, 'AAPL', eventAt(100));
  await scene.settle();
  return scene;
}

async function throwFrames(scene: Scene, damage: Damage, count: number): Promise<void> {
  const messages = soundMessages(scene);
  for (let sent = 0; sent < count; sent += FRAMES_A_TURN) {
    const frames = Array.from({ length: FRAMES_A_TURN }, () => damage.frame(damage.one(messages)));
    scene.sim.faults.sendBytes(Buffer.concat(frames));
    await read(scene);
    if (sent % FRAMES_A_CUT === 0) {
      scene.sim.faults.sendBytes(damage.lastWords());
      scene.sim.faults.cut('fin');
    }
    // Damaged words may have ended it: what matters is that it comes back.
    await scene.until(
      () => scene.gateway.state !== 'disconnected' && scene.sim.clients.length > 0,
      'the session to be back',
      1_000,
    );
  }
}

/** Waits until the client has taken what was written, or is gone. */
async function read(scene: Scene): Promise<void> {
  const before = scene.sim.transcript.entries.length;
  void scene.gateway.send({ lane: 'order', write: (api) => api.reqCurrentTime() });
  const giveUp = Date.now() + 100;
  while (scene.sim.transcript.entries.length === before && Date.now() < giveUp) await sleep(1);
  scene.sim.transcript.clear();
  scene.clock.advance(50);
}

async function atTheSession(stage: Stage, count: number): Promise<void> {
  const thrown: unknown[] = [];
  const note = (error: unknown): void => void thrown.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  try {
    const scene = await busyScene(stage);
    await throwFrames(scene, new Damage(seededRandom(stage.seed)), count);
    scene.sim.faults.clear();
    await scene.until(() => scene.gateway.state === 'up', 'the session to be up', 1_000);
    await scene.settle(6);
    const outcome = await scene.submit([limitOrder(scene)]);
    check(['sent', 'refused', 'unknown'].includes(outcome.kind), 'The venue gives no outcome any more.');
    scene.data.rows.length = 0;
    await scene.subscribe([AAPL], scene.data);
    await scene.cut();
    await scene.untilUp();
    await scene.settle(6);
    publish(scene, 'AAPL', eventAt(123));
    await scene.settle();
    check(
      bidsOf(scene.data).includes(123),
      'After damaged frames no data comes any more, not even on a new connection.',
    );
    const next = await stage.next(scene);
    const { order, permId } = await place(next);
    next.model.knobs.fillOrder(permId, 100);
    await next.settle();
    checkEqual(outcomeOf(next, order).end, 'filled', 'An order of our next process');
  } finally {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
  }
  checkEqual(thrown.map(String), [], 'Errors that nobody caught');
}

/** So many frames for each side. */
export function fuzzCases(frames: number): readonly CaseOver<Stage>[] {
  return [
    {
      id: 'FUZ-010',
      title: `the simulator lives through ${frames} damaged frames, and serves on`,
      run: (stage) => atTheSimulator(stage, frames),
    },
    {
      id: 'FUZ-020',
      title: `the session lives through ${frames} damaged frames: nothing is thrown, data and orders go on`,
      run: (stage) => atTheSession(stage, frames),
    },
  ];
}
