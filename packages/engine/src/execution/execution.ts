import { type EngineNotice, type EpochMs, type Side, toMoney, toScaled } from '@bookrunner/sdk';
import type { DecisionHash } from '../kernel/decision-hash.js';
import type { VenueReportEvent } from '../kernel/event.js';
import type { KernelListener } from '../kernel/listener.js';
import { type ClosedTrade, FEE_DECIMALS } from '../portfolio/holding.js';
import { BookedExecutions, type ExecutionsState } from './booked-executions.js';
import { keepTerms, OTHER_TERMS, takeTerms } from './changed-terms.js';
import { MutableFillNote } from './fill-note.js';
import { isEntry, type OrderDesk, referencePrice, slotOf } from './order-desk.js';
import { currencyWithoutRate, impossibleReport, noticesOfOrphan, orderKnown, orderNotice } from './order-notices.js';
import type { OrderRecord } from './order-record.js';
import { NEVER_ARRIVED } from './order-state.js';
import { type FeeChange, isExcess, type OutsideFill, reportOfFill } from './outside-fill.js';
import { comesAgain } from './protection.js';
import { forgetRefusals, isProtectionOfExit, levelOfChange, levelOfRefusal, notCancelled } from './told-refusals.js';
import type { TargetRule } from './target-rule.js';
import type { TargetSlot } from './target-slot.js';

/** What execution is made from. */
export interface ExecutionSetup {
  readonly desk: OrderDesk;
  readonly rule: TargetRule;
  readonly listener: KernelListener;
  readonly hash: DecisionHash;
  readonly notify: (notice: EngineNotice) => void;
  readonly slots: readonly TargetSlot[];
}

/** Takes venue reports into orders, ledgers and targets, and keeps the target rule running. */
export class Execution {
  private readonly setup: ExecutionSetup;
  private readonly note = new MutableFillNote();
  private readonly booked = { at: 0.5, signedScaled: 0, priceScaled: 0, feeScaled: 0 };
  readonly executions = new BookedExecutions();
  private closing: TargetSlot | undefined = undefined;
  /** Slots to be looked at when all of a message is booked. */
  private waiting: Set<TargetSlot> | undefined = undefined;
  /** Those of which something was lost or refused, and what is bare is to be protected, when all of a message is booked. */
  private readonly bare = new Set<TargetSlot>();
  private readonly onTrade = (trade: ClosedTrade): void => {
    if (this.closing !== undefined) this.setup.listener.tradeClosed(this.closing, trade);
  };

  constructor(setup: ExecutionSetup) {
    this.setup = setup;
    setup.desk.serve(setup.slots);
  }

  get slots(): readonly TargetSlot[] {
    return this.setup.slots;
  }

  onReport(event: VenueReportEvent): void {
    const { desk } = this.setup;
    const order =
      event.instrumentIndex >= 0 ? desk.findOf(event.instrumentIndex, event.sequence) : desk.find(event.sequence);
    if (order === undefined) return noticesOfOrphan(desk, event).forEach((notice) => this.setup.notify(notice));
    const slot = slotOf(order);
    if (event.venueOrderId !== '') order.venueOrderId = event.venueOrderId;
    this.#take(order, slot, event);
    if (slot.toldRefusals.length > 0) forgetRefusals(order, event);
    // What the venue just refused it would refuse again, whoever asks: once more with the next bar or the broker's next answer, not at once.
    if (slot.isRetryLater) {
      slot.isRetryLater = false;
      slot.isSettled = false;
      this.#cover(slot);
      this.#lookAgain(slot);
      return;
    }
    // Of progress nothing that the rule looks at has changed, unless it has waited for just that.
    const isToEvaluate = !isProgress(event) || slot.isSettled === false || slot.isOwed;
    // Its protection is gone for an order of its own, which nobody comes before.
    const isFirst = slot.isLeaving && isToEvaluate;
    if (isFirst) this.evaluate(slot);
    // Who waited for this order comes first: an exit that took an entry's place would else find the entry back again.
    this.#wake(slot);
    if (isToEvaluate && !isFirst) this.evaluate(slot);
  }

  /** Executions booked so far, so that none is booked again after a restart. */
  save(): ExecutionsState {
    return this.executions.save();
  }

