import { type EngineNotice, type EntryInstruction, MINUTE_MS, type OrderType, type Side } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { KernelListener } from '../kernel/listener.js';
import type { InstrumentState } from '../market/instrument-state.js';
import { HOLD } from './hold.js';
import { isEntry, type OrderDesk, slotOf } from './order-desk.js';
import { exitWait, selfTradeWait } from './order-notices.js';
import type { OrderRecord } from './order-record.js';
import { isCrowdedOut, isResting, protectPart, reservedScaled, syncProtection } from './protection.js';
import { MutableTicket, type RiskGate } from './risk-gate.js';
import { findExitInLine, findSelfTrade } from './self-trade.js';
import type { TargetSlot } from './target-slot.js';

/** After so long a wait for another strategy's order is told once more. */
const TOLD_AGAIN_MS = 10 * MINUTE_MS;

/** What the rule works with. */
export interface TargetRuleSetup {
  readonly desk: OrderDesk;
  readonly gate: RiskGate;
  readonly listener: KernelListener;
  readonly notify: (notice: EngineNotice) => void;
  readonly venueReplaces: boolean;
  readonly time: KernelTime;
}

/**
 * The target rule: per (account, book, strategy, instrument) the engine sends target − (position + remaining working quantity),
 * re-evaluated after every report and bar, never against the previous target. Nothing goes out while an order there is unknown
 * or a cancel or replace is on its way.
 */
export class TargetRule {
  private readonly desk: OrderDesk;
  private readonly gate: RiskGate;
  private readonly listener: KernelListener;
  private readonly notify: (notice: EngineNotice) => void;
  private readonly venueReplaces: boolean;
  private readonly time: KernelTime;
  private readonly ticket = new MutableTicket();

  constructor(setup: TargetRuleSetup) {
    this.desk = setup.desk;
    this.gate = setup.gate;
    this.listener = setup.listener;
    this.notify = setup.notify;
    this.venueReplaces = setup.venueReplaces;
    this.time = setup.time;
  }

  evaluate(slot: TargetSlot): void {
    slot.isSettled = true;
    // While something is pending the report that ends it has to come back here, whichever it is.
    const isOwed = slot.pendingCount !== 0 || (slot.holds !== 0 && slot.isHeldBack);
    slot.isOwed = isOwed;
    if (isOwed) return this.#holdBack(slot);
    slot.isLeaving = false;
    slot.isExitInLine = false;
    if (slot.isFlattening) this.#flatten(slot);
    if (this.#cancelStale(slot)) return;
    const delta = missingOf(slot);
    // NaN: no wish yet.
    if (delta === 0 || delta !== delta) {
      slot.selfTradeWait = undefined;
      slot.isExitWaitTold = false;
      if (slot.instruction !== undefined || slot.protection.length > 0) {
        this.#protect(slot);
      }
      return;
    }
    this.#act(slot, delta);
  }

  /** What holds a slot back lets cancels through: they add no risk. To a broker that is away nothing goes. */
  #holdBack(slot: TargetSlot): void {
    if (slot.pendingCount !== 0 || (slot.holds & HOLD.gate) !== 0) return;
    if (slot.isStopped) this.#takeBack(slot);
    else this.#cancelStale(slot);
  }

