import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { practiceBench } from '../practice-bench.fixture.js';
import type { Bench } from '../practice-bench.fixture.js';
import { PracticeBrokerClient } from '../practice-broker-client.js';
import type { Fault } from './fault-script.js';

let bench: Bench;
let control: PracticeBrokerClient;

beforeEach(async () => {
  bench = await practiceBench();
  control = await PracticeBrokerClient.connect(bench.broker.port);
  await control.quote('TEST', { bid: 100, ask: 100.25 });
  await bench.venue.open(bench.venueSink);
  await bench.settle();
});

afterEach(async () => {
  control.close();
  await bench.close();
});

const kinds = (): readonly string[] => bench.venueSink.reports.map((report) => report.kind);
const lastState = (): string | undefined => bench.venueSink.statuses.at(-1)?.state;
const isReady = (): boolean => lastState() === 'ready';

/** Sends a market order under these faults. */
async function sendUnder(...faults: readonly Fault[]): Promise<string> {
  await control.setFaults(...faults);
  const outcome = await bench.venue.submit([bench.order()]);
  await bench.settle();
  return outcome.kind;
}

async function cutAndReturn(): Promise<void> {
  await control.command('cut');
  await bench.until(() => lastState() === 'disconnected');
  await bench.until(isReady);
  await bench.settle();
}

describe('faults of the connection', () => {
  it.each([
    ['cut-on-read', { kind: 'cut-on-read', on: 'submit' }, 0, []],
    ['cut-on-read after it reached the book', { kind: 'cut-on-read', on: 'submit', reached: true }, 1, []],
    ['cut-on-write before it is written', { kind: 'cut-on-write', on: 'filled' }, 1, ['accepted']],
    ['cut-on-write after', { kind: 'cut-on-write', on: 'filled', written: true }, 1, ['accepted', 'filled']],
  ] as readonly (readonly [string, Fault, number, readonly string[]])[])(
    '%s: the outcome is unknown',
    async (_name, fault, orders, told) => {
      expect(await sendUnder(fault)).toBe('unknown');
      expect((await control.truth()).orders).toHaveLength(orders);
      expect(kinds()).toEqual(told);
      await bench.until(isReady);
    },
  );

  it('drop-answer: the order is booked and reported, the outcome is unknown once the time is over', async () => {
    await control.setFaults({ kind: 'drop-answer', on: 'submit' });
    let outcome = '';
    void bench.venue.submit([bench.order()]).then(({ kind }) => (outcome = kind));
    await bench.until(() => outcome !== '');
    expect(outcome).toBe('unknown');
    expect(kinds()).toEqual(['accepted', 'filled']);
  });

  it('refuse-login and refuse-logins: it takes one attempt more, or all until told', async () => {
    await control.setFaults({ kind: 'refuse-login', times: 2 });
    await cutAndReturn();
    const refusals = bench.venueSink.statuses.filter((status) => status.reason === 'PRACTICE_LOGIN_REFUSED');
    expect(refusals).toHaveLength(2);
    await control.command('refuse-logins', { refuse: true });
    await control.command('cut');
    await bench.until(() => bench.venueSink.statuses.at(-1)?.reason === 'PRACTICE_LOGIN_REFUSED');
    expect(await sendUnder()).toBe('refused');
    await control.command('refuse-logins', { refuse: false });
    await bench.until(isReady);
  });

  it('silent: no reports and no ticks, and the connection stays', async () => {
    await bench.feed.open();
    await bench.feed.subscribe([bench.broker.broker.instruments.get('TEST')!], bench.feedSink);
    await control.command('silent', { silent: true });
    expect(await sendUnder()).toBe('sent');
    await control.tick();
    await bench.settle();
    expect([kinds(), bench.feedSink.rows, isReady()]).toEqual([[], [], true]);
    await control.command('silent', { silent: false });
    await control.tick();
    await bench.settle();
    expect(bench.feedSink.rows).toHaveLength(1);
  });
});

