// A paper session over live feeds that is killed and started again: nothing is lost, nothing is done twice.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { MOVER, MOVER_WITH_HISTORY } from './live-feed.fixture.js';
import { BUSY, chain, hasFilled, killed, STEADY, yaml } from './restart.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(300_000);

let project: Project;

beforeEach(() => {
  project = new Project().write('busy.mjs', BUSY).write('mover.mjs', MOVER).write('engine.yaml', yaml());
});

afterEach(() => project.remove());

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

describe('a paper session over live feeds', () => {
  it('goes on after every kill: no order twice, no fill lost, every run begins with what the one before came to', async () => {
    for (let kill = 0; kill < 6; kill++) await killed(project, 300 + Math.floor(Math.random() * 3_000));
    expect(await live('--duration', '3s')).toMatchObject({ code: 0 });
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
    await live('--duration', '6s');
    project.write('var/HALTED', '');
    const halted = await live('--duration', '2s');
    expect(halted.stderr).toContain('RUN_CONTINUED');
    const { executed } = chain(project);
    expect(executed.length).toBeGreaterThan(0);
    await live('--duration', '4s', '--resume');
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
    const { stderr } = await live('--duration', '2s');
    expect(stderr).toMatch(/HALT_LATCHED: .*by ada.* It is not complete, so it goes on/);
    const { executed, held } = chain(project);
    expect([executed.length, held]).toEqual([2, [0]]);
    const resumed = await live('--duration', '2s', '--resume');
    expect(resumed.stderr).not.toContain('HALT_LATCHED');
  });

  it('warms up from history what begins anew, and keeps the window of what goes on', async () => {
    project.write('mover.mjs', MOVER_WITH_HISTORY);
    const watch = (name: string, tolerance: string): string =>
      strategyModule(
        name,
        `const starts = Array.from({ length: Math.min(5, context.bars.length) }, (_, ago) => context.bars.ts(ago));
         appendFileSync('${name}.txt', JSON.stringify({ bars: context.state.bars, starts }) + '\\n'); return 1;`,
      )
        .replace(
          'warmup: () => 1,',
          `warmup: () => 5, ${tolerance} onReset() { appendFileSync('${name}.txt', '"reset"\\n'); },`,
        )
        .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
    for (const [name, tolerance] of [
      ['short', 'gapToleranceMs: 1,'],
      ['long', ''],
    ] as const) {
      rmSync(join(project.folder, 'var'), { recursive: true, force: true });
      project.write(`${name}.mjs`, watch(name, tolerance)).write('engine.yaml', yaml().replaceAll('busy', name));
      await killed(project, 2_500);
      await live('--duration', '3s');
      const lines = readFileSync(join(project.folder, `${name}.txt`), 'utf8')
        .trim()
        .split('\n');
      const seen = lines.map((line) => JSON.parse(line) as 'reset' | { bars: number; starts: number[] });
      const again = seen.indexOf('reset');
      expect([name, again > 0]).toEqual([name, name === 'short']);
      const asked = seen.filter((one) => one !== 'reset');
      // Without a reset the count goes on over the restart; what is processed again for it is asked again, and says the same.
      const counts = [...new Set(asked.map(({ bars }) => bars))];
      if (name === 'long') expect(counts).toEqual(counts.map((_, place) => place + 1));
      else expect(seen[again + 1]).toMatchObject({ bars: 1 });
      for (const { starts } of asked) {
        expect(starts).toHaveLength(5);
        expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => b - a));
      }
      // History follows without a hole; the bar under way between it and the first live one is dropped.
      const { starts } = (name === 'short' ? seen[again + 1] : asked[0]) as { starts: number[] };
      const steps = starts.slice(1).map((ts, place) => (starts[place] as number) - ts);
      expect([name, (steps[0] as number) <= 2_000, steps.slice(1)]).toEqual([name, true, [1_000, 1_000, 1_000]]);
    }
  });

  it('refuses to go on from a damaged journal', async () => {
    await killed(project, 2_500);
    const raw = new DRIVER(join(project.folder, 'var/journal.db'));
    raw.exec('UPDATE blocks SET payload = zeroblob(length(payload)) WHERE id = (SELECT max(id) FROM blocks)');
    raw.close();
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_DAMAGED' } }]);
    expect(await live('--duration', '1s', '--fresh')).toMatchObject({ code: 0 });
  });

  it('begins strategies anew whose tolerance the time away exceeded, and those alone', async () => {
    const reset = (name: string, tolerance: string): string =>
      strategyModule(name, 'return 1;')
        .replace(
          'warmup: () => 1,',
          `warmup: () => 1, ${tolerance} onReset({ state }, gap) { appendFileSync('resets.txt', '${name} ' + (gap.to > gap.from) + ' ' + state.bars + '\\n'); },`,
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
    await killed(project, 2_600);
    await live('--duration', '5s');
    expect(readFileSync(join(project.folder, 'resets.txt'), 'utf8').trim()).toBe('short true 0');
  });
});
