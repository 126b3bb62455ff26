// One order at IB. Takes what the gateway says of it in any order and any number of times, and tells each thing once.
import { classify, type Concern, type Verdict } from '../errors/classify.js';
import { AwaitedFills } from './awaited-fills.js';
import type { IbExecution, IbFee } from './ib-execution.js';
import type { IbOrderStateParts, OrderPhase } from './ib-order-state-parts.js';
import { Inactivity, inactiveWord, type InactiveWord } from './inactivity.js';
import { type FillReport, OrderFills } from './order-fills.js';
import { type BeforeList, judgeList, SWALLOWED } from './order-in-list.js';
import { cancellationOf, rejectionOf, type SaidRefusal } from './order-endings.js';
import { OrderRequests } from './order-requests.js';
import type { OrderEnding } from './order-report.js';
import { isLive, type SeenStatus, statusKind } from './order-status.js';
import { type ChangeableTerms, isSameTerms, type OrderTerms } from './order-terms.js';
import { PastTerms } from './past-terms.js';
import { PermIds } from './perm-ids.js';

const REFUSED = 'IBKR_ORDER_REFUSED';

export class IbOrderState {
  readonly fills: OrderFills;
  readonly permIds = new PermIds();
  /** What is asked of it. */
  readonly requests: OrderRequests;
  /** Fills that only a status has told of. */
  readonly awaited: AwaitedFills;
  readonly #parts: IbOrderStateParts;
  #terms: OrderTerms;
  #phase: OrderPhase = 'sent';
  readonly #past = new PastTerms();
  #ending: OrderEnding | undefined;
  readonly #inactivity = new Inactivity();
  /** The last refusal IB gave of an order that works: what it refused, its status says. */
  #refusal: SaidRefusal | undefined;
  #wasRefused = false;
  #cancelText = '';
  /** Units filled before this process knew the order. */
  #filledBefore = 0;
  #isOverfilled = false;