  #act(slot: TargetSlot, delta: number): void {
    if (slot.entries.length > 0 && delta > 0 !== slot.workingScaled > 0) return this.#cancelAll(slot.entries);
    const kind = kindOf(slot, delta);
    const ticket = this.#fillTicket(slot, delta, kind === 'reduces');
    if (kind !== 'adds' && isKeptProtected(slot, ticket)) return this.#keepProtected(slot);
    if (kind === 'reduces') return this.#clear(slot, ticket);
    if (kind === 'reverses') return this.#reverse(slot, ticket);
    // A rest of protection that would open what the order opens.
    if (hasSide(slot.protection, ticket.side)) return this.#cancelAll(slot.protection);
    // What is held already does not wait for the order that adds to it.
    const isBare = slot.heldScaled !== 0 && slot.protection.length === 0 && slot.instruction !== undefined;
    if (isBare) this.#protect(slot);
    this.#clear(slot, ticket);
  }

  /** Turns a position round: in one order where nothing is in the way, else what closes it first, as an exit. */
  #reverse(slot: TargetSlot, ticket: MutableTicket): void {
    if (ticket.orderType !== 'market') {
      if (this.#leaveToProtection(slot, ticket)) this.#clear(slot, ticket);
      return;
    }
    const isFree = this.#inTheWay(slot, ticket) === undefined;
    if (isFree && slot.selfTradeWait === undefined) return this.#release(slot, ticket);
    // The part that closes is on its way; the other follows it, or goes as soon as the way is free. What neither closes is protected meanwhile.
    if (slot.entries.some((order) => !isEntry(order))) this.#protect(slot);
    else this.#close(slot, ticket);
    slot.isOwed = true;
  }

  /** Sends of a reversal what closes. */
  #close(slot: TargetSlot, ticket: MutableTicket): void {
    this.#onlyClose(slot);
    const conflict = this.#inTheWay(slot, ticket);
    if (conflict !== undefined) this.#yield(slot, conflict, ticket.reduces);
    else this.#release(slot, ticket);
  }

  /** Sends an order that waits for no other strategy's. */
  #clear(slot: TargetSlot, ticket: MutableTicket): void {
    const conflict = this.#inTheWay(slot, ticket);
    if (conflict !== undefined) return this.#yield(slot, conflict, ticket.reduces);
    slot.selfTradeWait = undefined;
    this.#release(slot, ticket);
  }

  /** Another strategy's live order that an order could trade with; an entry waits for exits that wait themselves as well. */
  #inTheWay(slot: TargetSlot, ticket: MutableTicket): OrderRecord | TargetSlot | undefined {
    // Mostly nobody else trades the instrument.
    return slot.others.length === 0 ? undefined : this.#findInTheWay(slot, ticket);
  }

  #findInTheWay(slot: TargetSlot, ticket: MutableTicket): OrderRecord | TargetSlot | undefined {
    const order = findSelfTrade(slot, ticket, slot.live);
    return order !== undefined || ticket.reduces ? order : findExitInLine(slot, ticket);
  }

  /** Sends an order once the protection of what it sells is gone. */
  #release(slot: TargetSlot, ticket: MutableTicket): void {
    const { protection } = slot;
    if (protection.length > 0 && ticket.orderType === 'market' && hasSide(protection, ticket.side))
      return this.#unprotect(slot, ticket);
    slot.isBlocked = false;
    this.#send(slot, ticket);
  }

  #send(slot: TargetSlot, ticket: MutableTicket): void {
    const allowed = this.#allowed(slot, ticket);
    // What a pause holds back goes out when data comes again; any other no waits for a new answer.
    if (allowed < ticket.qtyScaled && !this.gate.isPaused) slot.wait();
    // Protection of what the order leaves, or of what was given up, follows with the next report.
    slot.isOwed = slot.instruction !== undefined || slot.protection.length > 0;
    // Nothing goes out, so no report comes either.
    if (allowed === 0) return this.#protect(slot);
    slot.isExitWaitTold = false;
    ticket.qtyScaled = allowed;
    slot.countSent(this.time.now, 1);
    this.desk.send(this.desk.make(slot, ticket, this.time.now));
  }

  /**
   * A reversal at a price may rest for ever, so protection stays beside it, and only what protection would not close is sent: whichever
   * fills, together they reach the target and not more. The rest follows when the position is closed. False where nothing is left to send.
   */
  #leaveToProtection(slot: TargetSlot, ticket: MutableTicket): boolean {
    this.#protect(slot);
    // Protection that has not arrived cannot be made larger yet; what is sent beside it now would take the place it needs.
    if (slot.pendingCount > 0 || slot.isOwed) return false;
    ticket.qtyScaled = slot.state.tradableScaled(Math.max(0, ticket.qtyScaled - reservedScaled(slot)));
    return ticket.qtyScaled > 0;
  }

  /** Makes the ticket the part of a reversal that closes, which has an exit's rights; as it was where nothing is left to close. */
  #onlyClose(slot: TargetSlot): void {
    const left = slot.heldScaled + slot.workingScaled;
    const isLeft = left !== 0 && left > 0 === slot.heldScaled > 0;
    const closing = isLeft ? slot.state.tradableScaled(-left) : 0;
    if (closing !== 0) this.#fillTicket(slot, closing, true);
  }

  /** No limit refuses protection; its orders count like any others, since the venue counts them. */
  #protect(slot: TargetSlot): void {
    const { desk, time, venueReplaces } = this;
    if (isCrowdedOut(slot)) return this.#cancelAll(slot.entries.filter(isResting));
    const { sequence } = desk;
    syncProtection(slot, desk, { at: time.now, canReplace: venueReplaces });
    if (desk.sequence !== sequence) slot.countSent(time.now, desk.sequence - sequence);
  }

  /** What is held and bare is protected, while all else waits to be asked for again: that sends nothing of what was refused. */
  cover(slot: TargetSlot): void {
    const isBare = slot.protection.length === 0 && slot.heldScaled !== 0 && slot.instruction !== undefined;
    if (isBare && slot.pendingCount === 0 && !slot.isHeldBack && !isCrowdedOut(slot)) this.#protect(slot);
  }

  /** Protects a frozen position that is bare: so many scaled units of it, unsigned, as its broker has. */
  coverFrozen(slot: TargetSlot, scaled: number): void {
    const { desk, time } = this;
    const isAtWork = slot.protection.length > 0 || slot.entries.some(isEntry) || slot.pendingCount > 0;
    if (isAtWork || slot.isFlattening || slot.holds !== HOLD.frozen) return;
    const { sequence } = desk;
    protectPart(slot, desk, { at: time.now, scaled });
    if (desk.sequence !== sequence) slot.countSent(time.now, desk.sequence - sequence);
  }

  /** Protection covers the same units: it leaves before they are sold, or both could fill; and only if they may be sold. */
  #unprotect(slot: TargetSlot, ticket: MutableTicket): void {
    if (this.#allowed(slot, ticket) > 0) {
      slot.isLeaving = true;
      return this.#cancelAll(slot.protection);
    }
    if (!this.gate.isPaused) slot.wait();
    // What protects may be more than is held by now: nobody would ask again.
    this.#protect(slot);
  }

  /** What is sent in an outage may be refused or lost: the exit goes out when it is over, and protection stays until then. */
  #keepProtected(slot: TargetSlot): void {
    slot.selfTradeWait = undefined;
    this.#protect(slot);
    this.tellExitWait(slot, 'until the planned outage of its venue is over');
  }

  /** Tells, once, that an exit does not go out and why; its protection stays. */
  tellExitWait(slot: TargetSlot, why: string): void {
    if (slot.isExitWaitTold) return;
    slot.isExitWaitTold = true;
    this.notify(exitWait(slot, why, this.time.now));
  }

  /** Holds the wish at flat until it is so. */
  #flatten(slot: TargetSlot): void {
    slot.isWaiting = false;
    slot.awaitsAnswer = false;
    const { heldScaled: held, keptScaled: kept } = slot;
    slot.targetScaled = Math.sign(held) * Math.min(Math.abs(held), Math.max(0, kept * Math.sign(held)));
    if (slot.isFlat) slot.endFlattening();
  }

  #fillTicket(slot: TargetSlot, delta: number, reduces: boolean): MutableTicket {
    const ticket = this.ticket;
    ticket.side = delta > 0 ? 'buy' : 'sell';
    ticket.qtyScaled = Math.abs(delta);
    ticket.orderType = 'market';
    ticket.limitPrice = Number.NaN;
    ticket.stopPrice = Number.NaN;
    ticket.tif = slot.defaultTif;
    ticket.expiresAt = Number.NaN;
    ticket.purpose = reduces ? 'exit' : 'entry';
    ticket.reduces = reduces;
    const { entry } = slot;
    // A strategy in JavaScript may have answered null.
    if (entry !== undefined && entry !== null && !reduces) instruct(ticket, entry, slot.state);
    return ticket;
  }

  /** Scaled units that risk lets through; below what was asked, the reason is recorded. */
  #allowed(slot: TargetSlot, ticket: MutableTicket): number {
    const { allowedScaled, reason, message } = this.gate.check(slot, ticket);
    if (allowedScaled < ticket.qtyScaled) this.listener.refused(slot, this.time.now, reason, message);
    return allowedScaled;
  }

  /**
   * Another strategy's order is in the way: entries wait for it, an exit takes the place of all but another exit. Protection stands
   * meanwhile, however long that is.
   */
  #yield(slot: TargetSlot, conflict: OrderRecord | TargetSlot, closes: boolean): void {
    const { desk, listener, notify, time } = this;
    const order = 'owner' in conflict ? conflict : undefined;
    const strategy = 'owner' in conflict ? conflict.owner.strategy : conflict.strategy;
    if (slot.selfTradeWait === undefined) {
      const wait = { since: time.now, strategy, isToldAgain: false };
      slot.selfTradeWait = wait;
      const what = order === undefined ? 'An exit' : `Order ${order.sequence}`;
      listener.refused(slot, time.now, 'SELF_TRADE_WAIT', `${what} of ${strategy} could trade with it.`);
      notify(selfTradeWait(slot, wait, time.now));
    }
    this.#protect(slot);
    slot.isBlocked = true;
    slot.isExitInLine = closes;
    if (order === undefined || !closes) return;
    const isExit = order.purpose === 'exit' || slotOf(order).isLeaving;
    // In an outage nobody's protection makes way for what may be refused.
    const isKept = order.purpose === 'protection' && slot.isVenueOut && !slot.isFlattening;
    if (!isExit && !isKept) desk.cancel(order);
  }

  /** Tells once more of an order that waits too long for another strategy's. */
  remind(slot: TargetSlot): void {
    const { notify, time } = this;
    const wait = slot.selfTradeWait;
    if (wait === undefined || wait.isToldAgain || time.now - wait.since < TOLD_AGAIN_MS) return;
    slot.selfTradeWait = { ...wait, isToldAgain: true };
    notify(selfTradeWait(slot, wait, time.now));
  }

  /** Cancels what is to go before anything else is looked at, until the last of it is gone: a cancel may be refused, or come before the order has left. */
  #cancelStale(slot: TargetSlot): boolean {
    const { entries, isEntryStale } = slot;
    if (entries.length === 0) {
      slot.isEntryStale = false;
      return false;
    }
    let isAny = false;
    for (let i = entries.length - 1; i >= 0; i--) {
      const order = entries[i] as OrderRecord;
      if (!order.isTakenBack && !(isEntryStale && isEntry(order))) continue;
      isAny = true;
      this.desk.cancel(order);
    }
    if (!isAny) slot.isEntryStale = false;
    return isAny;
  }

  /** Cancels all that is live of a slot; what cannot be cancelled yet is as soon as it can. */
  #takeBack({ entries, protection }: TargetSlot): void {
    this.#cancelAll(entries);
    this.#cancelAll(protection);
  }

  #cancelAll(orders: readonly OrderRecord[]): void {
    for (let i = orders.length - 1; i >= 0; i--) this.desk.cancel(orders[i] as OrderRecord);
  }
}

