// Sessions over a push feed, each compared with the backtest over what it recorded.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { type ArgumentValue, CommandArguments } from '../src/cli/command-arguments.js';
import { CommandOutput, type TextStream } from '../src/cli/command-output.js';
import { runParityCommand } from '../src/cli/parity/run-parity-command.js';
import { removeFolders } from '../src/journal/journal.fixture.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import { renderParity } from '../src/parity/render-parity.js';
import { verdictOf } from '../src/parity/verdict.js';
import { BAR_MS, NOON, ParityProject, parityYaml } from './parity-session.fixture.js';

jest.setTimeout(120_000);

const projects: ParityProject[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
  removeFolders();
});

function project(yaml?: string): ParityProject {
  const made = new ParityProject(yaml);
  projects.push(made);
  return made;
}

function causesOf(result: ParityResult): readonly string[] {
  return result.causes.filter(({ count }) => count > 0).map(({ cause }) => cause);
}

/** PnL(session) - PnL(backtest) is what the causes and the rest add up to, in each row and in all. */
function expectSums(result: ParityResult): void {
  const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-6);
  for (const { pnl, byCause, rest } of result.rows) {
    near(
      pnl.session - pnl.backtest,
      Object.values(byCause).reduce((sum, money) => sum + money, rest),
    );
  }
  near(
    result.pnl.difference,
    result.causes.reduce((sum, { money }) => sum + money, result.rest),
  );
  const { session, backtest } = result.curve;
  near((session.at(-1) as number) - (backtest.at(-1) as number), result.pnl.difference);
}

describe('parity of a session that nothing disturbed', () => {
  it('is the same to the hash, with costs and latency', async () => {
    const made = project(parityYaml({ venue: '{ latency: { submitMs: 40 }, fees: { model: bps, bps: 1 } }' }));
    const session = await made.session('calm');
    session.quotes(300);
    const { decisionHash, fills, metrics } = await session.finish();
    expect(fills.total).toBeGreaterThan(15);
    const result = await made.compare();
    expect(result.differences).toEqual([]);
    expect(result.decisionHash).toEqual({ session: decisionHash, backtest: decisionHash });
    expect(result.isSame).toBe(true);
    expect(result.rows).toMatchObject([{ strategy: 'turns', fills: { session: fills.total, backtest: fills.total } }]);
    // What the two sides are valued with is what the session's own books say.
    expect(result.pnl.session).toBeCloseTo(metrics.finalEquity - metrics.initialEquity, 4);
    expectSums(result);
  });

  it('is the same where ticks come late', async () => {
    const made = project();
    const session = await made.session('late');
    session.quotes(240, { late: (ts) => (ts % 7_000 === 0 ? 3_000 : 0) });
    await session.finish();
    const result = await made.compare();
    expect([result.isSame, result.differences]).toEqual([true, []]);
  });

  it('is the same in a period that ends before the session does', async () => {
    const made = project();
    const session = await made.session('period');
    session.quotes(200);
    await session.finish();
    const result = await made.compare({ to: NOON + 100_000 });
    expect(result).toMatchObject({ isSame: true, decisionHash: { session: null } });
    expect(result.rows[0]?.orders.session).toBeLessThan((await made.compare()).rows[0]?.orders.session ?? 0);
  });
});

