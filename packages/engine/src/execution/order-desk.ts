import type { EpochMs, OrderChange, Side } from '@bookrunner/sdk';
import type { DecisionHash } from '../kernel/decision-hash.js';
import type { KernelListener } from '../kernel/listener.js';
import type { Outbox } from '../kernel/outbox.js';
import { objectList } from '../numbers/object-list.js';
import { EndedOrders } from './ended-orders.js';
import {
  isFinal,
  isPending,
  type OrderEvent,
  pendingChange,
  placeAfter,
  placeAfterFill,
  placeAfterPartialFill,
} from './order-state.js';
import { OrderRecord, type OrderTicket } from './order-record.js';
import type { TargetSlot } from './target-slot.js';
import { WorkingSlots } from './working-slots.js';

/** A market order of the venue's own making. */
const VENUE_MADE = {
  orderType: 'market',
  limitPrice: Number.NaN,
  stopPrice: Number.NaN,
  trail: Number.NaN,
  tif: 'IOC',
  expiresAt: Number.NaN,
  purpose: 'kill',
} as const;

/** What is known of an order that comes to light. */
export interface RevivedTerms extends OrderTicket {
  readonly filledScaled: number;
  /** When it came to light: nobody says when it was made. */
  readonly seenAt: EpochMs;
}

/** Makes orders, keeps the live ones, and is the only caller of the order state machine. */
export class OrderDesk {
  readonly ended = new EndedOrders();
  readonly working = new WorkingSlots();
  private readonly outbox: Outbox;
  private readonly listener: KernelListener;
  private readonly hash: DecisionHash;
  /** Live orders by instrument: few at a time, so a list is found through faster than a map. */
  private readonly byInstrument: OrderRecord[][] = [];
  /** Slots that orders are made for, by instrument. */
  private readonly slots: TargetSlot[][] = [];
  /** The number given last. */
  private newest = 0;
  /** Numbers that were passed over, first and last: orders that have one were sent by a session of which nothing is known here. */
  #skipped: (readonly [number, number])[] = [];

  constructor(outbox: Outbox, listener: KernelListener, hash: DecisionHash) {
    this.hash = hash;
    this.outbox = outbox;
    this.listener = listener;
  }

  /** Names the slots that orders will be made for. */
  serve(slots: readonly TargetSlot[]): void {
    for (const slot of slots) {
      (this.slots[slot.instrumentIndex] ??= []).push(slot);
      slot.live = this.byInstrument[slot.instrumentIndex] ??= objectList();
    }
    for (const slot of slots) slot.others = this.slotsOf(slot.instrumentIndex).filter((other) => other !== slot);
  }

  slotsOf(instrumentIndex: number): readonly TargetSlot[] {
    return this.slots[instrumentIndex] ?? NO_SLOTS;
  }

  get sequence(): number {
    return this.newest;
  }

  get liveCount(): number {
    return this.byInstrument.reduce((count, list) => count + list.length, 0);
  }

  live(): Iterable<OrderRecord> {
    return this.byInstrument.flat();
  }

  find(sequence: number): OrderRecord | undefined {
    for (let i = 0; i < this.byInstrument.length; i++) {
      const found = this.findOf(i, sequence);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A live order of one instrument; newest first, since reports mostly concern those. */
  findOf(instrumentIndex: number, sequence: number): OrderRecord | undefined {
    const list = this.liveOf(instrumentIndex);
    for (let i = list.length - 1; i >= 0; i--) {
      const order = list[i] as OrderRecord;
      if (order.sequence === sequence) return order;
    }
    return undefined;
  }

  liveOf(instrumentIndex: number): readonly OrderRecord[] {
    return this.byInstrument[instrumentIndex] ?? NONE;
  }

  /** Makes an order of a slot without sending it. */
  make(slot: TargetSlot, ticket: OrderTicket, at: EpochMs): OrderRecord {
    const sequence = this.newest + 1;
    this.newest = sequence;
    const order = new OrderRecord(slot, sequence, ticket);
    order.createdTs = at;
    order.decisionPrice = askedPrice(ticket, slot.state.price);
    order.tradingDay = slot.bookOf.day;
    return order;
  }

  /** Hands one order, or two that cancel each other, to the outbox. */
  send(order: OrderRecord, second?: OrderRecord): void {
    if (second !== undefined) return this.#sendBoth(order, second);
    this.#track(order);
    this.outbox.submit(order);
    this.#record(order);
  }

  #sendBoth(order: OrderRecord, second: OrderRecord): void {
    second.ocoSequence = order.sequence;
    order.ocoSequence = order.sequence;
    this.#track(order);
    this.#track(second);
    this.outbox.submit(order, second);
    this.#record(order);
    this.#record(second);
  }

  /** Makes an order that already works at the venue, because the venue itself made it. */
  adopt(slot: TargetSlot, part: { side: Side; qtyScaled: number }, at: EpochMs): OrderRecord {
    const order = this.make(slot, { ...VENUE_MADE, ...part }, at);
    this.#track(order);
    this.#record(order);
    this.move(order, 'accepted');
    return order;
  }

  /** Takes up an order that was given up and works at the venue after all. Its number is one of ours. */
  revive(slot: TargetSlot, sequence: number, terms: RevivedTerms): OrderRecord {
    const order = new OrderRecord(slot, sequence, terms);
    order.createdTs = terms.seenAt;
    order.filledScaled = terms.filledScaled;
    order.status = 'working';
    order.tradingDay = slot.bookOf.day;
    this.#track(order);
    return order;
  }

  cancel(order: OrderRecord): void {
    if (this.move(order, 'cancel-requested')) this.outbox.cancel(order);
    else slotOf(order).isOwed = true;
  }

  /** Cancels an order that nobody wants any more, however often that takes. */
  takeBack(order: OrderRecord): void {
    order.isTakenBack = true;
    this.cancel(order);
  }

  replace(order: OrderRecord, change: OrderChange): void {
    if (!this.move(order, 'replace-requested')) {
      slotOf(order).isOwed = true;
      return;
    }
    order.asked = change;
    this.outbox.replace(order, change);
  }

  /** Moves an order along the state machine and keeps the counts of its slot; false where the move is impossible. */
  move(order: OrderRecord, event: OrderEvent): boolean {
    return this.#moveTo(order, placeAfter(order.statusPlace, event));
  }

  /** The same for a fill. */
  fill(order: OrderRecord, isComplete: boolean): boolean {
    const { statusPlace: place } = order;
    return this.#moveTo(order, isComplete ? placeAfterFill(place) : placeAfterPartialFill(place));
  }

  #moveTo(order: OrderRecord, next: number): boolean {
    if (!(next >= 0)) return false;
    slotOf(order).pendingCount += pendingChange(order.statusPlace, next);
    order.statusPlace = next;
    return true;
  }

