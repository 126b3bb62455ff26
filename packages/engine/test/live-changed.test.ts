// A live run that is cut off, whose set-up then changes, and that is begun again: the broker's orders and fills are folded.
import type { Instrument, Order } from '@bookrunner/sdk';
import { aFill } from '@bookrunner/sdk/testing';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

describe('a live run with another set-up', () => {
  it.each([
    ['its limits', brokerYaml('guarded').replace('maxLeverage: 3', 'maxLeverage: 4')],
    // Then there is one simulated venue and not none, or none and not one; a broker's orders are neither's.
    ['another strategy beside it', brokerYaml('guarded', { rest: paper('once') })],
  ])('keeps position, protection and orders at the broker: %s', async (_what, changed) => {
    const first = await LiveBench.begin(brokerYaml('guarded'));
    await first.bar();
    const held = first.qty();
    expect([held, first.session.snapshot()?.ordersWorking]).toEqual([expect.any(Number), 2]);
    const project = first.cutOff();
    project.write('engine.yaml', changed);
    const next = await LiveBench.begin('', {
      ...{ project, clock: first.clock, runId: 'run-2' },
      // The broker has not changed.
      prepare: (venue) => {
        venue.onSnapshot = () => first.venue.inner.snapshot();
      },
    });
    await next.settle();
    expect([next.qty(), next.session.snapshot()?.ordersWorking]).toEqual([held, 2]);
    expect(next.venue.orders).toEqual([]);
    const continued = next.notices.find(({ code }) => code === 'RUN_CONTINUED');
    expect(continued?.message).toContain('strategies begin anew');
    expect(next.session.snapshot()?.reconciliation).toMatchObject([{ venue: 'ib', state: 'ready', frozen: [] }]);
    await next.finish();
    expect(await next.verify()).toMatchObject({ isSame: true });
    await first.finish();
  });
});

it('a live run whose engine is called otherwise now is the same run: what it left is at its broker', async () => {
  const first = await LiveBench.begin(brokerYaml('guarded'));
  await first.bar();
  const held = first.qty();
  const project = first.cutOff();
  project.write('engine.yaml', brokerYaml('guarded').replace('name: live-test', 'name: renamed'));
  const next = await LiveBench.begin('', {
    ...{ project, clock: first.clock, runId: 'run-2' },
    prepare: (venue) => {
      venue.onSnapshot = () => first.venue.inner.snapshot();
    },
  });
  await next.settle();
  expect(held).toBeGreaterThan(0);
  expect([next.qty(), next.session.snapshot()?.ordersWorking, next.venue.orders]).toEqual([held, 2, []]);
  await next.finish();
  await first.finish();
});

it('a live run whose broker has finer steps than engine.yaml is what it was, in those steps', async () => {
  const prepare = (venue: LiveBench['venue']): void => {
    venue.resolve = (instrument) => Promise.resolve({ ...instrument, priceStep: 0.000_005 });
  };
  const first = await LiveBench.begin(brokerYaml('guarded'), { prepare });
  await first.bar();
  const held = first.qty();
  await first.finish();
  const project = first.cutOff();
  project.write('engine.yaml', brokerYaml('guarded').replace('maxLeverage: 3', 'maxLeverage: 4'));
  // What the end of the run recorded has to come out of its records.
  const next = await LiveBench.begin('', { project, clock: first.clock, runId: 'run-2', prepare });
  expect(held).toBeGreaterThan(0);
  expect(next.qty()).toBe(held);
  await next.finish();
});

