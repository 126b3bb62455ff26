// What the clock of this machine says of a broker: planned outages and clocks that differ, in a live run with a real journal.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { MINUTE, removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

function outageYaml(strategy: string, from: string, to: string): string {
  const outages = `outages: [{ from: "${from}", to: "${to}", timeZone: UTC }]`;
  return brokerYaml(strategy, { engine: ', guards: { outageGraceMs: 60000 }' }).replace(
    'ib: { use: broker }',
    `ib: { use: broker, ${outages} }`,
  );
}

function levels(bench: LiveBench, ...codes: readonly string[]): readonly string[] {
  return bench.notices.filter(({ code }) => codes.includes(code)).map(({ code, level }) => `${code} ${level}`);
}

function say(bench: LiveBench, state: 'ready' | 'disconnected' | 'planned-outage'): Promise<void> {
  const ts = bench.clock.nowUtc();
  bench.venue.sink.status({ ts, venue: 'ib', state, reason: 'TEST', message: '' });
  return bench.settle();
}

describe('a planned outage', () => {
  it('lets no new risk out from shortly before it until it is over; then it goes out by itself', async () => {
    const bench = await LiveBench.begin(outageYaml('guarded', '12:02', '12:04'));
    expect(levels(bench, 'OUTAGE_NEAR')).toEqual(['OUTAGE_NEAR info']);
    await bench.bar();
    await bench.bar();
    await bench.bar();
    expect(bench.venue.orders).toEqual([]);
    expect(levels(bench, 'OUTAGE_BEGUN', 'OUTAGE_OVER')).toEqual(['OUTAGE_BEGUN info']);
    await bench.pass(MINUTE);
    expect(bench.codes()).toContain('OUTAGE_OVER');
    expect(bench.venue.orders.map(({ purpose }) => purpose)).toContain('entry');
    expect(bench.qty()).toBeGreaterThan(0);
    await bench.finish();
    expect(bench.events('guard').map(({ stage }) => stage)).toEqual(['warning', 'begin', 'end']);
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('lets exits and protection out while it is near', async () => {
    const bench = await LiveBench.begin(
      outageYaml('once', '12:03', '12:05').replace('60000 }', '60000, outageLeadMs: 90000 }'),
    );
    await bench.bar();
    expect(bench.qty()).toBeGreaterThan(0);
    await bench.bar();
    expect(levels(bench, 'OUTAGE_NEAR')).toHaveLength(1);
    expect(bench.qty()).toBe(0);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('makes silence no alarm, and is one itself where the broker is not ready in time', async () => {
    const bench = await LiveBench.begin(outageYaml('once', '12:01', '12:02'));
    await bench.pass(MINUTE);
    bench.notices.length = 0;
    await say(bench, 'disconnected');
    expect(levels(bench, 'BROKER_AWAY', 'VENUE_STATUS')).toEqual(['VENUE_STATUS info', 'BROKER_AWAY info']);
    expect(bench.session.snapshot()).toMatchObject({
      venues: [{ isReconciled: false }],
      reconciliation: [{ state: 'away', isOutage: true }],
    });
    await bench.pass(MINUTE);
    expect(bench.codes()).not.toContain('OUTAGE_OVERRUN');
    await bench.pass(MINUTE);
    expect(levels(bench, 'OUTAGE_OVERRUN')).toEqual(['OUTAGE_OVERRUN alarm']);
    await say(bench, 'ready');
    expect(bench.session.snapshot()).toMatchObject({
      venues: [{ isReconciled: true }],
      reconciliation: [{ state: 'ready' }],
    });
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('is no overrun where the broker is ready again', async () => {
    const bench = await LiveBench.begin(outageYaml('once', '12:01', '12:02'));
    await bench.pass(MINUTE);
    await say(bench, 'disconnected');
    await say(bench, 'ready');
    await bench.pass(5 * MINUTE);
    expect(bench.codes()).not.toContain('OUTAGE_OVERRUN');
    await bench.finish();
  });

  it('that a session went on into is heard of again, and ends', async () => {
    const first = await LiveBench.begin(outageYaml('guarded', '12:02', '12:10'));
    await first.pass(2 * MINUTE);
    await first.finish();
    const next = await LiveBench.begin('', { project: first.project, clock: first.clock, runId: 'run-2' });
    expect(next.session.snapshot()).toMatchObject({ reconciliation: [{ isOutage: true }] });
    await next.pass(9 * MINUTE);
    expect(levels(next, 'OUTAGE_OVER')).toEqual(['OUTAGE_OVER info']);
    await next.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });

  it('that was over before the session went on is over: new risk goes out', async () => {
    const first = await LiveBench.begin(outageYaml('guarded', '12:02', '12:04'));
    await first.pass(2 * MINUTE + 10_000);
    expect(first.events('guard').map(({ stage }) => stage)).toEqual(['warning', 'begin']);
    const project = first.cutOff();
    first.clock.advance(3 * MINUTE);
    const next = await LiveBench.begin('', { project, clock: first.clock, runId: 'run-2' });
    expect(next.session.snapshot()).toMatchObject({ reconciliation: [{ isOutage: false }] });
    await next.bar();
    await next.bar();
    await next.bar();
    expect(next.venue.orders.map(({ purpose }) => purpose)).toContain('entry');
    expect(levels(next, 'OUTAGE_OVER')).toEqual(['OUTAGE_OVER info']);
    await next.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });

  it('of which only the broker speaks is no warning either', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    await say(bench, 'planned-outage');
    expect(levels(bench, 'BROKER_AWAY')).toEqual(['BROKER_AWAY info']);
    await bench.finish();
  });
});

describe('the clock of a broker', () => {
  it('that is off is an alarm, once, and no decision hangs on it', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    for (let beat = 0; beat < 8; beat++) {
      const ts = bench.clock.nowUtc() + 5_000;
      bench.venue.sink.heartbeat({ ts, source: 'ib', ok: true, latencyMs: 3 });
      await bench.pass(1_000);
    }
    expect(levels(bench, 'CLOCK_SKEW')).toEqual(['CLOCK_SKEW alarm']);
    for (let beat = 0; beat < 5; beat++) {
      bench.venue.sink.heartbeat({ ts: bench.clock.nowUtc(), source: 'ib', ok: true, latencyMs: 3 });
      await bench.pass(1_000);
    }
    expect(bench.codes()).toContain('CLOCK_AGREES');
    await bench.finish();
    expect(bench.events('guard').map(({ stage }) => stage)).toEqual(['begin', 'end']);
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});
