// What a run shows of itself, read from the kernel and the recorder between two events. Changes nothing.
import type {
  BookView,
  EngineSnapshot,
  FeedView,
  FillView,
  HaltView,
  OrderView,
  PositionView,
  RunState,
  StrategyView,
  VenueFacts,
} from '../../control/engine-snapshot.js';
import type { DifferenceView, ReconciliationView } from '../../control/reconciliation-view.js';
import { SNAPSHOT_FILLS, SNAPSHOT_ORDERS } from '../../control/engine-snapshot.js';
import { shownDecimals } from '../../control/shown-decimals.js';
import type { OrderRecord } from '../../execution/order-record.js';
import type { GuardedScope } from '../../execution/guarded-scope.js';
import type { TargetSlot } from '../../execution/target-slot.js';
import type { StrategyRunner } from '../../signals/strategy-runner.js';
import type { Assembly } from '../assemble.js';
import { barsOf } from '../bar-count.js';
import type { BookRecord } from '../book-record.js';
import { reconciliationViews } from '../reconciliation-views.js';
import type { StrategyRecord } from '../strategy-record.js';

/** What the kernel does not know. */
export interface SnapshotFacts {
  readonly runId: string;
  readonly name: string;
  readonly state: RunState;
  readonly takenAt: number;
  readonly lagMs: number;
  readonly mode: 'paper' | 'live';
  readonly feeds: readonly FeedView[];
  readonly venues: readonly VenueFacts[];
  /** Differences between books and brokers that were found lately. */
  readonly differences: readonly DifferenceView[];
}

/** The run as it stands. */
export function takeSnapshot(assembly: Assembly, facts: SnapshotFacts): EngineSnapshot {
  const { kernel, driver, recorder } = assembly;
  const { desk, signals, scopes, execution } = kernel.parts;
  const working = [...desk.live()];
  const { differences, ...shown } = facts;
  const reconciliation = reconciliationViews(kernel, differences);
  return {
    ...shown,
    venues: facts.venues.map((venue) => ({
      ...venue,
      isReconciled: reconciliation.some((view) => view.venue === venue.name && isReconciled(view, assembly, facts)),
    })),
    reconciliation,
    at: known(kernel.now),
    counts: { ticks: driver.ticks, bars: barsOf(kernel), orders: desk.sequence, fills: recorder.fills.total },
    halts: [scopes.global, ...scopes.books, ...scopes.strategies]
      .filter((scope) => scope.haltReason !== '')
      .map(haltView)
      .concat(venueHalts(assembly)),
    decimals: Object.fromEntries(
      execution.slots.map(({ instrument }) => [instrument.symbol, shownDecimals(instrument)]),
    ),
    strategies: signals.runners.map((runner) => strategyView(runner, assembly)),
    books: recorder.books.map(bookView),
    orders: working.slice(-SNAPSHOT_ORDERS).map(orderView),
    ordersWorking: working.length,
    ordersUnknown: working.filter(({ status }) => status === 'unknown').length,
    fills: lastFills(assembly),
  };
}

/** What it said is known, and not older than its next answer may be. */
function isReconciled(
  { state, completeAt }: ReconciliationView,
  { kernel }: Assembly,
  { takenAt }: SnapshotFacts,
): boolean {
  const { everyMs = 0, pageMs = 0 } = kernel.parts.reconciler?.parts.reconcile ?? {};
  return state === 'ready' && (completeAt === null || takenAt - completeAt <= everyMs + pageMs);
}

/** Books of one venue are halted together. */
function venueHalts({ kernel }: Assembly): readonly HaltView[] {
  const { scopes, portfolio } = kernel.parts;
  const reasons = new Map(scopes.books.map(({ venueHalt }, index) => [portfolio.books[index]?.venue ?? '', venueHalt]));
  return [...reasons]
    .filter(([, reason]) => reason !== '')
    .map(([name, reason]) => ({ scope: 'venue', name, reason, until: null }));
}

function haltView({ view, haltReason, haltUntil }: GuardedScope): HaltView {
  return { scope: view.scope, name: view.name, reason: haltReason, until: known(haltUntil) };
}

function strategyView(runner: StrategyRunner, { recorder, kernel }: Assembly): StrategyView {
  const book = runner.slots[0]?.bookOf;
  return {
    name: runner.name,
    book: book?.name ?? '',
    venue: book?.venue ?? '',
    feed: runner.setup.feed,
    currency: book?.base ?? '',
    status: runner.status,
    reason: runner.statusReason,
    isWarm: runner.isWarm,
    allocation: runner.allocation,
    lossLimitBps: known((kernel.parts.scopes.strategies[runner.index] as GuardedScope).lossLimitBps),
    ...earned(recorder.strategies[runner.index]),
    positions: runner.slots.map(positionView),
  };
}

function earned(record?: StrategyRecord): Pick<StrategyView, 'realised' | 'fees' | 'fills'> {
  const { realised = 0, fees = 0, fills = 0 } = record ?? {};
  return { realised, fees, fills };
}

function positionView(slot: TargetSlot): PositionView {
  const { holding, state } = slot.position;
  return {
    symbol: slot.instrument.symbol,
    qty: holding.qty,
    avgPrice: known(holding.avgPrice),
    price: known(state.price),
    target: known(state.units(slot.targetScaled)),
    waitsFor: slot.selfTradeWait?.strategy ?? null,
    awaitsOtherAnswer: slot.isWaiting,
  };
}

function bookView(record: BookRecord): BookView {
  const { book } = record;
  const equity = book.equity();
  return {
    name: book.name,
    currency: book.base,
    capital: book.capital,
    equity: known(equity),
    cash: known(book.cashValue()),
    dayProfit: known(equity - book.dayStartEquity - book.dayFlows),
    realised: record.realised,
    unrealised: known(record.unrealised()),
    // Marks come and go as doubles: what their sum leaves is no exposure.
    grossExposure: book.positions.every(({ holding }) => holding.qtyScaled === 0) ? 0 : known(book.gross()),
  };
}

function orderView(order: OrderRecord): OrderView {
  const { createdTs, symbol, side, orderType, purpose, status, qty, filledQty, tag } = order;
  return {
    orderId: order.clientOrderId,
    ...{ createdTs, symbol, side, orderType, purpose, status, qty, filledQty, tag },
    limitPrice: known(order.limitPrice),
    stopPrice: known(order.stopPrice),
  };
}

function lastFills({ recorder }: Assembly): readonly FillView[] {
  const { fills } = recorder;
  const first = Math.max(fills.first, fills.total - SNAPSHOT_FILLS);
  return Array.from({ length: fills.total - first }, (_, k) => {
    const { ts, orderId, symbol, side, qty, price, fee, feeCurrency, liquidity, tag } = fills.at(first + k);
    return { ts, orderId, symbol, side, qty, price, fee, feeCurrency, liquidity, tag };
  });
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
