// Questions of a person, answered from the last snapshot: the kernel is not asked, so a hanging strategy hangs no answer.
import type { Command } from '@bookrunner/sdk';
import type { BookView, EngineSnapshot, HaltView, OrderView, PositionView, StrategyView } from './engine-snapshot.js';
import type { HaltEntry } from './halt-latch.js';
import type { ReconciliationView } from './reconciliation-view.js';
import { shownFigure, shownMoney } from './shown-money.js';

/** What a question is answered from. */
export interface QuestionContext {
  readonly snapshot: EngineSnapshot;
  /** False where the engine did not answer in time and the snapshot is an older one. */
  readonly isFresh: boolean;
  /** What `dataDir/HALTED` says. */
  readonly latched: readonly HaltEntry[];
  /** The global policy of engine.yaml, secrets masked. */
  readonly limits: unknown;
}

/** Rows of orders and fills where no limit is named. */
export const DEFAULT_ROWS = 20;

/** The answer as plain JSON. Every answer says when it was true (`at` kernel time, `takenAt` wall clock) and whether it is fresh. */
export function answerQuestion(command: Command, context: QuestionContext): Readonly<Record<string, unknown>> {
  const { snapshot, isFresh } = context;
  const { at, takenAt } = snapshot;
  return { at, takenAt, isFresh, ...body(command, context) };
}

function body(command: Command, context: QuestionContext): Readonly<Record<string, unknown>> {
  const { snapshot } = context;
  const limit = typeof command.args['limit'] === 'number' ? command.args['limit'] : DEFAULT_ROWS;
  switch (command.name) {
    case 'strategies':
      return { strategies: snapshot.strategies.map(strategyAnswer) };
    case 'orders':
      return { total: snapshot.ordersWorking, orders: snapshot.orders.slice(-limit).map(orderAnswer) };
    case 'fills':
      return {
        total: snapshot.counts.fills,
        fills: snapshot.fills.slice(-limit).map((fill) => ({ ...fill, price: shownFigure(fill.price) })),
      };
    case 'pnl':
      return { books: snapshot.books.map(bookMoney), strategies: snapshot.strategies.map(profit) };
    case 'risk':
      return { ...riskAnswer(command, context) };
    default:
      return status(context);
  }
}

function status({ snapshot, latched }: QuestionContext): Readonly<Record<string, unknown>> {
  const { runId, name, mode, state, lagMs, counts, halts, feeds, venues, strategies, books, ordersWorking } = snapshot;
  return {
    ...{ runId, name, mode, state, lagMs, counts, halts, latched, feeds, venues, ordersWorking },
    ordersUnknown: snapshot.ordersUnknown,
    reconciliation: snapshot.reconciliation.map((view) => inShort(view, snapshot.takenAt)),
    books: books.map(bookMoney).map(({ name: book, currency, equity, dayProfit }) => ({
      book,
      currency,
      equity,
      dayProfit,
    })),
    strategies: strategies.map(({ name: strategy, status: how, reason, isWarm }) => ({
      strategy,
      status: how,
      reason,
      isWarm,
    })),
    positions: strategies.flatMap((strategy) =>
      strategy.positions
        .filter((position) => position.qty !== 0)
        .map(positionAnswer)
        .map(({ symbol, qty, avgPrice, price }) => ({ strategy: strategy.name, symbol, qty, avgPrice, price })),
    ),
  };
}

/** Without the whole table and the history: those are the answer to `reconcile`. */
function inShort(view: ReconciliationView, takenAt: number): Readonly<Record<string, unknown>> {
  const { venue, state, isOutage, completeAt, failures, frozen, undecided, unknown, unknownTotal } = view;
  const { balances } = view;
  return {
    completeAgeMs: completeAt === null ? null : Math.max(0, takenAt - completeAt),
    ...{ venue, state, isOutage, completeAt, failures, frozen, undecided, unknown, unknownTotal },
    differing: balances.filter(({ difference }) => difference !== 0 && difference !== null),
    suspense: balances.filter(({ suspense }) => suspense !== 0),
  };
}

function strategyAnswer(view: StrategyView): Readonly<Record<string, unknown>> {
  return { ...view, ...earned(view), positions: view.positions.map(positionAnswer) };
}

function positionAnswer(position: PositionView): PositionView {
  const { avgPrice, price } = position;
  return { ...position, avgPrice: shownFigure(avgPrice), price: shownFigure(price) };
}

function orderAnswer(order: OrderView): OrderView {
  const { limitPrice, stopPrice } = order;
  return { ...order, limitPrice: shownFigure(limitPrice), stopPrice: shownFigure(stopPrice) };
}

function profit({ name, book, currency, realised, fees, fills }: StrategyView): Readonly<Record<string, unknown>> {
  return { strategy: name, book, currency, ...earned({ realised, fees }), net: shownMoney(realised - fees), fills };
}

function earned({ realised, fees }: Pick<StrategyView, 'realised' | 'fees'>): Readonly<Record<string, unknown>> {
  return { realised: shownMoney(realised), fees: shownMoney(fees) };
}

function bookMoney(book: BookView): BookView {
  const { capital, equity, cash, dayProfit, realised, unrealised, grossExposure } = book;
  return {
    ...book,
    capital: shownMoney(capital),
    equity: shownMoney(equity),
    cash: shownMoney(cash),
    dayProfit: shownMoney(dayProfit),
    realised: shownMoney(realised),
    unrealised: shownMoney(unrealised),
    grossExposure: shownMoney(grossExposure),
  };
}

/** Limits, what is halted and what is at stake, of everything or of what concerns one strategy. */
export interface RiskAnswer {
  readonly limits: unknown;
  readonly latched: readonly HaltEntry[];
  readonly halts: EngineSnapshot['halts'];
  readonly lossLimits: readonly { readonly strategy: string; readonly lossLimitBps: number | null }[];
  readonly books: readonly (Pick<BookView, 'currency' | 'equity' | 'dayProfit' | 'grossExposure'> & {
    readonly book: string;
  })[];
}

/** The answer to `risk`. */
export function riskAnswer(command: Command, { snapshot, latched, limits }: QuestionContext): RiskAnswer {
  const name = command.args['name'];
  const strategy = snapshot.strategies.find((candidate) => candidate.name === name);
  const concerns = (scope: HaltView['scope'], of: string): boolean =>
    strategy === undefined ||
    scope === 'global' ||
    of === { book: strategy.book, venue: strategy.venue, strategy: strategy.name }[scope];
  return {
    limits,
    latched,
    halts: snapshot.halts.filter((halt) => concerns(halt.scope, halt.name)),
    // Those of engine.yaml are among the limits.
    lossLimits: snapshot.strategies
      .filter((each) => each.lossLimitBps !== null && concerns('strategy', each.name))
      .map(({ name: of, lossLimitBps }) => ({ strategy: of, lossLimitBps })),
    books: snapshot.books
      .filter((book) => concerns('book', book.name))
      .map(bookMoney)
      .map(({ name: book, currency, equity, dayProfit, grossExposure }) => ({
        book,
        currency,
        equity,
        dayProfit,
        grossExposure,
      })),
  };
}
