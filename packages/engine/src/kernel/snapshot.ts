import type {
  BarBuilderState,
  EntryInstruction,
  EpochMs,
  OrderChange,
  OrderPurpose,
  OrderStatus,
  OrderType,
  ProtectInstruction,
  Side,
  Tick,
  TimeInForce,
} from '@bookrunner/sdk';
import type { ExecutionsState } from '../execution/booked-executions.js';
import type { EndedState } from '../execution/ended-orders.js';
import { OrderRecord } from '../execution/order-record.js';
import type { GuardedScope, StopPolicy } from '../execution/guarded-scope.js';
import type { DayStart } from '../execution/scope-money.js';
import type { SelfTradeWait, TargetSlot } from '../execution/target-slot.js';
import type { KeptProtection } from '../execution/wish.js';
import type { WishMeasure } from '../execution/wish.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { HeldState } from '../market/market.js';
import type { BookState } from '../portfolio/book.js';
import type { BrokerState } from '../reconciliation/broker-watch.js';
import type { RunnerState } from '../signals/strategy-runner.js';
import type { KernelParts } from './build.js';
import type { Panic } from './panic-watch.js';

/** What a slot remembers. */
interface SlotState {
  readonly measure: WishMeasure;
  readonly wish: number;
  readonly entry: EntryInstruction | undefined;
  readonly protect: ProtectInstruction | undefined;
  readonly targetScaled: number;
  readonly isWaiting: boolean;
  readonly isBlocked: boolean;
  readonly wishSide: number;
  readonly kept: KeptProtection | undefined;
  readonly selfTradeWait: SelfTradeWait | undefined;
  readonly isLeaving: boolean;
  /** Absent in snapshots of before it was remembered. */
  readonly isExitInLine?: boolean;
  readonly isEntryStale: boolean;
  readonly isFlattening: boolean;
  readonly keptScaled: number;
  readonly isReplaceRefused: boolean;
  readonly isExitHeld: boolean;
  readonly isVenueOut: boolean;
  readonly isExitWaitTold: boolean;
  readonly toldRefusals: readonly string[];
  readonly isProtectionRefused: boolean;
  readonly filledGroup: number;
  readonly holds: number;
  readonly awaitsAnswer: boolean;
  readonly isSettled: boolean;
  readonly isOwed: boolean;
}

/** A live order as plain values; its owner is named by slot number. */
interface OrderState {
  readonly slot: number;
  readonly sequence: number;
  readonly side: Side;
  readonly qtyScaled: number;
  readonly filledScaled: number;
  readonly orderType: OrderType;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly trail: number;
  readonly tif: TimeInForce;
  readonly expiresAt: EpochMs;
  readonly purpose: OrderPurpose;
  readonly ocoSequence: number;
  readonly parentSequence: number;
  readonly createdTs: EpochMs;
  readonly decisionPrice: number;
  readonly tradingDay: number;
  readonly status: OrderStatus;
  readonly venueOrderId: string;
  /** Absent in snapshots of before it was remembered. */
  readonly isTakenBack?: boolean;
  /** Absent in snapshots of before it was remembered. */
  readonly asked?: OrderChange | undefined;
}

