// A feed that was away: what it missed comes from history, and from then on the run is the one that was never cut.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { CutRun, type Seen } from './live-cut.fixture.js';
import { MINUTE, NOON, removeProjects } from './live-session.fixture.js';
import { SYMBOLS } from './tape-feed.fixture.js';
import { END, expectHeld, expectWhole, READY, TAPE, TICKS, uncut } from './uncut-run.fixture.js';

jest.setTimeout(300_000);
afterEach(removeProjects);

describe.each([
  ['ticks', TICKS],
  ['ready bars', READY],
] as const)('a feed of %s that was away', (_, capabilities) => {
  it('goes on as if it had never been cut, whenever it was', async () => {
    const whole = await uncut(capabilities);
    expect(whole.get('EURUSD')?.size).toBeGreaterThan(30);
    const cuts = fc.record({
      from: fc.integer({ min: 2 * MINUTE, max: 20 * MINUTE }),
      lasts: fc.integer({ min: 1, max: 12 * MINUTE }),
      delayMs: fc.constantFrom(0, 700, 5_000, 25_000),
      symbol: fc.constantFrom(undefined, ...SYMBOLS),
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ from, lasts, delayMs, symbol }) => {
        const run = await CutRun.begin({ tape: TAPE, capabilities });
        await run.play(NOON + from, MINUTE);
        run.feed.cut(symbol);
        await run.play(NOON + from + lasts, MINUTE);
        run.feed.delayMs = delayMs;
        run.feed.mend(symbol);
        run.feed.repeat(run.clock.nowUtc() - 20_000);
        const back = run.clock.nowUtc() + delayMs;
        await run.play(back + 1_000, 250);
        await run.play(END, MINUTE);
        expectHeld(run);
        await run.finish();
        expectWhole(run, whole, back + 1_000);
        expect(run.codes()).not.toContain('FEED_BACKFILL_FAILED');
        removeProjects();
      }),
      { numRuns: 15 },
    );
  });
});