describe('parity of a disturbed session', () => {
  it('names an outage of the feed, and what followed from it', async () => {
    const made = project(parityYaml({ staleMs: 2_000 }));
    const session = await made.session('outage');
    session.quotes(121);
    session.silence(13);
    session.quotes(160);
    await session.finish();
    const result = await made.compare();
    expect(result.isSame).toBe(false);
    expect(causesOf(result)).toContain('data');
    expect(causesOf(result)).not.toContain('unexplained');
    expect(result.differences.find(({ cause }) => cause === 'data')?.evidence).toContain('stale');
    expectSums(result);
  });

  it('names a halt, and is the same where the backtest is halted too', async () => {
    const made = project();
    const session = await made.session('halt');
    session.quotes(115);
    session.command('halt');
    session.quotes(60);
    session.command('resume');
    session.quotes(120);
    await session.finish();
    const result = await made.compare();
    expect(causesOf(result)).toContain('guard');
    expect(causesOf(result)).not.toContain('unexplained');
    expect(result.differences.some(({ evidence }) => evidence.includes('halt by ops'))).toBe(true);
    expectSums(result);
    const { isSame, differences } = await made.compare({ withCommands: true });
    expect([isSame, differences]).toEqual([true, []]);
  });

  it('names a panic', async () => {
    const made = project();
    const session = await made.session('panic');
    session.quotes(165);
    session.command('panic');
    session.quotes(100);
    await session.finish();
    const result = await made.compare();
    const [first] = result.differences;
    expect(first).toMatchObject({ cause: 'guard', kind: 'added' });
    expect(causesOf(result)).not.toContain('unexplained');
    expectSums(result);
  });

  it('follows a session back over a kill, and names the restart', async () => {
    const made = project();
    const first = await made.session('first');
    first.quotes(175);
    await first.kill();
    const second = await made.session('second', NOON + 175_000 + 3 * BAR_MS);
    second.quotes(200);
    await second.finish();
    const result = await made.compare();
    expect(result.runs).toEqual(['first', 'second']);
    expect(causesOf(result)).toContain('restart');
    expect(causesOf(result)).not.toContain('unexplained');
    expect(result.warnings[0]).toContain('restarted once');
    expectSums(result);
  });

  it('names the restart long after it, where the strategy was asked about a bar less', async () => {
    const made = project(parityYaml({ use: 'counted' }));
    const first = await made.session('first');
    first.quotes(175);
    await first.kill();
    const second = await made.session('second', NOON + 175_000 + 3 * BAR_MS);
    second.quotes(250);
    await second.finish();
    const result = await made.compare();
    const [missing, added] = result.differences;
    expect(missing).toMatchObject({ kind: 'missing', cause: 'restart' });
    expect(missing?.evidence).toMatch(/had other state than in the backtest since .* The engine was down from/);
    expect(added).toMatchObject({ kind: 'added', cause: 'follows', follows: 1 });
    expect(causesOf(result)).not.toContain('unexplained');
    expectSums(result);
  });

  it('names the stop long after the start, where the strategy was asked about fewer bars, and explains no chance by it', async () => {
    const stopped = async (use: string) => {
      const made = project(parityYaml({ use }));
      const session = await made.session('stopped');
      session.quotes(35);
      session.command('stop', { name: 'turns' });
      session.quotes(20);
      session.command('start', { name: 'turns' });
      session.quotes(345);
      await session.finish();
      return made.compare();
    };
    const counted = await stopped('counted');
    expect(counted.differences[0]).toMatchObject({ cause: 'guard' });
    expect(causesOf(counted)).not.toContain('unexplained');
    const chance = await stopped('late-chance');
    expect(chance.differences[0]).toMatchObject({ cause: 'unexplained' });
    expect(chance.differences[0]?.at).toBeGreaterThanOrEqual(NOON + 120_000);
  });

  it.each([
    ['risk', { name: 'turns', bps: 5_000 }],
    ['alloc', { name: 'turns', weight: 0.25 }],
  ] as const)('has what a person set by %s on both sides, and explains no chance by it', async (name, args) => {
    const set = async (use: string) => {
      const made = project(parityYaml({ use }));
      const session = await made.session('set');
      session.quotes(35);
      session.command(name, args);
      session.quotes(345);
      await session.finish();
      return made.compare();
    };
    const turns = await set('turns');
    expect([turns.isSame, turns.differences]).toEqual([true, []]);
    const chance = await set('late-chance');
    expect(chance.differences[0]).toMatchObject({ cause: 'unexplained' });
    expect(causesOf(chance)).not.toContain('guard');
  });

  it('explains no chance by a feed that was stale when the engine was killed', async () => {
    const made = project(parityYaml({ use: 'late-chance', staleMs: 2_000 }));
    const first = await made.session('first');
    first.quotes(35);
    first.silence(25);
    await first.kill();
    const second = await made.session('second', NOON + 60_000 + 2 * BAR_MS);
    second.quotes(250);
    await second.finish();
    const result = await made.compare();
    expect(causesOf(result)).toContain('unexplained');
    const late = result.differences.filter(({ at }) => at > NOON + 150_000);
    expect(late.map(({ cause }) => cause)).not.toContain('data');
  });

  it('explains no chance by a restart', async () => {
    const made = project(parityYaml({ use: 'late-chance' }));
    const first = await made.session('first');
    first.quotes(35);
    await first.kill();
    const second = await made.session('second', NOON + 35_000 + 3 * BAR_MS);
    second.quotes(250);
    await second.finish();
    const result = await made.compare();
    expect(result.differences[0]).toMatchObject({ cause: 'unexplained' });
    expect(result.differences[0]?.at).toBeGreaterThanOrEqual(NOON + 120_000);
  });

  it('never hides what nothing explains', async () => {
    const made = project(parityYaml({ use: 'chance' }));
    const session = await made.session('chance');
    session.quotes(300);
    await session.finish();
    const result = await made.compare();
    expect(result.causes[0]).toMatchObject({ cause: 'unexplained' });
    expect(result.causes[0]?.count).toBeGreaterThan(0);
    expectSums(result);
  });
});

