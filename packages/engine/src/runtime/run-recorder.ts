import type { EngineNotice, EpochMs, TradingDay } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { FillNote, KernelListener } from '../kernel/listener.js';
import type { Book } from '../portfolio/book.js';
import { EquityCurve } from '../portfolio/equity-curve.js';
import type { ClosedTrade } from '../portfolio/holding.js';
import { implicitCost } from '../portfolio/metrics.js';
import type { ClosedTrade as TradeFact } from '../portfolio/trade-statistics.js';
import type { LogOptions } from '../recorder/chunked-log.js';
import { FillLog } from '../recorder/fill-log.js';
import { NoticeLog } from '../recorder/notice-log.js';
import { OrderLog, type OrderOutcome } from '../recorder/order-log.js';
import type { RecordNames } from '../recorder/record-names.js';
import { TradeLog } from '../recorder/trade-log.js';
import { BookRecord, type FillMoney } from './book-record.js';
import { missingRates } from './missing-rates.js';
import { PortfolioRecord } from './portfolio-record.js';
import { RejectedOrders } from './rejected-orders.js';
import { StrategyRecord } from './strategy-record.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_PROFIT = { realised: 0 };

/** The order that is being recorded. */
class EndedOrder implements OrderOutcome {
  /** Without a first value, so that V8 knows its class. */
  declare order: OrderRecord;
  avgFillPrice = Number.NaN;
  endedTs = Number.NaN;
  reason = '';
}

/** How many rows of each log stay in memory. */
export interface RecorderOptions {
  readonly logs?: LogOptions;
}

/**
 * Records a run: logs, equity curves, days and trades, by book and by strategy. Only listens; nothing here can change a
 * decision. Logs are chunked typed arrays and curves are bounded, so memory grows with fills alone.
 */
export class RunRecorder implements KernelListener {
  readonly fills: FillLog;
  readonly orders: OrderLog;
  readonly trades: TradeLog;
  readonly notices = new NoticeLog();
  readonly refusals = new Map<string, number>();
  readonly rejections = new RejectedOrders();
  /** Rates that were not known at the first refusal, by reason. */
  readonly ratesMissed = new Map<string, readonly string[]>();
  #books: readonly BookRecord[] = [];
  /** Of the only book, where there is no portfolio. It begins as one of nothing, so that V8 knows its class. */
  private loneCurve = new EquityCurve({ points: 2 });
  /** Bars are made of ticks: an order may wait to be sent, so marks are noted. To take one at once is less than to note it, and ready bars are many. */
  private isOnTicks = false;
  #strategies: readonly StrategyRecord[] = [];
  #kernel!: Kernel;
  /** All books in the engine's currency; undefined where the only book is kept in it, and says the same. */
  private portfolio: PortfolioRecord | undefined = undefined;
  /** Days that end by then only warmed up; an end is when the day's last bar is available. */
  #daysFrom: EpochMs = Number.NEGATIVE_INFINITY;
  // Said anew with each fill, order and trade.
  private readonly money = noMoney();
  private readonly outcome = new EndedOrder();
  private readonly trade = noTrade();
  /** Value filled so far of orders that are not final, for their average price. */
  private readonly filledValue = new Map<number, number>();

  constructor(names: RecordNames, options: RecorderOptions = {}) {
    this.fills = new FillLog(names, options.logs);
    this.orders = new OrderLog(names, options.logs);
    this.trades = new TradeLog(names, options.logs);
  }

  get books(): readonly BookRecord[] {
    return this.#books;
  }
  get strategies(): readonly StrategyRecord[] {
    return this.#strategies;
  }

