// A panic of a scope in which no book trades (any more): the kernel refuses it, so it would never be complete.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import { type HaltEntry, type HaltLatch, type HaltScope, isOpenPanic, scopeOf, scopeText } from './halt-latch.js';

/** What of engine.yaml tells where books trade. */
export interface BookPlaces {
  readonly books: Readonly<Record<string, { readonly account: string }>>;
  readonly accounts: Readonly<Record<string, { readonly venue: string }>>;
}

/** Whether no book is of the scope. Everything is a scope without books as well. */
export function concernsNobody({ book, venue }: HaltScope, { books, accounts }: BookPlaces): boolean {
  if (book === undefined && venue === undefined) return false;
  return !Object.entries(books).some(
    ([name, { account }]) =>
      (book === undefined || book === name) && (venue === undefined || venue === accounts[account]?.venue),
  );
}

/**
 * To be called when a session has begun: a book that is gone and holds something has been refused before. Says of each such panic that it is
 * complete, so that the latch lets it go.
 */
export function panicsOfNobody(latch: HaltLatch, places: BookPlaces, ts: EpochMs): readonly EngineNotice[] {
  return latch
    .read()
    .filter((entry) => isOpenPanic(entry) && concernsNobody(entry, places))
    .map((entry) => completeNotice(entry, ts));
}

function completeNotice(entry: HaltEntry, ts: EpochMs): EngineNotice {
  const message =
    `The panic of ${scopeText(entry)} is complete: no book of engine.yaml trades there, and what is gone held nothing. A start with ` +
    '--resume takes it out of the file HALTED. What others hold there is not looked at: see the broker.';
  const details = {
    ...scopeOf({ args: { ...entry } }),
    orders: 0,
    positions: 0,
    elapsedMs: ts - entry.at,
    askedAt: entry.at,
  };
  return { ts, level: 'info', code: 'PANIC_COMPLETE', message, details };
}
