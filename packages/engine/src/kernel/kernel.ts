// THE path. Everything that happens enters `process` (bars, ticks and timers: `processBar` and its like); everything the engine does leaves
// through the outbox.
//
//   tick, bar, timer -> market (bars, features) -> signals (targets) -> execution (risk, orders) -> outbox -> venue
//   venue report     -> execution (order state, ledger)              -> execution (target rule)  -> outbox -> venue
//
// One thing goes past it: recorded ticks of which nobody has to know (`Driver.passTicks`, ADR-0008 point 9).
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import type { Guards } from '../execution/guards.js';
import type { OrderDesk } from '../execution/order-desk.js';
import type { BarStream } from '../market/bar-stream.js';
import type { Market } from '../market/market.js';
import type { Book } from '../portfolio/book.js';
import type { Marks } from '../portfolio/marks.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import type { LoneReader } from '../signals/lone-reader.js';
import type { SignalStage } from '../signals/signal-stage.js';
import { applyCommand } from './apply-command.js';
import { applyCash, applyCorporateAction } from './apply-fact.js';
import { applyGuard } from './apply-guard.js';
import { brokerNotice } from './broker-notice.js';
import { buildKernel, type KernelParts } from './build.js';
import type { BackfillEvent, BarEvent, BrokerEvent, KernelEvent, TickEvent, TimerEvent } from './event.js';
import { FeedHealth } from './feed-health.js';
import type { KernelTime } from './kernel-time.js';
import type { KernelListener } from './listener.js';
import { passOver } from './order-numbers.js';
import type { Outbox } from './outbox.js';
import type { PanicWatch } from './panic-watch.js';
import type { KernelSetup } from './setup.js';
import type { Reconciler } from '../reconciliation/reconciler.js';
import { type KernelSnapshot, restoreKernel, snapshotKernel } from './snapshot.js';

/**
 * The deterministic core: a synchronous state machine without I/O, clock, randomness or waiting. The same events give the same
 * orders, whoever delivers them.
 */
export class Kernel {
  readonly parts: KernelParts;
  readonly outbox: Outbox;
  readonly #setup: KernelSetup;
  private readonly feeds: FeedHealth;
  // The parts of the hot path, without the way through `parts`.
  private readonly market: Market;
  private readonly streams: readonly BarStream[];
  /** In most runs the only one of ready bars; known for good, so that V8 knows all that hangs on it. */
  private readonly firstStream: BarStream;
  private readonly portfolio: Portfolio;
  private readonly signals: SignalStage;
  private readonly execution: Execution;
  private readonly desk: OrderDesk;
  private readonly guards: Guards;
  private readonly time: KernelTime;
  private readonly reconciler: Reconciler | undefined;
  private readonly panics: PanicWatch;
  private readonly marks: Marks;
  /** Nothing has come yet. */
  private isNew = true;
  private readonly tradeFrom: EpochMs;