  /** The kernel is made with its listener, so it is told to the recorder afterwards and before the first event. */
  connect(kernel: Kernel): void {
    const { portfolio, signals } = kernel.parts;
    this.#kernel = kernel;
    this.#books = portfolio.books.map((book) => new BookRecord(book));
    this.#strategies = signals.runners.map((runner) => new StrategyRecord(runner.name, runner.slots));
    const [first] = portfolio.books;
    const isSingle = portfolio.books.length === 1 && first?.base === kernel.setup.baseCurrency;
    this.portfolio = isSingle ? undefined : new PortfolioRecord(portfolio, this.#books);
    this.loneCurve = (this.#books[0] as BookRecord).curve;
    this.isOnTicks = kernel.parts.market.streams.some(({ builder }) => builder !== undefined);
    this.#daysFrom = (kernel.setup.tradeFrom ?? Number.NEGATIVE_INFINITY) + kernel.setup.closeDelayMs;
  }

  /** The run goes on from another one, whose fills and days are that one's. */
  resume(at: EpochMs): void {
    for (const record of this.#books) record.resume();
    for (const strategy of this.#strategies) strategy.onFill(at);
  }

  orderSent(): void {}

  /** Also of an order that still works when the run ends, which ended at no time. */
  orderEnded(order: OrderRecord, at: EpochMs, reason: string): void {
    const { outcome } = this;
    const { status } = order;
    outcome.order = order;
    outcome.endedTs = at;
    outcome.reason = reason;
    // An order filled at once has the price of the fill just recorded; what another session filled of one has none that is known here.
    if (this.filledValue.size > 0) outcome.avgFillPrice = this.#averagePrice(order);
    else if (status !== 'filled') outcome.avgFillPrice = Number.NaN;
    if (status === 'rejected') this.rejections.add(reason);
    const { decisionPrice } = order;
    // Only one that was taken up again after its end has a row; no such order has a price that it asked for.
    const isAmended = decisionPrice !== decisionPrice && this.orders.amend(outcome);
    if (!isAmended) this.orders.append(outcome, order.owner as TargetSlot);
  }

  filled(note: FillNote): void {
    const { order } = note;
    const slot = order.owner as TargetSlot;
    const { bookOf: book, instrument } = slot;
    const record = this.#books[book.index];
    const strategy = this.#strategies[slot.strategyIndex];
    this.outcome.avgFillPrice = note.price;
    this.loneCurve.takeNoted();
    // Of the suspense book: it is nobody's profit.
    if (record === undefined || strategy === undefined) return this.fills.append(note, slot, NO_PROFIT);
    const money = this.money;
    const { pointValue, quote } = instrument;
    const unitValue = book.unitValueOf(slot.position);
    const rate = unitValue / pointValue;
    const { decisionPrice } = note;
    money.turnover = note.qty * note.price * unitValue;
    money.fee = note.feeCurrency === quote ? note.fee * rate : this.#feeInBase(note, record);
    money.realised = note.realised * rate;
    money.implicitCost = decisionPrice === decisionPrice ? implicitCost(order.direction, note, pointValue) * rate : 0;
    record.filled(money);
    strategy.filled(money, note.at);
    this.portfolio?.filled(record, money);
    if (order.filledScaled < order.qtyScaled || this.filledValue.size > 0) this.#addFilled(order, note);
    this.fills.append(note, slot, money);
  }

  /** Of a trade that is closed already it is a cost of the day it was told on. */
  feeChanged(slot: TargetSlot, change: number, currency: string): void {
    const record = this.#books[slot.bookOf.index];
    const strategy = this.#strategies[slot.strategyIndex];
    if (record === undefined || strategy === undefined) return;
    const fee = this.#feeInBase({ fee: change, feeCurrency: currency }, record);
    record.daily.startDay(slot.bookOf.day);
    record.daily.fee(fee);
    this.portfolio?.feeChanged(record, fee);
    strategy.fees += fee;
  }

  tradeClosed(slot: TargetSlot, closed: ClosedTrade): void {
    const { bookOf: book, instrument } = slot;
    const record = this.#books[book.index];
    if (record === undefined) return;
    const rate = book.unitValueOf(slot.position) / instrument.pointValue;
    const trade = this.trade;
    trade.ts = closed.closeAt;
    trade.openTs = closed.openAt;
    trade.instrumentIndex = slot.instrumentIndex;
    trade.ownerIndex = slot.strategyIndex;
    trade.qty = closed.qty;
    trade.entryValue = Math.abs(closed.entryValue) * rate;
    trade.exitValue = Math.abs(closed.exitValue) * rate;
    trade.pnl = closed.pnl * rate;
    trade.fees = closed.fees * rate;
    this.trades.append(trade);
    record.trades.closed(trade);
    this.#strategies[slot.strategyIndex]?.trades.closed(trade);
    this.portfolio?.tradeClosed(record, trade);
  }

  refused(slot: TargetSlot, _at: EpochMs, reason: string): void {
    const before = this.refusals.get(reason) ?? 0;
    this.refusals.set(reason, before + 1);
    if (before > 0) return;
    const { parts, setup } = this.#kernel;
    this.ratesMissed.set(reason, missingRates(slot, parts.portfolio, setup.baseCurrency));
  }

  equityMarked(book: Book, time: KernelTime): void {
    if (this.portfolio !== undefined) return this.#markOneOf(this.portfolio, book, time);
    if (this.isOnTicks) this.loneCurve.note(time, book);
    else this.loneCurve.markValue(time, book);
  }

  dayEnded(book: Book, _day: TradingDay, at: EpochMs): void {
    // The day is still the book's, and so is its end.
    if (book.dayEnd <= this.#daysFrom) return;
    this.#books[book.index]?.markDay(at);
    this.portfolio?.markEnd({ now: at });
    if (book.index === 0) this.portfolio?.markDay(at);
  }

  cashMoved(book: Book, _at: EpochMs, amount: number, reason: string): void {
    const record = this.#books[book.index];
    if (record === undefined || !Number.isFinite(amount)) return;
    record.daily.startDay(book.day);
    if (reason === 'deposit') {
      record.daily.deposit(amount);
      record.curve.flow(amount);
    } else {
      record.daily.financing(amount);
      record.financing += amount;
    }
    this.portfolio?.cashMoved(record, amount, reason === 'deposit');
  }

  notice(notice: EngineNotice): void {
    const subject = notice.details['strategy'] ?? notice.details['symbol'] ?? notice.details['subject'] ?? '';
    this.notices.append({
      ts: notice.ts,
      level: notice.level,
      code: notice.code,
      message: notice.message,
      subject: String(subject),
    });
  }

  /** Ends the run: the last days are marked and orders that still work are recorded as they stand. */
  finish(at: EpochMs): void {
    for (const record of this.#books) {
      record.book.markAll();
      record.markDay(at);
    }
    this.portfolio?.markEnd({ now: at });
    this.portfolio?.markDay(at);
    for (const strategy of this.#strategies) {
      if (!Number.isNaN(strategy.heldSince)) strategy.heldMs += at - strategy.heldSince;
    }
    for (const order of this.#kernel.parts.desk.live()) this.orderEnded(order, Number.NaN, '');
    this.fills.flush();
    this.orders.flush();
    this.trades.flush();
  }

  /** The whole run in the engine's currency: the only book, or all of them converted. */
  get whole(): BookRecord | PortfolioRecord {
    return this.portfolio ?? (this.#books[0] as BookRecord);
  }

  #markOneOf(portfolio: PortfolioRecord, book: Book, time: KernelTime): void {
    const { curve } = this.#books[book.index] as BookRecord;
    curve.markValue(time, book);
    // A rate that is not known yet makes equity unknown, and unknown is no mark.
    if (!Number.isNaN(book.markedEquity)) portfolio.mark(time);
  }

  /** A fee that is not in the quote currency; 0, and counted, while its rate is not known. */
  #feeInBase(note: Pick<FillNote, 'fee' | 'feeCurrency'>, record: BookRecord): number {
    if (note.fee === 0) return 0;
    const fee = note.fee * this.#kernel.parts.converter.rate(note.feeCurrency, record.book.base);
    if (fee === fee) return fee;
    record.unpricedFees += 1;
    return 0;
  }

  #addFilled(order: OrderRecord, note: FillNote): void {
    this.filledValue.set(order.sequence, (this.filledValue.get(order.sequence) ?? 0) + note.qty * note.price);
  }

  /** Where some order has filled in parts. */
  #averagePrice(order: OrderRecord): number {
    const value = this.filledValue.get(order.sequence);
    if (value === undefined) return order.status === 'filled' ? this.outcome.avgFillPrice : Number.NaN;
    this.filledValue.delete(order.sequence);
    return value / order.filledQty;
  }
}

// Fractions first: a number that began as a whole one is allocated anew when it changes.
function noMoney(): Mutable<FillMoney> {
  return { turnover: 0.5, fee: 0.5, realised: 0.5, implicitCost: 0.5 };
}

function noTrade(): Mutable<TradeFact> {
  return {
    ts: 0.5,
    openTs: 0.5,
    instrumentIndex: 0,
    ownerIndex: 0,
    qty: 0.5,
    entryValue: 0.5,
    exitValue: 0.5,
    pnl: 0.5,
    fees: 0.5,
  };
}
