// What works while a paper run is under way: signals, the PANIC file, commands, and the end of an engine that hangs.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CommandName, CommandResult, EngineNotice } from '@bookrunner/sdk';
import type { RunControl } from '../src/control/engine-control.js';
import { HaltLatch } from '../src/control/halt-latch.js';
import { type PaperOptions, runPaper } from '../src/runtime/session/paper.js';
import { TICKER } from './live-feed.fixture.js';
import { HAS_DIST, LIVE, PAPER_MODULE, PaperProject, scripted, STRATEGIES, WATCHER } from './paper-project.fixture.js';

const projects: PaperProject[] = [];
const LIMIT = 60_000;

function project(yaml: string): PaperProject {
  const made = new PaperProject(yaml, { 'strategies.js': STRATEGIES, 'watcher.js': WATCHER });
  projects.push(made);
  return made;
}

afterAll(() => projects.forEach((each) => each.remove()));

/** A run at 10,000 times real time: five days in 43 s, so it is under way while a test acts. Answers have their time. */
function start(made: PaperProject, options: Partial<PaperOptions> = {}) {
  const notices: EngineNotice[] = [];
  let ready!: (control: RunControl) => void;
  const control = new Promise<RunControl>((resolve) => {
    ready = resolve;
  });
  const run = runPaper({
    ...{ configPath: made.configPath, env: {}, runId: 'p', handlesSignals: false, html: false, speed: 10_000 },
    onNotice: (notice) => notices.push(notice),
    onReady: ready,
    ...options,
    limits: { commandMs: 30_000, snapshotMs: 30_000, terminateMs: 30_000, ...options.limits },
  });
  // Whoever waits for the control of a run that fails hears why.
  const running = Promise.race([control, run.then(() => control)]);
  running.catch(() => {});
  return { run, notices, control: running };
}

function ask(control: RunControl, name: CommandName, args = {}, token?: string): Promise<CommandResult> {
  return control.command({ ts: 0, name, args, actor: 'test' }, token);
}

async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

/** {@link STRATEGIES} whose `hang` hangs once a file is there. */
function hangsAt(file: string): string {
  const hangs = STRATEGIES.replace('state.bars > params.after', `existsSync(${JSON.stringify(file)})`);
  return `import { existsSync } from 'node:fs';\n${hangs}`;
}

interface Status {
  readonly ordersWorking: number;
  readonly halts: readonly { readonly scope: string }[];
  readonly positions: readonly { readonly qty: number }[];
}

async function status(control: RunControl): Promise<Status | undefined> {
  const answer = await ask(control, 'status');
  return answer.kind === 'done' ? (answer.data as Status) : undefined;
}

async function held(control: RunControl): Promise<true | undefined> {
  return (await status(control))?.positions.some(({ qty }) => qty > 0) === true ? true : undefined;
}