describe('what a feed missed', () => {
  const cutFor = async (run: CutRun, { from = 8 * MINUTE, lasts = 3 * MINUTE } = {}): Promise<void> => {
    await run.play(NOON + from);
    run.feed.cut();
    await run.play(NOON + from + lasts);
  };

  it.each([
    ['ticks', TICKS],
    ['ready bars', READY],
  ] as const)('is in the journal, so that a replay decides the same: %s', async (_, capabilities) => {
    const run = await CutRun.begin({ tape: TAPE, capabilities, isJournalled: true });
    await cutFor(run);
    run.snapshot();
    run.feed.delayMs = 4_000;
    await run.mend();
    await run.play(run.clock.nowUtc() + 2_000, 250);
    run.snapshot();
    await run.play(NOON + 20 * MINUTE);
    await run.finish();
    expect(run.codes().filter((code) => code === 'FEED_BACKFILLED')).toHaveLength(1);
    const replayed = await run.verify();
    expect([replayed.difference, replayed.snapshots]).toEqual([undefined, 3]);
    expect(replayed.orders).toBeGreaterThan(3);
    // A backtest over what was recorded, history included, has the same orders and fills.
    expect((await run.compare()).differences).toEqual([]);
  });

  it('is not waited for by a panic, and nothing is asked of strategies before it is there', async () => {
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS });
    await cutFor(run);
    expect(run.qty('EURUSD')).not.toBe(0);
    const asked = run.seen('EURUSD').length;
    run.feed.delayMs = 20_000;
    await run.mend();
    await run.play(run.clock.nowUtc() + 5_000, 250);
    expect(run.source.feeds()[0]?.state).toBe('disconnected');
    const outcomes: string[] = [];
    run.session.command({ ts: 0, name: 'panic', args: {}, actor: 'test' }, ({ kind }) => outcomes.push(kind));
    expect([outcomes, run.session.snapshot()?.ordersWorking]).toEqual([['done'], 2]);
    expect(run.seen('EURUSD')).toHaveLength(asked);
    await run.play(NOON + 12 * MINUTE, 1_000);
    expect(run.source.feeds()[0]?.state).toBe('live');
    expect(SYMBOLS.map((symbol) => run.qty(symbol))).toEqual([0, 0]);
    expect(run.seen('EURUSD').length).toBeGreaterThan(asked);
    await run.finish();
  });

  it('is asked for anew when the feed is lost once more, and comes once', async () => {
    const whole = await uncut(TICKS);
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS });
    await cutFor(run);
    run.feed.delayMs = 3_000;
    await run.mend();
    await run.play(run.clock.nowUtc() + 1_000, 250);
    run.feed.cut('GBPUSD');
    await run.play(run.clock.nowUtc() + MINUTE, 1_000);
    expect(run.source.feeds()[0]?.state).toBe('live');
    run.feed.cut();
    await run.mend();
    await run.play(run.clock.nowUtc() + 1_000, 250);
    run.feed.cut();
    await run.play(run.clock.nowUtc() + 90_000);
    await run.mend();
    await run.play(END);
    await run.finish();
    expectWhole(run, whole, NOON + 15 * MINUTE);
    expect(run.clock.pendingCalls).toBe(0);
  });

  it('is not asked for more often than makes sense where a feed flaps', async () => {
    const whole = await uncut(TICKS);
    const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS });
    await run.play(NOON + 8 * MINUTE);
    const before = run.feed.asked.length;
    for (let flap = 0; flap < 60; flap++) {
      run.feed.cut();
      await run.play(run.clock.nowUtc() + 300, 100);
      await run.mend();
      await run.play(run.clock.nowUtc() + 200, 100);
    }
    // Half a minute of flaps, two symbols.
    expect(run.feed.asked.length - before).toBeLessThanOrEqual(8);
    await run.play(run.clock.nowUtc() + 15_000, 250);
    await run.play(END);
    await run.finish();
    expectWhole(run, whole, NOON + 9 * MINUTE);
  });

  it.each(['fails', 'hangs'] as const)(
    'stays missing where history %s, which is told, and the run goes on',
    async (fault) => {
      const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, engine: ', history: { limitMs: 5000 }' });
      await cutFor(run);
      run.feed.fault = fault;
      await run.mend();
      await run.play(run.clock.nowUtc() + 4_900, 100);
      expect(run.source.feeds()[0]?.state).toBe(fault === 'hangs' ? 'disconnected' : 'live');
      const asked = run.seen('EURUSD').length;
      await run.play(NOON + 14 * MINUTE, 1_000);
      expect(run.source.feeds()[0]?.state).toBe('live');
      const told = run.notices.filter(({ code }) => code === 'FEED_BACKFILL_FAILED').map(({ message }) => message);
      expect(told).toHaveLength(2);
      expect(told[0]).toContain(fault === 'hangs' ? 'nothing within 5000 ms' : 'pacing violation');
      expect(run.seen('EURUSD').length).toBeGreaterThan(asked);
      await run.finish();
      expect(run.clock.pendingCalls).toBe(0);
    },
  );

  it('makes features whole for a strategy that begins anew: it is asked at once, after onReset', async () => {
    const whole = await uncut(TICKS);
    for (const fault of [undefined, 'fails'] as const) {
      const run = await CutRun.begin({ tape: TAPE, capabilities: TICKS, use: 'strict' });
      await cutFor(run);
      run.feed.fault = fault;
      await run.mend();
      await run.play(NOON + 13 * MINUTE + 1_000);
      const lines = run.lines('EURUSD');
      const resets = lines.filter((line) => 'reset' in line);
      const after = run.seen('EURUSD').filter(({ ts }) => ts >= NOON + 9 * MINUTE);
      if (fault === undefined) {
        expect(resets).toHaveLength(1);
        // The newest bar was asked about when all was there, the next ones as they closed.
        expect(after.map(({ asked }) => asked)).toEqual([1, 2, 3, 4]);
        await run.play(END);
        expectWhole(run, whole, NOON + 11.5 * MINUTE);
      } else {
        // As without history: three bars of each length have to come first.
        expect([resets, after]).toEqual([[], []]);
      }
      await run.finish();
    }
  });

  it('has its partial bars dropped at both ends where ticks make bars and history has bars alone', async () => {
    const whole = (await uncut(TICKS)).get('EURUSD') as ReadonlyMap<number, Seen>;
    const run = await CutRun.begin({ tape: TAPE, capabilities: { quotes: true, historyBars: true } });
    await cutFor(run, { from: 8.5 * MINUTE, lasts: 3 * MINUTE });
    await run.mend();
    await run.play(NOON + 16 * MINUTE + 1_000);
    await run.finish();
    const last = run.seen('EURUSD').at(-1) as Seen;
    const starts = last.small.map(([ts = 0]) => (ts - NOON) / MINUTE);
    // The bar of 12:08 is history's; that of 12:11 was under way when the feed came back.
    expect(starts).toEqual([15, 14, 13, 12, 10, 9, 8, 7]);
    const prices = (rows: Seen['small']) =>
      new Map(rows.map(([ts = 0, ...row]) => [ts, row.slice(0, 4).map((price) => price.toFixed(6))]));
    const expected = new Map([...whole.values()].flatMap(({ small }) => [...prices(small)]));
    for (const [ts, row] of prices(last.small)) expect([ts, row]).toEqual([ts, expected.get(ts)]);
  });

  it('does not keep a run from being stopped, nor a feed from ending', async () => {
    const stopped = await CutRun.begin({ tape: TAPE, capabilities: TICKS, isJournalled: true });
    await cutFor(stopped);
    stopped.feed.fault = 'hangs';
    await stopped.mend();
    await stopped.play(stopped.clock.nowUtc() + 1_000, 250);
    await stopped.finish();
    expect(stopped.clock.pendingCalls).toBe(0);
    expect(await stopped.verify()).toMatchObject({ isSame: true });
    const ended = await CutRun.begin({ tape: TAPE, capabilities: TICKS });
    await cutFor(ended);
    ended.feed.fault = 'hangs';
    await ended.mend();
    await ended.play(ended.clock.nowUtc() + 1_000, 250);
    ended.feed.say('ended');
    expect((await ended.ended()).kind).toBe('paper');
  });
});

