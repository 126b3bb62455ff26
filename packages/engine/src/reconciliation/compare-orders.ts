// Open orders: what a complete answer shows of ours and what it does not, and what is there that nobody here knows.
import type { EpochMs, VenueOpenOrder, VenueSnapshot } from '@bookrunner/sdk';
import { GONE_AT_VENUE } from '../execution/ended-orders.js';
import type { Execution } from '../execution/execution.js';
import { type OrderDesk, slotOf } from '../execution/order-desk.js';
import { isEngineOrderId, parseOrderId } from '../execution/order-id.js';
import type { OrderRecord } from '../execution/order-record.js';
import { NEVER_ARRIVED } from '../execution/order-state.js';
import type { TargetSlot } from '../execution/target-slot.js';
import { ownerOf } from './book-execution.js';
import type { BrokerWatch } from './broker-watch.js';
import type { DifferenceCause, ReportDraft } from './difference.js';
import { type LostOrder, LostOrderJudge } from './lost-session.js';
import { reportOf } from './report-of.js';
import { nameOf, StandingOrders } from './standing-orders.js';

/** What the comparison works with. */
export interface OrderComparisonParts {
  readonly execution: Execution;
  readonly desk: OrderDesk;
  readonly runEpoch: string;
  /** Least time between two answers that together prove something. */
  readonly settleMs: number;
  /** Longest time of the call that hands an order over. */
  readonly callMs: number;
}

/** Compares the open orders of one complete answer. */
export class OrderComparison {
  readonly #parts: OrderComparisonParts;
  readonly #watch: BrokerWatch;
  readonly #at: EpochMs;
  readonly #draft: ReportDraft;
  readonly #standing: StandingOrders;
  #judge: LostOrderJudge;

  constructor(
    parts: OrderComparisonParts,
    { watch, at, draft }: { readonly watch: BrokerWatch; readonly at: EpochMs; readonly draft: ReportDraft },
  ) {
    this.#parts = parts;
    this.#watch = watch;
    this.#at = at;
    this.#draft = draft;
    this.#judge = new LostOrderJudge(watch, []);
    this.#standing = new StandingOrders({ watch, at, draft });
  }

