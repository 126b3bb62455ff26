// Sessions that go on in another set-up, each chain compared with one backtest.
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { removeFolders } from '../src/journal/journal.fixture.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import { hasSums, verdictOf } from '../src/parity/verdict.js';
import { BAR_MS, NOON, ParityProject, parityYaml } from './parity-session.fixture.js';

jest.setTimeout(120_000);

const projects: ParityProject[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
  removeFolders();
});

const BARS = 'bars: { use: time, options: { seconds: 10, price: mid } }';
const AUDUSD = 'AUDUSD: { assetClass: fx, base: AUD, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 }, ';
const BOTH = ['EURUSD', 'AUDUSD'];

/** A strategy on a symbol, as a line of the last section of engine.yaml. */
function line(name: string, symbol: string): string {
  return `  ${name}: { use: turns, symbols: [${symbol}], ${BARS} }\n`;
}

/** A run numbers its instruments as its strategies name them: one that stands first makes all others other ones. */
function withFirst(yaml: string, strategy: string): string {
  return yaml.replace('strategies:\n', `strategies:\n${strategy}`);
}

interface Changes {
  readonly before?: string;
  readonly after: string;
  readonly symbols?: readonly string[];
  /** Symbols of the first session. */
  readonly first?: readonly string[];
  /** How long that is, in seconds; by 185 the strategies are flat. */
  readonly seconds?: number;
}

/** Two sessions, in whose pause engine.yaml became another one. */
async function chain(changes: Changes): Promise<ParityProject> {
  const { before = parityYaml(), after, first = ['EURUSD'], symbols = first, seconds = 175 } = changes;
  const made = new ParityProject(before);
  projects.push(made);
  const session = await made.session('first');
  session.quotes(seconds, { symbols: first });
  await session.finish();
  made.project.write('engine.yaml', after);
  const second = await made.session('second', NOON + seconds * 1_000 + 3 * BAR_MS);
  second.quotes(300, { symbols });
  await second.finish();
  return made;
}

function rowOf({ rows }: ParityResult, strategy: string) {
  return rows.find((row) => row.strategy === strategy);
}

function expectWhole(result: ParityResult): void {
  expect(result.causes.find(({ cause }) => cause === 'unexplained')?.count).toBe(0);
  expect(hasSums(result)).toBe(true);
  expect(result.differences.every(({ money }) => Number.isFinite(money))).toBe(true);
  const { session, backtest } = result.curve;
  expect((session.at(-1) as number) - (backtest.at(-1) as number)).toBeCloseTo(result.pnl.difference, 6);
}

describe('a strategy that was added in a chain', () => {
  it('begins in the backtest where it began in the session, and is compared like others', async () => {
    const made = await chain({ after: parityYaml({ strategies: line('more', 'EURUSD') }) });
    const result = await made.compare();
    const more = rowOf(result, 'more');
    expect(more?.orders.session).toBeGreaterThan(5);
    expect(more?.orders.backtest).toBe(more?.orders.session);
    const early = result.differences.filter(({ strategy, at }) => strategy === 'more' && at < NOON + 175_000);
    expect(early).toEqual([]);
    // The book is shared among more from there on, on both sides.
    expect(result.differences.filter(({ kind, cause }) => kind === 'terms' && cause !== 'restart')).toEqual([]);
    expectWhole(result);
    expect(result.warnings.join('\n')).toContain("Strategy 'more' is new in run second");
  });
});

describe('an instrument that was added in a chain', () => {
  it('has its rows by its symbol, wherever engine.yaml lists it', async () => {
    const after = withFirst(parityYaml({ instruments: AUDUSD }), line('more', 'AUDUSD'));
    const made = await chain({ after, symbols: BOTH });
    const result = await made.compare();
    const more = rowOf(result, 'more');
    expect(more?.orders.session).toBeGreaterThan(5);
    expect(more?.orders.backtest).toBe(more?.orders.session);
    expect(more?.pnl.difference).toBeCloseTo(0, 6);
    expectWhole(result);
    const far = result.differences.filter(({ slippageBps }) => Math.abs(slippageBps) > 100);
    expect(far).toEqual([]);
  });
});

