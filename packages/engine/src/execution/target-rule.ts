import type { EpochMs, OrderType } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { KernelListener } from '../kernel/listener.js';
import { isEntry, type OrderDesk } from './order-desk.js';
import type { OrderRecord, OrderTicket } from './order-record.js';
import { syncProtection } from './protection.js';
import type { RiskGate } from './risk-gate.js';
import { findSelfTrade } from './self-trade.js';
import type { TargetSlot } from './target-slot.js';

/** The ticket under construction; one object is reused, the desk copies it. */
class MutableTicket implements OrderTicket {
  side: 'buy' | 'sell' = 'buy';
  qtyScaled = 0;
  orderType: OrderType = 'market';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  trail = Number.NaN;
  tif: OrderTicket['tif'] = 'DAY';
  expiresAt = Number.NaN;
  purpose: 'entry' | 'exit' = 'entry';
}

/** What the rule works with. */
export interface TargetRuleSetup {
  readonly desk: OrderDesk;
  readonly gate: RiskGate;
  readonly listener: KernelListener;
  readonly venueReplaces: boolean;
  readonly time: KernelTime;
}

/**
 * The target rule: per (account, book, strategy, instrument) the engine sends target − (position + remaining working quantity),
 * re-evaluated after every report and bar, never against the previous target. Nothing goes out while an order there is unknown
 * or a cancel or replace is on its way.
 */
export class TargetRule {
  readonly #setup: TargetRuleSetup;
  readonly #ticket = new MutableTicket();

  constructor(setup: TargetRuleSetup) {
    this.#setup = setup;
  }

  evaluate(slot: TargetSlot): void {
    slot.isSettled = true;
    // While something is pending the report that ends it has to come back here, whichever it is.
    slot.isOwed = slot.pendingCount !== 0 || slot.holds !== 0;
    if (slot.isOwed) return;
    if (slot.isFlattening) this.#flatten(slot);
    if (slot.isEntryStale) {
      const stale = slot.entries.filter(isEntry);
      // Until the last of them is gone: a cancel may be refused, or come before the order has left.
      slot.isEntryStale = stale.length > 0;
      if (stale.length > 0) return this.#cancelAll(stale);
    }
    const isHeld = slot.isWaiting || slot.isExitHeld || slot.awaitsAnswer;
    const missing = isHeld ? 0 : slot.targetScaled - slot.heldScaled - slot.workingScaled;
    // Fills finer than a lot leave what no order can trade.
    const delta = missing === 0 ? 0 : slot.state.tradableScaled(missing);
    // NaN: no wish yet.
    if (delta === 0 || delta !== delta) {
      if (slot.protect !== undefined || slot.protection.length > 0) {
        this.#protect(slot);
      }
      return;
    }
    this.#act(slot, delta);
  }

  #act(slot: TargetSlot, delta: number): void {
    const { desk, time } = this.#setup;
    const at = time.now;
    if (slot.entries.length > 0 && delta > 0 !== slot.workingScaled > 0) return this.#cancelAll(slot.entries);
    const held = slot.heldScaled;
    const isOpposite = held !== 0 && delta > 0 !== held > 0;
    // What already works the same way takes its part of the position first.
    const left = held + slot.workingScaled;
    const reduces = isOpposite && left > 0 === held > 0 && Math.abs(delta) <= Math.abs(left);
    const ticket = this.#fillTicket(slot, delta, reduces);
    if (isOpposite && slot.protection.length > 0) return this.#unprotect(slot, ticket, reduces);
    const conflict = findSelfTrade(slot, ticket, desk.liveOf(slot.instrumentIndex));
    if (conflict !== undefined) return this.#yield(slot, conflict, reduces, at);
    slot.isBlocked = false;
    const allowed = this.#allowed(slot, ticket, reduces, at);
    // What a pause holds back goes out when data comes again; any other no waits for a new answer.
    if (allowed < ticket.qtyScaled && !this.#setup.gate.isPaused) slot.wait();
    // Protection of what the order leaves, or of what was given up, follows with the next report.
    slot.isOwed = slot.protect !== undefined || slot.protection.length > 0;
    if (allowed === 0) return;
    ticket.qtyScaled = allowed;
    this.#count(slot, 1, at);
    desk.send(desk.make(slot, ticket, at));
  }

