import type { Bar, BarValues, EpochMs, OrderChange, Tick, VenueSnapshot } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import { BarMatching } from './bar-matching.js';
import { simulatedVenueError } from './errors.js';
import { ExecutionLog } from './execution-log.js';
import { Executions } from './executions.js';
import { Financing } from './financing.js';
import { InstrumentSlot } from './instrument-slot.js';
import { AccountValuation, MarginWatch } from './margin.js';
import type { SimulatedVenueOptions } from './options.js';
import { OrderEntry } from './order-entry.js';
import { OrderLinks } from './order-links.js';
import { PointMatching } from './point-matching.js';
import { RequestQueue } from './request-queue.js';
import { VenueAccounts } from './venue-accounts.js';
import { checkSetup, type SimulatedVenueSetup } from './venue-setup.js';
import { takeSnapshot } from './venue-snapshot.js';
import { loadVenue, saveVenue, type OrderOf, type SavedVenue, type StateParts } from './venue-state.js';
import { WorkingOrders } from './working-orders.js';

/**
 * A venue inside the process: synchronous and deterministic, the same code in backtest and paper. It is fed the stream of events
 * before the kernel sees it and answers through its listener, during its own methods only.
 *
 * Rules: 1. Events and requests come in order of time; report times never run backwards. 2. It matches only orders that already
 * work when a price comes. 3. A recorded bar comes twice: its open when it starts, its range when it ends; an instrument is fed
 * bars of one length or ticks, not both. 4. Whoever feeds it calls {@link advance} at {@link nextDeadline}; what is overdue is done
 * first in any case. 5. Order records are read, never changed.
 * Errors: SIMULATED_VENUE_SETUP_INVALID, SIMULATED_VENUE_TIME_BACKWARDS, CALENDAR_OUT_OF_RANGE.
 * The fill rules are in docs/simulated-venue.md.
 */
export class SimulatedVenue {
  /** Earliest instant at which something happens without a market event: an arrival, an expiry, financing. */
  nextDeadline: EpochMs = Number.POSITIVE_INFINITY;
  private readonly slots: readonly InstrumentSlot[];
  /** The one whose whole bar or tick came last: mostly the next one is of it, too, and needs no look into the list. */
  private latest: InstrumentSlot;
  private readonly orders: WorkingOrders;
  private readonly links: OrderLinks;
  private readonly executions: Executions;
  private readonly points: PointMatching;
  private readonly bars: BarMatching;
  private readonly entry: OrderEntry;
  private readonly financing: Financing;
  private readonly accounts: VenueAccounts;
  private readonly margin: MarginWatch | undefined;
  private readonly valuation: AccountValuation;
  private readonly log: ExecutionLog;
  private readonly queue = new RequestQueue();
  private readonly latency: SimulatedVenueOptions['latency'];
  private readonly usesVolume: boolean;
  private readonly watchesMargin: boolean;

  constructor(options: SimulatedVenueOptions, setup: SimulatedVenueSetup) {
    checkSetup(options, setup);
    const { instruments, calendars, listener } = setup;
    this.slots = instruments.map(
      (instrument, index) => new InstrumentSlot(index, { instrument, calendar: calendars[index]! }, options),
    );
    this.latest = this.slots[0]!;
    const orders = new WorkingOrders(this.slots);
    const links = new OrderLinks(orders, listener);
    this.orders = orders;
    this.links = links;
    const isTransient = setup.isTransient === true;
    const areValued = !isTransient || options.margin !== undefined;
    this.accounts = new VenueAccounts(this.slots, setup.accounts, { initialCash: options.initialCash, areValued });
    this.log = new ExecutionLog(isTransient ? 0 : options.executionHistory);
    this.valuation = new AccountValuation(this.slots, setup.conversion);
    this.financing = new Financing(orders, this.accounts.list, listener);
    this.margin = options.margin && new MarginWatch(options.margin, { valuation: this.valuation, orders, links });
    this.executions = new Executions(options, { orders, links, listener, log: this.log, financing: this.financing });
    const matching = { orders, links, executions: this.executions };
    this.points = new PointMatching(options, matching);
    this.bars = new BarMatching(options, matching);
    this.entry = new OrderEntry(options, {
      ...matching,
      accounts: this.accounts,
      points: this.points,
      margin: this.margin,
      listener,
    });
    this.latency = options.latency;
    this.usesVolume = options.volumeShare > 0 || this.slots.some((slot) => slot.slippage.usesVolume);
    this.watchesMargin = this.margin !== undefined;
  }

  /**
   * Sends a group: taken whole or rejected whole when it arrives. The records are read until the orders end. True where it is on its way,
   * false where it has arrived and each of its orders was accepted or rejected.
   */
  submit(group: readonly OrderRecord[], now: EpochMs): boolean {
    this.#pass(now);
    const due = this.queue.arrivalOf(now, this.latency.submitMs);
    const isOnItsWay = due > now;
    if (isOnItsWay) {
      this.queue.push({ kind: 'submit', due, group: [...group] });
    } else {
      this.entry.submit(group);
      this.orders.compact();
    }
    this.#refresh();
    return isOnItsWay;
  }

