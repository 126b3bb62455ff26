// A paper session that is killed, changed and started again: what happened stays, nothing is decided again, strategies begin anew.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { MOVER, MOVER_WITH_HISTORY } from './live-feed.fixture.js';
import { BUSY, chain, hasBegun, hasFilled, killed, liveUntil, yaml } from './restart.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(300_000);

let project: Project;

beforeEach(() => {
  project = new Project().write('busy.mjs', BUSY).write('mover.mjs', MOVER).write('engine.yaml', yaml());
});

afterEach(() => project.remove());

async function json(words: readonly string[]): Promise<Record<string, unknown>> {
  const finished = await project.run([...words, '--json']);
  expect([words.join(' '), finished.code, finished.stderr]).toEqual([words.join(' '), 0, '']);
  return onlyJson(finished.stdout);
}

const live = (...words: string[]) => project.run(['paper', '--report', 'none', '--json', ...words]);
const runs = async (): Promise<readonly string[]> =>
  ((await json(['journal', 'list']))['segments'] as { run: string }[]).map(({ run }) => run);

/** Holds one position with a stop far away, and notes each call. */
function holder(name: string, share: number): string {
  return strategyModule(
    name,
    `appendFileSync('${name}.txt', JSON.stringify({ ts: context.ts, bars: context.state.bars, share: ${share}, qty: context.position.qty }) + '\\n');
     return { share: ${share}, protect: { stop: ${share} > 0 ? 0.5 : 2 } };`,
  )
    .replace(
      'warmup: () => 1,',
      `warmup: () => 2, onReset(_, gap) { appendFileSync('${name}.txt', JSON.stringify({ reset: gap.reason, isLater: gap.to > gap.from }) + '\\n'); },`,
    )
    .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
}