/** Everything a kernel remembers, as plain values; NaN and infinities occur, so a codec has to keep them. */
export interface KernelSnapshot {
  readonly version: 1;
  /** Feeds that are away, and since when. */
  readonly feedsAway: readonly (readonly [string, EpochMs])[];
  readonly now: EpochMs;
  readonly settleAt: EpochMs;
  readonly sequence: number;
  readonly hash: readonly [number, number];
  readonly instruments: readonly (readonly number[])[];
  readonly streams: readonly {
    readonly count: number;
    readonly window: readonly number[];
    readonly builder: BarBuilderState | undefined;
  }[];
  readonly books: readonly BookState[];
  readonly runners: readonly (RunnerState & { readonly allocation: number })[];
  readonly slots: readonly SlotState[];
  readonly orders: readonly OrderState[];
  readonly halts: readonly {
    readonly reason: string;
    readonly until: EpochMs;
    readonly paused: string;
    /** Absent where the venue is not halted. */
    readonly venue?: string;
    /** Absent where the run does not end. */
    readonly stop?: StopPolicy;
    readonly lossLimitBps: number;
    readonly sent: readonly number[];
    readonly dayStart: DayStart | undefined;
  }[];
  readonly executions: ExecutionsState;
  /** How the last orders ended; absent where none did. */
  readonly ended?: EndedState;
  /** Order numbers that were passed over, first and last; absent where there are none. */
  readonly skipped?: readonly (readonly [number, number])[];
  /** Ticks that wait for a running bar to close, by stream. */
  readonly lateTicks: readonly (readonly Tick[])[];
  /** Absent where no bar waits for history. */
  readonly held?: HeldState;
  /** Absent where all fills are simulated. */
  readonly brokers?: readonly BrokerState[];
  /** When each declared time of a strategy comes next. */
  readonly schedule: readonly EpochMs[];
  /** Panics that are not complete; absent where there is none. */
  readonly panics?: readonly Panic[];
}

const ORDER_FIELDS = [
  'side',
  'qtyScaled',
  'filledScaled',
  'orderType',
  'limitPrice',
  'stopPrice',
  'trail',
  'tif',
  'expiresAt',
  'purpose',
  'ocoSequence',
  'parentSequence',
  'createdTs',
  'decisionPrice',
  'tradingDay',
  'status',
  'venueOrderId',
  'isTakenBack',
  'asked',
] as const;
const SLOT_FIELDS = [
  'measure',
  'wish',
  'entry',
  'protect',
  'targetScaled',
  'isWaiting',
  'isBlocked',
  'wishSide',
  'kept',
  'selfTradeWait',
  'isLeaving',
  'isExitInLine',
  'isEntryStale',
  'isProtectionRefused',
  'filledGroup',
  'isFlattening',
  'keptScaled',
  'isReplaceRefused',
  'isExitHeld',
  'isVenueOut',
  'isExitWaitTold',
  'toldRefusals',
  'holds',
  'awaitsAnswer',
  'isSettled',
  'isOwed',
] as const;

export function snapshotKernel(
  parts: KernelParts,
  { now, settleAt, feedsAway }: Pick<KernelSnapshot, 'now' | 'settleAt' | 'feedsAway'>,
): KernelSnapshot {
  const { market, portfolio, signals, execution, desk, hash } = parts;
  const slots = execution.slots;
  return {
    version: 1,
    feedsAway,
    now,
    settleAt,
    sequence: desk.sequence,
    hash: hash.save(),
    instruments: market.instruments.map(pricesOf),
    streams: market.streams.map((stream) => ({
      count: stream.count,
      window: stream.window.save(),
      builder: stream.builder?.save(),
    })),
    books: portfolio.books.map((book) => book.save()),
    runners: signals.runners.map((runner) => ({ ...runner.save(), allocation: runner.allocation })),
    slots: slots.map((slot) => pick(slot, SLOT_FIELDS)),
    orders: [...desk.live()].map((order) => ({
      slot: slots.indexOf(order.owner as TargetSlot),
      sequence: order.sequence,
      ...pick(order, ORDER_FIELDS),
    })),
    halts: allScopes(parts).map(
      ({ haltReason, haltUntil, pauseReason, venueHalt, stopPolicy, lossLimitBps, view }) => ({
        reason: haltReason,
        until: haltUntil,
        paused: pauseReason,
        ...(venueHalt === '' ? {} : { venue: venueHalt }),
        ...(stopPolicy === '' ? {} : { stop: stopPolicy }),
        lossLimitBps,
        sent: view.rate.save(),
        dayStart: view.dayStart && { ...view.dayStart },
      }),
    ),
    executions: execution.save(),
    ...endedOf(desk.ended.save()),
    ...(desk.skipped.length === 0 ? {} : { skipped: desk.skipped }),
    lateTicks: market.saveLate(),
    ...heldOf(market.saveHeld()),
    schedule: signals.schedule.save(),
    ...(parts.reconciler === undefined ? {} : { brokers: parts.reconciler.save() }),
    ...(parts.panics.hasAny ? { panics: parts.panics.save() } : {}),
  };
}

