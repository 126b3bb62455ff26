import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { BarEvent, KernelEvent, TickEvent, TimerEvent } from '../kernel/event.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Outbox, OutboxEntry } from '../kernel/outbox.js';
import type { Market } from '../market/market.js';
import type { TickRows } from '../market/tick-rows.js';
import type { VenueLiquidation } from '../simulated-venue/liquidation-listener.js';
import { plainReport } from './brokers/broker-reports.js';
import { shareCash } from './cash-share.js';
import type { ReportRelay, VenueCash } from './report-relay.js';
import type { SynchronousVenue } from './synchronous-venue.js';

/** The one timer event. */
class MutableTimer implements TimerEvent {
  readonly kind = 'timer';
  at: EpochMs = 0;
}

/**
 * Delivers events to venue and kernel in the one order that backtest and paper share: what is due first, then the venue, then the
 * kernel, and after each of them the outbox.
 */
export class Driver {
  readonly kernel: Kernel;
  private readonly time: KernelTime;
  private readonly market: Market;
  private readonly outbox: Outbox;
  private readonly venue: SynchronousVenue;
  private readonly relay: ReportRelay;
  readonly #onNotice: (notice: EngineNotice) => void;
  private readonly brokerAccounts: ReadonlySet<string>;
  private readonly timer = new MutableTimer();
  #ticks = 0;
  #bars = 0;

  constructor(parts: {
    kernel: Kernel;
    venue: SynchronousVenue;
    relay: ReportRelay;
    onNotice: (notice: EngineNotice) => void;
    /** Accounts at brokers; none unless given. */
    brokerAccounts?: ReadonlySet<string>;
  }) {
    this.kernel = parts.kernel;
    this.time = parts.kernel.parts.time;
    this.market = parts.kernel.parts.market;
    this.outbox = parts.kernel.outbox;
    this.venue = parts.venue;
    this.relay = parts.relay;
    this.#onNotice = parts.onNotice;
    this.brokerAccounts = parts.brokerAccounts ?? new Set();
  }

  get ticks(): number {
    return this.#ticks;
  }
  get bars(): number {
    return this.#bars;
  }

  /** When venue or kernel next has something to do by the clock. */
  nextDeadline(): EpochMs {
    return Math.min(this.time.next, this.venue.nextDeadline);
  }

  tick(event: TickEvent): void {
    if (this.time.next <= event.at || this.venue.nextDeadline <= event.at) this.advanceTo(event.at);
    this.#ticks += 1;
    this.venue.onTick(event.instrumentIndex, event, event.at);
    if (this.outbox.hasEntries) this.#drain(event.at);
    this.kernel.processTick(event);
    if (this.outbox.hasEntries) this.#drain(event.at);
  }

  /**
   * Takes at once those of the next rows of which nobody has to know: they come before `before` and before anything is due, and no order
   * waits for a price. Whoever calls it gives the row that is next then to {@link tick}.
   */
  passTicks(rows: TickRows, before: EpochMs): void {
    const { row } = rows;
    if (this.venue.isIdle?.(rows.instrumentIndex) !== true) return;
    this.market.passTicks(rows, Math.min(before, this.time.next, this.venue.nextDeadline));
    this.#ticks += rows.row - row;
  }

  /** The open of a recorded bar, at its start: the venue alone sees it. */
  barOpen(instrumentIndex: number, bar: BarEvent): void {
    if (this.time.next <= bar.ts || this.venue.nextDeadline <= bar.ts) this.advanceTo(bar.ts);
    this.venue.onBarOpen(instrumentIndex, bar.open, bar.ts);
    if (this.outbox.hasEntries) this.#drain(bar.ts);
  }

  /** The range of a recorded bar, at its end: the venue alone sees it. */
  barRange(instrumentIndex: number, bar: BarEvent): void {
    if (this.time.next < bar.endTs || this.venue.nextDeadline <= bar.endTs) this.#advanceBefore(bar.endTs);
    this.venue.onBarRange(instrumentIndex, bar, bar.endTs);
    if (this.outbox.hasEntries) this.#drain(bar.endTs);
  }

  /** A recorded bar where nothing else can come between its start and its end. */
  wholeBar(instrumentIndex: number, bar: BarEvent): void {
    // Nothing is due inside it, and no order sees it: then its open and its range are one.
    if (this.time.next >= bar.at && this.venue.passBar(instrumentIndex, bar)) {
      this.#bars += 1;
      this.kernel.processBar(bar);
      if (this.outbox.hasEntries) this.#drain(bar.at);
      return;
    }
    this.barOpen(instrumentIndex, bar);
    this.barClose(instrumentIndex, bar);
  }