  constructor(setup: KernelSetup, listener: KernelListener) {
    this.#setup = setup;
    this.tradeFrom = setup.tradeFrom ?? Number.NEGATIVE_INFINITY;
    this.parts = buildKernel(setup, listener, (notice) => this.#notify(notice));
    this.time = this.parts.time;
    this.market = this.parts.market;
    this.streams = this.market.streams;
    this.firstStream = this.streams[0] as BarStream;
    this.portfolio = this.parts.portfolio;
    this.signals = this.parts.signals;
    this.execution = this.parts.execution;
    this.desk = this.parts.desk;
    this.guards = this.parts.guards;
    this.outbox = this.parts.outbox;
    this.reconciler = this.parts.reconciler;
    this.panics = this.parts.panics;
    this.marks = this.portfolio.marks;
    const { execution, guards, scopes, signals } = this.parts;
    this.feeds = new FeedHealth(signals, (index, at, reason) => {
      const scope = scopes.strategies[index];
      if (scope === undefined) return;
      guards.pause(scope, at, { reason });
      // What the pause held back is looked at again.
      if (reason === '') for (const slot of scope.view.slots) execution.evaluate(slot);
    });
  }

  /** Kernel time: when the last event became available. */
  get now(): EpochMs {
    return this.time.now;
  }

  /**
   * When the kernel has to hear a timer: bars to close, strategies to ask, trading days to end. Every runtime delivers it before
   * any tick at or after it. Infinity when there is nothing.
   */
  get nextDeadline(): EpochMs {
    return this.time.next;
  }

  process(event: KernelEvent): void {
    if (event.kind === 'bar') this.#onBar(event);
    else if (event.kind === 'tick') return this.#onTick(event);
    else {
      if (event.at > this.time.now) this.time.now = event.at;
      if (this.isNew) this.#start(event.at);
      this.#take(event);
    }
    if (this.panics.hasAny) this.panics.look(this.time.now);
  }

  /**
   * The same of ticks, timers and bars, which nearly all events are: nothing is asked of their kind. Whoever puts another `process` in the
   * place of ours, as a journal does, sees them there, too.
   */
  processTick(event: TickEvent): void {
    if (this.process !== OWN_PROCESS) return this.process(event);
    this.#onTick(event);
  }

  processTimer(event: TimerEvent): void {
    if (this.process !== OWN_PROCESS) return this.process(event);
    if (event.at > this.time.now) this.time.now = event.at;
    if (this.isNew) this.#start(event.at);
    this.#onTimer();
    if (this.panics.hasAny) this.panics.look(this.time.now);
  }

  processBar(event: BarEvent): void {
    if (this.process !== OWN_PROCESS) return this.process(event);
    this.#onBar(event);
    if (this.panics.hasAny) this.panics.look(this.time.now);
  }

  /** A price opens, closes and ends no order: what a panic waits for comes as a report, an answer, or with time. */
  #onTick(event: TickEvent): void {
    const { at } = event;
    if (at > this.time.now) this.time.now = at;
    if (this.isNew) this.#start(at);
    this.market.onTick(event);
    this.marks.areCurrent = false;
    this.#settleLater();
  }

