// Why a person halted, as it is shown. The kernel's own words (`halt by ada`) are in its journal and its snapshots, and stay what they
// were: the reason is in the latch, and is added outside.
import type { EngineNotice } from '@bookrunner/sdk';
import type { EngineSnapshot, HaltView } from './engine-snapshot.js';
import { givenReason, type HaltEntry, type HaltLatch } from './halt-latch.js';

/** What the kernel adds to who halted, where a session begins with the latch. */
const EARLIER = ', before this start';

/** Halts of a snapshot with the reasons that persons gave: `halt by ada: news`. */
export function withReasons(snapshot: EngineSnapshot, latched: readonly HaltEntry[]): EngineSnapshot {
  return { ...snapshot, halts: snapshot.halts.map((halt) => withReason(halt, latched)) };
}

function withReason(halt: HaltView, latched: readonly HaltEntry[]): HaltView {
  const entry = latched.find((known) => isOf(known, halt) && isSaidBy(known, halt.reason));
  return { ...halt, reason: reasoned(halt.reason, entry) };
}

/** A halt as it is told, with the reason that a person gave. */
export function withReasonOfHalt(notice: EngineNotice, latch: Pick<HaltLatch, 'read'>): EngineNotice {
  if (notice.code !== 'RISK_HALTED') return notice;
  const { scope, name } = notice.details;
  // Books of a venue that is halted are told of one by one.
  const isConcerned = ({ book, venue }: HaltEntry): boolean =>
    scope === 'global' ? (book ?? venue) === undefined : scope === 'book' && (book === name || venue !== undefined);
  const said = notice.message.slice(notice.message.indexOf(': ') + 2);
  const entry = latch.read().findLast((known) => isConcerned(known) && isSaidBy(known, said));
  return { ...notice, message: reasoned(notice.message, entry) };
}

/** Whether an entry of the latch is of the scope of a halt. */
export function isOf({ book, venue }: HaltEntry, { scope, name }: HaltView): boolean {
  if (book === undefined && venue === undefined) return scope === 'global';
  return book === undefined ? scope === 'venue' && name === venue : scope === 'book' && name === book;
}

function isSaidBy({ level, actor }: HaltEntry, said: string): boolean {
  const own = `${level} by ${actor}`;
  return said === own || said === `${own}${EARLIER}`;
}

function reasoned(said: string, entry: HaltEntry | undefined): string {
  const reason = entry === undefined ? '' : givenReason(entry);
  return reason === '' ? said : `${said}: ${reason}`;
}
