// A run that fails before its panic is complete: nothing more is sent, so a person has to know what is open and what to do first.
import { type EngineNotice, type EpochMs, isTradingError } from '@bookrunner/sdk';
import type { EngineSnapshot, OrderView } from './engine-snapshot.js';
import { type HaltLatch, type HaltScope, haltText, isOpenPanic, scopeOf, scopeText } from './halt-latch.js';
import type { OpenPanic } from './open-panics.js';

/** Most positions, and most orders, that the message tells of. */
const MOST_TOLD = 10;

/** What {@link panicNotDone} is told. */
export interface PanicFailure {
  readonly ts: number;
  readonly failure: unknown;
  /** What the engine last showed; undefined where it never did. */
  readonly snapshot: EngineSnapshot | undefined;
}

/** The alarm: that the panic is not carried out and why, what stays open, whether it is latched, what to do first. */
export function panicNotDone({ entry, isLatched }: OpenPanic, { ts, failure, snapshot }: PanicFailure): EngineNotice {
  const code = isTradingError(failure) ? failure.code : 'INTERNAL';
  const isJournal = code.startsWith('JOURNAL_');
  const why = isJournal
    ? `the journal cannot be written (${code}), and no order goes out that is not on disk`
    : `the engine has ended (${code})`;
  const latched = latchedText(isLatched);
  const first = isJournal ? 'make room on the disk of the data folder' : 'mend what ended it';
  return {
    ...{ ts, level: 'alarm', code: 'PANIC_UNFINISHED' },
    message:
      `The panic of ${scopeText(entry)} is NOT carried out: ${why}. ${openText(entry, snapshot)} ${latched} ` +
      `First ${first}, then start again, without --resume. Where that takes long, close at the broker by hand. It was: ${haltText(entry)}`,
    details: { ...scopeOf({ args: { ...entry } }), failure: code, isLatched },
  };
}

function latchedText(isLatched: boolean): string {
  return isLatched
    ? 'The file HALTED has the panic: the next start carries it out.'
    : 'The file HALTED could not be written: the next start does not know of the panic, so ask for it again there.';
}

/** The alarm for a panic that came when the run was over. */
export function panicTooLate({ entry, isLatched }: OpenPanic, ts: EpochMs): EngineNotice {
  const message = `The run was over before it could carry out a panic. ${latchedText(isLatched)} It was: ${haltText(entry)}`;
  return {
    ts,
    level: 'alarm',
    code: 'PANIC_UNFINISHED',
    message,
    details: { ...scopeOf({ args: { ...entry } }), isLatched },
  };
}

/** The alarm where nobody said panic and the journal ended the session: what stays open, and what to do; undefined where nothing does. */
export function leftOpen({ ts, failure, snapshot }: PanicFailure): EngineNotice | undefined {
  if (!isTradingError(failure) || !failure.code.startsWith('JOURNAL_') || snapshot === undefined) return undefined;
  const isHeld = snapshot.strategies.some(({ positions }) => positions.some(({ qty }) => qty !== 0));
  if (!isHeld && snapshot.orders.length === 0) return undefined;
  return {
    ...{ ts, level: 'alarm', code: 'SESSION_LEFT_OPEN' },
    message:
      `The session has ended (${failure.code}), and nobody watches what it leaves. ${openText({}, snapshot)} ` +
      'Mend that, then start again with --resume: a start without it is halted. Where that takes long, look after them at the broker.',
    details: { failure: failure.code },
  };
}

function openText(scope: HaltScope, snapshot: EngineSnapshot | undefined): string {
  if (snapshot === undefined) return 'What is open is not known here: look at the broker.';
  // Which books trade at a venue is not shown: those of all venues are told of.
  const concerns = (book: string): boolean => scope.book === undefined || scope.book === book;
  const positions = snapshot.strategies
    .filter(({ book }) => concerns(book))
    .flatMap(({ name, book, positions: held }) =>
      held.filter(({ qty }) => qty !== 0).map(({ qty, symbol }) => `${qty} ${symbol} of ${name} in ${book}`),
    );
  const orders = snapshot.orders.filter(({ tag }) => concerns(tag.split('|')[1] ?? '')).map(orderText);
  return (
    `Open stay, by ${scope.venue === undefined ? 'the' : 'all'} books: ${list(positions, 'no position')}. Orders that may work: ${list(orders, 'none')}. ` +
    'What no book explains, and what others ordered, comes on top.'
  );
}

function list(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none;
  const more = texts.length > MOST_TOLD ? `; and ${texts.length - MOST_TOLD} more` : '';
  return `${texts.slice(0, MOST_TOLD).join('; ')}${more}`;
}

function orderText({ side, qty, filledQty, symbol, orderType, stopPrice, limitPrice }: OrderView): string {
  const price = stopPrice ?? limitPrice;
  return `${side} ${qty - filledQty} ${symbol} ${orderType}${price === null ? '' : ` at ${price}`}`;
}

/** What a person is told where a session is stopped before it could go on with a panic; undefined where there is none. */
export function panicNotGoneOn(latch: HaltLatch, ts: EpochMs): EngineNotice | undefined {
  const panic = latch.read().find(isOpenPanic);
  if (panic === undefined) return undefined;
  const message = `The session was stopped before it could go on with a panic: ${haltText(panic)}`;
  return { ts, level: 'alarm', code: 'PANIC_UNFINISHED', message, details: { ...scopeOf({ args: { ...panic } }) } };
}
