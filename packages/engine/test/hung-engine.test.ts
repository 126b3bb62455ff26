// A strategy that hangs in a session over live feeds: the latch, a fresh engine without strategies, a panic in between.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CommandName, CommandResult, EngineNotice } from '@bookrunner/sdk';
import type { RunControl } from '../src/control/engine-control.js';
import { HaltLatch } from '../src/control/halt-latch.js';
import { type PaperOptions, runPaper } from '../src/runtime/session/paper.js';
import { HELD, HUNG_YAML, PUSH, strategies, SYMBOLS } from './hung-project.fixture.js';
import { HAS_DIST, PaperProject } from './paper-project.fixture.js';

const LIMIT = 120_000;
const BUSY = 'for (;;);';
const projects: PaperProject[] = [];
afterEach(() => projects.splice(0).forEach((each) => each.remove()));

interface Seen extends EngineNotice {
  readonly latched: readonly string[];
}

interface Status {
  readonly state: string;
  readonly ordersWorking: number;
  readonly halts: readonly { readonly scope: string; readonly name: string }[];
  readonly positions: readonly { readonly qty: number }[];
  readonly strategies: readonly { readonly strategy: string; readonly status: string }[];
}

function project(body: string, options = {}): PaperProject {
  const made = new PaperProject(HUNG_YAML, { 'push.js': PUSH });
  made.write('strategies.js', strategies(made.folder, body, options));
  projects.push(made);
  return made;
}

/** A session, with what the latch said at each notice. No engine is lost for being slow: `panicMs` is short only where one hangs. */
function start(made: PaperProject, limits: PaperOptions['limits'] = {}) {
  const notices: Seen[] = [];
  const stop = new AbortController();
  const latch = new HaltLatch(made.dataDir);
  let ready!: (control: RunControl) => void;
  const control = new Promise<RunControl>((resolve) => {
    ready = resolve;
  });
  const run = runPaper({
    ...{ configPath: made.configPath, env: {}, runId: 'p', handlesSignals: false, html: false, signal: stop.signal },
    onNotice: (notice) => notices.push({ ...notice, latched: latch.read().map(({ level }) => level) }),
    onReady: ready,
    limits: { commandMs: 30_000, terminateMs: 60_000, ...limits },
  });
  const running = Promise.race([control, run.then(() => control)]);
  running.catch(() => {});
  run.catch(() => {});
  return { run, notices, control: running, stop };
}

function ask(control: RunControl, name: CommandName, args = {}, token?: string): Promise<CommandResult> {
  return control.command({ ts: 0, name, args, actor: 'test' }, token);
}

async function tokenOf(control: RunControl): Promise<string> {
  return ((await ask(control, 'panic')) as Extract<CommandResult, { kind: 'confirm' }>).token;
}

async function status(control: RunControl): Promise<Status> {
  const answer = await ask(control, 'status');
  return (
    (answer as { data?: Status }).data ?? ({ positions: [], ordersWorking: 0, strategies: [] } as unknown as Status)
  );
}

async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

/** Positions are held and orders rest. */
async function busy(control: RunControl): Promise<void> {
  await until(async () => {
    const { ordersWorking, positions } = await status(control);
    return ordersWorking === SYMBOLS.length - HELD && positions.length === HELD;
  });
}

function calls(made: PaperProject): readonly string[] {
  return readFileSync(made.path('CALLED'), 'utf8').trim().split('\n');
}

const codes = (notices: readonly EngineNotice[]): readonly string[] => notices.map(({ code }) => code);

