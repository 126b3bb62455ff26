// What an operator is told while a live run goes on: how old what is shown is, what still holds, and what is worth a page.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { VenueSnapshot } from '@bookrunner/sdk';
import { answerQuestion } from '../src/control/answer-question.js';
import type { EngineSnapshot } from '../src/control/engine-snapshot.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { compareRun } from '../src/parity/compare-run.js';
import { FEED_AWAY_LIMIT_MS } from '../src/runtime/live/paused-watch.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { MINUTE, removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

function shown(bench: LiveBench): EngineSnapshot {
  return bench.session.snapshot() as EngineSnapshot;
}

function status(bench: LiveBench): Readonly<Record<string, unknown>> {
  const command = { ts: 0, name: 'status', args: {}, actor: 'ann' } as const;
  return answerQuestion(command, { snapshot: shown(bench), isFresh: true, latched: [], limits: {} });
}

function told(bench: LiveBench, ...codes: readonly string[]): readonly string[] {
  return bench.notices.filter(({ code }) => codes.includes(code)).map(({ code, level }) => `${code} ${level}`);
}

function feed(bench: LiveBench, state: 'disconnected' | 'live'): Promise<void> {
  const ts = bench.clock.nowUtc();
  bench.feed.sink.status({ ts, feed: 'data', state, reason: 'TEST', message: '' });
  return bench.settle();
}

describe('a broker that answers no more', () => {
  it('is not called reconciled once its last complete answer is old, and is so again with the next', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    expect(status(bench)).toMatchObject({
      venues: [{ isReconciled: true }],
      reconciliation: [{ completeAgeMs: 0 }],
    });
    bench.venue.onSnapshot = () => Promise.reject(new Error('stalled'));
    await bench.pass(60_000);
    expect(status(bench)).toMatchObject({ venues: [{ state: 'ready', isReconciled: true }] });
    for (let turn = 0; turn < 20; turn++) await bench.pass(2_000);
    expect(status(bench)).toMatchObject({
      venues: [{ state: 'ready', isReconciled: false }],
      reconciliation: [{ state: 'ready', completeAgeMs: 100_000 }],
    });
    bench.venue.onSnapshot = () => bench.venue.inner.snapshot();
    await bench.pass(30_000);
    expect(status(bench)).toMatchObject({ venues: [{ isReconciled: true }] });
    await bench.finish();
  });
});

