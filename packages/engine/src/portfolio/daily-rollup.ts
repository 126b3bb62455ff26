// What each trading day of one book came to.
import type { EpochMs, TradingDay } from '@bookrunner/sdk';
import { metricsError } from './metrics-errors.js';

/**
 * One trading day, in the book's currency. What happened adds up:
 * `equityEnd - equityStart = realised + (unrealised - unrealised of the day before) - fees + financing + deposits`,
 * as long as the book's currencies do not move against each other.
 */
export interface DailyRow {
  readonly tradingDay: TradingDay;
  /** Equity at the last mark of the day before, and at the last mark of this one. */
  readonly equityStart: number;
  readonly equityEnd: number;
  /** Profit of what was closed, before fees. */
  readonly realised: number;
  /** Open profit at the last mark. */
  readonly unrealised: number;
  readonly fees: number;
  /** Interest, swaps, dividends; negative where paid. */
  readonly financing: number;
  readonly fills: number;
  /** Unsigned money traded. */
  readonly turnover: number;
  /** Cash paid in less cash paid out. */
  readonly deposits: number;
}

/** Money of one execution; read during the call. */
export interface DayFill {
  /** Unsigned money traded. */
  readonly turnover: number;
  /** Negative is a rebate. */
  readonly fee: number;
  /** Profit it realised before the fee. */
  readonly realised: number;
}

/** How a trading day stands when it ends, or when the run does. */
export interface DayEnd {
  readonly tradingDay: TradingDay;
  readonly equity: number;
  /** Open profit. */
  readonly unrealised: number;
  /** When equity was marked last before this end: in the day, or by when an earlier one ended; NaN before the first mark. */
  readonly markedTs: EpochMs;
  /** When the day or the run ended. */
  readonly at: EpochMs;
}

const DAY = 0;
const EQUITY_START = 1;
const EQUITY_END = 2;
const UNREALISED = 3;
const REALISED = 4;
const FEES = 5;
const FINANCING = 6;
const FILLS = 7;
const TURNOVER = 8;
const DEPOSITS = 9;
const ENDED_TS = 10;
const FIELDS = 11;

/** Share of equity by which rounding moves it at most, where nothing happened. */
const ROUNDING = 1e-9;

/**
 * Adds up one book day by day. Call {@link mark} at every mark or {@link endDay} at the end of each day, and {@link startDay} where a fill or cash may come before the
 * first mark of a day. Only a change of the day allocates.
 */
export class DailyRollup {
  private readonly state = new Float64Array(FIELDS);
  #rows: DailyRow[] = [];

  /** `openingEquity` is the book's capital before its first day; it is not a deposit. */
  constructor(openingEquity: number) {
    if (!Number.isFinite(openingEquity)) {
      throw metricsError('METRICS_INPUT_INVALID', `Opening equity has to be finite; it is ${openingEquity}.`);
    }
    this.state[EQUITY_START] = openingEquity;
    this.state[EQUITY_END] = openingEquity;
    this.state[ENDED_TS] = Number.NEGATIVE_INFINITY;
  }

  /**
   * Closes the running day if `tradingDay` is a later one. Call before the first fill or cash of an instant, so that they fall
   * into the right day; {@link mark} calls it too.
   * Errors: METRICS_INPUT_INVALID for a day before the running one.
   */
  startDay(tradingDay: TradingDay): void {
    const running = this.state[DAY]!;
    if (tradingDay !== running) this.#change(tradingDay, running);
  }

  /** Equity and open profit at an instant of a trading day (YYYYMMDD). */
  mark(tradingDay: TradingDay, equity: number, unrealised: number): void {
    const state = this.state;
    if (tradingDay !== state[DAY]!) this.#change(tradingDay, state[DAY]!);
    state[EQUITY_END] = equity;
    state[UNREALISED] = unrealised;
  }

  /**
   * Ends or updates a trading day. One that only began has no row: equity was not marked in it and is what it was, nothing was filled and no cash
   * came or went.
   */
  endDay({ tradingDay, equity, unrealised, markedTs, at }: DayEnd): void {
    const { state } = this;
    const last = state[EQUITY_END]!;
    const isMarked = markedTs > state[ENDED_TS]!;
    const isMoved = Math.abs(equity - last) > ROUNDING * Math.abs(last);
    state[ENDED_TS] = at;
    if (isMarked || isMoved || tradingDay === state[DAY]!) this.mark(tradingDay, equity, unrealised);
  }

  /** One execution, in a currency that is worth `rate` of the book's. */
  fill(fill: DayFill, rate = 1): void {
    const state = this.state;
    state[FILLS] = state[FILLS]! + 1;
    state[TURNOVER] = state[TURNOVER]! + fill.turnover * rate;
    state[FEES] = state[FEES]! + fill.fee * rate;
    state[REALISED] = state[REALISED]! + fill.realised * rate;
  }

  /** A fee that was told after its fill. */
  fee(amount: number): void {
    this.state[FEES] = this.state[FEES]! + amount;
  }

  /** Interest, swap, dividend; negative where paid. */
  financing(amount: number): void {
    this.state[FINANCING] = this.state[FINANCING]! + amount;
  }

  /** Cash paid in, negative for a withdrawal. */
  deposit(amount: number): void {
    this.state[DEPOSITS] = this.state[DEPOSITS]! + amount;
  }

  /** All days, the running one as it stands; empty before the first day. */
  rows(): readonly DailyRow[] {
    return this.state[DAY] === 0 ? [...this.#rows] : [...this.#rows, this.#running()];
  }

  #change(tradingDay: TradingDay, running: TradingDay): void {
    if (!(tradingDay > running)) {
      throw metricsError('METRICS_INPUT_INVALID', `Trading day ${tradingDay} cannot follow ${running}.`);
    }
    const state = this.state;
    if (running !== 0) {
      this.#rows.push(this.#running());
      state[EQUITY_START] = state[EQUITY_END]!;
      state.fill(0, REALISED, ENDED_TS);
    }
    state[DAY] = tradingDay;
  }

  #running(): DailyRow {
    const state = this.state;
    return {
      tradingDay: state[DAY]!,
      equityStart: state[EQUITY_START]!,
      equityEnd: state[EQUITY_END]!,
      realised: state[REALISED]!,
      unrealised: state[UNREALISED]!,
      fees: state[FEES]!,
      financing: state[FINANCING]!,
      fills: state[FILLS]!,
      turnover: state[TURNOVER]!,
      deposits: state[DEPOSITS]!,
    };
  }
}

/**
 * Return of each day as a fraction. Flows are not returns: cash paid in is taken to arrive before the day's trading, cash paid
 * out to leave after it, `(end - start - deposits) / (start + max(deposits, 0))`. NaN where there was no capital to earn on.
 */
export function dailyReturns(rows: readonly DailyRow[]): Float64Array {
  const returns = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    const capital = row.equityStart + Math.max(row.deposits, 0);
    returns[index] = capital > 0 ? (row.equityEnd - row.equityStart - row.deposits) / capital : Number.NaN;
  });
  return returns;
}
