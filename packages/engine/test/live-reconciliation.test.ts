// What a live run shows of its books against a broker, and the file it leaves of it.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineNotice, Fill, VenueSnapshot } from '@bookrunner/sdk';
import { answerQuestion } from '../src/control/answer-question.js';
import type { EngineSnapshot } from '../src/control/engine-snapshot.js';
import { reconcileAnswer } from '../src/control/reconcile-now.js';
import { renderReconciliation } from '../src/control/render-reconciliation.js';
import { ReconciliationFile, WRITE_EVERY_MS } from '../src/runtime/session/reconciliation-file.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

/** The broker has 5,000 EURUSD that nobody bought here. */
async function withForeignPosition(bench: LiveBench, isTold = false): Promise<void> {
  const ts = bench.clock.nowUtc();
  bench.venue.onSnapshot = async () => {
    const shown = await bench.venue.inner.snapshot();
    const position = { account: 'DU1', symbol: 'EURUSD', qty: 5_000, avgPrice: 1.1 };
    const execution: Fill = {
      ...{ orderId: '', executionId: 'hand-1', account: 'DU1', symbol: 'EURUSD', side: 'buy', qty: 5_000, price: 1.1 },
      ...{ fee: 0, feeCurrency: 'USD', liquidity: 'unknown', ts, tag: '' },
    };
    return {
      ...shown,
      positions: { ...shown.positions, items: [position] },
      executions: { ...shown.executions, items: [...shown.executions.items, ...(isTold ? [execution] : [])] },
    } satisfies VenueSnapshot;
  };
  bench.quote(1.1);
  for (let turn = 0; turn < 4; turn++) {
    const { at } = bench.session.snapshot() as EngineSnapshot;
    bench.session.command({ ts: at ?? 0, name: 'reconcile', args: {}, actor: 'ann' }, () => {});
    await bench.pass(200);
  }
}

function shown(bench: LiveBench): EngineSnapshot {
  return bench.session.snapshot() as EngineSnapshot;
}

describe('books against a broker, as shown', () => {
  it('has state, last answer, balances; and what a person has to decide, until it is decided', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    expect(shown(bench).reconciliation).toMatchObject([
      { venue: 'ib', state: 'ready', completeAt: bench.clock.nowUtc(), failures: 0, frozen: [], unknownTotal: 0 },
    ]);
    await withForeignPosition(bench);
    const [view] = shown(bench).reconciliation;
    expect(view?.frozen).toEqual([
      {
        ...{ account: 'main', symbol: 'EURUSD', qty: 5_000, closable: 5_000, isClosing: false },
        action: 'adopt, flatten or ignore EURUSD',
      },
    ]);
    expect(view?.differences).toMatchObject([
      { cause: 'cash', account: 'main', symbol: '' },
      { cause: 'position', account: 'main', symbol: 'EURUSD', isOpen: true, evidence: expect.stringContaining('5000') },
      { cause: 'cash', account: 'main', symbol: '' },
    ]);
    expect(view?.balances).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'EURUSD', books: 0, suspense: 5_000, broker: 5_000, difference: 0 }),
        expect.objectContaining({ kind: 'cash', name: 'USD', difference: 0 }),
      ]),
    );
    const text = renderReconciliation(shown(bench).reconciliation, 0);
    expect(text).toContain('main     EURUSD  5000 that no book explains  adopt, flatten or ignore EURUSD');
    expect(text).toMatch(/account +symbol\/currency +books +suspense +broker +difference/);
    const status = answerQuestion(
      { ts: 0, name: 'status', args: {}, actor: 'ann' },
      { snapshot: shown(bench), isFresh: true, latched: [], limits: {} },
    );
    expect(status).toMatchObject({
      venues: [{ name: 'ib', isReconciled: true }],
      reconciliation: [{ venue: 'ib', frozen: [{ symbol: 'EURUSD' }], suspense: expect.any(Array) }],
    });
    const at = bench.clock.nowUtc();
    bench.session.command({ ts: at, name: 'ignore', args: { symbol: 'EURUSD' }, actor: 'ann' }, () => {});
    expect(shown(bench).reconciliation[0]?.frozen).toEqual([]);
    await bench.finish();
  });

  it('has what others traded under what is to be decided, though nothing is frozen, until it is', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    await withForeignPosition(bench, true);
    const row = { account: 'main', symbol: 'EURUSD', qty: 5_000, closable: 5_000, isToDecide: true };
    const [view] = shown(bench).reconciliation;
    expect(view).toMatchObject({ frozen: [], undecided: [row] });
    expect(view?.differences.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['external-execution', 'undecided']),
    );
    const text = renderReconciliation(shown(bench).reconciliation, 0);
    expect(text).toMatch(/To decide[^]*EURUSD +5000 that others traded +adopt, flatten or ignore EURUSD/u);
    const context = { snapshot: shown(bench), isFresh: true, latched: [], limits: {} };
    expect(answerQuestion({ ts: 0, name: 'status', args: {}, actor: 'ann' }, context)).toMatchObject({
      reconciliation: [{ venue: 'ib', undecided: [row] }],
    });
    const at = bench.clock.nowUtc();
    bench.session.command({ ts: at, name: 'ignore', args: { symbol: 'EURUSD' }, actor: 'ann' }, () => {});
    expect(shown(bench).reconciliation[0]?.undecided).toEqual([]);
    await bench.finish();
  });

  it('names orders whose outcome is not known, and since when', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = () => Promise.resolve({ kind: 'unknown', reason: 'LOST', message: '' });
    bench.venue.onSnapshot = () => Promise.reject(new Error('busy'));
    await bench.bar();
    const [view] = shown(bench).reconciliation;
    expect(view).toMatchObject({
      unknownTotal: 1,
      unknown: [
        { account: 'main', strategy: 'mine', symbol: 'EURUSD', status: 'unknown', since: bench.clock.nowUtc() },
      ],
    });
    expect(renderReconciliation(shown(bench).reconciliation, 0)).toContain('Outcome unknown (1)');
    await bench.finish();
  });

  it('is what `reconcile` answers, once the brokers have', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    let answer = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    bench.venue.onSnapshot = () => waiting.then(() => bench.venue.inner.snapshot());
    bench.session.command({ ts: 0, name: 'reconcile', args: {}, actor: 'ann' }, () => {});
    let looks = 0;
    const result = await reconcileAnswer({
      snapshot: async () => {
        looks += 1;
        if (looks === 3) answer();
        await bench.settle();
        return { snapshot: shown(bench), isFresh: true };
      },
    });
    expect(looks).toBeGreaterThan(2);
    expect(result).toMatchObject({ kind: 'done', data: { isComplete: true, reconciliation: [{ isAsked: false }] } });
    expect((result as { readonly data: { readonly text: string } }).data.text).toContain(
      'Venue ib: ready; last complete answer 2024-',
    );
    await bench.finish();
  });
});