describe('a feed that is away', () => {
  it('is a warning at first, and an alarm for all its strategies together where it lasts', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    await feed(bench, 'disconnected');
    await bench.pass(500);
    await feed(bench, 'live');
    expect(told(bench, 'FEED_PAUSED', 'FEED_RESUMED')).toEqual(['FEED_PAUSED warning', 'FEED_RESUMED info']);
    bench.notices.length = 0;
    await feed(bench, 'disconnected');
    for (let passed = 0; passed < 2 * FEED_AWAY_LIMIT_MS; passed += 1_000) await bench.pass(1_000);
    expect(told(bench, 'FEED_PAUSED')).toEqual(['FEED_PAUSED warning', 'FEED_PAUSED alarm']);
    await feed(bench, 'live');
    expect(told(bench, 'FEED_RESUMED')).toEqual(['FEED_RESUMED info']);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});

describe('a restart', () => {
  it('is no alarm, and tells what it tells in order of time', async () => {
    const first = await LiveBench.begin(brokerYaml('resting'));
    await first.bar();
    await first.finish();
    first.clock.advance(5 * MINUTE);
    const next = await LiveBench.begin('', { project: first.project, clock: first.clock, runId: 'run-2' });
    await next.bar();
    const times = next.notices.map(({ ts }) => ts);
    expect(next.codes()).toEqual(expect.arrayContaining(['RUN_CONTINUED', 'BROKER_AWAY', 'FEED_PAUSED']));
    expect(next.notices.filter(({ level }) => level === 'alarm')).toEqual([]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await next.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });
});

describe('capital', () => {
  function withEquity(equity: number, euro = 0) {
    return (venue: LiveBench['venue']): void => {
      venue.onSnapshot = async () => {
        const answer = await venue.inner.snapshot();
        const own = answer.accounts.items.map((account) => ({ ...account, equity }));
        const items = own.flatMap((row) => [row, { ...row, currency: 'EUR', cash: euro, equity: euro }]);
        return { ...answer, accounts: { ...answer.accounts, items } } satisfies VenueSnapshot;
      };
    };
  }

  it('that the account does not have is a warning with both figures, once', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'), { prepare: withEquity(20_000) });
    await bench.bar();
    await bench.pass(2 * MINUTE);
    const found = bench.notices.filter(({ code }) => code === 'CAPITAL_ABOVE_EQUITY');
    expect(found).toMatchObject([
      { level: 'warning', details: { account: 'main', books: expect.any(Number), equity: 20_000, currency: 'USD' } },
    ]);
    expect(found[0]?.message).toContain('20000 USD');
    await bench.finish();
  });

  it.each([
    ['in one currency', 100_000, 0],
    ['in two together', 60_000, 50_000],
  ])('that it has %s is none', async (_name, equity, euro) => {
    const bench = await LiveBench.begin(brokerYaml('resting'), { prepare: withEquity(equity, euro) });
    await bench.bar();
    await bench.pass(2 * MINUTE);
    expect(bench.codes()).not.toContain('CAPITAL_ABOVE_EQUITY');
    await bench.finish();
  });
});

describe('parity of a session that closed what no book explains', () => {
  it('has its sums, leaves that out and says so', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    const say = (name: 'reconcile' | 'flatten', args = {}): Promise<void> => {
      const ts = bench.clock.nowUtc();
      bench.session.command({ ts, name, args, actor: 'ann' }, () => {});
      return bench.pass(200);
    };
    await bench.bar();
    const held = bench.qty() ?? 0;
    // Bought by hand, and in no list of executions.
    bench.venue.onSnapshot = async () => {
      const answer = await bench.venue.inner.snapshot();
      const qty = 5_000 + answer.positions.items.reduce((sum, position) => sum + position.qty, 0);
      const items = [{ account: 'DU1', symbol: 'EURUSD', qty, avgPrice: 1.1 }];
      return { ...answer, positions: { ...answer.positions, items } } satisfies VenueSnapshot;
    };
    for (let turn = 0; turn < 4; turn++) await say('reconcile');
    expect(bench.codes()).toContain('SYMBOL_FROZEN');
    await say('flatten', { symbol: 'EURUSD' });
    await bench.bar();
    expect(shown(bench).reconciliation[0]?.frozen).toEqual([]);
    expect(bench.qty()).toBe(held);
    await bench.finish();
    const reader = new JournalReader(bench.project.dataDir, DRIVER);
    const result = await compareRun({ reader, dataDir: bench.project.dataDir, run: 'latest' }).finally(() =>
      reader.close(),
    );
    expect(result.warnings.join(' ')).toContain('1 order of the session closed what no book explains (EURUSD)');
    expect(result.rows.map(({ strategy }) => strategy)).toEqual(['mine']);
    expect([result.pnl.session, result.pnl.difference, result.rest].every(Number.isFinite)).toBe(true);
    expect(result.curve.session.every(Number.isFinite)).toBe(true);
  });
});

describe('figures', () => {
  it('count bars that are built here, and show no exposure where nothing is held', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    for (let bar = 0; bar < 4; bar++) await bench.bar(1.1 + bar / 1_000);
    expect(bench.qty()).toBe(0);
    const { counts, books } = shown(bench);
    expect(books[0]?.grossExposure).toBe(0);
    const { bars } = await bench.finish();
    expect(counts.bars).toBeGreaterThanOrEqual(4);
    expect(counts.bars).toBeLessThanOrEqual(bars);
  });
});
