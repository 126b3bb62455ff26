// A live run at a broker: orders leave durable-first, what comes back is booked, and a replay decides the same.
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Order, SubmitOutcome, VenueReport } from '@bookrunner/sdk';
import { aFill, FaultyVenue } from '@bookrunner/sdk/testing';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { JournalWriter } from '../src/journal/journal-writer.js';
import { replayRun } from '../src/journal/replay-run.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { MINUTE, removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

const never = new Promise<SubmitOutcome>(() => {});

describe('an order at a broker', () => {
  it('is on disk before it leaves, and its fill comes back into the book', async () => {
    let onDisk: readonly string[] = [];
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = () => {
      onDisk = bench.onDisk().map((record) => (record.kind === 'outbox' ? record.entry.kind : record.kind));
      return undefined;
    };
    await bench.bar();
    expect(onDisk.slice(-2)).toEqual(['submit', 'handed']);
    expect(bench.qty()).toBeGreaterThan(0);
    expect(bench.reports().slice(0, 2)).toEqual(['accepted', 'filled']);
    const [order] = bench.venue.orders as [Order];
    expect(Object.isFrozen(order)).toBe(true);
    expect(order).toMatchObject({
      account: 'DU1',
      symbol: 'EURUSD',
      side: 'buy',
      tag: expect.stringContaining('mine|MAIN|'),
    });
    await bench.bar();
    expect(bench.qty()).toBe(0);
    const result = await bench.finish();
    expect(result).toMatchObject({ kind: 'live', runId: 'run-1' });
    expect(result.fills.total).toBe(2);
    expect(bench.venue.isClosed).toBe(true);
    expect(await bench.verify()).toMatchObject({ isSame: true, isFinished: true, hash: result.decisionHash });
  });

  it('has an epoch nobody else has, and the next run goes on with it', async () => {
    const first = await LiveBench.begin(brokerYaml());
    await first.bar();
    await first.finish();
    const { runEpoch, mode } = first.facts();
    expect([runEpoch, mode]).toEqual([expect.stringMatching(/^[0-9a-z]{8}$/), 'live']);
    const other = await LiveBench.begin(brokerYaml());
    await other.finish();
    expect(other.facts().runEpoch).not.toBe(runEpoch);
    const next = await LiveBench.begin('', { project: first.project, clock: first.clock, runId: 'run-2' });
    expect(next.facts()).toMatchObject({ runEpoch, continues: { run: 'run-1' } });
    expect(next.qty()).toBe(first.qty());
    await next.finish();
    expect(await next.verify()).toMatchObject({ isSame: true });
  });

  it('that was refused is rejected, and the strategy waits', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = () => Promise.resolve({ kind: 'refused', reason: 'NO_MONEY', message: 'Not enough.' });
    await bench.bar();
    expect(bench.reports()).toEqual(['refused']);
    expect(bench.session.snapshot()?.ordersWorking).toBe(0);
    expect(bench.codes()).toContain('ORDER_REJECTED');
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it.each<[string, () => Promise<SubmitOutcome>, number]>([
    ['a time limit', () => never, 10_000],
    ['a rejected promise', () => Promise.reject(new Error('socket')), 0],
    [
      'a throw',
      () => {
        throw new Error('bug');
      },
      0,
    ],
    ['an answer that is none', () => Promise.resolve(undefined as never), 0],
  ])('is unknown after %s, and is not sent again', async (_what, answer, afterMs) => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = answer;
    await bench.bar();
    if (afterMs > 0) {
      await bench.pass(afterMs - 1);
      expect(bench.reports()).toEqual([]);
      await bench.pass(1);
    }
    expect(bench.reports()).toEqual(['unknown']);
    expect(bench.session.snapshot()?.orders).toMatchObject([{ status: 'unknown' }]);
    expect(bench.venue.calls.filter((call) => call.startsWith('submit'))).toHaveLength(1);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('of a run that was cut off before it was answered is unknown to the next one, and is not sent again', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = () => never;
    await bench.bar();
    const next = await LiveBench.begin('', { project: bench.cutOff(), clock: bench.clock, runId: 'run-2' });
    expect(next.reports()[0]).toBe('unknown');
    expect(next.venue.calls.filter((call) => call.startsWith('submit'))).toEqual([]);
    await next.finish();
    await bench.finish();
    expect(await next.verify()).toMatchObject({ isSame: true });
  });

  it('is none of a run that died before it had taken over: that replays as nothing, and the next one goes on from before it', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    await bench.bar();
    const project = bench.cutOff();
    const { dataDir } = project;
    const reader = new JournalReader(dataDir, DRIVER);
    const after = reader.segmentsOf('run-1').at(-1)?.last ?? 0;
    const facts = { ...bench.facts(), run: 'run-2', continues: { run: 'run-1', after } };
    const position = { part: 0, sequence: after };
    new JournalWriter({ dataDir, driver: DRIVER, facts, now: () => 0, after: position }).close();
    expect(await replayRun({ reader, dataDir, run: 'latest' })).toMatchObject({
      run: 'run-2',
      isSame: true,
      records: 0,
    });
    reader.close();
    const next = await LiveBench.begin('', { project, clock: bench.clock, runId: 'run-3' });
    expect(next.facts()).toMatchObject({ continues: { run: 'run-1' } });
    await next.finish();
    await bench.finish();
  });

  it('that a late answer refuses is known to be refused', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    let answer!: (outcome: SubmitOutcome) => void;
    bench.venue.onSubmit = () => new Promise((resolve) => (answer = resolve));
    await bench.bar();
    await bench.pass(10_000);
    answer({ kind: 'refused', reason: 'NOT_SENT', message: '' });
    await bench.settle();
    expect(bench.reports()).toEqual(['unknown', 'refused']);
    await bench.finish();
  });

  it('is not said to be sent once a report came', async () => {
    const bench = await LiveBench.begin(brokerYaml('resting'));
    let answer!: (outcome: SubmitOutcome) => void;
    bench.venue.onSubmit = (group) => {
      void bench.paper.submit(group);
      return new Promise((resolve) => (answer = resolve));
    };
    await bench.bar();
    answer({ kind: 'sent' });
    await bench.settle();
    expect(bench.reports()).toEqual(['accepted']);
    expect(bench.codes()).not.toContain('ORDER_IMPOSSIBLE_REPORT');
    await bench.finish();
  });

  it('whose reports were lost is unknown, and nothing is invented', async () => {
    const wrap = (inner: LiveBench['paper'], clock: LiveBench['clock']) =>
      new FaultyVenue(inner, { clock, script: [{ kind: 'drop-after-write', when: { nth: 1 } }] });
    const bench = await LiveBench.begin(brokerYaml(), { wrap });
    await bench.bar();
    expect(bench.reports()).toEqual(['unknown']);
    expect(bench.qty()).toBe(0);
    await bench.pass(5_000);
    const states = bench.events('venue-status').map(({ status }) => (status as { state: string }).state);
    expect(states).toEqual(['ready', 'disconnected', 'connecting', 'ready']);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});

describe('what a broker reports', () => {
  const foreign = (more: Partial<Extract<VenueReport, { kind: 'filled' }>['fill']> = {}): VenueReport => {
    const fill = aFill({
      orderId: 'manual',
      executionId: 'x-1',
      symbol: 'EURUSD',
      qty: 1_000,
      price: 1.1,
      tag: '',
      account: 'DU1',
      ...more,
    });
    return { kind: 'filled', ts: fill.ts, clientOrderId: 'manual', symbol: 'EURUSD', fill, leavesQty: 0 };
  };

  it('of somebody else’s orders enters as an execution; what is no execution is counted', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.report(foreign());
    bench.venue.report({ kind: 'accepted', ts: 1, clientOrderId: 'manual', symbol: 'EURUSD' });
    bench.venue.report({ kind: 'busted', ts: 1, clientOrderId: 'manual', symbol: 'EURUSD', executionId: 'x-1' });
    expect(bench.events('execution')).toMatchObject([
      { venue: 'ib', change: 'fill', account: 'main', execution: { executionId: 'x-1', account: 'main', qty: 1_000 } },
      { change: 'busted', execution: { executionId: 'x-1' } },
    ]);
    expect(bench.session.snapshot()?.venues).toMatchObject([
      { name: 'ib', accounts: ['main'], irregular: { foreign: 1 } },
    ]);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it.each([
    ['a quantity', { qty: Number.NaN }],
    ['a price', { price: Number.POSITIVE_INFINITY }],
    ['a side', { side: 'hold' as never }],
    ['an execution id', { executionId: '' }],
  ])('never enters where %s is damaged: it is an alarm, and the broker is asked', async (_what, damage) => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.report(foreign(damage));
    expect(bench.events('execution')).toEqual([]);
    expect(bench.notices).toContainEqual(expect.objectContaining({ level: 'alarm', code: 'BROKER_REPORT_DAMAGED' }));
    expect(bench.events('command')).toMatchObject([{ command: { name: 'reconcile' } }]);
    await bench.finish();
  });

  it('of an own order is booked once, however often it comes', async () => {
    const wrap = (inner: LiveBench['paper'], clock: LiveBench['clock']) =>
      new FaultyVenue(inner, { clock, script: [{ kind: 'duplicate-report', when: { chance: 1 }, copies: 3 }] });
    const bench = await LiveBench.begin(brokerYaml(), { wrap });
    await bench.bar();
    const filled = bench.venue.orders[0]?.qty;
    expect(bench.qty()).toBe(filled);
    await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('of accounts is told by the engine’s names; heartbeats are shown', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.sink.heartbeat({ ts: 5, source: 'ib', ok: true, latencyMs: 12 });
    bench.venue.sink.account({ ts: 1, account: 'DU9', currency: 'USD', equity: 1, cash: 1, margin: 0, buyingPower: 1 });
    expect(bench.events('account')).toMatchObject([{ account: { account: 'main' } }]);
    expect(bench.session.snapshot()).toMatchObject({
      mode: 'live',
      venues: [{ state: 'ready', latencyMs: 12, heartbeatAt: 5, irregular: { unknownAccounts: 1 } }],
    });
    await bench.finish();
  });
});

describe('a live run', () => {
  it('trades at a simulated venue beside the broker', async () => {
    const rest =
      '  paper: { use: once, book: TEST, symbols: [EURUSD], bars: { use: time, options: { seconds: 60, price: mid } } }\n';
    const bench = await LiveBench.begin(brokerYaml('once', { rest }));
    await bench.bar();
    bench.quote(1.1);
    await bench.settle();
    expect([bench.qty(0), bench.qty(1)]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(bench.qty(1)).toBeGreaterThan(0);
    expect(bench.venue.orders.map(({ tag }) => tag.split('|')[1])).toEqual(['MAIN']);
    const result = await bench.finish();
    expect(await bench.verify()).toMatchObject({ isSame: true, hash: result.decisionHash });
  });

  it('takes the steps of the broker, and says so', async () => {
    const prepare = (venue: LiveBench['venue']): void => {
      venue.resolve = (instrument) => Promise.resolve({ ...instrument, lotStep: 5_000, minQty: 5_000 });
    };
    const bench = await LiveBench.begin(brokerYaml(), { prepare });
    expect(bench.notices.find(({ code }) => code === 'BROKER_INSTRUMENT_DIFFERS')?.message).toBe(
      "lotStep of EURUSD is 1000 in engine.yaml and 5000 at 'ib': the latter is used.",
    );
    await bench.bar();
    expect((bench.venue.orders[0] as Order).qty % 5_000).toBe(0);
    const result = await bench.finish();
    expect(bench.facts().instruments).toMatchObject([{ symbol: 'EURUSD', terms: { lotStep: 5_000 } }]);
    expect(await bench.verify()).toMatchObject({ isSame: true, hash: result.decisionHash });
  });

  it('does not begin where the broker cannot trade a symbol', async () => {
    const prepare = (venue: LiveBench['venue']): void => {
      venue.resolve = () => Promise.reject(new Error('no such contract'));
    };
    await expect(LiveBench.begin(brokerYaml(), { prepare })).rejects.toThrow(
      expect.objectContaining({ code: 'BROKER_INSTRUMENT_UNKNOWN' }),
    );
  });

  it('answers each query once, one at a time, and without a snapshot where it fails', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    const answered = (): readonly unknown[] =>
      bench.events('venue-snapshot').map(({ query, snapshot }) => [query, snapshot !== undefined]);
    const before = answered().length;
    let fail!: (error: Error) => void;
    bench.venue.onSnapshot = () => new Promise((_resolve, reject) => (fail = reject));
    const asked = (): number => bench.venue.calls.filter((call) => call === 'snapshot').length;
    const already = asked();
    bench.ask(901);
    bench.ask(902);
    await bench.settle();
    expect(asked() - already).toBe(1);
    bench.venue.onSnapshot = undefined;
    fail(new Error('gone'));
    await bench.settle();
    expect(answered().slice(before)).toEqual([
      [901, false],
      [902, true],
    ]);
    expect(bench.events('venue-snapshot').at(-1)).toMatchObject({
      snapshot: { accounts: { items: [{ account: 'main' }] } },
    });
    bench.venue.onSnapshot = () => new Promise(() => {});
    bench.ask(903);
    await bench.pass(30_000);
    expect(answered().slice(-1)).toEqual([[903, false]]);
    await bench.finish();
  });
});

describe('a live run that is stopped', () => {
  const resting = async (policy: string): Promise<LiveBench> => {
    const bench = await LiveBench.begin(brokerYaml('resting', { engine: `, onStop: ${policy}` }));
    await bench.bar();
    expect(bench.session.snapshot()?.orders).toMatchObject([{ status: 'working' }]);
    return bench;
  };

  it('hears the answers that are under way before it closes the venue', async () => {
    const bench = await LiveBench.begin(brokerYaml());
    bench.venue.onSubmit = async (group) => {
      await new Promise<void>((resolve) => void bench.clock.callAt(bench.clock.nowUtc() + 60, resolve));
      return bench.paper.submit(group);
    };
    await bench.bar();
    await bench.finish();
    expect(bench.reports()).toEqual(['accepted', 'filled']);
    expect(bench.codes()).not.toContain('ORDER_UNKNOWN');
  });

  it('leaves its orders where they are, and says so', async () => {
    const bench = await resting('keep');
    await bench.finish();
    expect(bench.venue.calls).not.toContain('cancel');
    expect(bench.codes()).toContain('BROKER_ORDERS_KEPT');
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('cancels entries as decisions of the kernel, and leaves no halt', async () => {
    const bench = await resting('cancel-entries');
    await bench.finish();
    expect(bench.reports()).toEqual(['accepted', 'cancelled']);
    expect(bench.codes()).not.toContain('BROKER_ORDERS_LEFT');
    expect(bench.session.snapshot()).toMatchObject({ ordersWorking: 0, halts: [] });
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it.each([
    ['cancel-entries', 2],
    ['cancel-all', 0],
  ])('with %s has %i orders of protection left', async (policy, left) => {
    const bench = await LiveBench.begin(brokerYaml('guarded', { engine: `, onStop: ${policy}` }));
    await bench.bar();
    expect(bench.session.snapshot()?.ordersWorking).toBe(2);
    const held = bench.qty();
    await bench.finish();
    expect([bench.session.snapshot()?.ordersWorking, bench.qty()]).toEqual([left, held]);
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });

  it('names what it leaves without protection, and tells of no halt', async () => {
    const bench = await LiveBench.begin(brokerYaml('guarded', { engine: ', onStop: cancel-all' }));
    await bench.bar();
    const held = bench.qty();
    const result = await bench.finish();
    const said = bench.notices.filter(({ code }) => code === 'POSITIONS_UNPROTECTED');
    expect(said.map(({ level }) => level)).toEqual(['warning']);
    expect(said[0]?.message).toContain(`${held} EURUSD of mine in MAIN`);
    expect(bench.codes()).not.toContain('RISK_HALTED');
    expect(result.openPositions).toEqual([
      { symbol: 'EURUSD', qty: held, strategy: 'mine', book: 'MAIN', account: 'main', protection: [] },
    ]);
  });

  it('keeps what protects, and tells of it with the position', async () => {
    const bench = await LiveBench.begin(brokerYaml('guarded'));
    await bench.bar();
    const result = await bench.finish();
    expect(bench.codes()).not.toContain('POSITIONS_UNPROTECTED');
    const [position] = result.openPositions;
    expect(position?.protection).toHaveLength(2);
    expect(position?.protection[0]).toMatch(/^stop of \d+ at \d/);
  });

  it('with a panic that is not complete says what is left', async () => {
    const bench = await LiveBench.begin(brokerYaml('guarded'));
    await bench.bar();
    const held = bench.qty();
    bench.venue.onSubmit = () => Promise.resolve({ kind: 'refused', reason: 'CLOSED', message: 'No market.' });
    bench.session.command({ ts: 0, name: 'panic', args: {}, actor: 'ann' }, () => {});
    await bench.settle();
    const result = await bench.finish();
    const [notice, ...more] = bench.session.unfinishedPanics();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ level: 'alarm', code: 'PANIC_UNFINISHED' });
    expect(notice?.message).toContain(`EURUSD of mine in MAIN: ${held} held`);
    expect(result.notices.at(result.notices.total - 1).code).toBe('PANIC_UNFINISHED');
  });

  it('with a panic that is complete says nothing more of it', async () => {
    const bench = await LiveBench.begin(brokerYaml('guarded'));
    await bench.bar();
    bench.session.command({ ts: 0, name: 'panic', args: {}, actor: 'ann' }, () => {});
    await bench.pass(5_000);
    expect(bench.codes()).toContain('PANIC_COMPLETE');
    await bench.finish();
    expect(bench.session.unfinishedPanics()).toEqual([]);
  });

  it('waits for a cancel no longer than 10 s, and says what remains', async () => {
    const wrap = (inner: LiveBench['paper'], clock: LiveBench['clock']) =>
      new FaultyVenue(inner, {
        clock,
        script: [{ kind: 'drop-before-write', when: { nth: 1, on: 'cancel' }, downMs: 10 * MINUTE }],
      });
    const bench = await LiveBench.begin(brokerYaml('resting', { engine: ', onStop: cancel-entries' }), { wrap });
    await bench.bar();
    await bench.finish();
    expect(bench.codes()).toEqual(expect.arrayContaining(['BROKER_CANCEL_UNKNOWN', 'BROKER_ORDERS_REMAIN']));
    expect(await bench.verify()).toMatchObject({ isSame: true });
  });
});
