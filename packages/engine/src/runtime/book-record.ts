import type { EpochMs } from '@bookrunner/sdk';
import type { Book } from '../portfolio/book.js';
import { DailyRollup, type DailyRow, type DayFill } from '../portfolio/daily-rollup.js';
import { EquityCurve } from '../portfolio/equity-curve.js';
import { TradeStatistics } from '../portfolio/trade-statistics.js';

/** Money of one fill, in the base currency of its book; read during the call. */
export interface FillMoney extends DayFill {
  /** Slippage against the reference price of the fill; 0 where that is not known. */
  readonly implicitCost: number;
}

/** What a run remembers of one book, in its base currency. */
export class BookRecord {
  readonly book: Book;
  readonly curve = new EquityCurve();
  daily: DailyRollup;
  readonly trades = new TradeStatistics();
  /** Slippage against the reference prices. */
  implicitCosts = 0;
  financing = 0;
  realised = 0;
  /** Fees left out because the rate of their currency was not known yet. */
  unpricedFees = 0;
  #initialEquity: number;

  constructor(book: Book) {
    this.book = book;
    this.#initialEquity = book.capital;
    this.daily = new DailyRollup(book.capital);
  }

  /** Marks left out because a currency rate was not known yet. */
  get unpricedMarks(): number {
    return this.curve.unknownMarks;
  }
  get initialEquity(): number {
    return this.#initialEquity;
  }

  /** The run goes on from another one: its own figures begin with what the book is worth now. */
  resume(): void {
    const equity = this.book.equity();
    if (!Number.isFinite(equity)) return;
    this.#initialEquity = equity;
    this.daily = new DailyRollup(equity);
  }

  days(): readonly DailyRow[] {
    return this.daily.rows();
  }

  /** Money of one fill, on the book's day. */
  filled(money: FillMoney): void {
    const { daily } = this;
    daily.startDay(this.book.day);
    daily.fill(money);
    this.realised += money.realised;
    this.implicitCosts += money.implicitCost;
  }

  /** Profit of the open positions at their last marks. */
  unrealised(): number {
    let total = 0;
    for (const position of this.book.positions) {
      const { holding, value } = position;
      if (holding.qtyScaled !== 0) total += (value - holding.costNumber) * this.book.rateOf(position);
    }
    return total;
  }

  /** Ends or updates a trading day. The curve has the same mark: no day ends where it never was. */
  markDay(at: EpochMs): void {
    const { book, curve, daily } = this;
    const equity = book.equity();
    if (!Number.isFinite(equity)) return;
    daily.endDay({ tradingDay: book.day, equity, unrealised: this.unrealised(), markedTs: curve.lastTs, at });
    curve.mark(at, equity, book.gross());
  }
}
