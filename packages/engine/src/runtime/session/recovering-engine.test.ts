// Real threads in a row, with modules of a few lines in place of the engine.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, CommandName } from '@bookrunner/sdk';
import { MOST_LOSSES, RecoveringEngine } from './recovering-engine.js';
import { Supervisor } from './supervisor.js';

const LIMITS = { beatMs: 300, startMs: 20_000, panicMs: 100, commandMs: 20_000, snapshotMs: 100, terminateMs: 30_000 };
/**
 * Runs from `go` on, hangs at a `stop`, and takes any other command but a panic, at which it hangs too. Until then it counts as one
 * that starts: only a hang is short of time.
 */
const CODE = `
import { parentPort, workerData } from 'node:worker_threads';
const beats = new Int32Array(workerData.beat);
setInterval(() => Atomics.add(beats, 0, 1), 20);
const away = { code: 'DESK_BUSY', message: 'no login now', severity: 'retryable', remedy: 'Wait.', details: { isPassing: true } };
if (workerData.runId === 'away') parentPort.postMessage({ kind: 'failed', error: away });
else parentPort.postMessage({ kind: 'ready', canRecover: workerData.runId !== 'no-journal' });
parentPort.on('message', ({ kind, id, command }) => {
  if (kind === 'go') return parentPort.postMessage({ kind: 'begun' });
  if (kind !== 'command') return;
  if (command.name === 'stop' || command.name === 'panic') for (beats[1] = 1; ; );
  parentPort.postMessage({ kind: 'outcome', id, outcome: { kind: 'done', at: 1 } });
});`;

const engines: RecoveringEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.end()));
});

/** `runIds`: of the workers in order; the last counts for all that follow. */
async function start({
  runIds = ['r'],
  limits = {},
  wait = () => Promise.resolve(),
}: { readonly runIds?: readonly string[]; readonly limits?: object; readonly wait?: () => Promise<void> } = {}) {
  let made = 0;
  const told: string[] = [];
  const losses: Error[] = [];
  const begun: (() => void)[] = [];
  const engine = new RecoveringEngine({
    worker: (_number, onMessage) =>
      new Supervisor({
        entry: new URL(`data:text/javascript,${encodeURIComponent(CODE)}`),
        data: {
          ...{
            runId: runIds[Math.min(made++, runIds.length - 1)] as string,
            mode: 'paper',
            configPath: '',
            overrides: [],
            env: {},
            speed: 1,
            first: [],
            html: false,
          },
          ...{ isFresh: false, log: { level: 'silent', format: 'json' } },
        },
        limits: { ...LIMITS, ...limits },
        memory: {},
        strategies: [],
        onMessage,
        onLost: (loss) => losses.push(loss),
      }),
    onMessage: ({ kind }) => {
      if (kind === 'begun') begun.shift()?.();
    },
    onRecovering: (_loss, number) => told.push(`recovering ${number}`),
    onRecovered: (number) => told.push(`recovered ${number}`),
    onWaiting: ({ message }, waitMs) => told.push(`${message}: ${waitMs}`),
    wait,
    onUnanswered: ({ name }) => told.push(`unanswered ${name}`),
  });
  engines.push(engine);
  const next = (): Promise<void> => new Promise((resolve) => begun.push(resolve));
  await engine.start();
  const first = next();
  const ended = engine.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  await first;
  return { engine, told, losses, next, ended };
}

const command = (name: CommandName): Command => ({ ts: 0, name, args: {}, actor: 'ann' });

describe('RecoveringEngine', () => {
  it('ends after more losses than it may have', async () => {
    const { engine, told, next, ended } = await start();
    for (let loss = 1; loss <= MOST_LOSSES; loss++) {
      const begun = next();
      void engine.post(command('stop'));
      await begun;
    }
    void engine.post(command('stop'));
    expect(await ended).toMatchObject({ code: 'ENGINE_LOST_TOO_OFTEN', details: { losses: MOST_LOSSES + 1 } });
    expect(told.filter((what) => what.startsWith('recovered'))).toEqual(['recovered 2', 'recovered 3', 'recovered 4']);
  }, 60_000);

  it('does not count what is lost by a panic: that is carried over by the latch and has to be carried out', async () => {
    const { engine, told, losses, next } = await start({ limits: { beatMs: 60_000 } });
    for (let loss = 1; loss <= MOST_LOSSES + 1; loss++) {
      const begun = next();
      void engine.post(command('panic'));
      await begun;
    }
    expect(losses).toHaveLength(MOST_LOSSES + 1);
    expect(told).not.toContain('unanswered panic');
    expect(await engine.post(command('resume'))).toEqual({ kind: 'done', at: 1 });
  }, 60_000);

  it('waits for a broker that is away at a start, and when it goes on after a loss', async () => {
    const { engine, told, next } = await start({ runIds: ['away', 'away', 'r', 'away', 'r'] });
    const begun = next();
    void engine.post(command('stop'));
    await begun;
    const waits = ['no login now: 1000', 'no login now: 2000', 'recovering 2', 'unanswered stop', 'no login now: 1000'];
    expect([...told].toSorted()).toEqual([...waits, 'recovered 2'].toSorted());
    expect(told.at(-1)).toBe('recovered 2');
  }, 60_000);

  it('ends by its loss where it is stopped while it goes on', async () => {
    const { engine, told, ended } = await start({ runIds: ['r', 'away'] });
    void engine.post(command('stop'));
    while (!told.some((what) => what.startsWith('no login'))) await new Promise((resolve) => setTimeout(resolve, 5));
    engine.stop();
    expect(await ended).toMatchObject({ code: 'ENGINE_WORKER_HUNG' });
  }, 60_000);

  it('leaves a worker its time where no fresh one could take the panic', async () => {
    const { engine, losses, ended } = await start({ runIds: ['no-journal'], limits: { commandMs: 1_000 } });
    void engine.post(command('panic'));
    expect(await ended).toMatchObject({ code: 'ENGINE_WORKER_HUNG' });
    expect((losses[0] as { details?: object }).details).not.toHaveProperty('isForPanic');
  }, 60_000);

  it('fails by what keeps its first worker from being made, and is ended all the same', async () => {
    const none = (): void => {};
    const engine = new RecoveringEngine({
      worker: () => {
        throw new Error('no room');
      },
      ...{ onMessage: none, onRecovering: none, onRecovered: none, onUnanswered: none },
    });
    await expect(engine.start()).rejects.toThrow('no room');
    engine.stop();
    expect([await engine.post(command('halt')), await engine.snapshot(), engine.beatAgeMs()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await engine.end();
  });

  it('refuses what it is told between two tries, but for what the latch has', async () => {
    let goOn = (): void => {};
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    const { engine, told, next } = await start({ runIds: ['r', 'away', 'r'], wait: () => waiting });
    const begun = next();
    void engine.post(command('stop'));
    while (!told.some((what) => what.startsWith('no login'))) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await engine.post(command('start'))).toMatchObject({ kind: 'refused', reason: 'ENGINE_STARTING' });
    expect(await engine.post(command('halt'))).toBeUndefined();
    goOn();
    await begun;
    expect(told.filter((what) => what.startsWith('unanswered'))).toEqual(['unanswered stop']);
    expect(await engine.post(command('start'))).toEqual({ kind: 'done', at: 1 });
  }, 60_000);
});
