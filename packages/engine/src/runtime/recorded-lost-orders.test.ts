// Orders that came to light at a broker, in the records of a run: they have an instant, and a store takes them.
import { expect, it } from '@jest/globals';
import { BrokerBench } from '../reconciliation/broker-bench.fixture.js';
import { bought, left, restored } from '../reconciliation/lost-session.fixture.js';
import type { OrderRow } from '../recorder/record-rows.js';
import { sampleRun } from '../report/run-result.fixture.js';
import { describeDatabases } from '../store/databases.fixture.js';
import { projectRun } from '../store/project-run.js';
import { RunRecorder } from './run-recorder.js';

function recorded(bench: BrokerBench): RunRecorder {
  const { instruments, strategies, books, runEpoch } = bench.scene.setup;
  const recorder = new RunRecorder({
    runEpoch,
    symbols: instruments.map(({ instrument }) => instrument.symbol),
    owners: strategies.map(({ name, bookIndex }) => ({ strategy: name, book: books[bookIndex]?.name ?? '' })),
  });
  recorder.connect(bench.scene.kernel);
  const { orderEnded, filled } = recorder;
  Object.assign(bench.scene.listener, { orderEnded: orderEnded.bind(recorder), filled: filled.bind(recorder) });
  return recorder;
}

/** A stop of a lost session is kept, a limit of it is cancelled. */
function keptAndCancelled(): RunRecorder {
  const bench = restored();
  const recorder = recorded(bench);
  bought(bench, 100);
  left(bench, 401);
  left(bench, 402, { qty: 80, side: 'buy', orderType: 'limit', limitPrice: 95, stopPrice: Number.NaN, leavesQty: 40 });
  bench.ready();
  bench.pass(10_000);
  recorder.finish(bench.scene.now);
  return recorder;
}

/** An order is given up, since answers do not show it, and is there after all. */
function givenUpAndRevived(): RunRecorder {
  const bench = new BrokerBench();
  const recorder = recorded(bench);
  bench.ready();
  bench.broker.fate = () => 'late';
  bench.scene.answers[0] = { share: 1, entry: { limit: 99, tif: 'GTC' } };
  bench.scene.bars();
  bench.pass(10_000);
  bench.broker.fate = () => 'through';
  bench.broker.arriveLate();
  bench.pass(61_000);
  recorder.finish(bench.scene.now);
  return recorder;
}

const rowsOf = ({ orders }: RunRecorder): readonly OrderRow[] =>
  Array.from({ length: orders.total }, (_, at) => orders.at(at));

it('an order of a session that the journal does not have has the instant at which it came to light, and no price of unknown fills', () => {
  const rows = rowsOf(keptAndCancelled());
  expect(rows.map(({ status }) => status).toSorted()).toEqual(['cancelled', 'filled', 'working']);
  for (const { createdTs, endedTs } of rows) {
    expect(Number.isInteger(createdTs)).toBe(true);
    expect(createdTs).toBeLessThanOrEqual(endedTs ?? Number.POSITIVE_INFINITY);
  }
  expect(rows.filter(({ avgFillPrice }) => avgFillPrice === null)).toHaveLength(2);
});

it('an order that was given up and is there after all is one order, as it was made and as it ended at last', () => {
  const rows = rowsOf(givenUpAndRevived());
  expect(rows).toMatchObject([{ status: 'cancelled', tif: 'GTC', purpose: 'entry', reason: '', avgFillPrice: null }]);
  expect(Number(rows[0]?.endedTs) - Number(rows[0]?.createdTs)).toBeGreaterThan(10_000);
});

describeDatabases('a run with orders that came to light', ({ open }) => {
  it.each([keptAndCancelled, givenUpAndRevived])('is taken by the store: %p', async (run) => {
    const { orders, fills } = run();
    const store = await open();
    await projectRun(store, { ...sampleRun({ hours: 60, tradeEvery: 6 }), orders, fills, runId: 'r' });
    const stored = await store.orders({ run: 'r' });
    expect(stored).toHaveLength(orders.total);
    expect(stored.map(({ status }) => status)).toContain('cancelled');
  });
});
