// A session that goes on from another and begins while its feed is away: what the feed would have brought comes from history when it joins.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Feed, FeedSink } from '@bookrunner/sdk';
import { CutRun } from './live-cut.fixture.js';
import { MINUTE, NOON, removeProjects } from './live-session.fixture.js';
import { END, expectHeld, expectWhole, READY, TAPE, TICKS, uncut } from './uncut-run.fixture.js';

jest.setTimeout(120_000);
afterEach(removeProjects);

const CUT = NOON + 8.4 * MINUTE;
const START = NOON + 9 * MINUTE;

/** A session of another set-up, whose strategies begin anew; its feed is away until a while after its start, and is there from now on. */
async function begunAnew(capabilities: Feed['capabilities']) {
  const parts = { tape: TAPE, capabilities, isJournalled: true };
  const before = await CutRun.begin(parts);
  await before.play(CUT);
  const project = before.cutOff();
  project.write('engine.yaml', readFileSync(project.configPath, 'utf8').replace('maxLeverage: 5', 'maxLeverage: 4'));
  const run = await CutRun.begin({ ...parts, isAway: true, at: START, runId: 'run-2', project, after: before });
  await run.play(NOON + 11.3 * MINUTE);
  run.feed.isGone = false;
  return { before, run };
}

describe('a session that begins without its feed, which has a history of ticks alone', () => {
  it('is warmed up from all of it, and sees what an uncut one does, where strategies begin anew', async () => {
    const capabilities = { quotes: true, historyTicks: true };
    const whole = await uncut(capabilities);
    const { before, run } = await begunAnew(capabilities);
    await run.play(NOON + 14.2 * MINUTE);
    for (const symbol of ['EURUSD', 'GBPUSD']) {
      const seen = run.seen(symbol).filter(({ at }) => at >= START);
      expect([symbol, seen.map(({ ts }) => (ts - NOON) / MINUTE)]).toEqual([symbol, [10, 11, 12, 13]]);
      for (const { ts, small, large } of seen) {
        const expected = whole.get(symbol)?.get(ts);
        expect([small, large.slice(1)]).toEqual([expected?.small, expected?.large.slice(1)]);
      }
    }
    await run.finish();
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });
});

describe('a session that begins without its feed, which has no history', () => {
  it('makes bars from where it began on, where strategies begin anew', async () => {
    const { before, run } = await begunAnew({ quotes: true });
    await run.play(END);
    expect(run.codes()).toContain('ENGINE_PART_JOINED');
    const seen = run.seen('EURUSD').filter(({ at }) => at >= START);
    expect([seen.length > 5, run.feed.asked]).toEqual([true, []]);
    // Nobody watched the bar that was under way when it joined.
    const [first] = run.feed.joins as [number];
    const starts = seen.flatMap(({ small, large }) => [...small, ...large]).map(([ts]) => ts as number);
    expect(starts.filter((ts) => ts < first)).toEqual([]);
    await run.finish();
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });
});

