// One session with a strategy that hangs, and a panic by file while it does. Everything but the data folder is as it is by default.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runPaper } from '../../packages/engine/dist/runtime/session/paper.js';
import { configFile } from './engine-run.mjs';
import { HELD } from './panic-strategies.mjs';

const LOOK_EVERY_MS = 10;

/**
 * @typedef {object} Panicked
 * @property {Readonly<Record<string, number>>} msTo ms of wall time from the file's being there to each notice, by its code
 * @property {number} flatMs to the instant at which the kernel was flat
 * @property {{ working: number, held: number }} before
 * @property {{ working: number, held: number }} after
 */

/**
 * @param {{ dataDir: string, hungMs: number }} options `hungMs`: how long the strategy has hung when the panic comes
 * @returns {Promise<Panicked>}
 */
export async function panickedSession({ dataDir, hungMs }) {
  const hangFile = join(dataDir, 'HANG');
  const notices = [];
  const stop = new AbortController();
  let isReady;
  const ready = new Promise((resolve) => (isReady = resolve));
  const run = runPaper({
    ...{ configPath: configFile('panic.yaml'), env: {}, runId: 'panic', dataDir, html: false },
    ...{ handlesSignals: false, panicsBySignal: false, signal: stop.signal, onReady: isReady },
    overrides: [`strategies.hangs.params.file=${JSON.stringify(hangFile)}`],
    onNotice: (notice) => notices.push({ ...notice, seenAt: performance.now() }),
  });
  const control = await Promise.race([ready, run.then(() => Promise.reject(new Error('The session has ended.')))]);
  const before = await until(async () => {
    const now = await exposure(control);
    return now.held === HELD && now.working > 0 && now;
  });
  writeFileSync(hangFile, '');
  await until(() => existsSync(`${hangFile}-begun`));
  await wait(hungMs);
  const panicked = { at: performance.now(), ts: Date.now() };
  writeFileSync(join(dataDir, 'PANIC'), '');
  const complete = await until(() => notices.find(({ code }) => code === 'PANIC_COMPLETE'));
  const after = await until(async () => {
    const now = await exposure(control);
    return now.state === 'running' && now;
  });
  stop.abort();
  await run;
  const since = notices.filter(({ seenAt }) => seenAt >= panicked.at).toReversed();
  return {
    msTo: Object.fromEntries(since.map(({ code, seenAt }) => [code, seenAt - panicked.at])),
    flatMs: complete.ts - panicked.ts,
    before: { working: before.working, held: before.held },
    after: { working: after.working, held: after.held },
  };
}

async function exposure(control) {
  const { data } = await control.command({ ts: Date.now(), name: 'status', args: {}, actor: 'bench' });
  return { state: data?.state, working: data?.ordersWorking ?? 0, held: data?.positions?.length ?? 0 };
}

async function until(look) {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await wait(LOOK_EVERY_MS);
  }
}