describe('parity with another configuration', () => {
  async function calm(): Promise<ParityProject> {
    const made = project();
    const session = await made.session('costs');
    session.quotes(240);
    await session.finish();
    return made;
  }

  it('calls another fee a fee', async () => {
    const result = await (await calm()).compare({ overrides: ['venues.sim.options.fees.bps=3'] });
    expect(result.warnings[0]).toContain('configuration');
    const fees = result.differences.filter(({ kind }) => kind === 'fee');
    expect(fees.length).toBeGreaterThan(5);
    expect(new Set(fees.map(({ cause }) => cause))).toEqual(new Set(['fee']));
    expect(causesOf(result)).not.toContain('unexplained');
    expect(result.causes.find(({ cause }) => cause === 'fee')?.money).toBeGreaterThan(0);
    expectSums(result);
  });

  it('says first where the backtest has no fees at all', async () => {
    const result = await (await calm()).compare({ overrides: ['venues.sim.options.fees={ model: none }'] });
    expect(verdictOf(result)).toMatch(/^EXPLAINED: .* The backtest has no fees\.$/);
    expect(result.warnings.join(' ')).toContain('The backtest has no fees, and the session paid some');
    const paid = await (await calm()).compare({ overrides: ['venues.sim.options.fees.bps=3'] });
    expect([verdictOf(paid), ...paid.warnings].join(' ')).not.toContain('no fees');
  });

  it('calls slippage the fill model, in basis points', async () => {
    const slippage = 'venues.sim.options.slippage={ model: bps, bps: 2 }';
    const result = await (await calm()).compare({ overrides: [slippage] });
    const [first] = result.differences.filter(({ kind }) => kind === 'price');
    expect(first).toMatchObject({ cause: 'fill model' });
    expect(first?.slippageBps).toBeCloseTo(-2, 0);
    expect(causesOf(result)).not.toContain('unexplained');
    expectSums(result);
  });

  it('calls latency timing', async () => {
    const result = await (await calm()).compare({ overrides: ['venues.sim.options.latency={ submitMs: 700 }'] });
    const [first] = result.differences.filter(({ kind }) => kind === 'fill-time');
    expect(first).toMatchObject({ cause: 'timing' });
    expect(causesOf(result)).not.toContain('unexplained');
    expectSums(result);
  });

  it('puts all of it on a page that needs nothing else', async () => {
    const result = await (await calm()).compare({ overrides: ['venues.sim.options.fees.bps=3'] });
    const page = renderParity(result);
    expect(page).toContain('EXPLAINED: ');
    expect(page).toContain('data-cause="fee"');
    expect(page).not.toMatch(/(?:src|href)="http/);
  });
});

describe('the command', () => {
  async function run(made: ParityProject, ...args: readonly (readonly [string, ArgumentValue])[]) {
    const written = { stdout: '', stderr: '' };
    const stream = (name: 'stdout' | 'stderr'): TextStream => ({
      ...{ isTerminal: false, columns: 80 },
      write: (text) => void (written[name] += text),
    });
    const values = Object.fromEntries([['run', 'latest'], ['data-dir', made.dataDir], ...args]);
    const isJson = values['json'] === true;
    const output = new CommandOutput({ stdout: stream('stdout'), stderr: stream('stderr'), isJson, isQuiet: false });
    const ignore = () => () => {};
    const io = { output, env: {}, now: () => NOON, onInterrupt: ignore, onBusyInterrupt: ignore };
    const code = await runParityCommand(new CommandArguments(values), io);
    return { code, ...written };
  }

  it('prints, writes the page, and fails on what is unexplained where it has to be strict', async () => {
    const made = project(parityYaml({ use: 'chance' }));
    const session = await made.session('strict');
    session.quotes(300);
    await session.finish();
    const text = await run(made);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('UNEXPLAINED: ');
    expect(readFileSync(join(made.dataDir, 'runs', 'strict', 'parity.html'), 'utf8')).toContain('UNEXPLAINED: ');
    const strict = await run(made, ['strict', true], ['json', true]);
    expect(strict.code).toBe(1);
    const document = JSON.parse(strict.stdout) as { unexplained: number; differences: readonly unknown[] };
    expect(document.unexplained).toBeGreaterThan(0);
    expect(document.differences.length).toBeGreaterThanOrEqual(document.unexplained);
  });

  it('looks where engine.yaml and --set say, as replay does', async () => {
    const made = project();
    const session = await made.session('placed');
    session.quotes(20);
    await session.finish();
    const other = project(parityYaml().replace('dataDir: ./var', 'dataDir: ./elsewhere'));
    const values = { config: other.project.configPath, set: [`engine.dataDir=${made.dataDir}`] };
    const { stdout } = await run(made, ['data-dir', undefined], ['json', true], ...Object.entries(values));
    expect(JSON.parse(stdout)).toMatchObject({ run: 'placed', isSame: true });
    await expect(run(made, ['data-dir', undefined], ['config', values.config])).rejects.toMatchObject({
      code: 'JOURNAL_MISSING',
    });
  });

  it('says that a run was not journalled', async () => {
    const made = project();
    const session = await made.session('one');
    session.quotes(20);
    await session.finish();
    mkdirSync(join(made.dataDir, 'runs', 'plain'));
    await expect(run(made, ['run', 'plain'])).rejects.toMatchObject({ code: 'PARITY_NOT_JOURNALLED' });
    await expect(run(made, ['run', 'nothing'])).rejects.toMatchObject({ code: 'JOURNAL_RUN_UNKNOWN' });
  });
});

describe('what cannot be compared', () => {
  it('says which range holds nothing', async () => {
    const made = project();
    const session = await made.session('range');
    session.quotes(30);
    await session.finish();
    await expect(made.compare({ to: NOON - 1 })).rejects.toMatchObject({ code: 'PARITY_NO_DATA' });
    await expect(made.compare({ from: NOON + 3_600_000 })).rejects.toMatchObject({ code: 'PARITY_NO_DATA' });
    await expect(made.compare({ run: 'other' })).rejects.toMatchObject({ code: 'JOURNAL_RUN_UNKNOWN' });
  });
});
