import type { EpochMs } from '@bookrunner/sdk';
import { DailyRollup, type DailyRow } from '../portfolio/daily-rollup.js';
import { EquityCurve, type MarkedValue } from '../portfolio/equity-curve.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import { type ClosedTrade, TradeStatistics } from '../portfolio/trade-statistics.js';
import type { BookRecord, FillMoney } from './book-record.js';

/**
 * What a run remembers of all books together, in the engine's currency. Money is converted at the rate of its own instant,
 * equity at that of each mark, so moves of currencies between marks are part of the return. Days are those of the first book.
 */
export class PortfolioRecord implements MarkedValue {
  readonly curve = new EquityCurve();
  readonly trades = new TradeStatistics();
  /** Slippage against the price at the decision. */
  implicitCosts = 0;
  /** Fills, trades and cash that came before the rate of their book was known: in the figures of their book only. */
  unconverted = 0;
  /** The mark being taken. */
  markedEquity = Number.NaN;
  markedGross = Number.NaN;
  /** When a bar of some book was marked last. */
  private markedTs = Number.NaN;
  private readonly portfolio: Portfolio;
  private readonly books: readonly BookRecord[];
  /** Exists from when all rates are known, and with them what the run began with. */
  #daily: DailyRollup | undefined;
  #initialEquity = 0;

  constructor(portfolio: Portfolio, books: readonly BookRecord[]) {
    this.portfolio = portfolio;
    this.books = books;
  }

  /** Capital of all books at the first rates known; 0 where they never were. */
  get initialEquity(): number {
    return this.#initialEquity;
  }

  days(): readonly DailyRow[] {
    return this.#daily?.rows() ?? [];
  }

  filled(record: BookRecord, money: FillMoney): void {
    const daily = this.#today();
    const rate = this.#rateOf(record);
    if (daily === undefined || rate !== rate) return this.#leaveOut();
    daily.fill(money, rate);
    this.implicitCosts += money.implicitCost * rate;
  }

  /** A fee told after its fill, in the base currency of the book. */
  feeChanged(record: BookRecord, fee: number): void {
    const daily = this.#today();
    const rate = this.#rateOf(record);
    if (daily === undefined || rate !== rate) return this.#leaveOut();
    daily.fee(fee * rate);
  }

  /** `trade` is in the base currency of the book. */
  tradeClosed(record: BookRecord, trade: ClosedTrade): void {
    const rate = this.#rateOf(record);
    if (rate !== rate) return this.#leaveOut();
    const { entryValue, exitValue, pnl, fees } = trade;
    this.trades.closed({
      ...trade,
      entryValue: entryValue * rate,
      exitValue: exitValue * rate,
      pnl: pnl * rate,
      fees: fees * rate,
    });
  }

  /** Cash that is no trade, in the base currency of the book. */
  cashMoved(record: BookRecord, amount: number, isDeposit: boolean): void {
    const daily = this.#today();
    const rate = this.#rateOf(record);
    if (daily === undefined || rate !== rate) return this.#leaveOut();
    if (isDeposit) {
      daily.deposit(amount * rate);
      this.curve.flow(amount * rate);
    } else {
      daily.financing(amount * rate);
    }
  }

  /** Equity and gross exposure at an instant; none while a rate is not known. */
  mark(time: { readonly now: EpochMs }): void {
    this.markEnd(time);
    if (this.markedEquity === this.markedEquity) this.markedTs = time.now;
  }

  /** The same where a day or the run ends, which is no reason for a day to have a row. */
  markEnd(time: { readonly now: EpochMs }): void {
    this.#open();
    this.markedEquity = this.portfolio.equity();
    if (this.markedEquity !== this.markedEquity) return;
    this.markedGross = 0;
    for (const { book } of this.books) this.markedGross += book.gross() * this.portfolio.rateOf(book.base);
    this.curve.markValue(time, this);
  }

  /** Ends or updates a trading day of the first book. */
  markDay(at: EpochMs): void {
    const equity = this.portfolio.equity();
    const daily = this.#open();
    if (daily === undefined || !Number.isFinite(equity)) return;
    const unrealised = this.books.reduce((sum, record) => sum + record.unrealised() * this.#rateOf(record), 0);
    daily.endDay({ tradingDay: this.#day, equity, unrealised, markedTs: this.markedTs, at });
  }

  get #day(): number {
    return (this.books[0] as BookRecord).book.day;
  }

  #rateOf(record: BookRecord): number {
    return this.portfolio.rateOf(record.book.base);
  }

  #today(): DailyRollup | undefined {
    const daily = this.#open();
    daily?.startDay(this.#day);
    return daily;
  }

  #open(): DailyRollup | undefined {
    if (this.#daily !== undefined) return this.#daily;
    const capital = this.books.reduce((sum, record) => sum + record.initialEquity * this.#rateOf(record), 0);
    if (!Number.isFinite(capital)) return undefined;
    this.#initialEquity = capital;
    this.#daily = new DailyRollup(capital);
    return this.#daily;
  }

  #leaveOut(): void {
    this.unconverted += 1;
  }
}