describe('instruments of a chain that stand elsewhere in engine.yaml later', () => {
  const before = withFirst(parityYaml({ instruments: AUDUSD }), line('more', 'AUDUSD'));

  it('have their rows and orders by their symbols', async () => {
    const after = parityYaml({ instruments: AUDUSD, strategies: line('more', 'AUDUSD') });
    const result = await (await chain({ before, after, first: BOTH })).compare();
    expect(rowOf(result, 'more')?.orders.session).toBeGreaterThan(20);
    expect(result.differences.filter(({ slippageBps }) => Math.abs(slippageBps) > 100)).toEqual([]);
    expectWhole(result);
  });

  it('have them where one that stood before is gone, which is said', async () => {
    const after = parityYaml();
    const result = await (await chain({ before, after, first: BOTH, symbols: ['EURUSD'], seconds: 185 })).compare();
    expect(rowOf(result, 'turns')?.orders.session).toBeGreaterThan(20);
    expect(result.differences.filter(({ slippageBps }) => Math.abs(slippageBps) > 100)).toEqual([]);
    expectWhole(result);
    expect(result.warnings.join('\n')).toContain('`strategies.more` is gone.');
  });
});

describe('what the backtest cannot have', () => {
  const OTHER = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const other = defineStrategy({
  name: 'other',
  params: z.strictObject({}),
  state: () => ({}),
  warmup: () => 1,
  onBar: ({ bar }) => (Math.floor(bar.ts / 10000) % 2 === 0 ? 0.5 : -0.5),
});
export default definePlugin({ id: 'other', apiVersion: API_VERSION, strategies: { other } });
`;

  async function withOther(): Promise<ParityProject> {
    const made = new ParityProject(parityYaml());
    projects.push(made);
    made.project.write('other.mjs', OTHER);
    const first = await made.session('first');
    first.quotes(175);
    await first.finish();
    const after = parityYaml({
      instruments: AUDUSD,
      strategies: line('more', 'AUDUSD').replace('use: turns', 'use: other'),
    });
    made.project.write('engine.yaml', after.replace('[./turns.mjs]', '[./turns.mjs, ./other.mjs]'));
    const second = await made.session('second', NOON + 205_000);
    second.quotes(300, { symbols: BOTH });
    await second.finish();
    return made;
  }

  it('is named and in no sum, and the others are whole: a strategy whose plugin is gone', async () => {
    const made = await withOther();
    expect((await made.compare()).uncompared).toEqual([]);
    rmSync(made.project.path('other.mjs'));
    const result = await made.compare();
    expect(result.uncompared).toEqual(['more']);
    expect(result.warnings[0]).toMatch(
      /^Strategy 'more' is not compared \(\d+ orders, AUDUSD in book MAIN\): .*other\.mjs.*[^.]\. It is in no sum\.$/s,
    );
    expect(verdictOf(result)).toMatch(/^EXPLAINED: .* Not compared: more\.$/);
    expect(result.rows.map(({ strategy }) => strategy)).toEqual(['turns']);
    expectWhole(result);
  });

  it('is so with a configuration that has not what was added, or has what no session had', async () => {
    const made = await withOther();
    made.project.write('with.yaml', parityYaml());
    const without = await made.compare({ configPath: made.project.path('with.yaml') });
    expect(without.uncompared).toEqual(['more']);
    expectWhole(without);
    const more = parityYaml({ instruments: AUDUSD.replaceAll('AUD', 'GBP'), strategies: line('most', 'GBPUSD') });
    made.project.write('with.yaml', more);
    expect((await made.compare({ configPath: made.project.path('with.yaml') })).uncompared).toEqual(['more']);
  });
});