describe('the time without an engine', () => {
  it.each([
    ['ticks', TICKS],
    ['ready bars', READY],
  ] as const)('comes from history where strategies go on: %s', async (_, capabilities) => {
    const whole = await uncut(capabilities);
    for (const end of ['stopped', 'cut off', 'cut off while away', 'cut off while filling'] as const) {
      const first = await CutRun.begin({ tape: TAPE, capabilities, isJournalled: true });
      await first.play(NOON + 6.4 * MINUTE);
      if (end.endsWith('away') || end.endsWith('filling')) first.feed.cut();
      await first.play(NOON + 8.4 * MINUTE);
      first.feed.delayMs = 3_000;
      if (end.endsWith('filling')) await first.mend();
      await first.play(NOON + 8.42 * MINUTE);
      const isCutOff = end !== 'stopped';
      const project = isCutOff ? first.cutOff() : first.project;
      if (!isCutOff) await first.finish();
      const at = NOON + 11.7 * MINUTE;
      const prepare = (feed: CutRun['feed']): void => {
        feed.delayMs = 6_000;
      };
      const next = await CutRun.begin({
        ...{ tape: TAPE, capabilities, isJournalled: true, project, after: first, runId: 'run-2', at, prepare },
      });
      expect(next.source.feeds()[0]?.state).toBe('live');
      await next.play(at + 7_000, 250);
      expect(next.codes()).toContain('FEED_BACKFILLED');
      await next.play(END);
      expectHeld(next);
      await next.finish();
      if (isCutOff) await first.finish();
      // What came before is asked again while the state is made anew.
      expectWhole(next, whole, at + 8_000, at);
      const { difference, isSame } = await next.verify();
      expect([end, difference, isSame]).toEqual([end, undefined, true]);
      // A backtest over what was recorded, history included, has the same orders and fills.
      expect([end, (await next.compare()).differences]).toEqual([end, []]);
    }
  });

  it('leaves a symbol away that is lost while it is filled, whatever becomes of the others', async () => {
    const first = await CutRun.begin({ tape: TAPE, capabilities: TICKS, isJournalled: true });
    await first.play(NOON + 8.4 * MINUTE);
    await first.finish();
    const at = NOON + 11.7 * MINUTE;
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 6_000;
    };
    const next = await CutRun.begin({
      ...{ tape: TAPE, capabilities: TICKS, isJournalled: true, project: first.project, runId: 'run-2', at, prepare },
    });
    await next.play(at + 2_000, 250);
    next.feed.cut('GBPUSD');
    await next.play(at + 20_000, 250);
    expect(next.codes()).toContain('FEED_BACKFILLED');
    expect([next.paused('EURUSD'), next.paused('GBPUSD')]).toEqual(['', "GBPUSD of feed 'data' is disconnected."]);
    await next.mend('GBPUSD');
    await next.play(at + 40_000, 250);
    expect(next.paused('GBPUSD')).toBe('');
    await next.finish();
  });

  it('is no silence of a feed that speaks, however long history takes', async () => {
    const first = await CutRun.begin({ tape: TAPE, capabilities: TICKS, isJournalled: true, staleMs: 15_000 });
    await first.play(NOON + 8.4 * MINUTE);
    await first.finish();
    const at = NOON + 11.7 * MINUTE;
    const prepare = (feed: CutRun['feed']): void => {
      feed.delayMs = 25_000;
    };
    const next = await CutRun.begin({
      ...{ tape: TAPE, capabilities: TICKS, isJournalled: true, project: first.project, runId: 'run-2', at, prepare },
    });
    await next.play(at + 60_000, 250);
    expect(next.codes()).toContain('FEED_BACKFILLED');
    expect(next.notices.filter(({ details }) => details['state'] === 'stale')).toEqual([]);
    await next.finish();
  });

  it('drops the bars under way where history fails, as without one', async () => {
    const first = await CutRun.begin({ tape: TAPE, capabilities: TICKS, isJournalled: true });
    await first.play(NOON + 8.4 * MINUTE);
    await first.finish();
    const at = NOON + 11.7 * MINUTE;
    const prepare = (feed: CutRun['feed']): void => {
      feed.fault = 'fails';
    };
    const next = await CutRun.begin({
      ...{ tape: TAPE, capabilities: TICKS, isJournalled: true, project: first.project, runId: 'run-2', at, prepare },
    });
    await next.play(NOON + 16 * MINUTE + 1_000);
    await next.finish();
    const starts = next
      .seen('EURUSD')
      .at(-1)
      ?.small.map(([ts = 0]) => (ts - NOON) / MINUTE);
    expect(starts?.slice(0, 5)).toEqual([15, 14, 13, 12, 7]);
    expect(next.codes().filter((code) => code === 'FEED_BACKFILL_FAILED')).toHaveLength(2);
    expect(await next.verify()).toMatchObject({ isSame: true });
  });
});