  compare(snapshot: VenueSnapshot): void {
    const { openOrders } = snapshot;
    const { desk } = this.#parts;
    const open = new Map(openOrders.items.map((order) => [order.clientOrderId, order] as const));
    const lost = openOrders.items.flatMap((order) => this.#lostOf(order) ?? []);
    this.#judge = new LostOrderJudge(this.#watch, lost, snapshot);
    // Orders made after the question are none of the answer's business.
    const live = [...desk.live()].filter((order) => this.#isConcerned(order));
    for (const order of live) {
      const found = open.get(order.clientOrderId);
      if (found === undefined) this.#notThere(order);
      else this.#there(order, found);
    }
    const isLive = new Set([...desk.live()].map(({ clientOrderId }) => clientOrderId));
    const isShown = new Set<number>();
    for (const order of openOrders.items) if (!isLive.has(order.clientOrderId)) isShown.add(this.#unknown(order));
    for (const sequence of this.#watch.returned.keys())
      if (!isShown.has(sequence)) this.#watch.returned.delete(sequence);
    for (const sequence of this.#watch.left.keys()) {
      if (isShown.has(sequence)) this.#watch.missing.delete(sequence);
      else if (this.#isTwice(this.#watch.missing, { sequence })) this.#watch.left.delete(sequence);
    }
    this.#standing.end();
    this.#forget();
  }

  /**
   * Judges anew what was left alone, after something was told or decided: what no longer closes only what is there is taken back at once.
   * `isSent`: orders may have been sent for it, so that what protects a position now is judged by the next answer.
   */
  review({ isSent }: { readonly isSent: boolean }): void {
    const lost = [...this.#watch.left].map(([sequence, open]) => ({ sequence, open, slot: this.#slotOf(open) }));
    const known = lost.flatMap(({ slot, ...order }) => (slot === undefined ? [] : [{ slot, ...order }]));
    this.#judge = new LostOrderJudge(this.#watch, known);
    for (const order of known) {
      const fate = isSent ? undefined : this.#judge.fateOf(order);
      if (fate === 'keep') this.#keep(order);
      if (fate === 'take-back' || (isSent && !this.#judge.mayStay(order))) this.#takeBackLost(order);
    }
  }

  /** A person has decided that what they protect is closed by an order: both could fill. */
  takeBackAt(account: string, index: number): void {
    for (const [sequence, open] of [...this.#watch.left]) {
      const slot = this.#slotOf(open);
      if (slot?.account === account && slot.instrumentIndex === index) this.#takeBackLost({ sequence, open, slot });
    }
  }

  #isConcerned({ account, sequence }: OrderRecord): boolean {
    return this.#watch.accountOf(account) !== undefined && sequence <= this.#watch.askedSequence;
  }

  #there(order: OrderRecord, open: VenueOpenOrder): void {
    const { status } = order;
    this.#watch.missing.delete(order.sequence);
    if (status === 'unknown' || status === 'sent' || status === 'pending') {
      if (status === 'unknown') this.#tell('order-arrived', order, 'it is open there', 'it works');
      this.#apply(order, 'accepted', open);
    }
    if (order.status === 'working') return this.#compareTerms(order, open);
    if (order.status === 'pending-cancel' || order.status === 'pending-replace') this.#unmoved(order, open);
  }

  /** A cancel or change that two answers do not show, without a report between, was lost. The slot is looked at again when all is compared. */
  #unmoved(order: OrderRecord, open: VenueOpenOrder): void {
    if (!this.#isTwice(this.#watch.unmoved, order)) return;
    const isReplace = order.status === 'pending-replace';
    if (isReplace && isChanged(order, open)) {
      // It was asked for here, whether or not the process that asked is still the same one.
      this.#tell('change-arrived', order, `the change that was asked for is there, ${termsOf(open)}`, 'taken over');
      return this.#apply(order, 'replaced', open);
    }
    const what = isReplace ? 'the change' : 'the cancel';
    this.#tell('request-lost', order, `${what} has had no effect`, 'it is decided anew');
    this.#apply(order, isReplace ? 'replace-rejected' : 'cancel-rejected', open, 'REQUEST_LOST');
  }

  #compareTerms(order: OrderRecord, open: VenueOpenOrder): void {
    if (this.#watch.isBusy(order.instrumentIndex) || !isChanged(order, open)) return;
    this.#tell('order-changed', order, termsOf(open), 'taken over');
    this.#apply(order, 'replaced', open);
  }

  #notThere(order: OrderRecord): void {
    if (this.#isBeingSent(order)) return void this.#watch.missing.delete(order.sequence);
    if (!this.#isTwice(this.#watch.missing, order)) return;
    const hasArrived = order.status !== 'unknown' && order.status !== 'sent' && order.status !== 'pending';
    // The session that the journal does not have took it back for another one: nobody has to look.
    const isReplaced = hasArrived && order.purpose === 'protection' && this.#judge.hasHeir(slotOf(order));
    if (isReplaced) this.#parts.desk.move(order, 'cancel-requested');
    if (hasArrived || order.filledScaled > 0) {
      this.#tell(
        'order-gone',
        order,
        'two answers do not show it',
        isReplaced ? 'another one is in its place' : 'it is over',
      );
      return this.#apply(order, 'cancelled', undefined, GONE_AT_VENUE);
    }
    this.#tell('order-never-arrived', order, 'two answers do not show it', 'it is over, and not sent again');
    this.#apply(order, 'rejected', undefined, NEVER_ARRIVED);
  }

  /** The call that hands it over was open when the question was asked: that nothing is there yet proves nothing. */
  #isBeingSent({ status, createdTs }: OrderRecord): boolean {
    return status === 'pending' && this.#watch.askedAt - createdTs < this.#parts.callMs;
  }

  /**
   * True where this is the second such answer, far enough from the first one and without a word of the order between. What is said of other
   * orders of the instrument does not matter: a symbol that is never quiet would else never let one be known.
   */
  #isTwice(sightings: BrokerWatch['missing'], { sequence }: Pick<OrderRecord, 'sequence'>): boolean {
    const watch = this.#watch;
    if (watch.touched.has(sequence)) return false;
    const first = sightings.get(sequence);
    if (first === undefined) sightings.set(sequence, { since: this.#at });
    if (first === undefined || watch.askedAt - first.since < this.#parts.settleMs) return false;
    sightings.delete(sequence);
    return true;
  }

  /** An open order of this run that was never sent from here, and of whose end nothing was told; undefined for any other. */
  #lostOf(open: VenueOpenOrder): LostOrder | undefined {
    const { runEpoch, desk } = this.#parts;
    const sequence = parseOrderId(runEpoch, open.clientOrderId);
    const isLost = desk.isSkipped(sequence) && !desk.ended.isKnown(sequence) && desk.find(sequence) === undefined;
    if (!isLost || this.#watch.touched.has(sequence) || this.#watch.accountOf(open.account) === undefined)
      return undefined;
    const slot = this.#slotOf(open);
    return slot === undefined ? undefined : { sequence, open, slot };
  }

  /** An open order that is not live here; its number, NaN for one of nobody here. */
  #unknown(open: VenueOpenOrder): number {
    const { runEpoch, desk } = this.#parts;
    const account = this.#watch.accountOf(open.account);
    const sequence = parseOrderId(runEpoch, open.clientOrderId);
    // It ended here while the answer was on its way.
    if (account === undefined || this.#watch.touched.has(sequence)) return sequence;
    const lost = this.#lostOf(open);
    if (lost !== undefined) {
      this.#lost(lost);
      return sequence;
    }
    const slot = this.#slotOf(open);
    if (sequence <= desk.sequence && slot !== undefined) {
      // What the broker said of its end may be newer than its list of open orders, even in one answer: once proves nothing.
      const isProven = desk.ended.isGivenUp(sequence) || this.#isTwice(this.#watch.returned, { sequence });
      if (isProven) this.#takeBack(open, sequence, slot);
      return sequence;
    }
    const isCleared = account.isExclusive && (this.#watch.isClearing || this.#standing.isTold(open, CLEARED));
    const evidence = `${nameOf(open)}: ${termsOf(open)}`;
    this.#standing.tell(open, { cause: 'external-order', evidence, action: isCleared ? CLEARED : leftAlone(open) });
    return sequence;
  }

  /** Of a session that the journal does not have. */
  #lost(lost: LostOrder): void {
    switch (this.#judge.fateOf(lost)) {
      case 'keep':
        return this.#keep(lost);
      case 'wait':
        return this.#leave(lost, 'left alone until a second answer shows whether the position has other protection');
      case 'leave':
        return this.#leave(lost, `left alone while it protects what no strategy has: decide about ${lost.open.symbol}`);
      case 'take-back':
        return this.#takeBackLost(lost);
    }
  }

  #leave({ open, sequence, slot }: LostOrder, action: string): void {
    this.#watch.left.set(sequence, open);
    const evidence = `order '${open.clientOrderId}' of ${slot.strategy}: ${termsOf(open)}, of a session that the journal does not have`;
    this.#standing.tell(open, { cause: 'order-kept', evidence, action });
  }

  #takeBackLost({ open, sequence, slot }: LostOrder): void {
    this.#watch.left.delete(sequence);
    this.#watch.missing.delete(sequence);
    // All of it has filled.
    if (slot.state.scaled(open.leavesQty) > 0) this.#takeBack(open, sequence, slot);
  }

  /** It goes on protecting the position, as the last that is known of what its strategy wants. */
  #keep({ open, sequence, slot }: LostOrder): void {
    this.#watch.left.delete(sequence);
    this.#watch.missing.delete(sequence);
    const order = this.#takeUp(open, { sequence, slot, purpose: 'protection' });
    slot.protectWith({ stop: open.stopPrice });
    slot.isProtectionRefused = false;
    slot.isSettled = false;
    const evidence = 'it is of a session that the journal does not have, and protects what is held';
    this.#tell('order-kept', order, evidence, 'it stays until its strategy answers otherwise');
  }

  /** Over here, and open there: it is taken up again and cancelled, since its strategy may have asked anew. */
  #takeBack(open: VenueOpenOrder, sequence: number, slot: TargetSlot): void {
    const order = this.#takeUp(open, { sequence, slot, purpose: 'entry' });
    this.#tell('order-revived', order, 'it is over here and open there', 'it is cancelled');
    this.#parts.desk.takeBack(order);
  }

  #takeUp(
    open: VenueOpenOrder,
    {
      sequence,
      slot,
      purpose,
    }: { readonly sequence: number; readonly slot: TargetSlot; readonly purpose: 'entry' | 'protection' },
  ): OrderRecord {
    const { side, orderType, limitPrice, stopPrice } = open;
    const qtyScaled = slot.state.scaled(open.qty);
    const tif = purpose === 'protection' ? 'GTC' : 'DAY';
    const terms = { side, orderType, limitPrice, stopPrice, qtyScaled, purpose, tif } as const;
    const filledScaled = qtyScaled - slot.state.scaled(open.leavesQty);
    const unused = { trail: Number.NaN, expiresAt: Number.NaN };
    const order = this.#parts.desk.revive(slot, sequence, { ...terms, ...unused, filledScaled, seenAt: this.#at });
    order.venueOrderId = open.venueOrderId;
    return order;
  }

  #slotOf({ tag, symbol, account }: VenueOpenOrder): TargetSlot | undefined {
    const { slots } = this.#parts.execution;
    const [book, strategy] = ownerOf(tag);
    return slots.find(
      (slot) =>
        slot.instrument.symbol === symbol &&
        slot.account === account &&
        slot.book === book &&
        slot.strategy === strategy,
    );
  }

  /** What is over needs no sightings. */
  #forget(): void {
    const { missing, unmoved } = this.#watch;
    for (const sightings of [missing, unmoved]) {
      for (const sequence of sightings.keys()) {
        const order = this.#parts.desk.find(sequence);
        const isLeft = sightings === missing && this.#watch.left.has(sequence);
        const isOpen =
          isLeft || (order !== undefined && (sightings === missing || order.status.startsWith('pending-')));
        if (!isOpen) sightings.delete(sequence);
      }
    }
  }

  #apply(
    order: OrderRecord,
    report: Parameters<typeof reportOf>[1],
    open: VenueOpenOrder | undefined,
    reason = '',
  ): void {
    const terms =
      open === undefined
        ? {}
        : { venueOrderId: open.venueOrderId, qty: open.qty, limitPrice: open.limitPrice, stopPrice: open.stopPrice };
    this.#parts.execution.onReport(reportOf(order, report, this.#at, { ...terms, reason }));
  }

