// Sessions at a broker, each compared with the backtest over what it recorded.
import { afterAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { compareRun } from '../src/parity/compare-run.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import { brokerYaml, LiveBench, twoBrokersYaml } from './live-bench.fixture.js';
import { NOON, removeProjects } from './live-session.fixture.js';

afterAll(removeProjects);

function compared(dataDir: string): Promise<ParityResult> {
  const reader = new JournalReader(dataDir, DRIVER);
  return compareRun({ reader, dataDir, run: 'latest' }).finally(() => reader.close());
}

/** A session whose broker says what is there only after so many bars. */
async function lateReady(strategy: string, { barsBefore, barsAfter }: { barsBefore: number; barsAfter: number }) {
  let say = (): void => {};
  const said = new Promise<void>((resolve) => {
    say = resolve;
  });
  const bench = await LiveBench.begin(brokerYaml(strategy), {
    prepare: (venue) => {
      venue.onSnapshot = () => said.then(() => venue.inner.snapshot());
    },
  });
  for (let bar = 0; bar < barsBefore; bar++) await bench.bar(price(bar));
  say();
  await bench.pass(200);
  for (let bar = barsBefore; bar < barsBefore + barsAfter; bar++) await bench.bar(price(bar));
  await bench.finish();
  return { result: await compared(bench.project.dataDir), bench };
}

function price(bar: number): number {
  return 1.1 + (bar % 5) / 1_000;
}

function unexplained({ causes }: ParityResult): number {
  return causes.find(({ cause }) => cause === 'unexplained')?.count ?? Number.NaN;
}

describe('a broker that is not ready as the session begins', () => {
  it('is why the first decision was held back', async () => {
    const { result } = await lateReady('once', { barsBefore: 1, barsAfter: 4 });
    const [first] = result.differences;
    expect(first).toMatchObject({ kind: 'missing', cause: 'broker' });
    expect(first?.evidence).toContain('venue ib had not yet said what was there');
    expect(unexplained(result)).toBe(0);
    for (const { at } of result.differences) expect(at).toBeGreaterThanOrEqual(result.from);
  });

  it('is the cause long afterwards, where the strategy counts the bars it was asked about', async () => {
    const { result } = await lateReady('late', { barsBefore: 1, barsAfter: 20 });
    const entry = result.differences.filter(({ pair }) => (pair.session ?? pair.backtest)?.purpose === 'entry');
    expect(entry.map(({ kind }) => kind)).toEqual(['missing', 'added']);
    expect(entry[0]).toMatchObject({ cause: 'broker' });
    expect(entry[0]?.evidence).toMatch(/other state than in the backtest since .* venue ib had not yet said/);
    expect(unexplained(result)).toBe(0);
  });

  it('explains nothing of a strategy that goes by chance', async () => {
    const { result } = await lateReady('chance', { barsBefore: 1, barsAfter: 40 });
    expect(unexplained(result)).toBeGreaterThan(0);
  });
});

describe('fees of a broker', () => {
  async function fees(yaml: string): Promise<ParityResult> {
    const bench = await LiveBench.begin(yaml);
    for (let bar = 0; bar < 4; bar++) await bench.bar(price(bar));
    await bench.finish();
    return compared(bench.project.dataDir);
  }

  it('are in the backtest those of the simulated venue that its own names, else of the first one', async () => {
    const costs = (bps: number): string => `{ use: simulated, options: { fees: { model: bps, bps: ${bps} } } }`;
    const yaml = brokerYaml('once').replace('sim: { use: simulated }', `sim: ${costs(1)}, costs: ${costs(3)}`);
    const [first] = (await fees(yaml)).rows;
    const [named] = (await fees(yaml.replace('{ use: broker }', '{ use: broker, simulatedBy: costs }'))).rows;
    expect(first?.fees.backtest).toBeGreaterThan(0);
    expect(named?.fees.backtest).toBeCloseTo(3 * (first?.fees.backtest ?? Number.NaN), 1);
  });
});

describe('two brokers that number their executions alike', () => {
  it('have each what was traded there, in the end as by the books', async () => {
    const bench = await LiveBench.begin(twoBrokersYaml('once'), { hasTwo: true });
    for (let bar = 0; bar < 4; bar++) await bench.bar(price(bar));
    const books = bench.session.snapshot()?.books ?? [];
    await bench.finish();
    const { rows, pnl } = await compared(bench.project.dataDir);
    const earned = books.reduce((sum, { equity }) => sum + (equity ?? Number.NaN) - 100_000, 0);
    expect(earned).not.toBe(0);
    expect(pnl.session).toBeCloseTo(earned, 6);
    expect(rows.map(({ strategy, fills }) => [strategy, fills.session])).toEqual([
      ['mine', 2],
      ['beside', 2],
    ]);
  });
});

describe('an entry that takes the place of another', () => {
  /** A bar of two ticks. */
  async function bar(bench: LiveBench, bid: number): Promise<void> {
    for (let tick = 0; tick < 2; tick++) {
      bench.quote(bid);
      await bench.pass(200);
    }
  }

  it('is sent when its broker has that off: what comes of it is of timing', async () => {
    const clock = new FakeClock(NOON);
    const yaml = brokerYaml('switching').replace(
      /bars: \{.*price: mid \} \}/,
      'bars: { use: tick, options: { ticks: 2, price: mid } }',
    );
    const bench = await LiveBench.begin(yaml, {
      clock,
      prepare: ({ inner }) => {
        const cancel = inner.cancel.bind(inner);
        inner.cancel = (ref) => {
          clock.callAt(clock.nowUtc() + 15, () => void cancel(ref));
          return Promise.resolve({ kind: 'sent' });
        };
      },
    });
    for (let bars = 0; bars < 6; bars++) await bar(bench, price(bars));
    await bench.finish();
    const result = await compared(bench.project.dataDir);
    const [missing, added] = result.differences.filter(({ kind }) => kind === 'missing' || kind === 'added');
    expect(missing).toMatchObject({ kind: 'missing', cause: 'timing' });
    expect(missing?.evidence).toMatch(/^The entry before it had to be off first, asked for at 2024-01-02T12:00:0/);
    expect(added).toMatchObject({ kind: 'added', cause: 'follows', follows: missing?.id });
    expect(added?.at).toBe((missing?.at ?? Number.NaN) + 15);
    expect(unexplained(result)).toBe(0);
  });
});