  load(executions: ExecutionsState): void {
    this.executions.load(executions);
  }

  evaluate(slot: TargetSlot): void {
    if (this.waiting === undefined) this.#evaluate(slot);
    else this.waiting.add(slot);
  }

  #evaluate(slot: TargetSlot): void {
    const wasInLine = slot.isExitInLine;
    const wasLeaving = slot.isLeaving;
    this.setup.rule.evaluate(slot);
    // Gone out or given up: no report may come that tells those who waited for it. So with protection that was to leave for an exit.
    if ((wasInLine && !slot.isExitInLine) || (wasLeaving && !slot.isLeaving)) this.#wake(slot);
  }

  /**
   * Books what one message tells before anything is sent for it: no order is made for a position that the rest of the message changes. A
   * journal is folded in the same order, events before what was sent for them.
   */
  together(act: () => void): void {
    if (this.waiting !== undefined) return act();
    const waiting = new Set<TargetSlot>();
    this.waiting = waiting;
    try {
      act();
    } finally {
      this.waiting = undefined;
    }
    for (const slot of this.bare) this.setup.rule.cover(slot);
    this.bare.clear();
    for (const slot of waiting) this.evaluate(slot);
  }

  evaluateAll(slots: readonly TargetSlot[]): void {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as TargetSlot;
      if (slot.selfTradeWait !== undefined) this.setup.rule.remind(slot);
      if (slot.isSettled && !slot.isExitHeld) continue;
      slot.isExitHeld = false;
      this.#evaluate(slot);
    }
  }

  /** Sizing or risk said no: the slot waits for a new answer. */
  refuse(slot: TargetSlot, at: EpochMs, reason: string, message: string): void {
    slot.wait();
    this.setup.listener.refused(slot, at, reason, message);
  }

  /** Gives up a wish: working entries are cancelled; protection, position and exits on their way stay. */
  abandon(slot: TargetSlot): void {
    slot.isSettled = false;
    slot.want('none', Number.NaN);
    // Its next bar may be far away, and those who wait for it have theirs.
    if (slot.isExitInLine) this.#lookAgain(slot);
    slot.isExitInLine = false;
    const exits = slot.entries.filter((order) => !isEntry(order));
    const leaving = exits.reduce((sum, order) => sum + order.direction * (order.qtyScaled - order.filledScaled), 0);
    slot.targetScaled = exits.length === 0 ? Number.NaN : slot.heldScaled + leaving;
    // What cannot be cancelled yet, not sent or unknown, is cancelled when it can be.
    slot.isEntryStale = slot.entries.length > exits.length;
    for (const order of slot.entries.filter(isEntry)) this.setup.desk.cancel(order);
  }

  /** Makes a slot flat, whatever its strategy wants, and keeps it so until it is or a person resumes. */
  flatten(slot: TargetSlot): void {
    slot.isFlattening = true;
    slot.want('none', Number.NaN);
    slot.entry = undefined;
    slot.isWaiting = false;
    slot.isExitHeld = false;
    slot.awaitsAnswer = false;
    slot.isEntryStale = slot.entries.length > 0;
    slot.targetScaled = 0;
    this.evaluate(slot);
  }

  /** See {@link TargetRule.coverFrozen}. */
  coverFrozen(slot: TargetSlot, scaled: number): void {
    this.setup.rule.coverFrozen(slot, scaled);
  }

  /** Makes an order for an execution the venue made by itself; the slot then waits for a new answer. */
  adopt(slot: TargetSlot, part: { side: Side; qtyScaled: number }, at: EpochMs): OrderRecord {
    slot.wait();
    return this.setup.desk.adopt(slot, part, at);
  }

  /**
   * Books an execution of no live order: one that became known late, somebody else's, a correction. It gets an order of its own, so that
   * ledger, records and tags stay whole. What is missing then stays so until its strategy answers anew, as after a stop; what is too much
   * goes with its next answer, even the same one.
   */
  bookOutside(slot: TargetSlot, fill: OutsideFill): void {
    const order = this.adopt(slot, { side: fill.side, qtyScaled: slot.state.scaled(fill.qty) }, fill.at);
    this.#fill(order, slot, reportOfFill(fill, order.sequence, slot.instrumentIndex));
    if (isExcess(slot)) {
      slot.isWaiting = false;
      slot.isExitHeld = true;
    }
    this.#wake(slot);
    this.evaluate(slot);
  }

  /** Changes the fee of an execution that was booked. */
  changeFee(slot: TargetSlot, { feeChange, feeCurrency, at }: FeeChange): void {
    if (feeCurrency === slot.instrument.quote) slot.bookOf.addFee(slot.position, toScaled(feeChange, FEE_DECIMALS));
    else this.#payElsewhere(slot, { feeChange, feeCurrency, at });
    this.setup.listener.feeChanged(slot, feeChange, feeCurrency);
  }

  /** Protection is an order like any other: within a message it waits until holds, positions and numbers are those of the whole of it. */
  #cover(slot: TargetSlot): void {
    if (this.waiting === undefined) this.setup.rule.cover(slot);
    else this.bare.add(slot);
  }

  #take(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): void {
    const wasUnknown = order.isUnknown;
    if (event.report === 'filled') this.#fill(order, slot, event);
    else if (!isProgress(event)) this.#turn(order, slot, event);
    else if (!this.setup.desk.move(order, event.report)) this.setup.notify(impossibleReport(order, event));
    if (wasUnknown && !order.isUnknown) this.setup.notify(orderKnown(order, event.at));
  }

  /** Something became of an order that is neither progress nor a fill. */
  #turn(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): void {
    const { desk } = this.setup;
    // Every venue words its reason differently; only we know what we asked for.
    const wasAsked = order.status === 'pending-cancel';
    if (!desk.move(order, event.report)) return this.setup.notify(impossibleReport(order, event));
    switch (event.report) {
      case 'refused':
      case 'rejected':
        this.#rejected(order, slot, event);
        break;
      case 'cancelled':
      case 'expired':
        if (order.purpose === 'protection') this.#lose(order, slot, event, wasAsked);
        else if (!wasAsked || event.report === 'expired') this.#disappoint(order, slot);
        break;
      case 'cancel-rejected':
        slot.isRetryLater = true;
        if (isProtectionOfExit(order)) this.setup.rule.tellExitWait(slot, notCancelled(event));
        return;
      case 'replaced':
        return this.#changed(order, slot, event);
      case 'replace-rejected':
        keepTerms(order, event, wasAsked);
        // It is being cancelled by now: nobody needs the change any more.
        if (wasAsked) return;
        this.#tell(order, event, 'PROTECTION_NOT_CHANGED', levelOfChange(order, event));
        return;
      case 'unknown':
        // Mostly the broker's next answer tells; where none does within a bound, a person is paged then.
        this.#tell(order, event, 'ORDER_UNKNOWN', 'warning');
        break;
      default:
        return;
    }
    desk.end(order, event.at, event.reason);
  }

  #rejected(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): void {
    if (order.purpose === 'protection' && event.reason !== NEVER_ARRIVED) slot.isProtectionRefused = true;
    this.#disappoint(order, slot);
    this.#tell(order, event, 'ORDER_REJECTED', levelOfRefusal(order, event));
  }

  /** An exit that came to nothing does not give up, and tries again with the next bar. */
  #disappoint(order: OrderRecord, slot: TargetSlot): void {
    if (isEntry(order) || order.purpose === 'protection') slot.disappoint(order, isEntry(order));
    else slot.isExitHeld = true;
  }

  /** The venue ended protection by itself. Where the same would go out again, it would end again: a person has to look. */
  #lose(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent, wasAsked: boolean): void {
    // Its sibling has filled: that is what a group is for, and the rest of the position is protected anew.
    const isGroupOver = order.ocoSequence !== 0 && order.ocoSequence === slot.filledGroup;
    // Of a session that the journal does not have: it may have been of such a group, and is sent anew, which is another order then.
    if (wasAsked || isGroupOver || this.setup.desk.isSkipped(order.sequence)) return;
    if (!comesAgain(slot, order)) return;
    slot.isProtectionRefused = true;
    this.#tell(order, event, 'PROTECTION_ENDED', 'alarm');
  }

  #changed(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): void {
    const isToTell = takeTerms(order, slot, event);
    if (isToTell)
      this.#tell(order, { ...event, ...OTHER_TERMS }, 'PROTECTION_NOT_CHANGED', levelOfChange(order, event));
  }

  #fill(order: OrderRecord, slot: TargetSlot, event: VenueReportEvent): void {
    const { executionId } = event;
    if (executionId !== '' && this.executions.has(order.account, executionId)) return;
    const { desk, hash, listener } = this.setup;
    const { holding, instrument } = slot;
    const qtyScaled = toScaled(event.qty, instrument.quantityDecimals);
    const signedScaled = order.direction * qtyScaled;
    const priceScaled = toScaled(event.price, instrument.priceDecimals);
    let { fee, feeCurrency } = event;
    const early = executionId === '' ? undefined : this.executions.takeFee(order.account, executionId);
    if (early !== undefined) ({ fee, feeCurrency } = early);
    // Told later, as a commission.
    if (fee !== fee) fee = 0;
    const isFeeInQuote = feeCurrency === instrument.quote;
    const book = slot.bookOf;
    const realisedBefore = holding.realisedNumber;
    const booked = this.booked;
    booked.at = event.at;
    booked.signedScaled = signedScaled;
    booked.priceScaled = priceScaled;
    booked.feeScaled = isFeeInQuote ? toScaled(fee, FEE_DECIMALS) : 0;
    this.closing = slot;
    book.addFill(slot.position, booked, this.onTrade);
    if (!isFeeInQuote && fee !== 0) this.#payElsewhere(slot, { feeChange: fee, feeCurrency, at: event.at });
    if (executionId !== '') this.#keep(order, event, { signedScaled, fee, feeCurrency });
    book.mark(slot.position);
    slot.isProtectionRefused = false;
    if (slot.toldRefusals.length > 0) slot.toldRefusals = [];
    order.filledScaled += qtyScaled;
    const isProtection = order.purpose === 'protection';
    if (!isProtection) slot.workingScaled -= signedScaled;
    const isComplete = order.filledScaled >= order.qtyScaled;
    const moved = desk.fill(order, isComplete);
    hash.fill(order, event.at, signedScaled, priceScaled);
    const note = this.note;
    note.at = event.at;
    note.order = order;
    note.qty = event.qty;
    note.price = event.price;
    note.fee = fee;
    note.feeCurrency = feeCurrency;
    note.liquidity = event.liquidity;
    note.executionId = executionId;
    note.realised = holding.realisedNumber - realisedBefore;
    note.decisionPrice = referencePrice(order);
    listener.filled(note);
    if (!moved) this.setup.notify(impossibleReport(order, event));
    if (isProtection) slot.rest(order);
    if (isComplete) desk.end(order, event.at, '');
  }

  /** A fee in another currency than the instrument's. Where it cannot be converted nobody knows what the book is worth, and a person has to. */
  #payElsewhere({ bookOf: book }: TargetSlot, { feeChange, feeCurrency, at }: FeeChange): void {
    const isNew = !book.currencies().includes(feeCurrency);
    book.addCash(feeCurrency, -toMoney(feeChange));
    if (isNew && !book.canValue(feeCurrency)) this.setup.notify(currencyWithoutRate(book, feeCurrency, at));
  }

  #keep(
    order: OrderRecord,
    { at, price, executionId }: VenueReportEvent,
    booked: { readonly signedScaled: number; readonly fee: number; readonly feeCurrency: string },
  ): void {
    const slot = this.slots.indexOf(slotOf(order));
    this.executions.add(order.account, executionId, { slot, sequence: order.sequence, price, at, ...booked });
  }

  #wake({ others }: TargetSlot): void {
    for (let i = 0; i < others.length; i++) {
      const other = others[i] as TargetSlot;
      if (other.isBlocked) this.evaluate(other);
    }
  }

  /** Who waits for an order or an exit there is looked at with the next bar or the broker's next answer. */
  #lookAgain({ instrumentIndex }: TargetSlot): void {
    for (const slot of this.setup.desk.slotsOf(instrumentIndex)) if (slot.isBlocked) slot.isSettled = false;
  }

  #tell(order: OrderRecord, event: VenueReportEvent, code: string, level: EngineNotice['level']): void {
    this.setup.notify(orderNotice(order, event, { code, level }));
  }
}

/** The order is on its way or at the venue, as was to be expected. */
function isProgress({ report }: VenueReportEvent): boolean {
  return report === 'accepted' || report === 'sent';
}