(HAS_DIST ? describe : describe.skip)('a strategy that hangs in a session over live feeds (needs dist)', () => {
  it(
    'is panicked by the file PANIC: latched, cancelled, flat, and complete only then',
    async () => {
      const made = project(BUSY);
      // Nothing but the panic ends it.
      const { run, notices, control, stop } = start(made, { beatMs: LIMIT });
      const engine = await control;
      await busy(engine);
      const before = calls(made).length;
      writeFileSync(made.path('HANG'), '');
      await until(() => calls(made).length > before && calls(made).at(-1)?.startsWith('hang'));
      writeFileSync(join(made.dataDir, 'PANIC'), '');
      const complete = await until(() => notices.find(({ code }) => code === 'PANIC_COMPLETE'));
      const order = codes(notices);
      expect(notices.find(({ code }) => code === 'ENGINE_WORKER_HUNG')?.latched).toContain('panic');
      expect(order.indexOf('PANIC')).toBeLessThan(order.indexOf('ENGINE_WORKER_HUNG'));
      expect(order.indexOf('ENGINE_WORKER_HUNG')).toBeLessThan(order.indexOf('ENGINE_RECOVERING'));
      expect(order.indexOf('ENGINE_RECOVERING')).toBeLessThan(order.indexOf('PANIC_COMPLETE'));
      expect(complete.details).toMatchObject({ positions: HELD });
      const flat = await until(async () => {
        const now = await status(engine);
        return now.state === 'running' && now;
      });
      expect([flat.positions, flat.ordersWorking]).toEqual([[], 0]);
      expect(flat.strategies.map(({ status: how }) => how)).toEqual(['failed', 'failed']);
      stop.abort();
      const { result, losses, runDir } = await run;
      expect([losses, result.runId, existsSync(join(runDir, 'metrics.json'))]).toEqual([1, 'p-2', true]);
      expect(result.warnings[0]).toContain("run 'p'");
      const audit = readFileSync(join(made.dataDir, 'runs/p/audit.jsonl'), 'utf8');
      expect(audit).toContain('file PANIC');
    },
    LIMIT,
  );

  it(
    'goes on without strategies until a person starts them and resumes; controls answer all the time',
    async () => {
      const made = project(BUSY);
      const { run, notices, control, stop } = start(made);
      const engine = await control;
      await busy(engine);
      writeFileSync(made.path('HANG'), '');
      const states = new Set<string>();
      await until(async () => {
        states.add((await status(engine)).state);
        return codes(notices).includes('ENGINE_RECOVERED');
      });
      expect([...states]).toContain('recovering');
      const called = calls(made).length;
      const now = await until(async () => {
        const shown = await status(engine);
        return shown.state === 'running' && shown;
      });
      expect(now.positions).toHaveLength(HELD);
      expect(now.halts).toMatchObject([{ scope: 'global' }]);
      // Bars close, and nobody is asked; the entries of strategies that are off are cancelled.
      await until(async () => (await status(engine)).ordersWorking === 0);
      await new Promise((resolve) => {
        setTimeout(resolve, 2_500);
      });
      expect(calls(made)).toHaveLength(called);
      expect(calls(made).some((line) => line.startsWith('onStop'))).toBe(false);
      await ask(engine, 'resume');
      await ask(engine, 'start', { name: 'mine' });
      await until(() => calls(made).length > called);
      await until(async () => (await status(engine)).ordersWorking === SYMBOLS.length - HELD);
      expect(
        calls(made)
          .slice(called)
          .every((line) => line.startsWith('many')),
      ).toBe(true);
      stop.abort();
      expect((await run).losses).toBe(1);
    },
    LIMIT,
  );

  it(
    'is gone on from without asking a strategy anything, also where it would hang again',
    async () => {
      const made = project(BUSY, { stays: true });
      const { run, notices, control, stop } = start(made, { panicMs: 30_000 });
      const engine = await control;
      await busy(engine);
      writeFileSync(made.path('HANG'), '');
      await until(() => codes(notices).includes('ENGINE_WORKER_HUNG'));
      const called = calls(made).length;
      const now = await until(async () => {
        const shown = await status(engine);
        return codes(notices).includes('ENGINE_RECOVERED') && shown.state === 'running' && shown;
      });
      expect(now.positions).toHaveLength(HELD);
      expect(calls(made)).toHaveLength(called);
      const { message } = notices.find(({ code }) => code === 'RUN_CONTINUED') as Seen;
      expect(message).toContain('no strategy is asked again');
      await ask(engine, 'panic', {}, await tokenOf(engine));
      const complete = await until(() => notices.find(({ code }) => code === 'PANIC_COMPLETE'));
      expect(complete.details).toMatchObject({ positions: HELD });
      stop.abort();
      expect((await run).losses).toBe(1);
    },
    LIMIT,
  );

  it(
    'is ended by a panic at once, and by no other command',
    async () => {
      const made = project(`while (!existsSync(folder + '/GO'));`);
      // Nothing but the panic ends it.
      const { run, notices, control, stop } = start(made, { beatMs: LIMIT, commandMs: 1_500 });
      const engine = await control;
      await busy(engine);
      const hang = async (): Promise<void> => {
        const before = calls(made).length;
        writeFileSync(made.path('HANG'), '');
        await until(() =>
          calls(made)
            .slice(before)
            .some((line) => line.startsWith('hang') && !existsSync(made.path('HANG'))),
        );
      };
      await hang();
      expect(await ask(engine, 'halt', { book: 'OTHER' })).toMatchObject({ reason: 'ENGINE_LATE' });
      writeFileSync(made.path('GO'), '');
      await until(async () => (await status(engine)).halts.length === 1);
      expect(codes(notices)).not.toContain('ENGINE_WORKER_HUNG');
      rmSync(made.path('GO'));
      await hang();
      writeFileSync(join(made.dataDir, 'PANIC'), '');
      await until(() => codes(notices).includes('PANIC_COMPLETE'));
      const lost = notices.find(({ code }) => code === 'ENGINE_WORKER_HUNG') as Seen;
      expect(lost.message).toContain('while a panic waits');
      expect(lost.latched).toContain('panic');
      // Whoever reads the alarm may count on the latch.
      expect(notices.find(({ code }) => code === 'PANIC')?.latched).toContain('panic');
      stop.abort();
      expect((await run).losses).toBe(1);
    },
    LIMIT,
  );

  it(
    'ends after more losses than it may have, and names that',
    async () => {
      const made = project(BUSY);
      const { run, notices, control } = start(made);
      const engine = await control;
      await busy(engine);
      writeFileSync(made.path('HANG'), '');
      for (let loss = 1; loss <= 3; loss++) {
        await until(() => codes(notices).filter((code) => code === 'ENGINE_RECOVERED').length === loss);
        writeFileSync(made.path('HANG'), '');
        await until(async () => (await ask(engine, 'start', { name: 'hangs' })).kind === 'done');
      }
      await expect(run).rejects.toMatchObject({ code: 'ENGINE_LOST_TOO_OFTEN', details: { losses: 4 } });
      expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'halt', actor: 'watchdog' }]);
    },
    LIMIT,
  );

  it(
    'is drilled: flat by the fresh engine, then the drill takes its own halt back and leaves that of the watchdog',
    async () => {
      const made = project(BUSY);
      const { run, control, stop } = start(made);
      const engine = await control;
      await busy(engine);
      writeFileSync(made.path('HANG'), '');
      const before = calls(made).length;
      await until(() =>
        calls(made)
          .slice(before)
          .some((line) => line.startsWith('hang')),
      );
      const asked = (await ask(engine, 'panic', { drill: true })) as Extract<CommandResult, { kind: 'confirm' }>;
      expect(asked.question).toContain('Drill');
      const done = await ask(engine, 'panic', { drill: true }, asked.token);
      expect(done).toMatchObject({ kind: 'done', data: { positions: HELD } });
      expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'halt', actor: 'watchdog' }]);
      expect((await status(engine)).halts).toMatchObject([{ scope: 'global' }]);
      stop.abort();
      await run;
    },
    LIMIT,
  );
});

(HAS_DIST ? describe : describe.skip)('a drill of a panic (needs dist)', () => {
  it(
    'gets flat, says how long it took, and strategies go on',
    async () => {
      const made = project(BUSY);
      const { run, notices, control, stop } = start(made, { panicMs: 30_000 });
      const engine = await control;
      await busy(engine);
      const asked = (await ask(engine, 'panic', { drill: true })) as Extract<CommandResult, { kind: 'confirm' }>;
      const done = await ask(engine, 'panic', { drill: true }, asked.token);
      expect(done).toMatchObject({ kind: 'done', data: { elapsedMs: expect.any(Number), positions: HELD } });
      expect(codes(notices)).toEqual(expect.arrayContaining(['PANIC_COMPLETE', 'PANIC_DRILL']));
      expect(existsSync(join(made.dataDir, 'HALTED'))).toBe(false);
      await busy(engine);
      await ask(engine, 'halt', { book: 'MANY' });
      const again = (await ask(engine, 'panic', { drill: true })) as Extract<CommandResult, { kind: 'confirm' }>;
      expect(await ask(engine, 'panic', { drill: true }, again.token)).toMatchObject({ reason: 'DRILL_REFUSED' });
      stop.abort();
      await run;
    },
    LIMIT,
  );
});