  /** No limit refuses protection; its orders count like any others, since the venue counts them. */
  #protect(slot: TargetSlot): void {
    const { desk, time, venueReplaces } = this.#setup;
    const { sequence } = desk;
    syncProtection(slot, desk, { at: time.now, canReplace: venueReplaces });
    if (desk.sequence !== sequence) this.#count(slot, desk.sequence - sequence, time.now);
  }

  /** Counts orders in the rates of all scopes of a slot. */
  #count(slot: TargetSlot, orders: number, at: EpochMs): void {
    for (const scope of slot.scopes) for (let i = 0; i < orders; i++) scope.view.rate.add(at);
  }

  /** Protection covers the same units: it leaves before they are sold, or both could fill; and only if they may be sold. */
  #unprotect(slot: TargetSlot, ticket: MutableTicket, reduces: boolean): void {
    if (this.#allowed(slot, ticket, reduces, this.#setup.time.now) > 0) return this.#cancelAll(slot.protection);
    if (!this.#setup.gate.isPaused) slot.wait();
  }

  /** Holds the wish at flat until it is so. */
  #flatten(slot: TargetSlot): void {
    slot.isWaiting = false;
    slot.awaitsAnswer = false;
    const { heldScaled: held, keptScaled: kept } = slot;
    slot.targetScaled = Math.sign(held) * Math.min(Math.abs(held), Math.max(0, kept * Math.sign(held)));
    slot.isFlattening = !slot.isFlat;
  }

  #fillTicket(slot: TargetSlot, delta: number, reduces: boolean): MutableTicket {
    const ticket = this.#ticket;
    const entry = reduces ? undefined : slot.entry;
    const { state } = slot;
    ticket.side = delta > 0 ? 'buy' : 'sell';
    ticket.qtyScaled = Math.abs(delta);
    ticket.limitPrice =
      entry?.limit === undefined ? Number.NaN : state.roundPrice(entry.limit, delta > 0 ? 'down' : 'up');
    ticket.stopPrice = entry?.stop === undefined ? Number.NaN : state.roundPrice(entry.stop);
    ticket.orderType = orderTypeOf(ticket);
    ticket.tif = entry?.tif ?? slot.defaultTif;
    ticket.expiresAt = entry?.expiresAt ?? Number.NaN;
    ticket.purpose = reduces ? 'exit' : 'entry';
    return ticket;
  }

  /** Scaled units that risk lets through; below what was asked, the reason is recorded. */
  #allowed(slot: TargetSlot, ticket: MutableTicket, reduces: boolean, at: EpochMs): number {
    const { gate, listener } = this.#setup;
    const request = gate.request;
    request.symbol = slot.instrument.symbol;
    request.side = ticket.side;
    request.qty = slot.state.units(ticket.qtyScaled);
    request.orderType = ticket.orderType;
    request.limitPrice = ticket.limitPrice;
    request.stopPrice = ticket.stopPrice;
    request.tif = ticket.tif;
    request.purpose = ticket.purpose;
    request.strategy = slot.strategy;
    request.book = slot.book;
    request.reduces = reduces;
    const answer = gate.check(slot, ticket.qtyScaled, at);
    if (answer.allowedScaled < ticket.qtyScaled) listener.refused(slot, at, answer.reason, answer.message);
    return answer.allowedScaled;
  }

  /** Another strategy's order is in the way: entries wait for it, an exit takes the place of all but another exit. */
  #yield(slot: TargetSlot, conflict: OrderRecord, reduces: boolean, at: EpochMs): void {
    if (!slot.isBlocked) {
      const message = `Order ${conflict.sequence} of ${conflict.owner.strategy} could trade with it.`;
      this.#setup.listener.refused(slot, at, 'SELF_TRADE_WAIT', message);
    }
    slot.isBlocked = true;
    if (reduces && conflict.purpose !== 'exit') this.#setup.desk.cancel(conflict);
  }

  #cancelAll(orders: readonly OrderRecord[]): void {
    for (let i = orders.length - 1; i >= 0; i--) this.#setup.desk.cancel(orders[i] as OrderRecord);
  }
}

function orderTypeOf(ticket: MutableTicket): OrderType {
  const hasLimit = ticket.limitPrice === ticket.limitPrice;
  const hasStop = ticket.stopPrice === ticket.stopPrice;
  if (hasLimit) return hasStop ? 'stop-limit' : 'limit';
  return hasStop ? 'stop' : 'market';
}