describe.each([
  ['ticks', TICKS],
  ['ready bars', READY],
] as const)('a session that begins without its feed of %s', (_, capabilities) => {
  const parts = { tape: TAPE, capabilities, isJournalled: true };

  async function first(): Promise<CutRun> {
    const run = await CutRun.begin(parts);
    await run.play(CUT);
    return run;
  }

  const without = { ...parts, isAway: true, at: START, runId: 'run-2' };

  /** The feed is there, and is opened the next time that this is tried. */
  async function join(run: CutRun): Promise<number> {
    run.feed.isGone = false;
    await run.play(run.clock.nowUtc() + 31_000);
    expect(run.codes().filter((code) => code === 'ENGINE_PART_JOINED')).toHaveLength(1);
    return run.clock.nowUtc();
  }

  it('goes on as if it had never been cut, once the feed has joined', async () => {
    const whole = await uncut(capabilities);
    const before = await first();
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    expect(run.source.feeds()).toMatchObject([{ state: 'disconnected' }]);
    await run.play(NOON + 11.3 * MINUTE);
    expect([run.seen('EURUSD').filter(({ at }) => at >= START), run.feed.asked]).toEqual([[], []]);
    expect(run.codes().filter((code) => code === 'ENGINE_PART_AWAY')).toHaveLength(1);
    const back = await join(run);
    await run.play(END, MINUTE);
    expectHeld(run);
    await run.finish();
    expectWhole(run, whole, back + 1_000, START);
    expect(run.codes()).not.toContain('FEED_BACKFILL_FAILED');
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });

  it('is cut once more before the feed is there, and goes on all the same', async () => {
    const whole = await uncut(capabilities);
    const before = await first();
    const second = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    await second.play(NOON + 11 * MINUTE);
    const at = NOON + 12.2 * MINUTE;
    const run = await CutRun.begin({ ...parts, project: second.cutOff(), after: before, at, runId: 'run-3' });
    await run.play(END, MINUTE);
    expectHeld(run);
    await run.finish();
    expectWhole(run, whole, at + 1_000, at);
    expect((await run.verify()).difference).toBeUndefined();
    await second.finish();
    await before.finish();
  });

  it('warms strategies up that begin anew when the feed has joined', async () => {
    const whole = await uncut(capabilities);
    const before = await first();
    const project = before.cutOff();
    project.write('engine.yaml', readFileSync(project.configPath, 'utf8').replace('maxLeverage: 5', 'maxLeverage: 4'));
    const run = await CutRun.begin({ ...without, project, after: before });
    await run.play(NOON + 11.3 * MINUTE);
    expect(run.feed.asked).toEqual([]);
    const back = await join(run);
    await run.play(NOON + 14.1 * MINUTE);
    // Three bars of five minutes make them warm, and are in history: asked from the next bar on, and about the newest one at once.
    const asked = run.seen('EURUSD').filter(({ at }) => at >= START);
    expect(asked.map(({ ts }) => (ts - NOON) / MINUTE)).toEqual(expect.arrayContaining([12, 13]));
    expect(asked.every(({ at }) => at > back - 31_000)).toBe(true);
    await run.play(END, MINUTE);
    await run.finish();
    // The bar under way when it joined is given up, and bars of history are not those made of ticks: the newest ones are compared.
    const later = run.seen('EURUSD').filter(({ at }) => at > back + 6 * MINUTE);
    expect(later.length).toBeGreaterThan(10);
    for (const { ts, small } of later) expect(small[0]).toEqual(whole.get('EURUSD')?.get(ts)?.small[0]);
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });

  it('warms them up once more where it is cut while their history is still to come', async () => {
    const before = await first();
    const project = before.cutOff();
    project.write('engine.yaml', readFileSync(project.configPath, 'utf8').replace('maxLeverage: 5', 'maxLeverage: 4'));
    const run = await CutRun.begin({ ...without, project, after: before });
    await run.play(NOON + 11.3 * MINUTE);
    Object.assign(run.feed, { isGone: false, delayMs: 20_000 });
    while (run.feed.asked.length === 0) await run.play(run.clock.nowUtc() + 1_000);
    await run.play(run.clock.nowUtc() + 5_000);
    const at = run.clock.nowUtc() + 3_000;
    const next = await CutRun.begin({ ...parts, project: run.cutOff(), after: before, at, runId: 'run-3' });
    await next.play(at + 3 * MINUTE);
    expect(next.seen('EURUSD').filter((one) => one.at >= at).length).toBeGreaterThan(1);
    await next.finish();
    expect((await next.verify()).difference).toBeUndefined();
    await run.finish();
    await before.finish();
  });

  it('leaves a symbol away that is so when the feed joins', async () => {
    const before = await first();
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    await run.play(NOON + 10 * MINUTE);
    const { feed } = run;
    const subscribe = feed.subscribe.bind(feed);
    feed.subscribe = (instruments, sink) => {
      const subscription = subscribe(instruments, sink);
      feed.cut('EURUSD');
      return subscription;
    };
    await join(run);
    await run.play(NOON + 14 * MINUTE);
    const since = (symbol: string) => run.seen(symbol).filter(({ at }) => at >= START).length;
    expect([since('EURUSD'), since('GBPUSD') > 2]).toEqual([0, true]);
    await run.mend('EURUSD');
    await run.play(END, MINUTE);
    expect(since('EURUSD')).toBeGreaterThan(10);
    await run.finish();
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });

  it('drops what was under way where history has nothing of it', async () => {
    const before = await first();
    const prepare = (feed: CutRun['feed']): void => {
      feed.fault = 'fails';
    };
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before, prepare });
    await run.play(NOON + 11.3 * MINUTE);
    await join(run);
    expect(run.codes()).toContain('FEED_BACKFILL_FAILED');
    await run.play(END, MINUTE);
    const bars = run.seen('EURUSD').at(-1)?.small ?? [];
    expect(bars.length).toBeGreaterThan(3);
    await run.finish();
    expect((await run.verify()).difference).toBeUndefined();
    await before.finish();
  });

  it('is not misled by what a try that came to nothing has said, nor by what it says late', async () => {
    const whole = await uncut(capabilities);
    const before = await first();
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    const { feed } = run;
    const subscribe = feed.subscribe.bind(feed);
    const sinks: FeedSink[] = [];
    feed.subscribe = (instruments, sink) => {
      sinks.push(sink);
      if (sinks.length > 1) return subscribe(instruments, sink);
      sink.status({ ts: 0, feed: 'data', state: 'live', reason: '', message: '' });
      return Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    };
    feed.isGone = false;
    await run.play(START + 1_500);
    expect([sinks.length, run.source.feeds()[0]?.state, feed.asked]).toEqual([1, 'disconnected', []]);
    sinks[0]?.status({ ts: 0, feed: 'data', state: 'failed', reason: '', message: '' });
    const back = await join(run);
    sinks[0]?.status({ ts: 0, feed: 'data', state: 'disconnected', reason: '', message: '' });
    expect(run.source.feeds()[0]?.state).toBe('live');
    await run.play(END, MINUTE);
    await run.finish();
    expectWhole(run, whole, back + 1_000, START);
    await before.finish();
  });

  it('ends while the feed is away', async () => {
    const before = await first();
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    await run.play(NOON + 10 * MINUTE);
    await expect(run.finish()).resolves.toMatchObject({ runId: 'run-2' });
    run.feed.isGone = false;
    await run.play(NOON + 12 * MINUTE);
    expect(run.codes()).not.toContain('ENGINE_PART_JOINED');
    await before.finish();
  });

  it('does not call the feed silent for the time before it joined', async () => {
    const before = await first();
    const quick = { staleMs: 12_000, use: 'strict' };
    const project = before.cutOff();
    project.write('engine.yaml', readFileSync(project.configPath, 'utf8').replace('feedMs: 600000', 'feedMs: 12000'));
    const run = await CutRun.begin({ ...without, ...quick, project, after: before });
    await run.play(NOON + 15.3 * MINUTE);
    const back = await join(run);
    await run.play(back + 5 * MINUTE);
    const states = run.notices.flatMap(({ code, details }) => (code === 'FEED_STATUS' ? [details['state']] : []));
    expect(states).toEqual(['disconnected', 'live']);
    // Words alone are no rows.
    run.feed.isGone = true;
    for (let left = 60; left > 0; left--) {
      await run.play(run.clock.nowUtc() + 2_000);
      run.feed.say('live');
    }
    const said = run.notices.flatMap(({ code, details }) => (code === 'FEED_STATUS' ? [details['state']] : []));
    expect([said.slice(said.indexOf('stale')), run.source.feeds()[0]?.state]).toEqual([['stale'], 'stale']);
    // It was gone, and is back: that is more than a word.
    run.feed.say('disconnected');
    await run.play(run.clock.nowUtc() + 1_000);
    run.feed.say('live');
    await run.play(run.clock.nowUtc() + 2_000);
    expect(run.source.feeds()[0]?.state).toBe('live');
    await run.finish();
    await before.finish();
  });

  it('ends while the feed opens, which is closed when it has', async () => {
    const before = await first();
    const run = await CutRun.begin({ ...without, project: before.cutOff(), after: before });
    const { feed } = run;
    let opened = (): void => {};
    const closed: number[] = [];
    feed.isGone = false;
    feed.open = () => new Promise<void>((resolve) => (opened = resolve));
    feed.close = () => Promise.resolve(void closed.push(run.clock.nowUtc()));
    feed.subscribe = () => Promise.reject(new Error('subscribed after the end'));
    await run.play(START + 2_000);
    await expect(run.finish()).resolves.toMatchObject({ runId: 'run-2' });
    await run.settle();
    const closings = closed.length;
    opened();
    await run.settle();
    expect([closings > 0, run.codes().includes('ENGINE_PART_JOINED')]).toEqual([true, false]);
    await before.finish();
  });

  const never = (asked: () => void): Promise<never> => {
    asked();
    return new Promise(() => {});
  };
  it.each<[string, string, (feed: CutRun['feed'], asked: () => void) => unknown]>([
    ['subscribes', 'LIVE_SUBSCRIBE_TIMEOUT', (feed, asked) => (feed.subscribe = () => never(asked))],
    ['says what it has', 'LIVE_RESOLVE_TIMEOUT', (feed, asked) => (feed.resolve = () => never(asked))],
  ])('begins 10 s after its start without a feed that never %s', async (_what, code, prepare) => {
    const before = await first();
    const project = before.cutOff();
    let isAsked = false;
    const asked = (feed: CutRun['feed']): void => void prepare(feed, () => (isAsked = true));
    const run = CutRun.start({
      ...parts,
      mayBeAway: true,
      at: START,
      runId: 'run-2',
      project,
      after: before,
      prepare: asked,
    });
    let hasBegun = false;
    const begun = run.hasBegun.then(() => (hasBegun = true));
    // Recovery comes before, and waits for no clock.
    while (!isAsked) await run.settle();
    run.clock.moveTo(START + 9_900);
    await run.settle();
    expect(hasBegun).toBe(false);
    for (; !hasBegun; run.clock.moveTo(run.clock.nowUtc() + 100)) await run.settle();
    await begun;
    expect(run.clock.nowUtc()).toBeLessThan(START + 12_000);
    const told = run.notices.find((notice) => notice.code === 'ENGINE_PART_AWAY');
    expect(told?.message).toContain(code);
    await run.finish();
    await before.finish();
  });

  it('does not begin as the first of its folder', async () => {
    await expect(CutRun.begin({ ...parts, isAway: true })).rejects.toMatchObject({ code: 'PLUGIN_BOOT_FAILED' });
  });
});