  constructor(parts: IbOrderStateParts) {
    const { clock, commissionWaitMs, quantityDecimals, describe, settleMs, ask } = parts;
    this.#parts = parts;
    this.#terms = parts.terms;
    this.requests = new OrderRequests((report) => this.#parts.tell(report));
    this.fills = new OrderFills({
      ...{ clock, commissionWaitMs, quantityDecimals, describe },
      qty: () => this.#terms.qty - this.#filledBefore,
      tell: (report) => this.#told(report),
    });
    this.awaited = new AwaitedFills({
      ...{ clock, settleMs, ask },
      filled: () => this.#filled,
      giveUp: () => this.#tryEnd(),
    });
  }

  get terms(): OrderTerms {
    return this.#terms;
  }
  get phase(): OrderPhase {
    return this.#phase;
  }
  /** Whether the gateway has said anything of it. */
  get isAnswered(): boolean {
    return this.#phase !== 'sent';
  }
  get isOver(): boolean {
    return this.#phase === 'over';
  }
  /** Refused as it came: it was never at work. */
  get wasRefused(): boolean {
    return this.#wasRefused;
  }
  /** Units still to come. */
  get leavesQty(): number {
    return Math.max(0, this.fills.exact(this.#terms.qty - this.#filled));
  }
  /** Units filled, as far as executions tell. */
  get #filled(): number {
    return this.fills.exact(this.#filledBefore + this.fills.qty);
  }
  /** Whether anybody ever said that a part of it was filled. */
  get hasFilled(): boolean {
    return this.awaited.hasFilled;
  }
  /** Terms of an order of which only executions were known; what is known already stays. */
  learn(terms: OrderTerms): void {
    if (Number.isNaN(this.#terms.qty)) this.#terms = { ...terms, tag: terms.tag === '' ? this.#terms.tag : terms.tag };
  }

  /** It is as it was asked to become. */
  confirmTerms(): void {
    const { qty, limitPrice, stopPrice } = this.#terms;
    this.#parts.tell({ kind: 'replaced', qty, limitPrice, stopPrice });
  }

  /** It could not be written, while others of its group were. */
  neverLeft(reason: string, message: string): void {
    this.permIds.end();
    this.#end(rejectionOf({ reason, text: message }));
  }

  // What the gateway says.

  /** `terms` of an openOrder, undefined of an orderStatus. */
  onStatus(seen: SeenStatus, terms?: ChangeableTerms): void {
    const isNewTwin = this.permIds.saw(seen.permId, isLive(seen.status), seen.orderId);
    if (isNewTwin && this.permIds.live.length > 1) this.#alarmTwice();
    this.awaited.count(seen.filled);
    if (!this.isOver) this.#enter(seen, terms !== undefined);
    if (!this.isOver && terms !== undefined && isLive(seen.status) === true) this.#compareTerms(terms);
    this.awaited.look();
  }

  onExecution(execution: IbExecution, fee: IbFee | undefined): void {
    this.permIds.saw(execution.permId, undefined);
    this.#accept();
    this.fills.add(execution, fee);
    this.#checkFilled(execution);
    this.#tryEnd();
  }

  /** An execution of an order from before this process. */
  onOldExecution(execution: IbExecution, fee: IbFee | undefined): void {
    this.permIds.saw(execution.permId, undefined);
    this.fills.know(execution, fee);
  }

  onFee(fee: IbFee): void {
    this.fills.addFee(fee);
    this.#tryEnd();
  }

  /** An error that came under its id. Whatever is not known changes nothing: no order ever died of an unknown code. */
  onCode(code: number, message: string): Verdict {
    const verdict = classify(code, this.#concern, message);
    this.#heed(code, verdict);
    return verdict;
  }

  /** Found among the completed orders: that is how it ended, whatever was missed. */
  onCompleted(status: string, filled: number, text: string): void {
    this.awaited.count(filled);
    this.permIds.end();
    this.#reach();
    if (this.isOver) return;
    const kind = statusKind(status);
    if (kind === 'cancelled') this.#end(this.#cancellation());
    else if (kind === 'inactive') this.#end(rejectionOf(this.#refusal ?? { reason: REFUSED, text }));
    else this.#accept();
    this.awaited.look();
  }

  /** As it is to be compared with a list that is asked for now; `answerMs` is how long a request may take. */
  beforeList(answerMs: number): BeforeList {
    const overdue = this.requests.pendingSince(this.#parts.clock.nowUtc() - answerMs);
    return { terms: this.#terms, wanted: this.requests.wanted, overdue };
  }

  /** A whole list of open orders shows it with these terms. */
  onListed(seen: ChangeableTerms, status: string, before: BeforeList): void {
    if (this.#phase !== 'working' || this.permIds.live.length > 1) return;
    // It outlived whatever was refused of it.
    if (isLive(status) === true) this.#refusal = undefined;
    const { wanted, cancelAskedAt } = this.requests;
    const now = { terms: this.#terms, wanted, cancelAskedAt };
    const { isChangeDone, isChangeLost, isCancelLost, isNews } = judgeList({ seen, status }, before, now);
    if (isChangeDone) this.#changed(seen);
    if (isChangeLost) this.requests.decline('change', SWALLOWED);
    if (isCancelLost) this.requests.loseCancel(SWALLOWED);
    if (isNews) this.#replaced(seen);
  }

  /** Its executions of today are in; what a status counts beyond them was filled before. */
  settleBefore(): void {
    this.#filledBefore = Math.max(0, this.fills.exact(this.awaited.told - this.fills.qty));
  }

  /** The connection is gone: what was asked and not answered, the engine finds out from snapshots. */
  onLost(): void {
    this.requests.lost();
    this.permIds.forgetOrderIds();
  }

  /** Tells what waits, and nothing after that. */
  stop(): void {
    this.fills.stop();
    this.awaited.stop();
  }

  #heed(code: number, verdict: Verdict): void {
    switch (verdict.consequence) {
      case 'order-cancelled':
        this.#cancelText = verdict.text;
        this.#reach();
        // It names no permId: which of two was cancelled, only their statuses say.
        return this.permIds.isTwice ? this.#parts.ask() : this.#end(this.#cancellation());
      case 'modify-failed':
        return this.#declined('change', verdict);
      case 'cancel-failed':
        // Of a new order that nobody wanted to cancel, it is the parent that IB does not find.
        if (code === NOT_FOUND && !this.requests.wasCancelAsked) return this.#refused(code, verdict);
        return this.#declined('cancel', verdict);
      case 'order-rejected':
      case 'ask-order':
        return this.#refused(code, verdict);
      default:
        return this.#reach();
    }
  }

  #enter(seen: SeenStatus, isOpenOrder: boolean): void {
    switch (statusKind(seen.status)) {
      case 'at-ib':
      case 'filled':
        this.#inactivity.end();
        return this.#accept();
      case 'cancelled':
        this.#reach();
        return this.#cancelled();
      case 'inactive':
        return this.#inactive(inactiveWord(seen.whyHeld, isOpenOrder));
      case 'on-its-way':
      case 'unknown':
        return this.#reach();
    }
  }

  /** The other one of two lives on, under the same id: it is cancelled as well, if that was wanted. */
  #cancelled(): void {
    if (this.permIds.live.length === 0) return this.#end(this.#cancellation());
    if (this.requests.takeRest()) this.#parts.cancelRest();
  }

  /** Dead only where IB has said why: held stock, a closed exchange and a refusal all look alike. */
  #inactive(word: InactiveWord): void {
    const isNews = this.#inactivity.saw(word);
    if (word === 'held') return this.#accept();
    this.#reach();
    if (this.#isRefused) this.#end(rejectionOf(this.#refusal as SaidRefusal));
    // The answer shows it Inactive once more: that is no reason to ask again.
    else if (isNews) this.#parts.ask();
  }

  /** Refused as an order: what was refused to a change of it may work on as it was. */
  get #isRefused(): boolean {
    return this.#inactivity.isBare && this.#refusal !== undefined && !this.requests.wasChangeAsked;
  }

  #reach(): void {
    if (this.#phase === 'sent') this.#phase = 'reached';
  }

  #accept(): void {
    if (this.#phase !== 'sent' && this.#phase !== 'reached') return;
    this.#phase = 'working';
    this.#parts.tell({ kind: 'accepted' });
  }

  #compareTerms({ qty, limitPrice, stopPrice }: ChangeableTerms): void {
    const seen = { qty, limitPrice, stopPrice };
    const { wanted } = this.requests;
    if (wanted !== undefined && isSameTerms(seen, wanted)) {
      // It may be a late copy of what it was before: only a list that is asked for after the change tells.
      if (this.#past.has(wanted) && this.permIds.live.length <= 1) return this.#parts.ask();
      return this.#changed(seen);
    }
    // A combination has no quantity of its own.
    if (Number.isNaN(qty)) return;
    const isKnown = isSameTerms(seen, this.#terms) || this.#past.has(seen);
    // Changed by a person, or by IB: the size of a child follows its parent's fills.
    if (!isKnown && this.#phase === 'working') this.#replaced(seen);
  }

  /** As it was asked to become. */
  #changed(terms: ChangeableTerms): void {
    this.requests.endChange();
    this.#replaced(terms);
  }

  #replaced(terms: ChangeableTerms): void {
    this.#past.supersede(this.#terms, terms);
    this.#terms = { ...this.#terms, ...terms };
    this.#parts.tell({ kind: 'replaced', ...terms });
    this.#tryEnd();
  }

  /** What is waited for. */
  get #concern(): Concern {
    if (this.requests.wanted !== undefined) return 'modify';
    if (this.requests.isCancelAsked) return 'cancel';
    return this.#phase === 'working' || this.isOver ? 'working-order' : 'new-order';
  }

  #refused(code: number, { ours, text }: Verdict): void {
    if (this.isOver) return;
    const reason = ours === '' ? REFUSED : ours;
    if (this.#phase !== 'working') {
      this.#wasRefused = true;
      this.permIds.end();
      return this.#end(rejectionOf({ reason, text }));
    }
    // An order with the same id was refused, not this one.
    if (code === DUPLICATE_ID) return;
    this.#refusal = { reason, text };
    this.requests.decline('change', `${reason}: ${text}`);
    if (this.#isRefused) this.#end(rejectionOf(this.#refusal));
    else this.#parts.ask();
  }

  #declined(what: 'change' | 'cancel', { ours, text }: Verdict): void {
    this.#reach();
    this.requests.decline(what, `${ours === '' ? REFUSED : ours}: ${text}`);
    this.#parts.ask();
  }

  #cancellation(): OrderEnding {
    const { isCancelOurs: isOurs } = this.requests;
    return cancellationOf(this.#terms, { isOurs, text: this.#cancelText, now: this.#parts.clock.nowUtc() });
  }

  #end(ending: OrderEnding): void {
    if (this.isOver) return;
    this.#ending ??= ending;
    this.#tryEnd();
  }

  /** Over when it is filled, or when it ended and everything it filled before is told. */
  #tryEnd(): void {
    if (this.isOver) return;
    const { fills } = this;
    if (this.#phase === 'working' && fills.exact(this.#filledBefore + fills.toldQty) >= this.#terms.qty) {
      this.permIds.end();
      return this.#over();
    }
    if (this.#ending === undefined || fills.isWaiting) return;
    if (this.awaited.isShort) return this.awaited.look();
    this.permIds.end();
    const ending = this.#ending;
    this.#over();
    this.#parts.tell(ending);
  }

  #over(): void {
    this.#phase = 'over';
    this.requests.endChange();
    this.awaited.stop();
  }

  #checkFilled({ cumQty }: IbExecution): void {
    const { qty } = this.#terms;
    const isOver = cumQty > qty || this.#filled > qty;
    if (!isOver || this.#isOverfilled) return;
    this.#isOverfilled = true;
    const filled = Math.max(this.fills.qty, Number.isFinite(cumQty) ? cumQty : 0);
    this.#parts.alarm('IBKR_ORDER_OVERFILLED', `${filled} of ${qty} units of it are filled.`);
  }

  #alarmTwice(): void {
    const ids = this.permIds.live.map(({ permId }) => permId).join(' and ');
    this.#parts.alarm('IBKR_ORDER_TWICE', `It lives twice at IB, as ${ids}.`);
  }

  #told(report: FillReport): void {
    this.#parts.tell(report);
    if (report.kind === 'filled') this.#tryEnd();
  }
}

const DUPLICATE_ID = 103;
const NOT_FOUND = 135;