describe('a live run that goes on where its broker has other steps than before', () => {
  const told = (terms: Partial<Instrument>) => (venue: LiveBench['venue']) => {
    venue.resolve = (instrument) => Promise.resolve({ ...instrument, ...terms });
  };
  const known = ({ session, assembly }: LiveBench) => {
    const { strategies = [], books = [], ordersWorking } = session.snapshot() ?? {};
    const { desk, execution, portfolio } = assembly.kernel.parts;
    return {
      ordersWorking,
      equity: books.map(({ equity }) => equity),
      cash: portfolio.books.map((book) => book.cash('USD')),
      positions: strategies.map(({ positions }) => positions.map(({ qty, avgPrice }) => [qty, avgPrice])),
      // As numbers they differ by what doubles add to them.
      unrealised: execution.slots.map(({ position: { holding, value } }) => (value - holding.costNumber).toFixed(9)),
      cost: execution.slots.map(({ position: { holding } }) => holding.cost),
      orders: [...desk.live()].map(({ qty, leavesQty, limitPrice, stopPrice }) => [
        ...[qty, leavesQty, limitPrice, stopPrice],
      ]),
    };
  };

  /** Goes on from a run that is cut off, at a broker that tells other terms. */
  async function goOn(
    first: LiveBench,
    terms: Partial<Instrument>,
    prepare: (venue: LiveBench['venue']) => void = () => {},
  ): Promise<LiveBench> {
    return LiveBench.begin('', {
      ...{ project: first.cutOff(), clock: first.clock, runId: 'run-2' },
      prepare: (venue) => {
        told(terms)(venue);
        prepare(venue);
        venue.onSnapshot = () => first.venue.inner.snapshot();
      },
    });
  }

  // The strategy beside it is filled by the simulated venue, whose books have the same scales.
  const yaml = brokerYaml('guarded', { rest: paper('guarded') });

  it.each([
    ['a finer tick', { priceStep: 0.000_005 }],
    ['a finer lot', { lotStep: 0.001, minQty: 0.001 }],
    ['both', { priceStep: 0.000_005, lotStep: 0.001, minQty: 0.001 }],
  ])('has its position, its money and its orders as they were: %s', async (_what, terms) => {
    const first = await LiveBench.begin(yaml);
    await first.bar();
    first.quote(1.1003);
    await first.settle();
    const before = known(first);
    expect(before.positions.flat()).toHaveLength(2);
    expect(before.ordersWorking).toBe(4);
    const next = await goOn(first, terms);
    await next.settle();
    expect(known(next)).toEqual(before);
    expect(next.venue.orders).toEqual([]);
    expect(next.session.snapshot()?.reconciliation).toMatchObject([{ venue: 'ib', state: 'ready', frozen: [] }]);
    const result = await next.finish();
    expect(await next.verify()).toMatchObject({ isSame: true, hash: result.decisionHash });
    // And back again.
    const last = await LiveBench.begin('', {
      ...{ project: next.cutOff(), clock: next.clock, runId: 'run-3' },
      prepare: (venue) => {
        venue.onSnapshot = () => first.venue.inner.snapshot();
      },
    });
    await last.settle();
    expect(known(last)).toEqual(before);
    await last.finish();
    expect(await last.verify()).toMatchObject({ isSame: true });
    await first.finish();
  });

  it('is refused where the steps of now cannot hold what it has, before anything is sent', async () => {
    const first = await LiveBench.begin(brokerYaml('once'), { prepare: told({ lotStep: 0.001, minQty: 0.001 }) });
    first.venue.onSubmit = () => Promise.resolve({ kind: 'sent' });
    await first.bar();
    const { clientOrderId, symbol } = first.venue.orders[0] as Order;
    const ts = first.clock.nowUtc();
    const fill = aFill({ ts, symbol, orderId: clientOrderId, executionId: 'x-1', qty: 12.0005, price: 1.1, fee: 0 });
    first.venue.report({ kind: 'filled', ts, clientOrderId, symbol, fill, leavesQty: 1 });
    await first.settle();
    expect(first.qty()).toBe(12.0005);
    // It is on disk.
    expect(first.reports()).toEqual(['sent', 'filled']);
    const venues: LiveBench['venue'][] = [];
    const next = goOn(first, {}, (venue) => void venues.push(venue));
    await expect(next).rejects.toMatchObject({
      code: 'JOURNAL_RESTART_CHANGED',
      message: expect.stringContaining(
        `Strategy 'mine' holds 12.0005 EURUSD at 1.1 in book 'MAIN', and quantities of EURUSD have at most 3 decimals now, and its prices 8.`,
      ),
    });
    expect(venues.map(({ orders, calls }) => [orders, calls])).toEqual([[[], []]]);
    await first.finish();
  });
});

function paper(strategy: string): string {
  return `  paper: { use: ${strategy}, book: TEST, symbols: [EURUSD], bars: { use: time, options: { seconds: 60, price: mid } } }\n`;
}
