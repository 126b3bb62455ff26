// A paper session over live feeds that is killed and started again: nothing is lost, nothing is done twice.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HaltLatch, isOpenPanic } from '../src/control/halt-latch.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { MOVER, MOVER_WITH_HISTORY } from './live-feed.fixture.js';
import { BUSY, chain, hasBegun, hasFilled, killed, liveUntil, STEADY, yaml } from './restart.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(300_000);

let project: Project;

beforeEach(() => {
  project = new Project().write('busy.mjs', BUSY).write('mover.mjs', MOVER).write('engine.yaml', yaml());
});

afterEach(() => project.remove());

/** Executions the journal has heard of. */
const filled = (): number => (existsSync(join(project.folder, 'var/journal.db')) ? chain(project).fills.length : 0);

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const finished = await project.run([...words, '--json']);
  expect([words.join(' '), finished.code, code === 0 ? finished.stderr : '']).toEqual([words.join(' '), code, '']);
  return onlyJson(finished.stdout);
}

interface Listed {
  readonly segments: readonly {
    readonly run: string;
    readonly state: string;
    readonly continues: string | null;
    readonly first: number;
    readonly last: number;
    readonly snapshots: number;
  }[];
}

/** Segments of the journal, but for runs that were killed before they had taken over from the one before: the next one passes these over. */
async function list(): Promise<Listed['segments']> {
  const { segments } = (await json(['journal', 'list'])) as unknown as Listed;
  return segments.filter(({ first, last, snapshots }) => last >= first || snapshots > 0);
}

const live = (...words: string[]) => project.run(['paper', '--report', 'none', '--json', ...words]);

const EVERYTHING = { recursive: true, force: true } as const;

/** Notes up to when it is asked for history, and each second of which it brings quotes. */
const NOTING_MOVER = MOVER_WITH_HISTORY.replace('import {', "import { appendFileSync } from 'node:fs';\nimport {")
  .replace('let timer;', 'let timer, noted;')
  .replace('const ts = [];', "const ts = []; appendFileSync('history.txt', to + '\\n');")
  .replace(
    'const bid =',
    "const second = ts - (ts % 1000); if (noted !== second) appendFileSync('quoted.txt', (noted = second) + '\\n');\nconst bid =",
  );

interface Asked {
  readonly bars: number;
  readonly starts: readonly number[];
}

/** A strategy that notes when it begins anew, and the bars it has at each call; `short` bears no gap. */
function noting(name: 'short' | 'long'): string {
  const body = `const starts = Array.from({ length: Math.min(5, context.bars.length) }, (_, ago) => context.bars.ts(ago));
    appendFileSync('${name}.txt', JSON.stringify({ bars: context.state.bars, starts }) + '\\n'); return 1;`;
  const tolerance = name === 'short' ? 'gapToleranceMs: 1,' : '';
  return strategyModule(name, body)
    .replace(
      'warmup: () => 1,',
      `warmup: () => 5, ${tolerance} onReset() { appendFileSync('${name}.txt', '"reset"\\n'); },`,
    )
    .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
}

