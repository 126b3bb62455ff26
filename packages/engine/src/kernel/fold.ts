// What is known of a run from its journal: orders from its outbox, the rest from its events. Nothing is decided again.
import type { EngineNotice, OrderChange, ProtectInstruction } from '@bookrunner/sdk';
import { isEntry } from '../execution/order-desk.js';
import { OrderRecord, type OrderTicket } from '../execution/order-record.js';
import type { GuardedScope } from '../execution/guarded-scope.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { BarStream } from '../market/bar-stream.js';
import { STRATEGY_FAILURES } from '../signals/strategy-failure.js';
import type { BarEvent, KernelEvent } from './event.js';
import type { Kernel } from './kernel.js';
import type { PanicScope } from './panic-watch.js';
import type { KernelSnapshot } from './snapshot.js';

/** An order as it left a kernel. */
export type FoldedOrder = OrderTicket &
  Pick<
    OrderRecord,
    'sequence' | 'instrumentIndex' | 'ocoSequence' | 'parentSequence' | 'createdTs' | 'decisionPrice' | 'tradingDay'
  > & { readonly strategy: string; readonly book: string };

/** What a kernel did, as it is remembered. */
export type FoldedEntry =
  | {
      readonly kind: 'submit';
      readonly orders: readonly FoldedOrder[];
      readonly protect?: ProtectInstruction | undefined;
    }
  | { readonly kind: 'cancel'; readonly sequence: number }
  | { readonly kind: 'replace'; readonly sequence: number; readonly change: OrderChange }
  | { readonly kind: 'notify'; readonly notice: EngineNotice }
  | { readonly kind: 'query'; readonly venue: string; readonly query: number }
  | { readonly kind: 'cancel-foreign' };

/** A request that left the kernel; its orders are those of the folded kernel. */
export interface FoldedRequest {
  readonly kind: 'submit' | 'cancel' | 'replace';
  readonly orders: readonly OrderRecord[];
  readonly change: OrderChange | undefined;
}

/** What a stream that the run built remembers of it here. */
const NO_STREAM = { count: 0, window: [], builder: undefined };

const FAILURES: ReadonlySet<string> = new Set(STRATEGY_FAILURES);

/**
 * Folds events and outbox entries into a kernel of {@link foldedKernelSetup}. Events go through the kernel as ever: reports move
 * orders and book fills, commands, cash and splits do what they do. Only the target rule rests: every slot seems to wait for an
 * answer, so it sends nothing. What it sent then comes from the entries, and with it what policies and failing strategies did.
 */
