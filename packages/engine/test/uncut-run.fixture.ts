// Test support: what strategies see in a run that is never cut, and whether another run has seen the same.
import { expect } from '@jest/globals';
import type { Feed } from '@bookrunner/sdk';
import { CutRun, type Seen } from './live-cut.fixture.js';
import { MINUTE, NOON } from './live-session.fixture.js';
import { makeTape, SYMBOLS } from './tape-feed.fixture.js';

const MINUTES = 40;
export const END = NOON + MINUTES * MINUTE;
export const TAPE = makeTape(11, MINUTES + 1);
export const TICKS: Feed['capabilities'] = { quotes: true, historyBars: true, historyTicks: true };
export const READY: Feed['capabilities'] = { barSeconds: [60], historyBars: true };

/** All but how often and when it was asked. What is asked late sees larger bars that have closed since. */
function sight({ at: _at, asked: _asked, large, largeSlow, ...rest }: Seen, isLate: boolean): object {
  return isLate ? rest : { ...rest, large, largeSlow };
}

/** Asked after the bar had closed, by when larger ones may have, too. */
export const isLate = ({ at, ts }: Seen): boolean => at >= ts + MINUTE + 500;

/** Each strategy holds what its last answers came to. */
export function expectHeld(run: CutRun): void {
  for (const symbol of SYMBOLS) {
    // An order made on a ready bar fills with the next one.
    const { small, slow } = run.seen(symbol).at(run.feed.isReady ? -2 : -1) as Seen;
    expect([symbol, Math.sign(run.qty(symbol))]).toEqual([symbol, (small[0]?.[4] ?? 0) > slow ? 1 : -1]);
  }
}

/** What strategies see in a run that is never cut, by symbol and start of the bar. */
export async function uncut(
  capabilities: Feed['capabilities'],
): Promise<ReadonlyMap<string, ReadonlyMap<number, Seen>>> {
  const run = await CutRun.begin({ tape: TAPE, capabilities });
  await run.play(END, MINUTE);
  await run.finish();
  return new Map(SYMBOLS.map((symbol) => [symbol, new Map(run.seen(symbol).map((seen) => [seen.ts, seen]))]));
}

/** Every sight of the run from `from` on is one of the uncut run, none comes twice, and from `since` on none is missing. */
export function expectWhole(run: CutRun, whole: Awaited<ReturnType<typeof uncut>>, since: number, from = 0): void {
  for (const symbol of SYMBOLS) {
    const expected = whole.get(symbol) as ReadonlyMap<number, Seen>;
    const seen = run.seen(symbol).filter(({ at }) => at >= from);
    expect(seen.map((one) => sight(one, isLate(one)))).toEqual(
      seen.map((one) => sight(expected.get(one.ts) as Seen, isLate(one))),
    );
    const starts = seen.map(({ ts }) => ts);
    expect(starts).toEqual([...new Set(starts)]);
    const later = [...expected.values()].filter(({ at }) => at > since).map(({ ts }) => ts);
    expect(starts.filter((ts) => ts >= (later[0] ?? Infinity))).toEqual(later);
  }
}