  /** The way of most bars, short, so that V8 makes it one function with all it calls; what comes less often has methods of its own. */
  #onBar(event: BarEvent): void {
    const { time } = this;
    if (event.at > time.now) time.now = event.at;
    if (this.isNew) return this.#onFirstBar(event);
    const { streamIndex } = event;
    const { loneReader } = streamIndex === 0 ? this.firstStream : (this.streams[streamIndex] as BarStream);
    if (loneReader === undefined || !loneReader.close(event)) return this.#onSharedBar(event);
    // Where something else of the instant waits to be settled, its deadline is now. `=== true`: of a flag that is nearly always true V8
    // else asks whether it is an empty string, zero or not a number.
    if (event.isLast === true && this.time.next > this.time.now) return this.#settleAlone(loneReader);
    this.#settleWithOthers(event, loneReader);
  }

  #onFirstBar(event: BarEvent): void {
    this.#start(event.at);
    this.#onBar(event);
  }

  #onSharedBar(event: BarEvent): void {
    this.market.onBar(event);
    this.#endBar(event);
  }

  #settleWithOthers(event: BarEvent, { book, runner, hasThrown }: LoneReader): void {
    if (!hasThrown) runner.barClosed(true);
    this.portfolio.onMarked(book, this.streams[event.streamIndex] as BarStream);
    this.market.hasClosed = true;
    this.#endBar(event);
  }

  #endBar(event: BarEvent): void {
    if (event.isLast && !event.isWarmup) this.#onTimer();
    else if (this.time.settleAt !== this.time.now) this.#settleLater();
  }

  #take(event: Exclude<KernelEvent, BarEvent | TickEvent>): void {
    switch (event.kind) {
      case 'timer':
        this.#onTimer();
        break;
      case 'venue-report':
        if (event.sequence > this.desk.sequence) passOver(this.parts, this.#setup.runEpoch, event);
        this.reconciler?.beforeReport(event);
        this.execution.onReport(event);
        this.reconciler?.onReport(event);
        break;
      case 'command':
        applyCommand(this.parts, event.command, event.at);
        break;
      case 'feed-status':
        this.feeds.onStatus(event);
        break;
      case 'backfill':
        this.#onBackfill(event);
        break;
      case 'guard':
        applyGuard(this.parts, event);
        break;
      case 'cash':
        applyCash(this.parts, event);
        break;
      case 'corporate-action':
        applyCorporateAction(this.parts, event);
        break;
      default:
        this.#onBroker(event);
        break;
    }
  }

  /** Everything the kernel remembers, as plain values. */
  snapshot(): KernelSnapshot {
    const { now } = this.time;
    return snapshotKernel(this.parts, { now, settleAt: this.time.settleAt, feedsAway: this.feeds.save() });
  }

  /** Takes a snapshot of a kernel of the same set-up. */
  restore(saved: KernelSnapshot): void {
    this.time.now = saved.now;
    this.marks.areCurrent = false;
    restoreKernel(this.parts, saved);
    this.time.settleAt = saved.settleAt;
    this.isNew = !Number.isFinite(saved.now);
    this.feeds.load(saved.feedsAway);
    this.time.aim();
  }

  /** Hash over all decisions so far and the books as they stand. */
  hash(): string {
    const { hash, portfolio } = this.parts;
    const before = hash.save();
    for (const book of [...portfolio.books, ...suspenseBooks(this.reconciler)]) {
      hash.text(book.name);
      for (const currency of book.currencies()) hash.text(`${currency}${book.cash(currency)}`);
      for (const { holding } of book.positions) hash.number(holding.qtyScaled);
    }
    const digest = hash.digest();
    hash.load(before);
    return digest;
  }

  #start(at: EpochMs): void {
    this.isNew = false;
    const { portfolio, scopes, signals } = this.parts;
    portfolio.start(at);
    // The first day starts now, not when somebody first asks what it lost.
    for (const scope of scopes.strategies) scope.view.openDay();
    this.guards.watch();
    signals.schedule.start(at);
  }

  /** The order of one instant: bars close, books are marked, limits speak, days end, then strategies are asked. */
  #onTimer(): void {
    const { time } = this;
    if (time.now >= time.later) return this.#onDeadline();
    this.#settle();
    this.market.hasClosed = false;
    time.settled();
    this.signals.runDue();
  }

  /** The same where more is due than the instant to be settled. */
  #onDeadline(): void {
    const { time } = this;
    const { now } = time;
    if (now >= time.barAt) this.market.onTimer();
    this.#settle();
    if (now >= time.dayAt && this.portfolio.roll()) this.guards.onDay(now);
    if (now >= time.reconcileAt) this.reconciler?.onTimer();
    this.market.hasClosed = false;
    time.settled();
    this.signals.run();
  }

  #settle(): void {
    if (this.time.now >= this.tradeFrom && this.portfolio.settle()) this.guards.onState();
  }

  /** The same of a bar that was all of its instant, where no deadline has come. */
  #settleAlone({ book, runner, hasThrown }: LoneReader): void {
    if (this.time.now >= this.tradeFrom) {
      this.portfolio.settleBook(book);
      this.guards.onState();
    }
    if (!hasThrown) this.signals.askAlone(runner);
  }

  #onBackfill(event: BackfillEvent): void {
    if (event.stage === 'restart') this.feeds.split();
    this.market.onBackfill(event);
    this.marks.areCurrent = false;
    const { instruments } = this.market;
    if (this.signals.catchUp((index) => instruments[index]?.isFilling === true)) this.market.hasClosed = true;
    this.#settleLater();
  }

  /** More bars may close at this instant: its timer settles them all. */
  #settleLater(): void {
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (this.market.hasClosed === true) this.time.settleNow();
  }

  /** What a broker says that is no report of an order. */
  #onBroker(event: BrokerEvent): void {
    passOver(this.parts, this.#setup.runEpoch, event);
    switch (event.kind) {
      case 'venue-snapshot':
        return this.reconciler?.onSnapshot(event);
      case 'execution':
        return this.reconciler?.onExecution(event);
      case 'venue-status':
        this.#notify(brokerNotice(event, event.at, this.#isOutage(event.status.venue)));
        return this.reconciler?.onVenueStatus(event.status, event.at);
      case 'account':
        return this.#notify(brokerNotice(event, event.at));
    }
  }

  #isOutage(name: string): boolean {
    return this.reconciler?.watches.some(({ venue, isOutage }) => venue === name && isOutage) ?? false;
  }

  #notify(notice: EngineNotice): void {
    this.parts.outbox.notify(notice);
  }

  /** Instruments, streams, books and strategies as set up. */
  get setup(): KernelSetup {
    return this.#setup;
  }
}

/** A constant, so that V8 knows at once whether a kernel has another. */
const OWN_PROCESS = Kernel.prototype.process;

function suspenseBooks(reconciler: Reconciler | undefined): readonly Book[] {
  return reconciler?.watches.flatMap(({ accounts }) => accounts.map(({ book }) => book)) ?? [];
}