describe('larger bars of ready bars', () => {
  it('have all of these without a close delay, as with one, and as a backtest has them', async () => {
    const large = new Map<number, Map<number, readonly number[]>>();
    for (const closeDelayMs of [0, 500]) {
      const run = await CutRun.begin({ tape: TAPE, capabilities: READY, isJournalled: true, closeDelayMs });
      await run.play(END);
      await run.finish();
      expect((await run.verify()).isSame).toBe(true);
      expect((await run.compare()).differences).toEqual([]);
      large.set(
        closeDelayMs,
        new Map(run.seen('EURUSD').flatMap((seen) => seen.large.map((row) => [row[0] ?? 0, row]))),
      );
    }
    const whole = large.get(500) as ReadonlyMap<number, readonly number[]>;
    expect(whole.size).toBeGreaterThan(6);
    for (const [ts, row] of whole) expect(large.get(0)?.get(ts)).toEqual(row);
  });
});

describe('ready bars that are left out without a word', () => {
  it('come from history', async () => {
    const whole = await uncut(READY);
    const run = await CutRun.begin({ tape: TAPE, capabilities: READY });
    for (const minute of [10, 11, 20]) run.feed.omitted.add(NOON + minute * MINUTE);
    await run.play(END);
    await run.finish();
    expect(run.feed.asked.filter(({ from }) => from > NOON)).toHaveLength(4);
    expect(run.source.feeds()[0]?.irregular).toMatchObject({ skipped: 4 });
    for (const symbol of SYMBOLS) {
      // Of two bars that were left out, the one before the newest was never asked about.
      const starts = new Set(run.seen(symbol).map(({ ts }) => (ts - NOON) / MINUTE));
      expect([10, 11, 12, 20, 21].map((minute) => starts.has(minute))).toEqual([false, false, true, false, true]);
    }
    const kept = run.seen('EURUSD').filter(({ ts }) => ts >= NOON + 12 * MINUTE);
    expect(kept.map(({ slow }) => slow)).toEqual(kept.map(({ ts }) => whole.get('EURUSD')?.get(ts)?.slow));
  });

  it('stay left out where history fails, which is told', async () => {
    const run = await CutRun.begin({ tape: TAPE, capabilities: READY });
    for (const minute of [10, 20]) run.feed.omitted.add(NOON + minute * MINUTE);
    await run.play(NOON + 9 * MINUTE);
    run.feed.fault = 'fails';
    await run.play(END);
    await run.finish();
    expect(run.codes().filter((code) => code === 'FEED_BACKFILL_FAILED')).toHaveLength(4);
    const starts = run.seen('EURUSD').map(({ ts }) => (ts - NOON) / MINUTE);
    const all = Array.from({ length: 39 }, (_, minute) => minute);
    expect(starts.filter((minute) => minute >= 0)).toEqual(all.filter((minute) => minute !== 10 && minute !== 20));
  });

  it('are looked for ever less often where there are none', async () => {
    const quiet = TAPE.filter(({ ts }) => Math.floor((ts - NOON) / MINUTE) % 2 === 0);
    const run = await CutRun.begin({ tape: quiet, capabilities: READY });
    await run.play(END);
    await run.finish();
    const looks = run.feed.asked.filter(({ from, instrument }) => from > NOON && instrument.symbol === 'EURUSD');
    expect(looks.length).toBeGreaterThan(2);
    expect(looks.length).toBeLessThan(9);
    expect(run.seen('EURUSD').length).toBeGreaterThan(15);
  });
});

