import type { EpochMs, TradingDay } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Book, Position } from '../portfolio/book.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import type { TargetSlot } from './target-slot.js';

/** What a strategy had earned when a trading day began: its equity without its part of the book's capital. */
export interface DayStart {
  day: TradingDay;
  earned: number;
}

/** Where the view of a scope takes its money from, in the scope's base currency. NaN where a needed rate is not known. */
export interface ScopeMoney {
  equity(): number;
  dayStartEquity(): number;
  /** When the trading day of the scope ends. */
  dayEnd(): EpochMs;
  /** Kept by scopes whose start of the day no book keeps. */
  readonly dayStart: DayStart | undefined;
  /** Whether {@link dayStartEquity} stays as it is until a day begins, cash is paid in or a command comes. */
  readonly isDayStartFixed: boolean;
  /** The book whose equity and start of the day are those of the scope; undefined where no book's are. */
  readonly ofBook: Book | undefined;
  /** The same where it is the engine's only book. */
  readonly onlyBook: Book | undefined;
  /** The position whose profit alone moves the equity beside {@link allotted}; undefined where no single one does. */
  readonly onlyPosition: Position | undefined;
  /** What of the equity was allotted and not earned; NaN where that is not told apart. */
  readonly allotted: number;
  /** Whether its positions are worth what they are worth to their books: no other currency comes into it. */
  readonly isOfBooks: boolean;
  /** Value of one unit at price 1. */
  unitValue(state: InstrumentState): number;
  /** The same of what a position of the scope is in, without looking currencies up where none is converted. */
  unitValueOf(position: Position): number;
}

/**
 * Money of one strategy inside its book: its allocation of the book's capital plus everything its own holdings earned. What it had
 * earned at the day's start is taken when the book's trading day changes; a changed allocation moves start and equity alike, so
 * that it is neither profit nor loss.
 */
export class StrategyMoney implements ScopeMoney {
  readonly dayStart: DayStart = { day: 0, earned: Number.NaN };
  readonly isDayStartFixed = true;
  readonly isOfBooks = true;
  readonly ofBook = undefined;
  readonly onlyBook = undefined;
  readonly onlyPosition: Position | undefined;
  private readonly strategy: { readonly allocation: number };
  private readonly slots: readonly TargetSlot[];
  private readonly book: Book;

  /** `strategy`: whose part of the book it is, which a command may change. */
  constructor(strategy: { readonly allocation: number }, slots: readonly TargetSlot[], book: Book) {
    this.strategy = strategy;
    this.slots = slots;
    this.book = book;
    const position = slots.length === 1 ? slots[0]?.position : undefined;
    this.onlyPosition = position?.isForeign === false ? position : undefined;
  }

  get allotted(): number {
    return this.book.capital * this.strategy.allocation;
  }
  equity(): number {
    return this.allotted + this.#earned();
  }

  dayStartEquity(): number {
    const { dayStart } = this;
    if (this.book.day !== dayStart.day) {
      dayStart.day = this.book.day;
      dayStart.earned = this.#earned();
    }
    return this.allotted + dayStart.earned;
  }

  dayEnd(): EpochMs {
    return this.book.dayEnd;
  }

  unitValue(state: InstrumentState): number {
    return this.book.unitValue(state);
  }
  unitValueOf(position: Position): number {
    return this.book.unitValueOf(position);
  }

  #earned(): number {
    const slots = this.slots;
    let total = 0;
    for (let i = 0; i < slots.length; i++) {
      const { position } = slots[i] as TargetSlot;
      const { holding, value, isForeign } = position;
      const booked = holding.bookedNumber;
      if (!isForeign) {
        total += booked;
        total += value;
      } else if (booked !== 0 || value !== 0) total += (booked + value) * this.book.rateOf(position);
    }
    return total;
  }
}

/** Money of one book. */
export class BookMoney implements ScopeMoney {
  readonly dayStart = undefined;
  readonly isDayStartFixed = true;
  readonly isOfBooks = true;
  readonly ofBook: Book;
  readonly onlyBook: Book | undefined;
  readonly onlyPosition = undefined;
  readonly allotted = Number.NaN;
  private readonly book: Book;

  constructor(book: Book, isOnly: boolean) {
    this.book = book;
    this.ofBook = book;
    this.onlyBook = isOnly ? book : undefined;
  }

  equity(): number {
    return this.book.equity();
  }
  dayStartEquity(): number {
    return this.book.dayStartEquity + this.book.dayFlows;
  }
  dayEnd(): EpochMs {
    return this.book.dayEnd;
  }
  unitValue(state: InstrumentState): number {
    return this.book.unitValue(state);
  }
  unitValueOf(position: Position): number {
    return this.book.unitValueOf(position);
  }
}

/** Money of all books in the engine's currency. */
export class GlobalMoney implements ScopeMoney {
  readonly dayStart = undefined;
  readonly isDayStartFixed: boolean;
  readonly isOfBooks: boolean;
  readonly ofBook: Book | undefined;
  readonly onlyBook: Book | undefined;
  readonly onlyPosition = undefined;
  readonly allotted = Number.NaN;
  private readonly portfolio: Portfolio;

  constructor(portfolio: Portfolio) {
    this.portfolio = portfolio;
    // Elsewhere what a book began with moves with the rate of its currency.
    this.isDayStartFixed = portfolio.isOneCurrency;
    this.isOfBooks = portfolio.isOneCurrency;
    this.onlyBook = portfolio.isOneCurrency && portfolio.books.length === 1 ? portfolio.books[0] : undefined;
    this.ofBook = this.onlyBook;
  }

  equity(): number {
    return this.onlyBook === undefined ? this.portfolio.equity() : this.onlyBook.equity();
  }
  dayStartEquity(): number {
    const { onlyBook } = this;
    return onlyBook === undefined ? this.portfolio.dayStartEquity() : onlyBook.dayStartEquity + onlyBook.dayFlows;
  }
  dayEnd(): EpochMs {
    return this.portfolio.books.reduce((latest, book) => Math.max(latest, book.dayEnd), Number.NEGATIVE_INFINITY);
  }
  unitValue(state: InstrumentState): number {
    return state.instrument.pointValue * this.portfolio.rateOf(state.instrument.quote);
  }
  unitValueOf(position: Position): number {
    return this.portfolio.isOneCurrency ? position.book.unitValueOf(position) : this.unitValue(position.state);
  }
}