/** Fills freshly built parts of the same set-up. */
export function restoreKernel(parts: KernelParts, saved: KernelSnapshot): void {
  const { market, portfolio, signals, execution, desk, hash } = parts;
  hash.load(saved.hash);
  restoreMarket(parts, saved);
  saved.books.forEach((row, i) => portfolio.books[i]?.load(row));
  saved.runners.forEach((row, i) => {
    const runner = signals.runners[i];
    if (runner === undefined) return;
    runner.load(row);
    runner.allocation = row.allocation;
  });
  saved.slots.forEach((row, i) => {
    const slot = execution.slots[i];
    if (slot !== undefined) Object.assign(slot, row);
  });
  for (const row of saved.orders) {
    const slot = execution.slots[row.slot];
    if (slot === undefined) continue;
    const { slot: _slot, sequence, ...fields } = row;
    desk.restore(Object.assign(new OrderRecord(slot, sequence), fields));
  }
  desk.resume(saved.sequence);
  desk.ended.load(saved.ended ?? []);
  desk.skipped = saved.skipped ?? [];
  restoreHalts(parts, saved);
  parts.guards.watch();
  parts.panics.load(saved.panics ?? []);
  execution.load(saved.executions);
  parts.reconciler?.load(saved.brokers ?? []);
  market.loadHeld(saved.held);
  signals.catchUp((index) => market.instruments[index]?.isFilling === true);
  market.resume(saved.lateTicks);
  // Of a kernel that had seen nothing yet: its first event opens days and schedule.
  if (!Number.isFinite(saved.now)) return;
  portfolio.resume();
  signals.resume();
  signals.schedule.load(saved.schedule);
}

function restoreMarket({ market }: KernelParts, saved: KernelSnapshot): void {
  saved.instruments.forEach((row, i) => {
    const [bid, ask, last, price, tickTs = Number.NaN, ticksThen = 0, closeTs = Number.NaN] = row;
    const state = market.instruments[i];
    if (state !== undefined) Object.assign(state, { bid, ask, last, price, tickTs, ticksThen, closeTs });
  });
  saved.streams.forEach((row, i) => {
    const stream = market.streams[i];
    if (stream === undefined) return;
    stream.count = row.count;
    stream.window.load(row.window);
    if (row.builder !== undefined) stream.builder?.load(row.builder);
  });
}

function restoreHalts(parts: KernelParts, saved: KernelSnapshot): void {
  saved.halts.forEach((halt, i) => {
    const scope = allScopes(parts)[i];
    if (scope === undefined) return;
    const { reason: haltReason, until: haltUntil, paused: pauseReason, lossLimitBps } = halt;
    const { venue: venueHalt = '', stop: stopPolicy = '' } = halt;
    Object.assign(scope, { haltReason, haltUntil, pauseReason, venueHalt, stopPolicy, lossLimitBps });
    scope.view.rate.load(halt.sent);
    if (scope.view.dayStart !== undefined) Object.assign(scope.view.dayStart, halt.dayStart);
  });
}

function allScopes(parts: KernelParts): readonly GuardedScope[] {
  return [...parts.scopes.strategies, ...parts.scopes.books, parts.scopes.global];
}

function pricesOf({ bid, ask, last, price, tickTs, ticksThen, closeTs }: InstrumentState): readonly number[] {
  return [bid, ask, last, price, tickTs, ticksThen, closeTs];
}

function endedOf(ended: EndedState): Pick<KernelSnapshot, 'ended'> {
  return ended.length === 0 ? {} : { ended };
}

function heldOf(held: HeldState | undefined): Pick<KernelSnapshot, 'held'> {
  return held === undefined ? {} : { held };
}

function pick<T extends object, K extends keyof T>(source: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, source[key]])) as Pick<T, K>;
}
