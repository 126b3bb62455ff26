import type { Book, Position } from '../portfolio/book.js';
import type { GuardedScope } from './risk-gate.js';

/** A scope whose day is watched: a number that is read after each mark, and above what nobody has anything to say. */
export class Watch {
  readonly scope: GuardedScope;
  /** What the number is read from: watches of the same thing differ in their bounds only. */
  readonly source: Book | Position | GuardedScope;
  /** The next of the strictest, see {@link strictestOf}: walked after each mark, which a list costs twice as much. */
  next: Watch | undefined = undefined;
  /** Begun as a fraction: V8 keeps a field that began so as a double, and compares it without looking what it is. */
  readonly quietAbove: number = 0.5;
  /** The only book of the engine, whose marked equity is that of the scope. */
  private readonly book: Book | undefined;
  /** The only position of a strategy: what it earned is all that its equity moves by. */
  private readonly position: Position | undefined;

  constructor(scope: GuardedScope) {
    const { onlyBook, onlyPosition, allotted } = scope.view;
    this.scope = scope;
    this.book = onlyBook;
    this.position = onlyPosition;
    this.source = onlyBook ?? onlyPosition ?? scope;
    const equity = quietAbove(scope);
    this.quietAbove = onlyPosition === undefined ? equity : earnedAbove(equity, allotted);
  }

  /** Whether nobody has anything to say of the scope as it is marked now. What is not known is not above anything: then it is asked. */
  get isQuiet(): boolean {
    const { book, position, quietAbove } = this;
    if (book !== undefined) return book.markedEquity > quietAbove;
    // The sum that the strategy's money makes of it, without the way there.
    if (position !== undefined) return position.holding.bookedNumber + position.value > quietAbove;
    return this.scope.view.equity > quietAbove;
  }
}

/** The first of a chain with one watch of each thing that numbers are read from: while that is quiet, so are the others. */
export function strictestOf(watching: readonly Watch[]): Watch | undefined {
  const strictest = new Map<object, Watch>();
  for (const watch of watching) {
    const known = strictest.get(watch.source);
    if (known === undefined || watch.quietAbove > known.quietAbove) strictest.set(watch.source, watch);
  }
  let first: Watch | undefined;
  for (const watch of strictest.values()) {
    watch.next = first;
    first = watch;
  }
  return first;
}

/** Equity above which nobody has anything to say about the scope; infinity where its policy wants every mark. */
function quietAbove({ policy, view, lossLimitBps }: GuardedScope): number {
  if (policy?.onState === undefined) return view.equityAbove(lossLimitBps);
  const asked = policy.asksFromLossBps;
  // A loss that is not a number is none that could be waited for.
  if (asked === undefined || Number.isNaN(asked)) return Number.POSITIVE_INFINITY;
  return view.equityAbove(Math.min(asked, lossLimitBps));
}

/**
 * What has to be earned for an equity above a value. A hair more than the difference: added to what is allotted, as the equity is, it is
 * above the value however the two roundings fell, and so is all that is more.
 */
function earnedAbove(equity: number, allotted: number): number {
  if (!Number.isFinite(equity)) return equity;
  return equity - allotted + 4 * Number.EPSILON * (Math.abs(equity) + Math.abs(allotted));
}
