// A feed that was away: what it missed comes from history, and from then on the run is the one that was never cut.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Feed } from '@bookrunner/sdk';
import fc from 'fast-check';
import { CutRun, makeTape, MINUTE, NOON, removeProjects, type Seen, SYMBOLS } from './live-cut.fixture.js';

jest.setTimeout(300_000);
afterEach(removeProjects);

const MINUTES = 40;
const END = NOON + MINUTES * MINUTE;
const TAPE = makeTape(11, MINUTES + 1);
const TICKS: Feed['capabilities'] = { quotes: true, historyBars: true, historyTicks: true };
const READY: Feed['capabilities'] = { barSeconds: [60], historyBars: true };

/** All but how often and when it was asked. What is asked late sees larger bars that have closed since. */
function sight({ at: _at, asked: _asked, large, largeSlow, ...rest }: Seen, isLate: boolean): object {
  return isLate ? rest : { ...rest, large, largeSlow };
}

const isLate = ({ at, ts }: Seen): boolean => at > ts + MINUTE + 500;

/** What strategies see in a run that is never cut, by symbol and start of the bar. */
async function uncut(capabilities: Feed['capabilities']): Promise<ReadonlyMap<string, ReadonlyMap<number, Seen>>> {
  const run = await CutRun.begin({ tape: TAPE, capabilities });
  await run.play(END);
  await run.finish();
  return new Map(SYMBOLS.map((symbol) => [symbol, new Map(run.seen(symbol).map((seen) => [seen.ts, seen]))]));
}

/** Every sight of the run is one of the uncut run, none comes twice, and from `since` on none is missing. */
function expectWhole(run: CutRun, whole: Awaited<ReturnType<typeof uncut>>, since: number): void {
  for (const symbol of SYMBOLS) {
    const expected = whole.get(symbol) as ReadonlyMap<number, Seen>;
    const seen = run.seen(symbol);
    expect(seen.map((one) => sight(one, isLate(one)))).toEqual(
      seen.map((one) => sight(expected.get(one.ts) as Seen, isLate(one))),
    );
    const starts = seen.map(({ ts }) => ts);
    expect(starts).toEqual([...new Set(starts)]);
    const later = [...expected.values()].filter(({ at }) => at > since).map(({ ts }) => ts);
    expect(starts.filter((ts) => ts >= (later[0] ?? Infinity))).toEqual(later);
  }
}

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
        await run.play(NOON + from);
        run.feed.cut(symbol);
        await run.play(NOON + from + lasts);
        run.feed.delayMs = delayMs;
        run.feed.mend(symbol);
        const back = run.clock.nowUtc() + delayMs;
        await run.play(back + 1_000, 250);
        await run.play(END);
        await run.finish();
        expectWhole(run, whole, back + 1_000);
        expect(run.codes()).not.toContain('FEED_BACKFILL_FAILED');
        removeProjects();
      }),
      { numRuns: 15 },
    );
  });
});