/** Scaled units that are to be ordered. While a slot waits there are none; what works beyond its wish is taken back all the same. */
function missingOf(slot: TargetSlot): number {
  const { targetScaled, heldScaled, workingScaled, state } = slot;
  const wanted = targetScaled - heldScaled - workingScaled;
  if (wanted === 0) return 0;
  // What is to be closed may have become less while it was: nothing is opened again for that.
  const isClosed = slot.onlyCloses && !slot.isReducing;
  const isHeld = slot.isWaiting || slot.isExitHeld || slot.awaitsAnswer || isClosed;
  if (isHeld && !(wanted * workingScaled < 0)) return 0;
  // Fills finer than a lot leave what no order can trade.
  return state.tradableScaled(wanted);
}

/** What an order would do to the position: take from it, turn it round, or add to it. */
function kindOf(
  { heldScaled: held, workingScaled: working }: TargetSlot,
  delta: number,
): 'adds' | 'reduces' | 'reverses' {
  if (held > 0 ? delta > 0 : delta < 0 || held === 0) return 'adds';
  // What already works the same way takes its part of the position first.
  const left = held + working + delta;
  return (held > 0 ? left >= 0 : left <= 0) ? 'reduces' : 'reverses';
}

function hasSide(orders: readonly OrderRecord[], side: Side): boolean {
  for (let i = 0; i < orders.length; i++) if ((orders[i] as OrderRecord).side === side) return true;
  return false;
}

/** Whether an order would take protection off in a planned outage. A person's panic tries all the same. */
function isKeptProtected({ isVenueOut, isFlattening, protection }: TargetSlot, ticket: MutableTicket): boolean {
  return isVenueOut && !isFlattening && ticket.orderType === 'market' && hasSide(protection, ticket.side);
}

/** Makes the ticket of an entry what its strategy said of it. */
function instruct(ticket: MutableTicket, entry: EntryInstruction, state: InstrumentState): void {
  const { limit, stop } = entry;
  if (limit !== undefined) ticket.limitPrice = state.roundPrice(limit, ticket.side === 'buy' ? 'down' : 'up');
  if (stop !== undefined) ticket.stopPrice = state.roundPrice(stop);
  ticket.orderType = orderTypeOf(ticket);
  ticket.tif = entry.tif ?? ticket.tif;
  ticket.expiresAt = entry.expiresAt ?? Number.NaN;
}

function orderTypeOf(ticket: MutableTicket): OrderType {
  const hasLimit = ticket.limitPrice === ticket.limitPrice;
  const hasStop = ticket.stopPrice === ticket.stopPrice;
  if (hasLimit) return hasStop ? 'stop-limit' : 'limit';
  return hasStop ? 'stop' : 'market';
}
