// What a comparison came to: books, causes, strategies, and sums that add up.
import type { Currency, EpochMs } from '@bookrunner/sdk';
import { CAUSES, type Cause, type ExplainedDifference } from './explained-difference.js';
import { earnedBy, type Valuation } from './difference.js';
import type { SideLedger, SideOrder } from './side-ledger.js';

/** Money of one strategy in one book, in the book's currency: `session - backtest = sum of causes + rest`. */
export interface ParityRow {
  readonly strategy: string;
  readonly book: string;
  readonly currency: Currency;
  readonly orders: { readonly session: number; readonly backtest: number };
  readonly fills: { readonly session: number; readonly backtest: number };
  readonly fees: { readonly session: number; readonly backtest: number };
  readonly pnl: { readonly session: number; readonly backtest: number; readonly difference: number };
  readonly byCause: Readonly<Record<Cause, number>>;
  /** Differences of orders before the period, interest and other cash of the book (in its row without a strategy), rounding. */
  readonly rest: number;
}

/** One cause over all books, in the engine's currency. */
export interface CauseRow {
  readonly cause: Cause;
  readonly count: number;
  readonly money: number;
}

/** Equity of both sides on the same instants, in the engine's currency. */
export interface ParityCurve {
  readonly ts: readonly EpochMs[];
  readonly session: readonly number[];
  readonly backtest: readonly number[];
}

/** A whole comparison. */
export interface ParityResult {
  readonly run: string;
  /** Runs of the chain, oldest first. */
  readonly runs: readonly string[];
  readonly name: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly currency: Currency;
  readonly ticks: number;
  readonly bars: number;
  readonly isSame: boolean;
  /** Hash over the decisions of each side; null where the session did not end, or the period is a part of it. */
  readonly decisionHash: { readonly session: string | null; readonly backtest: string };
  readonly withCommands: boolean;
  /** Strategies of the session of which orders have nothing to be compared with; they are in no row and in no sum. */
  readonly uncompared: readonly string[];
  /** What to know before reading on: full sentences. */
  readonly warnings: readonly string[];
  readonly pnl: { readonly session: number; readonly backtest: number; readonly difference: number };
  readonly rest: number;
  readonly causes: readonly CauseRow[];
  readonly rows: readonly ParityRow[];
  readonly differences: readonly ExplainedDifference[];
  readonly curve: ParityCurve;
}

/** What {@link parityRows} adds up. */
export interface RowsInput {
  readonly session: SideLedger;
  readonly backtest: SideLedger;
  readonly differences: readonly ExplainedDifference[];
  readonly valuation: Valuation;
  readonly currencyOf: (book: string) => Currency;
  /** One unit of a currency in that of the book. */
  readonly bookRate: (book: string, currency: Currency) => number;
}

/** A row for each strategy and book that did something, and one without a strategy for each book whose cash moved by itself. */
export function parityRows(input: RowsInput): readonly ParityRow[] {
  const { session, backtest } = input;
  const owners = new Map<string, Pick<SideOrder, 'strategy' | 'book'>>();
  for (const { strategy, book } of [...session.orders, ...backtest.orders]) {
    owners.set(JSON.stringify([book, strategy]), { strategy, book });
  }
  const rows = [...owners.values()]
    .toSorted((a, b) => (`${a.book} ${a.strategy}` < `${b.book} ${b.strategy}` ? -1 : 1))
    .map((owner) => strategyRow(owner, input));
  const books = new Set([...session.cash, ...backtest.cash].map(({ book }) => book));
  return [...rows, ...[...books].toSorted().map((book) => cashRow(book, input))];
}

/** Money of differences by cause; every cause is there. */
export function moneyByCause(differences: readonly ExplainedDifference[]): Record<Cause, number> {
  const sums = Object.fromEntries(CAUSES.map((cause) => [cause, 0])) as Record<Cause, number>;
  for (const { cause, money } of differences) sums[cause] += money;
  return sums;
}

function strategyRow(owner: Pick<SideOrder, 'strategy' | 'book'>, input: RowsInput): ParityRow {
  const { valuation, differences, currencyOf } = input;
  const isOwn = ({ strategy, book }: Pick<SideOrder, 'strategy' | 'book'>): boolean =>
    strategy === owner.strategy && book === owner.book;
  const sideOf = ({ orders }: SideLedger) => {
    const own = orders.filter(isOwn);
    const fills = own.flatMap((order) => order.fills.map((fill) => ({ order, fill })));
    return {
      orders: own.filter(({ booked }) => booked === undefined).length,
      fills: fills.length,
      fees: fills.reduce((sum, { order, fill }) => sum + feeOf(order, fill, valuation), 0),
      pnl: own.reduce((sum, order) => sum + earnedBy(order, valuation), 0),
    };
  };
  const session = sideOf(input.session);
  const backtest = sideOf(input.backtest);
  const byCause = moneyByCause(differences.filter(isOwn));
  return {
    ...owner,
    currency: currencyOf(owner.book),
    orders: { session: session.orders, backtest: backtest.orders },
    fills: { session: session.fills, backtest: backtest.fills },
    fees: { session: session.fees, backtest: backtest.fees },
    ...sums(session.pnl, backtest.pnl, byCause),
  };
}

function cashRow(book: string, { session, backtest, bookRate, currencyOf }: RowsInput): ParityRow {
  const moved = ({ cash }: SideLedger): number =>
    cash
      .filter((each) => each.book === book)
      .reduce((sum, { amount, currency }) => sum + amount * bookRate(book, currency), 0);
  const none = { session: 0, backtest: 0 };
  return {
    ...{ strategy: '', book, currency: currencyOf(book), orders: none, fills: none, fees: none },
    ...sums(moved(session), moved(backtest), moneyByCause([])),
  };
}

function sums(
  session: number,
  backtest: number,
  byCause: Record<Cause, number>,
): Pick<ParityRow, 'pnl' | 'byCause' | 'rest'> {
  const difference = session - backtest;
  const explained = Object.values(byCause).reduce((sum, money) => sum + money, 0);
  return {
    pnl: { session, backtest, difference },
    byCause,
    rest: withoutDust(difference - explained, session, backtest),
  };
}

/** What is left of adding doubles in another order is no money. */
export function withoutDust(rest: number, ...of: readonly number[]): number {
  const size = Math.max(1, ...of.map(Math.abs));
  return Math.abs(rest) <= 1e-9 * size ? 0 : rest;
}

function feeOf(order: SideOrder, { fee, feeCurrency }: SideOrder['fills'][number], valuation: Valuation): number {
  return fee === 0 ? 0 : fee * valuation.rate(order, feeCurrency);
}