describe('a history that hangs at the start', () => {
  it('is waited for no longer than its limit: then what was commanded is done', async () => {
    const run = CutRun.start({
      ...{ tape: TAPE, capabilities: TICKS, engine: ', history: { limitMs: 2000 }' },
      prepare: (feed) => {
        feed.fault = 'hangs';
      },
    });
    while (run.session === undefined) await run.settle();
    const outcomes: string[] = [];
    run.session.command({ ts: 0, name: 'panic', args: {}, actor: 'test' }, ({ kind }) => outcomes.push(kind));
    await run.settle();
    expect(outcomes).toEqual([]);
    run.clock.advance(2_000);
    await run.hasBegun;
    expect(outcomes).toEqual(['done']);
    expect(run.codes()).toContain('LIVE_HISTORY_FAILED');
    await run.finish();
  });

  it('does not keep a run from being stopped', async () => {
    const prepare = (feed: CutRun['feed']): void => {
      feed.fault = 'hangs';
    };
    const run = CutRun.start({ tape: TAPE, capabilities: TICKS, prepare });
    while (run.session === undefined) await run.settle();
    await run.settle();
    const stopped = { code: 'ENGINE_START_STOPPED' };
    await Promise.all([
      expect(run.finish()).rejects.toMatchObject(stopped),
      expect(run.hasBegun).rejects.toMatchObject(stopped),
    ]);
    expect(run.clock.pendingCalls).toBe(0);
  });
});
