// What a live run does while it ends, and what is left of that where it is killed meanwhile.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { CommandName } from '@bookrunner/sdk';
import { brokerYaml, LiveBench, type LiveBenchOptions } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

type Policy = 'cancel-entries' | 'cancel-all';

function yamlOf(policy: Policy): string {
  return brokerYaml('steady', { engine: `, onStop: ${policy}` });
}

/** In position and protected, some seconds before a bar closes; the broker takes its time over cancels. */
async function held(policy: Policy, cancelMs = 0): Promise<LiveBench> {
  const bench = await LiveBench.begin(yamlOf(policy));
  await bench.bar();
  expect(bench.session.snapshot()).toMatchObject({ ordersWorking: 2 });
  await bench.pass(57_000);
  bench.quote(1.1003);
  bench.venue.cancel = async (order) => {
    bench.venue.calls.push('cancel');
    await new Promise<void>((resolve) => void bench.clock.callAt(bench.clock.nowUtc() + cancelMs, resolve));
    return bench.paper.cancel(order);
  };
  return bench;
}

function say(bench: LiveBench, name: CommandName, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
  bench.session.command({ ts: 0, name, args, actor: 'ann' }, () => {});
  return bench.settle();
}

/** What a kill now leaves on disk, gone on from at the same broker. */
function killed(bench: LiveBench, yaml = ''): Promise<LiveBench> {
  bench.records();
  const project = bench.cutOff();
  if (yaml !== '') project.write('engine.yaml', yaml);
  const options: LiveBenchOptions = {
    ...{ project, clock: bench.clock, runId: 'run-2', wrap: () => bench.paper },
  };
  return LiveBench.begin('', options);
}

describe('a stop with cancel-all', () => {
  it('sends nothing new, though a bar closes and cancels are answered later', async () => {
    const bench = await held('cancel-all', 4_000);
    const sent = bench.venue.orders.length;
    await bench.finish();
    expect(bench.venue.orders).toHaveLength(sent);
    expect(bench.session.snapshot()).toMatchObject({ ordersWorking: 0, halts: [] });
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('lets a panic go on closing', async () => {
    const bench = await held('cancel-all', 1_000);
    await say(bench, 'panic');
    await bench.finish();
    expect([bench.qty(), bench.session.snapshot()?.ordersWorking]).toEqual([0, 0]);
    expect(bench.session.unfinishedPanics()).toEqual([]);
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});

describe('a stop with cancel-entries', () => {
  it('keeps protection whole', async () => {
    const bench = await held('cancel-entries');
    const sent = bench.venue.orders.length;
    bench.venue.onSnapshot = () => new Promise(() => {});
    await bench.beginStop(4_000);
    await bench.finish();
    // The bar that closed meanwhile was answered with other prices.
    expect(bench.venue.calls.filter((call) => call === 'replace')).toHaveLength(2);
    expect(bench.venue.orders).toHaveLength(sent);
    expect(bench.codes()).not.toContain('POSITIONS_UNPROTECTED');
  });
});

describe.each<Policy>(['cancel-entries', 'cancel-all'])('a stop with %s', (policy) => {
  it('resumes nothing, since nothing was halted', async () => {
    const bench = await held(policy);
    await bench.finish();
    expect(bench.codes()).not.toContain('RISK_RESUMED');
    expect(bench.codes()).not.toContain('RISK_HALTED');
  });

  it.each([
    ['', []],
    ['halt', [{ scope: 'global', reason: 'halt by ann' }]],
  ] as const)('leaves the halts that a person made (%j)', async (name, halts) => {
    const bench = await held(policy);
    if (name !== '') await say(bench, name);
    await bench.finish();
    expect(bench.session.snapshot()?.halts).toMatchObject(halts);
    const next = await killed(bench);
    expect(next.session.snapshot()?.halts).toMatchObject(halts);
    await next.finish();
  });

  it.each([
    ['as it was', ''],
    ['with another set-up', yamlOf(policy).replace('maxLeverage: 3', 'maxLeverage: 4')],
  ])('that is killed meanwhile is gone on from %s, not halted and with protection', async (_, yaml) => {
    const bench = await held(policy, 400);
    bench.venue.onSnapshot = () => new Promise(() => {});
    await bench.beginStop(500);
    const next = await killed(bench, yaml);
    expect(next.session.snapshot()?.halts).toEqual([]);
    await next.bar();
    await next.bar();
    expect(next.qty()).toBeGreaterThan(0);
    expect(next.session.snapshot()?.ordersWorking).toBe(2);
    await say(next, 'panic');
    await next.finish();
    await bench.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });
});