  /** Asks for the end of an order: `cancelled` or `cancelRejected` follows when it arrives. */
  cancel(order: OrderRecord, now: EpochMs): void {
    this.#pass(now);
    const due = this.queue.arrivalOf(now, this.latency.cancelMs);
    if (due > now) {
      this.queue.push({ kind: 'cancel', due, order });
    } else {
      this.entry.cancel(order);
      this.orders.compact();
    }
    this.#refresh();
  }

  /** Asks for a change: `replaced` or `replaceRejected` follows when it arrives. A new price or more quantity costs the place. */
  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void {
    this.#pass(now);
    const due = this.queue.arrivalOf(now, this.latency.replaceMs);
    if (due > now) {
      this.queue.push({ kind: 'replace', due, order, change: { ...change } });
    } else {
      this.entry.replace(order, change);
      this.orders.compact();
    }
    this.#refresh();
  }

  /** A tick of an instrument, before the kernel sees it. */
  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void {
    this.#pass(now);
    const slot = this.#slotOf(instrumentIndex);
    const { bid, ask, last } = tick;
    if (bid === bid) slot.bid = bid;
    if (ask === ask) slot.ask = ask;
    const price = last === last ? last : (bid + ask) / 2;
    if (price === price) {
      slot.last = price;
      slot.lastTs = now;
    }
    if (this.usesVolume) {
      slot.buyVolume = last === last ? tick.size : tick.askSize;
      slot.sellVolume = last === last ? tick.size : tick.bidSize;
      slot.takenScaled = 0;
    }
    if (slot.resting.length === 0 && !this.watchesMargin) return;
    // Prices outside the sessions are not for our orders.
    if (slot.isOpen(now)) this.#matchTick(slot, last);
  }

  /** Whether a tick does nothing but be the last one: no order rests in the instrument, and nobody watches margins. */
  isIdle(instrumentIndex: number): boolean {
    return !this.watchesMargin && this.slots[instrumentIndex]!.resting.length === 0;
  }

  /**
   * A whole bar at once: the same as its open and its range where it touches no order and nothing is due before it ends. False,
   * and nothing is done, where that is not so, or not known: of what became of an order since the last bar the next range takes
   * note. So nothing is called on the way of most bars, and V8 goes on knowing what it has checked.
   */
  passBar(instrumentIndex: number, bar: Bar): boolean {
    if (this.latest.index !== instrumentIndex) this.latest = this.slots[instrumentIndex]!;
    const { latest: slot, orders } = this;
    const { quiet } = slot;
    const { endTs } = bar;
    if (endTs >= this.nextDeadline || bar.ts < orders.now || quiet.isOld(orders.changes)) return false;
    if (quiet.isBounded === true) {
      if (!quiet.holdsBar(bar)) return false;
      // Two events of the market: the open and the range.
      orders.event += 2;
    }
    orders.now = endTs;
    slot.takenScaled = 0;
    slot.isInBar = false;
    slot.barStart = bar.ts;
    slot.barEnd = endTs;
    slot.last = bar.close;
    slot.lastTs = endTs;
    if (this.usesVolume) slot.offer(bar.volume);
    return true;
  }

  /** The open of a bar that starts now. */
  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void {
    this.#pass(now);
    const slot = this.slots[instrumentIndex]!;
    slot.isInBar = true;
    slot.barStart = now;
    slot.last = open;
    slot.lastTs = now;
    slot.takenScaled = 0;
    if (slot.resting.length === 0 && !this.watchesMargin) return;
    if (slot.quiet.holds(open, open, this.orders.changes)) this.orders.event += 1;
    else this.#matchOpen(slot, open, now);
  }

  /** The bar that ends now. Without an open before, the bar started where the last one ended. */
  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void {
    this.#pass(now);
    const slot = this.slots[instrumentIndex]!;
    if (slot.resting.length !== 0 || this.watchesMargin) {
      const { low, high, close } = bar;
      const isQuiet = slot.quiet.holds(Math.min(low, close), Math.max(high, close), this.orders.changes);
      if (slot.isInBar && isQuiet) this.orders.event += 1;
      else this.#matchRange(slot, bar);
    }
    slot.isInBar = false;
    slot.barEnd = now;
    slot.last = bar.close;
    slot.lastTs = now;
    if (this.usesVolume) slot.offer(bar.volume);
    if (slot.isRollDue || slot.isExpiryDue || this.watchesMargin) this.#closeBar(slot);
    // What waited for the end of the bar waits no more.
    if (slot.resting.length === 0 && !this.watchesMargin) slot.quiet.open(this.orders.changes);
    else slot.quiet.renew(this.orders.changes);
  }

  /** Does everything due at or before an instant, each at its own time. */
  advance(now: EpochMs): void {
    if (now < this.orders.now) this.#failBackwards(now);
    while (this.nextDeadline <= now) {
      this.orders.now = Math.max(this.orders.now, this.nextDeadline);
      if (this.queue.nextDue <= this.orders.now) this.#deliver();
      else if (this.financing.nextRoll <= this.orders.now) this.financing.rollDue();
      else this.links.expireDue();
      this.orders.compact();
      this.#refresh();
    }
    this.orders.now = now;
  }