  /** Forgets an order that is final. */
  end(order: OrderRecord, at: EpochMs, reason: string): void {
    const isOver = order.isFilled || isFinal(order.status);
    if (!isOver || this.#untrack(order) === false) return;
    this.ended.note(order, reason);
    this.listener.orderEnded(order, at, reason);
  }

  /** Takes back an order from a snapshot. */
  restore(order: OrderRecord): void {
    this.newest = Math.max(this.newest, order.sequence);
    this.#track(order);
    if (isPending(order.status)) slotOf(order).pendingCount += 1;
  }

  resume(sequence: number): void {
    this.newest = Math.max(this.newest, sequence);
  }

  /** Gives numbers above this one from now on. */
  skip(sequence: number): void {
    this.#skipped.push([this.newest + 1, sequence]);
    this.newest = sequence;
  }

  /** Whether a number was passed over, so that an order that has it was never sent from here. */
  isSkipped(sequence: number): boolean {
    return this.#skipped.some(([first, last]) => sequence >= first && sequence <= last);
  }

  get skipped(): readonly (readonly [number, number])[] {
    return this.#skipped;
  }
  set skipped(ranges: readonly (readonly [number, number])[]) {
    this.#skipped = [...ranges];
  }

  #record(order: OrderRecord): void {
    this.hash.order(order);
    this.listener.orderSent(order, order.createdTs);
  }

  #track(order: OrderRecord): void {
    const slot = slotOf(order);
    add(slot.live, order);
    countWorking(slot, 1);
    if (order.purpose === 'protection') {
      add(slot.protection, order);
    } else {
      add(slot.entries, order);
      if (slot.entries.length === 1) this.working.add(slot);
      slot.workingScaled += order.direction * (order.qtyScaled - order.filledScaled);
    }
  }

  /** Takes an order out of all lists; false where it is not live. */
  #untrack(order: OrderRecord): boolean {
    const slot = slotOf(order);
    if (!remove(slot.live, order)) return false;
    countWorking(slot, -1);
    if (order.purpose === 'protection') {
      remove(slot.protection, order);
    } else {
      remove(slot.entries, order);
      if (slot.entries.length === 0) this.working.remove(slot);
      slot.workingScaled -= order.direction * (order.qtyScaled - order.filledScaled);
    }
    return true;
  }
}

/** What an order asks for when it is made: the price it names, the mark for one that names none. */
function askedPrice(ticket: OrderTicket, mark: number): number {
  if (ticket.orderType === 'market') return mark;
  return ticket.orderType === 'limit' ? ticket.limitPrice : ticket.stopPrice;
}

/**
 * What slippage of a fill is measured against: the mark at the decision for a market order, the level an order has by now for others, which a
 * replace may have moved since it was made. NaN where nothing is known, as of a trailing stop: only its venue knows where it stood.
 */
export function referencePrice({ orderType, decisionPrice, limitPrice, stopPrice }: OrderRecord): number {
  if (orderType === 'market' || decisionPrice !== decisionPrice) return decisionPrice;
  if (orderType === 'trailing-stop') return Number.NaN;
  return orderType === 'limit' ? limitPrice : stopPrice;
}

const NONE: readonly OrderRecord[] = [];
const NO_SLOTS: readonly TargetSlot[] = [];

/** The slot an order belongs to: the kernel makes every owner a slot. */
export function slotOf(order: OrderRecord): TargetSlot {
  return order.owner as TargetSlot;
}

/** Counts where a policy may ask. */
function countWorking(slot: TargetSlot, change: number): void {
  for (let scope = slot.policed; scope !== undefined; scope = scope.outer) scope.view.workingOrders += change;
}

/** Puts an order at the end of a list. */
function add(list: OrderRecord[], order: OrderRecord): void {
  list[list.length] = order;
}

/** Takes an order out of a list; false where it is not there. */
function remove(list: OrderRecord[], order: OrderRecord): boolean {
  const last = list.length - 1;
  if (last < 0 || list[last] !== order) return removeWithin(list, order);
  list.pop();
  return true;
}

/** The same of one that is not the newest: mostly there is one order alone. */
function removeWithin(list: OrderRecord[], order: OrderRecord): boolean {
  const index = list.indexOf(order);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}

/** Whether the order may add to the position; exits and kills only take from it. */
export function isEntry(order: OrderRecord): boolean {
  return order.purpose === 'entry';
}