function linesOf(path: string): readonly string[] {
  const file = join(project.folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const noted = (name: string): readonly ('reset' | Asked)[] =>
  linesOf(`${name}.txt`).map((line) => JSON.parse(line) as 'reset' | Asked);
const asked = (name: string): readonly Asked[] => noted(name).filter((one) => one !== 'reset');
const hasAnswered = (): boolean => noted('short').includes('reset') && noted('short').at(-1) !== 'reset';
const lastCount = (name: string): number => asked(name).at(-1)?.bars ?? 0;

/** Bars back from one: those of which quotes came, and before them history without a hole, but for the one under way in between. */
function windowAt(newest: number, askedAt: number): readonly number[] {
  const quoted = linesOf('quoted.txt').map(Number).toReversed();
  const closed = Array.from({ length: 5 }, (_, ago) => askedAt - (askedAt % 1_000) - (ago + 1) * 1_000);
  return [...quoted.filter((ts) => ts >= askedAt && ts <= newest), ...closed].slice(0, 5);
}

describe('a paper session over live feeds', () => {
  it('goes on after every kill: no order twice, no fill lost, every run begins with what the one before came to', async () => {
    // At any moment; every other time something has been done since the last one, and may be lost.
    for (const afterMs of [2_900, 300, 2_300, 900, 3_200, 1_500]) {
      const before = filled();
      await killed(project, afterMs, () => afterMs < 2_000 || filled() > before);
    }
    const before = filled();
    const isEnough = (): boolean => filled() > Math.max(3, before) && chain(project).orders.length > 5;
    expect(await liveUntil(project, isEnough)).toMatchObject({ code: 0 });
    const { orders, fills, executed, numbers } = chain(project);
    expect(orders).toEqual(orders.map((_, place) => place + 1));
    expect(orders.length).toBeGreaterThan(5);
    expect(executed.length).toBeGreaterThan(3);
    expect(fills).toEqual(executed);
    numbers.slice(1).forEach(([first], place) => expect(first).toBe((numbers[place]?.[1] ?? 0) + 1));
    const segments = await list();
    expect(segments.map(({ continues }) => continues)).toEqual([null, ...segments.slice(0, -1).map(({ run }) => run)]);
    expect(segments.map(({ state }) => state)).toEqual([...segments.slice(1).map(() => 'continued'), 'ended']);
    for (const { run } of segments) expect(await json(['replay', run, '--verify'])).toMatchObject({ isSame: true });
    expect(await json(['journal', 'verify'])).toMatchObject({ isWhole: true });
  });

  it('goes on after a clean stop, and keeps halts until they are taken back', async () => {
    await liveUntil(project, () => hasFilled(project));
    project.write('var/HALTED', '');
    const halted = await live('--duration', '2s');
    expect(halted.stderr).toContain('RUN_CONTINUED');
    const { executed } = chain(project);
    expect(executed.length).toBeGreaterThan(0);
    await liveUntil(project, () => hasFilled(project, executed.length), '--resume');
    const after = chain(project);
    expect(after.executed.slice(0, executed.length)).toEqual(executed);
    expect(after.executed.length).toBeGreaterThan(executed.length);
    for (const { run } of await list()) expect(await json(['replay', run, '--verify'])).toMatchObject({ isSame: true });
  });

  it('closes at the start what a panic left open', async () => {
    project.write('steady.mjs', STEADY).write('engine.yaml', yaml().replaceAll('busy', 'steady'));
    await killed(project, 3_000, () => hasFilled(project));
    const panic = { level: 'panic', reason: 'test', actor: 'ada', at: 1 };
    project.write('var/HALTED', JSON.stringify({ halted: [panic] }));
    const refused = await project.run(['paper', '--duration', '2s', '--report', 'none', '--resume']);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringMatching(/PANIC_NOT_COMPLETE.*HALTED.*by ada/s)]);
    const latch = new HaltLatch(join(project.folder, 'var'));
    const { stderr } = await liveUntil(project, () => !latch.read().some(isOpenPanic));
    expect(stderr).toMatch(/HALT_LATCHED: .*by ada.* It is not complete, so it goes on/);
    const { executed, held } = chain(project);
    expect([executed.length, held]).toEqual([2, [0]]);
    const resumed = await live('--duration', '2s', '--resume');
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.not.stringContaining('HALT_LATCHED')]);
  });

  it('warms up from history what begins anew, and keeps the window of what goes on', async () => {
    project.write('mover.mjs', NOTING_MOVER);
    for (const name of ['short', 'long'] as const) {
      for (const path of ['var', 'history.txt', 'quoted.txt']) rmSync(join(project.folder, path), EVERYTHING);
      project.write(`${name}.mjs`, noting(name)).write('engine.yaml', yaml().replaceAll('busy', name));
      await killed(project, 2_500, () => asked(name).length > 0 && hasBegun(project));
      const before = lastCount(name);
      await liveUntil(project, () => (name === 'short' ? hasAnswered() : lastCount(name) > before));
      const seen = noted(name);
      const again = seen.indexOf('reset');
      expect([name, again > 0]).toEqual([name, name === 'short']);
      // Without a reset the count goes on over the restart; what is processed again for it is asked again, and says the same.
      const counts = [...new Set(asked(name).map(({ bars }) => bars))];
      if (name === 'long') expect(counts).toEqual(counts.map((_, place) => place + 1));
      else expect(seen[again + 1]).toMatchObject({ bars: 1 });
      for (const { starts } of asked(name)) {
        expect(starts).toHaveLength(5);
        expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => b - a));
      }
      const { starts } = (name === 'short' ? seen[again + 1] : seen[0]) as Asked;
      const askedAt = linesOf('history.txt')
        .map(Number)
        .at(name === 'short' ? -1 : 0) as number;
      expect([name, starts]).toEqual([name, windowAt(starts[0] as number, askedAt)]);
    }
  });

  it('says where a snapshot that it would have gone on from is damaged', async () => {
    for (const before of [0, 1]) expect((await liveUntil(project, () => hasBegun(project, before))).code).toBe(0);
    const raw = new DRIVER(join(project.folder, 'var/journal.db'));
    raw.exec("UPDATE snapshots SET payload = x'00' WHERE id = (SELECT max(id) FROM snapshots)");
    raw.close();
    const { code, stderr } = await live('--duration', '1s');
    expect([code, stderr.split('JOURNAL_SNAPSHOT_DAMAGED').length - 1]).toEqual([0, 1]);
    expect(stderr).toMatch(
      /JOURNAL_SNAPSHOT_DAMAGED: Part 1 of run '[^']+': the snapshot after record \d+ is not as it was written/,
    );
    expect(stderr).toContain('RUN_CONTINUED');
  });

  it('refuses to go on from a damaged journal', async () => {
    await killed(project, 2_500, () => hasBegun(project));
    const raw = new DRIVER(join(project.folder, 'var/journal.db'));
    raw.exec('UPDATE blocks SET payload = zeroblob(length(payload)) WHERE id = (SELECT max(id) FROM blocks)');
    raw.close();
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_DAMAGED' } }]);
    // Flat is not resumed: what the latch has stays until it is taken back, and one start may do both.
    const latch = new HaltLatch(join(project.folder, 'var'));
    latch.add({ level: 'halt', reason: 'Yesterday.', actor: 'ann', at: Date.now() });
    const flat = await live('--duration', '1s', '--fresh');
    expect([flat.code, flat.stderr.includes('HALT_LATCHED'), latch.read().length]).toEqual([0, true, 1]);
    const both = await live('--duration', '1s', '--fresh', '--resume');
    expect([both.code, both.stderr.includes('HALT_LATCHED'), latch.read().length]).toEqual([0, false, 0]);
  });

  it('begins strategies anew whose tolerance the time away exceeded, and those alone', async () => {
    const reset = (name: string, tolerance: string): string =>
      strategyModule(name, `appendFileSync('said.txt', '${name}\\n'); return 1;`)
        .replace(
          'warmup: () => 1,',
          `warmup: () => 1, ${tolerance} onReset({ state }, gap) { appendFileSync('said.txt', 'reset ${name} ' + (gap.to > gap.from) + ' ' + state.bars + '\\n'); },`,
        )
        .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
    project.write('short.mjs', reset('short', 'gapToleranceMs: 1,')).write('long.mjs', reset('long', ''));
    const strategies = ['short', 'long'].map(
      (name) =>
        `  ${name}: { use: ${name}, symbols: [EURUSD], allocation: 0.1, bars: { use: time, options: { seconds: 1, price: mid } } }`,
    );
    project.write(
      'engine.yaml',
      `${yaml().split('strategies:')[0]?.replace('./busy.mjs', './short.mjs, ./long.mjs') ?? ''}strategies:\n${strategies.join('\n')}\n`,
    );
    const areAsked = (lines: readonly string[]): boolean => ['short', 'long'].every((name) => lines.includes(name));
    const resets = (): readonly string[] => linesOf('said.txt').filter((line) => line.startsWith('reset '));
    await killed(project, 2_600, () => areAsked(linesOf('said.txt')) && hasBegun(project));
    await liveUntil(project, () => {
      const lines = linesOf('said.txt');
      return resets().length > 0 && areAsked(lines.slice(lines.indexOf(resets()[0] as string)));
    });
    expect(resets()).toEqual(['reset short true 0']);
  });
});
