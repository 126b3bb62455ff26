import type { Book, Position } from '../portfolio/book.js';
import type { GuardedScope } from './guarded-scope.js';

/** A scope whose day is watched: a number that is read after each mark, and above what nobody has anything to say. */
export class Watch {
  readonly scope: GuardedScope;
  /** The next that is read after each mark: a chain is walked for half of what a list costs. */
  next: Watch | undefined = undefined;
  /** Begun as a fraction: V8 keeps a field that began so as a double, and compares it without looking what it is. */
  readonly quietAbove: number = 0.5;
  /** The only book of the engine, whose marked equity is that of the scope. */
  readonly book: Book | undefined;
  /** The only position of a strategy: what it earned is all that its equity moves by. */
  readonly position: Position | undefined;

  constructor(scope: GuardedScope) {
    const { onlyBook, onlyPosition, allotted } = scope.view;
    this.scope = scope;
    this.book = onlyBook;
    this.position = onlyPosition;
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

/** Equity above which nobody has anything to say about the scope; infinity where its policy wants every mark. */
function quietAbove({ policy, view, lossLimitBps }: GuardedScope): number {
  if (policy?.onState === undefined) return view.equityAbove(lossLimitBps);
  const asked = policy.asksFromLossBps;
  return asked === undefined ? Number.POSITIVE_INFINITY : view.equityAbove(Math.min(asked, lossLimitBps));
}

/**
 * What has to be earned for an equity above a value. A hair more than the difference: added to what is allotted, as the equity is, it is
 * above the value however the two roundings fell, and so is all that is more.
 */
function earnedAbove(equity: number, allotted: number): number {
  if (!Number.isFinite(equity)) return equity;
  return equity - allotted + 4 * Number.EPSILON * (Math.abs(equity) + Math.abs(allotted));
}
