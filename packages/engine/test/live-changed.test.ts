// A live run that is cut off, whose set-up then changes, and that is begun again: the broker's orders and fills are folded.
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

function paper(strategy: string): string {
  return `  paper: { use: ${strategy}, book: TEST, symbols: [EURUSD], bars: { use: time, options: { seconds: 60, price: mid } } }\n`;
}
