// Real threads, with modules of a few lines in place of the engine.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Supervisor, type SupervisorOptions } from './supervisor.js';

/** Only what a test waits for is short. */
const LIMITS = {
  ...{ beatMs: 20_000, startMs: 20_000, panicMs: 20_000 },
  ...{ commandMs: 100, snapshotMs: 100, terminateMs: 20_000 },
};
const running: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.end()));
});

function start(code: string, more: Partial<SupervisorOptions> = {}) {
  const losses: Error[] = [];
  const supervisor = new Supervisor({
    entry: new URL(
      `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads';\n${code}`)}`,
    ),
    data: {
      ...{
        runId: 'r',
        mode: 'paper',
        configPath: '',
        overrides: [],
        env: {},
        speed: 1,
        first: [],
        html: false,
        isFresh: false,
      },
      log: { level: 'silent', format: 'json' },
    },
    limits: LIMITS,
    memory: {},
    strategies: ['alpha', 'beta'],
    onMessage: () => {},
    onLost: (loss) => losses.push(loss),
    ...more,
  });
  running.push(supervisor);
  supervisor.start();
  return { supervisor, losses };
}

const BEATING = 'const beats = new Int32Array(workerData.beat); setInterval(() => Atomics.add(beats, 0, 1), 20);';

describe('Supervisor', () => {
  it('terminates a worker that does not move, after telling of the loss, and names the strategy', async () => {
    const { supervisor, losses } = start(
      'const beats = new Int32Array(workerData.beat); beats[2] = 2; beats[1] = 1; for (;;);',
      { limits: { ...LIMITS, beatMs: 300 } },
    );
    await expect(supervisor.result).rejects.toMatchObject({
      code: 'ENGINE_WORKER_HUNG',
      details: { strategy: 'beta' },
    });
    expect(losses).toHaveLength(1);
  });

  it('tells of a worker that dies, in one line', async () => {
    const { supervisor, losses } = start(`${BEATING} setTimeout(() => { throw new Error('out of luck'); }, 50);`);
    await expect(supervisor.result).rejects.toMatchObject({
      code: 'ENGINE_WORKER_DIED',
      message: 'The engine ended without a result. out of luck',
    });
    expect(losses).toHaveLength(1);
  });

  it('ends without a loss where the journal of the worker failed and nobody heard of it', async () => {
    const { supervisor, losses } = start(
      `${BEATING} setTimeout(() => { throw Object.assign(new Error('No room.'), { code: 'JOURNAL_DISK_FULL' }); }, 50);`,
    );
    await expect(supervisor.result).rejects.toMatchObject({ code: 'JOURNAL_DISK_FULL', message: 'No room.' });
    expect(losses).toEqual([]);
  });

  it('tells of a worker that runs out of memory, and outlives it', async () => {
    const { supervisor } = start(
      `${BEATING} const kept = []; setInterval(() => kept.push(new Array(1e6).fill(0.5)), 1);`,
      { memory: { maxOldGenerationSizeMb: 24 } },
    );
    await expect(supervisor.result).rejects.toMatchObject({
      code: 'ENGINE_WORKER_DIED',
      message: expect.stringContaining('memory'),
    });
  }, 30_000);

  it('lets a worker whose run has not begun close what it has opened, which is no loss', async () => {
    const { supervisor, losses } = start(
      `${BEATING} parentPort.on('message', ({ kind }) => { if (kind === 'leave') setTimeout(() => process.exit(0), 50); });`,
    );
    let isOver = false;
    void supervisor.result.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    await supervisor.leave();
    expect([losses, isOver]).toEqual([[], false]);
    await supervisor.leave();
  }, 30_000);

  it('answers late questions with what it last knew', async () => {
    const { supervisor } = start(
      `${BEATING} parentPort.postMessage({ kind: 'snapshot', snapshot: { runId: 'old' } }); parentPort.postMessage({ kind: 'ready' });
       parentPort.on('message', () => {});`,
    );
    await supervisor.ready;
    expect(await supervisor.snapshot()).toEqual({ snapshot: { runId: 'old' }, isFresh: false });
    expect(await supervisor.post({ ts: 0, name: 'halt', args: {}, actor: 'ann' })).toBeUndefined();
  });

  describe('with a panic to hand over', () => {
    const PANIC = { ts: 0, name: 'panic', args: {}, actor: 'ann' } as const;
    /** Nothing but the panic ends it. */
    const PATIENT = { ...LIMITS, beatMs: 60_000, startMs: 60_000, commandMs: 20_000 };
    const RUNNING = `const beats = new Int32Array(workerData.beat); beats[1] = beats[2] = 1; parentPort.postMessage({ kind: 'ready' });`;
    const TAKES = `parentPort.on('message', ({ id }) => parentPort.postMessage({ kind: 'outcome', id, outcome: { kind: 'done', at: 1 } }));`;

    it('ends a worker that neither takes it nor moves', async () => {
      const { supervisor, losses } = start(`${RUNNING} setImmediate(() => { for (;;); });`, {
        limits: { ...PATIENT, panicMs: 100 },
      });
      await supervisor.ready;
      void supervisor.insist(PANIC);
      await expect(supervisor.result).rejects.toMatchObject({
        code: 'ENGINE_WORKER_HUNG',
        message: expect.stringContaining('while a panic waits'),
        details: { strategy: 'alpha', isForPanic: true },
      });
      expect(losses).toHaveLength(1);
    });

    it('ends one that moves and never takes it', async () => {
      const { supervisor, losses } = start(`${RUNNING} setImmediate(() => { for (;;) Atomics.add(beats, 0, 1); });`, {
        limits: { ...PATIENT, commandMs: 500 },
      });
      await supervisor.ready;
      expect(await supervisor.insist(PANIC)).toBeUndefined();
      await expect(supervisor.result).rejects.toMatchObject({ details: { isForPanic: true } });
      expect(losses).toHaveLength(1);
    });

    it('leaves alone one that takes it', async () => {
      const { supervisor, losses } = start(`${RUNNING} ${TAKES}`, { limits: PATIENT });
      await supervisor.ready;
      expect(await supervisor.insist(PANIC)).toEqual({ kind: 'done', at: 1 });
      expect([losses, supervisor.beatAgeMs()]).toEqual([[], expect.any(Number)]);
    });

    it('waits for one that is long at something, where it has another command', async () => {
      const away = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);';
      const { supervisor, losses } = start(`${RUNNING} ${TAKES} setImmediate(() => { ${away} });`, {
        limits: { ...PATIENT, panicMs: 100 },
      });
      await supervisor.ready;
      expect(await supervisor.post({ ...PANIC, name: 'halt' })).toEqual({ kind: 'done', at: 1 });
      expect(losses).toEqual([]);
    });
  });

  it('tells what came of a command that was not taken in time', async () => {
    const answers = `parentPort.postMessage({ kind: 'outcome', id: asked, outcome: { kind: 'done', at: 1 } })`;
    const { supervisor } = start(
      `${BEATING} let asked; parentPort.on('message', ({ kind, id }) => { if (kind === 'command') asked = id; else ${answers}; });`,
    );
    const late = new Promise((resolve) => {
      void supervisor.post({ ts: 0, name: 'resume', args: {}, actor: 'ann' }, resolve).then((outcome) => {
        expect(outcome).toBeUndefined();
        supervisor.go();
      });
    });
    expect(await late).toEqual({ kind: 'done', at: 1 });
  });

  it('passes on what the run failed with, and that is no loss', async () => {
    const error = { code: 'RUN_NO_DATA', message: 'nothing', severity: 'fatal', remedy: 'look', details: {} };
    const { supervisor, losses } = start(
      `${BEATING} parentPort.postMessage({ kind: 'failed', error: ${JSON.stringify(error)} });`,
    );
    await expect(supervisor.result).rejects.toMatchObject({ code: 'RUN_NO_DATA', remedy: 'look' });
    expect(losses).toEqual([]);
  });
});