  /** Nobody watched the market for a while: orders fill at the next prices, never at those from before. */
  forgetPrices(): void {
    for (const slot of this.slots) slot.forgetPrices();
  }

  /** Positions, open orders, executions and accounts. Orders on their way are not the venue's yet. */
  snapshot(now: EpochMs): VenueSnapshot {
    this.advance(now);
    return takeSnapshot(
      { orders: this.orders, accounts: this.accounts, valuation: this.valuation, log: this.log },
      now,
    );
  }

  /** The venue's whole state as plain JSON. */
  save(): SavedVenue {
    return saveVenue(this.#stateParts());
  }

  /**
   * Takes over a saved state; `orderOf` finds the records of its working orders.
   * Errors: SIMULATED_VENUE_STATE_INVALID.
   */
  load(state: SavedVenue, orderOf: OrderOf): void {
    loadVenue(this.#stateParts(), state, orderOf);
    if (this.margin !== undefined) {
      this.margin.liquidating = this.accounts.list.filter((account) => account.isLiquidating).length;
    }
    this.orders.refreshExpiry();
    this.financing.refresh();
    this.#refresh();
  }

  /** The slot of a tick. `passBar` does without it: with one function more, what most bars do would not be one compiled function. */
  #slotOf(instrumentIndex: number): InstrumentSlot {
    if (this.latest.index !== instrumentIndex) this.latest = this.slots[instrumentIndex]!;
    return this.latest;
  }

  /** Moves time on to an event or request, doing first what is overdue. */
  #pass(now: EpochMs): void {
    if (now >= this.nextDeadline) this.advance(now);
    if (now < this.orders.now) this.#failBackwards(now);
    this.orders.now = now;
  }

  #deliver(): void {
    const request = this.queue.shift()!;
    if (request.kind === 'submit') this.entry.submit(request.group);
    else if (request.kind === 'cancel') this.entry.cancel(request.order);
    else this.entry.replace(request.order, request.change);
  }

  #matchTick(slot: InstrumentSlot, trade: number): void {
    if (this.margin !== undefined) this.#liquidate(slot, trade);
    this.points.matchTick(slot, trade);
    this.#settle(slot);
  }

  #matchOpen(slot: InstrumentSlot, open: number, since: EpochMs): void {
    if (this.margin !== undefined) this.#liquidate(slot, open);
    this.points.matchOpen(slot, open, since);
    this.#settle(slot);
  }

  #matchRange(slot: InstrumentSlot, bar: BarValues): void {
    if (!slot.isInBar) {
      slot.barStart = slot.barEnd;
      slot.last = bar.open;
      slot.takenScaled = 0;
      this.#matchOpen(slot, bar.open, slot.barStart);
    }
    if (this.usesVolume) slot.offer(bar.volume);
    this.bars.matchRange(slot, bar);
    this.orders.compact();
    this.#refresh();
  }

  /** What waited for the end of the bar. */
  #closeBar(slot: InstrumentSlot): void {
    if (slot.isRollDue) {
      this.financing.roll(slot);
      this.financing.refresh();
    }
    if (slot.isExpiryDue) {
      slot.isExpiryDue = false;
      this.links.expireDue();
    }
    this.#settle(slot);
  }

  /** Closes positions of accounts under a margin call at the price that has just come. */
  #liquidate(slot: InstrumentSlot, trade: number): void {
    if (this.margin!.liquidating === 0) return;
    for (const account of this.accounts.list) {
      const position = account.positions[slot.index]!;
      if (!account.isLiquidating || position === 0) continue;
      const price = this.points.priceFor(slot, position > 0 ? -1 : 1, trade);
      if (price === price) this.executions.liquidate(account, slot, price);
      this.margin!.settle(account);
    }
  }

  /** Ends a market event. */
  #settle(slot: InstrumentSlot): void {
    if (this.margin !== undefined) this.margin.checkHolders(this.accounts.list, slot);
    this.orders.compact();
    this.#refresh();
  }

  /** Something may have become of an order or a request. */
  #refresh(): void {
    this.orders.changes += 1;
    let next = this.orders.nextExpiry;
    if (this.queue.nextDue < next) next = this.queue.nextDue;
    if (this.financing.nextRoll < next) next = this.financing.nextRoll;
    this.nextDeadline = next;
  }

  #failBackwards(now: EpochMs): never {
    throw simulatedVenueError(
      'SIMULATED_VENUE_TIME_BACKWARDS',
      `The simulated venue stands at ${this.orders.now} and cannot take an event at ${now}.`,
      { details: { at: this.orders.now, event: now } },
    );
  }

  #stateParts(): StateParts {
    return {
      orders: this.orders,
      accounts: this.accounts,
      executions: this.executions,
      entry: this.entry,
      queue: this.queue,
      log: this.log,
    };
  }
}