const said = (name: string): readonly Record<string, unknown>[] => {
  const path = join(project.folder, `${name}.txt`);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

/** What a run leaves, as far as it cannot be decided again. */
function left() {
  const { orders, fills, executed, held } = chain(project);
  return { orders, fills, executed, held };
}

function continued(stderr: string): string {
  return stderr.split('\n').find((line) => line.includes('RUN_CONTINUED')) ?? '';
}

describe('a paper session that goes on with another set-up', () => {
  it('keeps every order and fill of a busy session, whatever of the strategy has changed, and replays', async () => {
    const changes = [
      BUSY.replace('0.001', '0.002'),
      BUSY.replace('0.0005', '0.0007'),
      BUSY.replace('0.5 * side', '0.4 * side'),
    ];
    let filled = 0;
    for (const [place, changed] of changes.entries()) {
      await killed(project, 2_000 + 700 * place, () => hasFilled(project, filled));
      const before = left();
      project.write('busy.mjs', changed);
      const next = await liveUntil(project, () => hasFilled(project, before.fills.length));
      expect([next.code, continued(next.stderr)]).toEqual([0, expect.stringContaining("Strategy 'busy' has changed.")]);
      const after = left();
      expect(after.orders.slice(0, before.orders.length)).toEqual(before.orders);
      expect(after.orders).toEqual(after.orders.map((_, number) => number + 1));
      expect(after.fills.slice(0, before.fills.length)).toEqual(before.fills);
      // Nothing the venue did is lost, nothing is booked twice.
      expect(after.fills).toEqual(after.executed);
      expect(await json(['replay', 'latest', '--verify'])).toMatchObject({ isSame: true });
      filled = after.fills.length;
    }
    expect(left().executed.length).toBeGreaterThan(5);
  });

  it('keeps the position until the changed strategy answers, which starts by warm-up and onReset', async () => {
    project.write('keep.mjs', holder('keep', 0.5)).write('mover.mjs', MOVER_WITH_HISTORY);
    project.write('engine.yaml', yaml().replaceAll('busy', 'keep'));
    await killed(project, 3_000, () => hasFilled(project));
    const before = left();
    expect(before.fills).toHaveLength(1);
    const calls = said('keep').length;
    const held = said('keep').at(-1)?.['qty'] as number;
    // The position is held with other shares now: its first answer is the first that may change it.
    project.write('keep.mjs', holder('keep', 0.25));
    const next = await liveUntil(project, () => hasFilled(project, before.fills.length));
    expect(next.code).toBe(0);
    const [reset, first] = said('keep').slice(calls);
    // Nothing that was decided is decided again: the first call is the reset, then the first answer, with the position as it was.
    expect(reset).toMatchObject({ isLater: true });
    expect(first).toMatchObject({ share: 0.25, bars: 1, qty: held });
    const after = left();
    expect(after.orders.slice(0, before.orders.length)).toEqual(before.orders);
    expect(after.executed[0]).toEqual(before.fills[0]);
    expect(after.held).toEqual([expect.closeTo((held / 2) * 1_000, -7)]);
    for (const run of (await runs()).slice(1)) {
      expect(await json(['replay', run, '--verify'])).toMatchObject({ isSame: true });
    }
    // The first run is replayed with its own code.
    project.write('keep.mjs', holder('keep', 0.5));
    expect(await json(['replay', (await runs())[0] as string, '--verify'])).toMatchObject({ isSame: true });
  });

  it('takes in what is new, and says in the words of engine.yaml what has changed', async () => {
    project.write('keep.mjs', holder('keep', 0.5)).write('late.mjs', holder('late', 0.1));
    project.write('engine.yaml', yaml().replaceAll('busy', 'keep'));
    await killed(project, 3_000, () => hasFilled(project));
    const before = left();
    const added = yaml({ capital: 90_000 })
      .replaceAll('busy', 'keep')
      .replace('[./keep.mjs', '[./late.mjs, ./keep.mjs')
      .replace(
        'strategies:\n',
        'strategies:\n  late: { use: late, symbols: [GBPUSD], book: MAIN, allocation: 0.3, bars: { use: time, options: { seconds: 1, price: mid } } }\n',
      )
      .replace(
        'instruments: {',
        'instruments: { GBPUSD: { assetClass: fx, base: GBP, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7, marginRate: 0.1 },',
      );
    project.write('engine.yaml', added);
    const isDone = (): boolean => said('late').length > 0 && hasFilled(project, before.fills.length);
    const next = await liveUntil(project, isDone);
    expect(next.code).toBe(0);
    expect(continued(next.stderr)).toContain('`strategies.late` is new.');
    expect(continued(next.stderr)).toContain("The capital of book 'MAIN' was 100000 and is 90000");
    const { executed } = left();
    expect(executed.slice(0, before.fills.length)).toEqual(before.fills);
    expect(executed.length).toBeGreaterThan(before.fills.length);
    // A new strategy begins as at a first start.
    expect(said('late')[0]).toMatchObject({ bars: 1, qty: 0 });
    expect(await json(['replay', 'latest', '--verify'])).toMatchObject({ isSame: true });
  });

  it('refuses to leave a position behind, with nothing changed, and lets go of a strategy that is flat', async () => {
    project.write('keep.mjs', holder('keep', 0.5)).write('idle.mjs', holder('idle', 0));
    const both = yaml()
      .replaceAll('busy', 'keep')
      .replace('[./keep.mjs', '[./idle.mjs, ./keep.mjs')
      .concat(
        '  idle: { use: idle, symbols: [EURUSD], allocation: 0.1, bars: { use: time, options: { seconds: 1, price: mid } } }\n',
      )
      .replace('keep: { use: keep,', 'keep: { use: keep, allocation: 0.8,');
    project.write('engine.yaml', both);
    await killed(project, 3_000, () => hasFilled(project));
    const before = left();
    project.write('engine.yaml', both.replace(/^ {2}keep: .*\n/m, ''));
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_LEFT' } }]);
    expect(refused.stdout).toContain("Strategy 'keep' holds");
    expect(await runs()).toHaveLength(1);
    project.write('engine.yaml', both.replace(/^ {2}idle: .*\n/m, ''));
    const next = await live('--duration', '2s');
    expect([next.code, continued(next.stderr)]).toEqual([0, expect.stringContaining('`strategies.idle` is gone.')]);
    expect(left().executed[0]).toEqual(before.fills[0]);
  });

  it('refuses another venue, where positions and orders would mean something else', async () => {
    await killed(project, 2_500, () => hasBegun(project));
    project.write('engine.yaml', yaml().replace('bps: 0.2', 'bps: 0.3'));
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_CHANGED' } }]);
    expect(refused.stdout).toContain("Venue 'sim' has changed.");
    expect(await runs()).toHaveLength(1);
    const fresh = await live('--duration', '1s', '--fresh');
    expect([fresh.code, continued(fresh.stderr)]).toEqual([0, '']);
  });

  it('goes on where a strategy decides otherwise each time: what it decided then is what counts', async () => {
    project.write(
      'busy.mjs',
      BUSY.replace('const side', 'const side = (globalThis.side ??= another()); const unused').replace(
        'import { z }',
        `import { appendFileSync, readFileSync } from 'node:fs';
const another = () => (appendFileSync('starts.txt', 'x'), 0.2 + 0.1 * (readFileSync('starts.txt').length % 7));
import { z }`,
      ),
    );
    await killed(project, 4_500, () => chain(project).orders.length > 0);
    const before = left();
    const next = await live('--duration', '1s');
    expect([next.code, continued(next.stderr)]).toEqual([0, expect.stringContaining('comes to something else now')]);
    expect(left().orders.slice(0, before.orders.length)).toEqual(before.orders);
    expect(left().fills).toEqual(left().executed);
  });

  it('keeps a halt and a stopped strategy', async () => {
    project.write('var/HALTED', '');
    await killed(project, 2_500, () => hasBegun(project));
    project.write('busy.mjs', BUSY.replace('0.001', '0.002'));
    const next = await live('--duration', '2s');
    expect([next.code, left().orders]).toEqual([0, []]);
    await liveUntil(project, () => chain(project).orders.length > 0, '--resume');
    expect(left().orders.length).toBeGreaterThan(0);
  });
});