describe('reconciliation.json', () => {
  it('is written when something that matters changes, not more often than every few seconds, and at the end', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    const folder = join(bench.project.dataDir, 'shown');
    const notices: EngineNotice[] = [];
    let now = 0;
    const file = new ReconciliationFile({
      folder,
      notify: (notice) => void notices.push(notice),
      stopwatch: () => now,
    });
    const path = join(folder, 'reconciliation.json');
    const read = (): EngineSnapshot => JSON.parse(readFileSync(path, 'utf8')) as EngineSnapshot;
    file.look(shown(bench));
    expect(read().reconciliation).toMatchObject([{ venue: 'ib', frozen: [] }]);
    rmSync(path);
    now += WRITE_EVERY_MS;
    await bench.pass(61_000);
    file.look(shown(bench));
    expect(read).toThrow('ENOENT');
    await withForeignPosition(bench);
    file.look(shown(bench));
    expect(read().reconciliation).toMatchObject([{ frozen: [{ symbol: 'EURUSD' }] }]);
    expect(readFileSync(join(folder, 'reconciliation.txt'), 'utf8')).toContain('To decide');
    rmSync(path);
    file.end(shown(bench), () => 0);
    expect(read().runId ?? read()).toMatchObject({ run: 'run-1' });
    rmSync(folder, { recursive: true });
    const blocked = new ReconciliationFile({
      folder: join(bench.project.configPath, 'no-folder'),
      notify: (notice) => void notices.push(notice),
    });
    blocked.end(shown(bench), () => 0);
    blocked.end(shown(bench), () => 0);
    expect(notices.map(({ code }) => code)).toEqual(['RECONCILIATION_UNWRITABLE']);
    await bench.finish();
  });
});

describe('the end of a run', () => {
  /** A fill of the last bar, and how the run's file ends. */
  async function ended(
    spoil: (bench: LiveBench) => void,
  ): Promise<{ readonly text: string; readonly bench: LiveBench }> {
    const bench = await LiveBench.begin(brokerYaml());
    await bench.bar();
    spoil(bench);
    await bench.finish();
    const folder = join(bench.project.dataDir, 'shown');
    const file = new ReconciliationFile({ folder, notify: () => {} });
    file.end(shown(bench), (venue, since) => bench.session.fillsSince(venue, since));
    return { text: readFileSync(join(folder, 'reconciliation.txt'), 'utf8'), bench };
  }

  it('is compared: the broker is asked once more, after all that was booked', async () => {
    const { text, bench } = await ended(() => {});
    const [view] = shown(bench).reconciliation;
    expect(view).toMatchObject({ isAsked: false, completeAt: shown(bench).at });
    expect(view?.balances).toContainEqual(
      expect.objectContaining({ name: 'EURUSD', books: bench.qty(), difference: 0 }),
    );
    expect(text).not.toContain('NOT COMPARED');
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it.each([
    ['never answers', () => new Promise<VenueSnapshot>(() => {})],
    ['fails', () => Promise.reject(new Error('busy'))],
  ])('says since when nothing was compared where the broker %s, and ends nevertheless', async (_what, onSnapshot) => {
    const { text } = await ended((bench) => {
      bench.venue.onSnapshot = onSnapshot;
    });
    expect(text).toMatch(/NOT COMPARED: venue ib has not shown what was booked since 2024-.*: 1 fill\.\n$/);
  });
});