function audit(made: PaperProject): readonly Record<string, unknown>[] {
  const lines = readFileSync(join(made.dataDir, 'runs/p/audit.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

(HAS_DIST ? describe : describe.skip)('a paper run under way (needs dist)', () => {
  it(
    'ends a strategy that never returns, names it, and leaves the latch; controls answer meanwhile',
    async () => {
      const answers = join(project('').folder, 'answers.json');
      const said = (): readonly { kind: string; isFresh: boolean }[] => JSON.parse(readFileSync(answers, 'utf8'));
      const made = project(scripted('hang', { controls: answers }));
      made.write('strategies.js', hangsAt(made.path('HANG')));
      const { run, notices } = start(made, { limits: { snapshotMs: 250 } });
      await until(() => existsSync(answers) && said().some(({ isFresh }) => isFresh));
      writeFileSync(made.path('HANG'), '');
      await expect(run).rejects.toMatchObject({
        code: 'ENGINE_WORKER_HUNG',
        details: { strategy: 'mine', silentMs: expect.any(Number) },
      });
      expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'halt', actor: 'watchdog' }]);
      expect(notices.some(({ code }) => code === 'ENGINE_WORKER_HUNG')).toBe(true);
      expect(said().filter(({ kind, isFresh }) => kind === 'done' && !isFresh).length).toBeGreaterThan(3);
    },
    LIMIT,
  );

  it(
    'starts with new risk halted after that, until it is resumed',
    async () => {
      const made = project(scripted('long'));
      new HaltLatch(made.dataDir).add({ level: 'halt', reason: 'it hung', actor: 'watchdog', at: 1 });
      const first = start(made, { speed: 'max' });
      const { result } = await first.run;
      expect(first.notices.find(({ code }) => code === 'HALT_LATCHED')?.message).toContain('it hung');
      expect(result.fills.total).toBe(0);
      const second = start(made, { speed: 'max', resume: true, runId: 'q' });
      expect((await second.run).result.fills.total).toBeGreaterThan(0);
      expect(existsSync(join(made.dataDir, 'HALTED'))).toBe(false);
    },
    LIMIT,
  );

  it(
    'flattens when the file PANIC is put there, and stays flat',
    async () => {
      const made = project(scripted('long'));
      const stop = new AbortController();
      const { run, control } = start(made, { signal: stop.signal });
      const engine = await control;
      await until(() => held(engine));
      writeFileSync(join(made.dataDir, 'PANIC'), '');
      const flat = await until(async () => {
        const now = await status(engine);
        return now?.halts.length === 1 && now.positions.length === 0 && now.ordersWorking === 0 ? now : undefined;
      });
      expect(flat.halts).toMatchObject([{ scope: 'global' }]);
      expect(existsSync(join(made.dataDir, 'PANIC'))).toBe(false);
      expect(new HaltLatch(made.dataDir).read()).toMatchObject([{ level: 'panic', actor: 'file PANIC' }]);
      stop.abort();
      const { result, ended } = await run;
      expect(ended).toBe('stopped');
      expect(result.fills.total).toBe(2);
      expect(audit(made)).toMatchObject([{ command: 'panic', actor: 'file PANIC', outcome: 'done' }]);
    },
    LIMIT,
  );

  it(
    'asks back before a panic, takes the token once, and asks again before it resumes',
    async () => {
      const made = project(scripted('long'));
      const { run, control } = start(made);
      const engine = await control;
      await until(() => held(engine));
      const asked = await ask(engine, 'panic');
      if (asked.kind !== 'confirm') throw new Error(`Asked back: ${asked.kind}`);
      expect(asked.question).toContain('close all positions');
      expect(await ask(engine, 'panic', { book: 'MAIN' }, asked.token)).toMatchObject({
        reason: 'CONFIRMATION_INVALID',
      });
      expect(await ask(engine, 'panic', {}, asked.token)).toMatchObject({ reason: 'CONFIRMATION_INVALID' });
      const again = (await ask(engine, 'panic')) as Extract<CommandResult, { kind: 'confirm' }>;
      expect(await ask(engine, 'panic', {}, again.token)).toMatchObject({ kind: 'done' });
      const resume = (await ask(engine, 'resume')) as Extract<CommandResult, { kind: 'confirm' }>;
      expect(resume.kind).toBe('confirm');
      expect(await ask(engine, 'resume', {}, resume.token)).toMatchObject({ kind: 'done' });
      expect(existsSync(join(made.dataDir, 'HALTED'))).toBe(false);
      const shutdown = (await ask(engine, 'shutdown')) as Extract<CommandResult, { kind: 'confirm' }>;
      await ask(engine, 'shutdown', {}, shutdown.token);
      expect((await run).ended).toBe('stopped');
      expect(JSON.stringify(audit(made))).not.toContain(again.token);
      expect(audit(made).map(({ command, outcome }) => `${String(command)} ${String(outcome)}`)).toEqual([
        'panic confirm',
        'panic refused',
        'panic refused',
        'panic confirm',
        'panic done',
        'resume confirm',
        'resume done',
        'shutdown confirm',
        'shutdown done',
      ]);
    },
    LIMIT,
  );

  it(
    'stops and starts strategies, and answers every question',
    async () => {
      const made = project(scripted('long'));
      const stop = new AbortController();
      const { run, control } = start(made, { signal: stop.signal });
      const engine = await control;
      await until(() => held(engine));
      expect(await ask(engine, 'stop', { name: 'mine' })).toMatchObject({ kind: 'done' });
      expect(await ask(engine, 'strategies')).toMatchObject({
        data: { strategies: [{ name: 'mine', status: 'stopped' }] },
      });
      expect(await ask(engine, 'stop', { name: 'mien' })).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('mine'),
      });
      expect(await ask(engine, 'start', { name: '*' })).toMatchObject({ kind: 'done' });
      expect(await ask(engine, 'alloc', { name: 'mine', weight: 0.5 })).toMatchObject({ kind: 'done' });
      expect(await ask(engine, 'strategies')).toMatchObject({
        data: { strategies: [{ status: 'running', allocation: 0.5, book: 'MAIN' }] },
      });
      expect(await ask(engine, 'orders', { limit: 5 })).toMatchObject({ data: { total: expect.any(Number) } });
      // The smaller allocation may have been traded by now: its fill is a second one.
      const first = expect.objectContaining({ symbol: 'EURUSD', side: 'buy' });
      expect(await ask(engine, 'fills')).toMatchObject({ data: { fills: expect.arrayContaining([first]) } });
      expect(await ask(engine, 'pnl')).toMatchObject({ data: { books: [{ name: 'MAIN', currency: 'USD' }] } });
      expect(await ask(engine, 'risk')).toMatchObject({
        data: { limits: { use: 'standard' }, halts: [], lossLimits: [] },
      });
      expect(await ask(engine, 'risk', { name: 'mine', bps: 5_000 })).toMatchObject({ kind: 'done' });
      const lossLimits = [{ strategy: 'mine', lossLimitBps: 5_000 }];
      expect(await ask(engine, 'risk', { name: 'mine' })).toMatchObject({ data: { lossLimits } });
      stop.abort();
      expect((await run).ended).toBe('stopped');
      expect(await ask(engine, 'status')).toMatchObject({ kind: 'refused', reason: 'ENGINE_ENDED' });
    },
    LIMIT,
  );

  it(
    'ends when its time is over, and says so to whoever asks',
    async () => {
      const { run, control } = start(project(scripted('long')), { durationMs: 500 });
      const engine = await control;
      expect((await run).ended).toBe('duration');
      expect(await ask(engine, 'status')).toMatchObject({ kind: 'refused', reason: 'ENGINE_ENDED' });
    },
    LIMIT,
  );

  it(
    'runs over a live feed until it is stopped',
    async () => {
      const made = project(LIVE);
      made.write('ticker.js', TICKER);
      const { run, control } = start(made, { speed: 1 });
      const engine = await control;
      await until(() => held(engine));
      expect(await ask(engine, 'status')).toMatchObject({
        data: { isFresh: true, feeds: [{ name: 'data', state: 'live' }] },
      });
      const shutdown = (await ask(engine, 'shutdown')) as Extract<CommandResult, { kind: 'confirm' }>;
      await ask(engine, 'shutdown', {}, shutdown.token);
      const { result, ended } = await run;
      expect(ended).toBe('stopped');
      expect(result.fills.total).toBe(1);
      expect(result.sources).toMatchObject([{ source: 'feed data', symbol: 'EURUSD', rows: result.ticks }]);
      await expect(start(made, { speed: 'max' }).run).rejects.toMatchObject({ code: 'LIVE_SPEED_INVALID' });
    },
    LIMIT,
  );

  it(
    'ends with a result when the process is asked to end',
    async () => {
      const made = project(scripted('long'));
      made.write(
        'main.mjs',
        `import { runPaper } from ${JSON.stringify(PAPER_MODULE)};
       const { result, ended, runDir } = await runPaper({
         configPath: ${JSON.stringify(made.configPath)}, runId: 'p', speed: 10000, html: false,
         onReady: () => process.stdout.write('ready\\n'),
       });
       process.stdout.write(JSON.stringify({ ended, runDir, fills: result.fills.total, hash: result.decisionHash }));`,
      );
      const child = spawn(process.execPath, [made.path('main.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.on('data', (bytes: Buffer) => {
        said += bytes.toString();
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await until(() => (said.includes('ready') ? true : undefined));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      const result = JSON.parse(said.split('\n')[1] ?? '') as { ended: string; runDir: string };
      expect(result.ended).toBe('stopped');
      expect(existsSync(join(result.runDir, 'metrics.json'))).toBe(true);
    },
    LIMIT,
  );
});
