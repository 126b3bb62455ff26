import { afterEach, expect, it } from '@jest/globals';
import { EventName, IBApi } from '@stoqey/ib';
import { ScriptedModel } from './scripted-model.fixture.js';
import { startTwsSimulator } from './start-tws-simulator.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

it('connects', async () => {
  const sim = await startTwsSimulator({ model: new ScriptedModel() });
  closing.push(() => sim.close());
  const api = new IBApi({ host: '127.0.0.1', port: sim.port, clientId: 3, maxReqPerSec: 1000 });
  closing.push(() => api.disconnect());
  const seen: unknown[] = [];
  api.on(EventName.all, (name, args) => seen.push([name, args]));
  api.on(EventName.info, (message, code) => seen.push([code, message]));
  api.on(EventName.error, (error) => seen.push(error));
  const ready = new Promise((resolve) => api.once(EventName.nextValidId, resolve));
  api.connect();
  expect(await ready).toBe(1);
  const time = new Promise((resolve) => api.once(EventName.currentTime, resolve));
  api.reqCurrentTime();
  await time;
  console.log(seen, sim.transcript.entries, sim.clients);
});