  #tell(cause: DifferenceCause, order: OrderRecord, evidence: string, action: string): void {
    const { account, symbol, clientOrderId, side, qty, owner } = order;
    const what = `order ${clientOrderId} of ${owner.strategy} (${side} ${qty})`;
    this.#draft.add({ cause, account, symbol, evidence: `${what}: ${evidence}`, action, clientOrderId });
  }
}

/** What a panic of everything does with an order of others. */
const CLEARED = 'a panic asks the broker to cancel it: nothing stays open on an exclusive account';

function leftAlone({ clientOrderId }: VenueOpenOrder): string {
  return isEngineOrderId(clientOrderId)
    ? 'left alone: it is of another engine, or of one that is no more; then cancel it at the broker'
    : 'left alone: it is not of this engine';
}

/** Whether the venue has the order with other terms, beyond the dust of doubles; the level of a trailing stop is the venue's own. */
function isChanged(order: OrderRecord, open: VenueOpenOrder): boolean {
  const { state } = slotOf(order);
  const isPriceChanged = (there: number, here: number): boolean =>
    !isSame(state.exactPrice(there), state.exactPrice(here));
  const isTrailing = order.orderType === 'trailing-stop';
  return (
    state.scaled(open.qty) !== order.qtyScaled ||
    isPriceChanged(open.limitPrice, order.limitPrice) ||
    (!isTrailing && isPriceChanged(open.stopPrice, order.stopPrice))
  );
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function termsOf({ side, orderType, qty, leavesQty, limitPrice, stopPrice }: VenueOpenOrder): string {
  const prices = [limitPrice, stopPrice].filter((price) => !Number.isNaN(price)).join(' / ');
  return `${side} ${qty} ${orderType}${prices === '' ? '' : ` ${prices}`}, ${leavesQty} left`;
}