  /** The range of a recorded bar and the bar itself, where nothing can lie between them. */
  barClose(instrumentIndex: number, bar: BarEvent): void {
    if (this.time.next < bar.at || this.venue.nextDeadline <= bar.at) this.#advanceBefore(bar.at);
    if (!bar.isWarmup) {
      this.venue.onBarRange(instrumentIndex, bar, bar.at);
      if (this.outbox.hasEntries) this.#drain(bar.at);
    }
    this.#bars += 1;
    this.kernel.processBar(bar);
    if (this.outbox.hasEntries) this.#drain(bar.at);
  }

  /** A recorded bar has become available; bars come before the timers of their instant. */
  bar(event: BarEvent): void {
    if (this.time.next < event.at || this.venue.nextDeadline <= event.at) this.#advanceBefore(event.at);
    this.#bars += 1;
    this.kernel.processBar(event);
    if (this.outbox.hasEntries) this.#drain(event.at);
  }

  /** A row of the past, from history: the kernel alone sees it. */
  past(event: TickEvent | BarEvent): void {
    this.advanceTo(event.at);
    if (event.kind === 'tick') this.#ticks += 1;
    else this.#bars += 1;
    this.kernel.process(event);
    if (this.outbox.hasEntries) this.#drain(this.kernel.now);
  }

  /** The newest of the past, as the market stands now: the venue alone sees it. */
  show(event: TickEvent, at: EpochMs): void {
    this.advanceTo(at);
    this.venue.onTick(event.instrumentIndex, event, at);
    if (this.outbox.hasEntries) this.#drain(at);
  }

  /** Any other event: a command, a status, cash. */
  event(event: KernelEvent): void {
    this.advanceTo(event.at);
    this.kernel.process(event);
    if (this.outbox.hasEntries) this.#drain(event.at);
  }

  /** Cash the venue booked on an account, shared among the books whose positions caused it. */
  cash(cash: VenueCash): void {
    for (const event of shareCash(this.kernel, cash)) this.kernel.process(event);
  }

  /** A position the venue closed by itself. */
  liquidated(liquidation: VenueLiquidation, at: EpochMs): void {
    this.relay.liquidated(liquidation, at);
  }

  /** An order of a run that ended, which the simulated venue has and has not spoken of. Whether a broker has it nobody knows. */
  sent(order: OrderRecord, at: EpochMs): void {
    if (!this.brokerAccounts.has(order.account)) return this.relay.sent(order, at);
    const message = 'The engine ended before it was known whether the order arrived.';
    this.kernel.process(plainReport(order, 'unknown', { at, reason: 'ENGINE_RESTARTED', message }));
  }

  /** Carries out what stands in the outbox of a kernel that was restored. */
  carryOut(at: EpochMs): void {
    if (this.outbox.hasEntries) this.#drain(at);
  }

  /** Delivers everything due at or before the instant; at one instant the venue comes first. */
  advanceTo(at: EpochMs): void {
    while (this.time.next <= at || this.venue.nextDeadline <= at) this.#step();
  }

  #advanceBefore(at: EpochMs): void {
    while (this.time.next < at || this.venue.nextDeadline <= at) this.#step();
  }

  /** Carries out what is due first. */
  #step(): void {
    const venueAt = this.venue.nextDeadline;
    if (venueAt <= this.time.next) {
      this.venue.advance(venueAt);
      if (this.outbox.hasEntries) this.#drain(venueAt);
      return;
    }
    this.timer.at = this.time.next;
    this.kernel.processTimer(this.timer);
    // A deadline that was late when it became known, as of a broker to be asked, is carried out now: venues take nothing in the past.
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (this.outbox.hasEntries === true) this.#drain(this.time.now);
  }

  /** Carries the outbox out, which has something. Answers of the venue enter the kernel at once and may add to it. */
  #drain(at: EpochMs): void {
    const outbox = this.outbox;
    do {
      const entry = outbox.take() as OutboxEntry;
      if (entry.kind === 'submit') this.#submit(entry.orders, at);
      else this.#carry(entry, at);
    } while (outbox.hasEntries);
  }

  #submit(orders: readonly OrderRecord[], at: EpochMs): void {
    if (!this.venue.submit(orders, at)) return;
    for (let i = 0; i < orders.length; i++) {
      const sent = orders[i] as OrderRecord;
      if (sent.status === 'pending') this.relay.sent(sent, at);
    }
  }

  #carry(entry: OutboxEntry, at: EpochMs): void {
    const order = entry.orders[0];
    if (entry.kind === 'notify') {
      if (entry.notice !== undefined) this.#onNotice(entry.notice);
    } else if (entry.kind === 'query') {
      this.venue.query?.(entry.venue, entry.query, at);
    } else if (entry.kind === 'cancel-foreign') {
      this.venue.cancelForeign?.(entry.venue, entry.ref);
    } else if (order !== undefined) {
      if (entry.kind === 'cancel') this.venue.cancel(order, at);
      else if (entry.change !== undefined) this.venue.replace(order, entry.change, at);
    }
  }
}