export class KernelFold {
  readonly kernel: Kernel;
  private readonly slots: readonly TargetSlot[];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.slots = kernel.parts.execution.slots;
    for (const slot of this.slots) slot.pendingCount += 1;
    kernel.parts.panics.isFolding = true;
    if (kernel.parts.reconciler !== undefined) kernel.parts.reconciler.isFolding = true;
  }

  /** Begins with a snapshot of the run: with all but what strategies, bars and policies remember. */
  restore(saved: KernelSnapshot): void {
    this.kernel.restore({
      ...saved,
      settleAt: Number.POSITIVE_INFINITY,
      // Of ready bars only: whether those that end a day are there, and which nobody was asked about.
      streams: saved.streams.map((stream, index) => (this.#isReady(index) ? stream : { ...stream, ...NO_STREAM })),
      lateTicks: [],
      schedule: [],
      runners: saved.runners.map((runner) => ({
        ...runner,
        ...{ state: {}, banks: [], sizerBanks: [], counts: [], closedAt: [], gap: undefined },
        ...{ isDue: false, hasClosed: false, postponed: undefined },
      })),
    });
  }

  /** Something happened; what the kernel says to it is not heard, since the run has said it. */
  take(event: KernelEvent): void {
    if (event.kind === 'bar') this.#bar(event);
    else this.kernel.process(event);
    this.silence();
    if (event.kind !== 'tick') this.#endFlattening();
  }

  /** Empties the outbox. */
  silence(): void {
    const { outbox } = this.kernel;
    while (outbox.take() !== undefined);
  }

  /** Something the run did; undefined for what is no request. */
  entry(entry: FoldedEntry): FoldedRequest | undefined {
    switch (entry.kind) {
      case 'submit':
        return this.#submit(entry.orders, entry.protect);
      case 'cancel':
        return this.#cancel(entry.sequence);
      case 'replace':
        return this.#replace(entry.sequence, entry.change);
      case 'notify':
        this.#hear(entry.notice);
        return undefined;
      case 'query':
        this.kernel.parts.reconciler?.asked(entry.venue, entry.query, this.kernel.now);
        return undefined;
      case 'cancel-foreign':
        return undefined;
    }
  }

  /** A bar moves the price of its instrument, may be what the end of a day has waited for, and does nothing else. */
  #bar(event: BarEvent): void {
    const { kernel } = this;
    const { instruments, streams } = kernel.setup;
    const instrumentIndex = instruments.findIndex(({ instrument }) => instrument.symbol === event.symbol);
    const isReady = this.#isReady(event.streamIndex);
    const streamIndex = isReady ? event.streamIndex : streams.length - instruments.length + instrumentIndex;
    if (instrumentIndex >= 0) kernel.process({ ...event, streamIndex, isWarmup: true, isLast: false });
    const { market, portfolio } = kernel.parts;
    if (isReady && !event.isWarmup) portfolio.onBarThere(market.streams[streamIndex] as BarStream);
    // What the timer of its instant would do, it did at once: days may have ended with it.
    if (event.isLast && !event.isWarmup) kernel.process({ kind: 'timer', at: event.at });
  }

  /** Whether a stream of the run is one of ready bars. */
  #isReady(streamIndex: number): boolean {
    return this.kernel.setup.streams[streamIndex]?.source === 'feed';
  }

  #submit(orders: readonly FoldedOrder[], protect: ProtectInstruction | undefined): FoldedRequest | undefined {
    const { desk } = this.kernel.parts;
    const made = orders.map((order) => this.#make(order));
    const [first, second] = made;
    if (first === undefined) return undefined;
    desk.send(first, second);
    this.silence();
    for (const { sequence } of made) desk.resume(sequence);
    const slot = first.owner as TargetSlot;
    for (const { createdTs } of made) slot.countSent(createdTs, 1);
    if (first.purpose === 'protection') slot.protectWith(protectOf(made));
    else {
      // An order goes out only where none of the old kind is left, and nothing stands in its way.
      Object.assign(slot, {
        isEntryStale: false,
        isBlocked: false,
        isExitInLine: false,
        selfTradeWait: undefined,
        isWaiting: false,
        isExitHeld: false,
      });
      if (isEntry(first)) {
        slot.turnTo(first.direction);
        slot.protect = protect;
      }
    }
    return { kind: 'submit', orders: made, change: undefined };
  }

  #make({ strategy, book, instrumentIndex, sequence, ...order }: FoldedOrder): OrderRecord {
    const slot = this.slots.find(
      (one) => one.strategy === strategy && one.book === book && one.instrumentIndex === instrumentIndex,
    );
    if (slot === undefined) throw new RangeError(`Order ${sequence} belongs to no strategy of the run.`);
    const made = new OrderRecord(slot, sequence, order);
    const { ocoSequence, parentSequence, createdTs, decisionPrice, tradingDay } = order;
    return Object.assign(made, { ocoSequence, parentSequence, createdTs, decisionPrice, tradingDay });
  }

  #cancel(sequence: number): FoldedRequest | undefined {
    const { desk } = this.kernel.parts;
    const order = desk.find(sequence);
    if (order === undefined) return undefined;
    // A command or a strategy that was stopped has moved it already.
    if (order.status !== 'pending-cancel') desk.move(order, 'cancel-requested');
    return { kind: 'cancel', orders: [order], change: undefined };
  }

  #replace(sequence: number, change: OrderChange): FoldedRequest | undefined {
    const { desk } = this.kernel.parts;
    const order = desk.find(sequence);
    if (order === undefined) return undefined;
    desk.move(order, 'replace-requested');
    const slot = order.owner as TargetSlot;
    if (order.purpose === 'protection') slot.protectWith({ ...slot.instruction, ...pricesOf(order, change) });
    return { kind: 'replace', orders: [order], change };
  }

  #hear({ code, details, message, ts }: EngineNotice): void {
    const { signals, panics } = this.kernel.parts;
    if (FAILURES.has(code)) {
      const runner = signals.runners.find(({ name }) => name === details['strategy']);
      if (runner !== undefined) signals.stop(runner, ts, 'failed', `${code}: ${message}`);
      this.silence();
      return;
    }
    // Whether a broker has shown that nothing is left, the fold cannot see.
    if (code === 'PANIC_COMPLETE') return panics.said(panicScopeOf(details), { isDone: true });
    if (code === 'PANIC_PENDING') return panics.said(panicScopeOf(details), { isTold: true });
    const scope = this.#scopeOf(details);
    if (scope === undefined) return;
    const halt = details['halt'] as { readonly reason: string; readonly until: number | null } | undefined;
    if (halt !== undefined) {
      scope.haltReason = halt.reason;
      scope.haltUntil = halt.until ?? Number.POSITIVE_INFINITY;
    } else if (code === 'RISK_RESUMED') {
      scope.haltReason = '';
    }
  }

  #scopeOf({ scope, name }: EngineNotice['details']): GuardedScope | undefined {
    const { strategies, books, global } = this.kernel.parts.scopes;
    if (scope === 'global') return global;
    const list = scope === 'strategy' ? strategies : scope === 'book' ? books : [];
    return list.find(({ view }) => view.name === name);
  }

  /** The rule ends a person's "flat" when it has come true; here it rests. */
  #endFlattening(): void {
    for (const slot of this.slots) {
      // One more seems to be pending here than is, see above.
      const isLookedAt = !slot.isHeldBack && slot.pendingCount === 1;
      if (slot.isFlattening && slot.isFlat && isLookedAt) slot.endFlattening();
    }
  }
}

function panicScopeOf({ book, venue }: EngineNotice['details']): PanicScope {
  return { ...(typeof book === 'string' ? { book } : {}), ...(typeof venue === 'string' ? { venue } : {}) };
}

/** The instruction that orders of protection carry out. */
function protectOf(orders: readonly OrderRecord[]): ProtectInstruction {
  return Object.assign({}, ...orders.map((order) => pricesOf(order, order))) as ProtectInstruction;
}

/** The part of an instruction that one order carries out, at the prices of a change. */
function pricesOf(order: OrderRecord, change: OrderChange): ProtectInstruction {
  const { limitPrice = Number.NaN, stopPrice = Number.NaN } = change;
  if (order.orderType === 'limit') return Number.isNaN(limitPrice) ? {} : { takeProfit: limitPrice };
  const stop = Number.isNaN(stopPrice) ? {} : { stop: stopPrice };
  return order.orderType === 'trailing-stop' ? { ...stop, trail: order.trail } : stop;
}