describe('faults of reports', () => {
  it('lose-report', async () => {
    await sendUnder({ kind: 'lose-report', on: 'filled' });
    expect(kinds()).toEqual(['accepted']);
  });

  it('duplicate-report', async () => {
    await sendUnder({ kind: 'duplicate-report', on: 'filled' });
    expect(kinds()).toEqual(['accepted', 'filled', 'filled']);
  });

  it('reorder-report', async () => {
    await sendUnder({ kind: 'reorder-report', on: 'accepted' });
    expect(kinds()).toEqual(['filled', 'accepted']);
  });

  it('delay-report', async () => {
    await sendUnder({ kind: 'delay-report', on: 'accepted', delayMs: 500 });
    expect(kinds()).toEqual(['filled']);
    bench.clock.advance(500);
    await bench.settle();
    expect(kinds()).toEqual(['filled', 'accepted']);
  });

  it('strikes by number, times and chance, the same from the same seed', async () => {
    await sendUnder({ kind: 'lose-report', nth: 2, times: 2 });
    await bench.venue.submit([bench.order()]);
    await bench.settle();
    expect(kinds()).toEqual(['accepted', 'filled']);
    await control.command('clear-faults');
    await control.setFaults({ kind: 'lose-report', chance: 0 });
    expect(await sendUnder()).toBe('sent');
    expect(kinds()).toHaveLength(4);
  });
});

describe('faults of snapshots, ids and clocks', () => {
  it('snapshot-incomplete says so, and snapshot-fail rejects', async () => {
    await sendUnder();
    await control.setFaults({ kind: 'snapshot-incomplete', parts: ['executions', 'positions'] });
    const { executions, positions, accounts } = await bench.venue.snapshot();
    expect([executions.complete, executions.items, positions.complete]).toEqual([false, [], false]);
    expect(accounts.complete).toBe(true);
    await control.setFaults({ kind: 'snapshot-fail' });
    await expect(bench.venue.snapshot()).rejects.toMatchObject({ code: 'PRACTICE_DECLINED' });
  });

  it('roll-ids-back: ids of the broker come again after a new login', async () => {
    await sendUnder();
    await control.setFaults({ kind: 'roll-ids-back' });
    await cutAndReturn();
    await sendUnder();
    const { orders } = await control.truth();
    expect(orders.map((known) => known.venueOrderId)).toEqual(['P-1', 'P-1']);
  });

  it('replay-executions: old executions come again after a new login', async () => {
    await sendUnder();
    await control.setFaults({ kind: 'replay-executions', count: 5 });
    await cutAndReturn();
    const fills = bench.venueSink.reports.filter((report) => report.kind === 'filled');
    expect(fills.map((report) => [report.fill.executionId, report.leavesQty])).toEqual([
      ['E-1', 0],
      ['E-1', 0],
    ]);
  });

  it('skew-clock: the broker’s times are off, those of heartbeats too, and those of reports are not', async () => {
    await control.command('skew-clock', { skewMs: -3_600_000 });
    await sendUnder();
    const filled = bench.venueSink.reports.find((report) => report.kind === 'filled')!;
    const now = bench.clock.nowUtc();
    expect([filled.ts, filled.kind === 'filled' ? filled.fill.ts : 0]).toEqual([now, now - 3_600_000]);
    const { executions } = await bench.venue.snapshot();
    expect(executions.items).toHaveLength(1);
    expect(executions.since).toBeLessThanOrEqual(executions.asOf);
    expect(bench.venueSink.heartbeats.at(-1)).toMatchObject({ ts: now - 3_600_000, ok: true });
  });

  it('answers what it cannot do with a word and a sentence', async () => {
    await expect(control.command('bust', { executionId: 'E-99' })).rejects.toMatchObject({ code: 'PRACTICE_DECLINED' });
    await expect(control.command('faults', { faults: [{ kind: 'no-such' }] })).rejects.toMatchObject({
      code: 'PRACTICE_DECLINED',
    });
    await expect(control.quote('NO-SUCH', { bid: 1, ask: 2 })).rejects.toThrow(/unknown-symbol/);
  });
});
