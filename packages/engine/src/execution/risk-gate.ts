import type { OrderRequest, OrderType, RiskDecision, RiskPolicy, Side, TimeInForce } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { ClosedScopes, GuardedScope } from './guarded-scope.js';
import type { OrderTicket } from './order-record.js';
import type { TargetSlot } from './target-slot.js';

/** The ticket under construction; one object is reused, the desk copies it. */
export class MutableTicket implements OrderTicket {
  side: Side = 'buy';
  qtyScaled = 0;
  orderType: OrderType = 'market';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  trail = Number.NaN;
  tif: TimeInForce = 'DAY';
  expiresAt = Number.NaN;
  purpose: 'entry' | 'exit' = 'entry';
  reduces = false;
}

/** What policies are asked about: a copy, so that nothing they do to it reaches the order. One object is reused. */
class MutableRequest implements OrderRequest {
  symbol = '';
  side: Side = 'buy';
  // No integer, so that it is a double from the beginning: an object that changes its class at the first order is one V8 checks at each.
  qty = Number.NaN;
  orderType: OrderType = 'market';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  tif: TimeInForce = 'DAY';
  purpose: 'entry' | 'exit' = 'entry';
  strategy = '';
  book = '';
  reduces = false;

  take(slot: TargetSlot, ticket: MutableTicket): void {
    this.symbol = slot.instrument.symbol;
    this.side = ticket.side;
    this.qty = slot.state.units(ticket.qtyScaled);
    this.orderType = ticket.orderType;
    this.limitPrice = ticket.limitPrice;
    this.stopPrice = ticket.stopPrice;
    this.tif = ticket.tif;
    this.purpose = ticket.purpose;
    this.strategy = slot.strategy;
    this.book = slot.book;
    this.reduces = ticket.reduces;
  }
}

/** The gate's answer: what may be sent, in scaled units, and why not more. */
export interface GateAnswer {
  allowedScaled: number;
  reason: string;
  message: string;
}

/** Feeds pause strategies, outages of venues pause books. */
const PAUSES: ReadonlySet<string> = new Set(['FEED_PAUSED', 'OUTAGE_PAUSED']);

const APPROVED: RiskDecision = Object.freeze({ kind: 'approve' });

/** Asks every scope of a slot, strategy, book, global; all answer, the tightest wins. */
export class RiskGate {
  private readonly answer: GateAnswer = { allowedScaled: 0, reason: '', message: '' };
  private readonly request = new MutableRequest();
  private readonly closed: ClosedScopes;
  private readonly time: KernelTime;

  constructor(closed: ClosedScopes, time: KernelTime) {
    this.closed = closed;
    this.time = time;
  }

  /** Why the last answer allowed less than was asked; empty where it did not. */
  get reason(): string {
    return this.answer.reason;
  }

  /** Whether what the last answer held back goes out by itself once a pause is over. */
  get isPaused(): boolean {
    return PAUSES.has(this.answer.reason);
  }

  /** What of an order may go out. The answer object is reused. */
  check(slot: TargetSlot, ticket: MutableTicket): GateAnswer {
    const { answer, request } = this;
    answer.allowedScaled = ticket.qtyScaled;
    answer.reason = '';
    answer.message = '';
    request.take(slot, ticket);
    if (this.closed.count !== 0 && !ticket.reduces) return this.#checkClosed(slot, ticket);
    for (let scope = slot.policed; scope !== undefined; scope = scope.outer) {
      scope.view.ts = this.time.now;
      const decision = ask(scope, request);
      if (decision.kind !== 'approve') this.#take(slot, decision);
    }
    return answer;
  }

  /** The same where some scope of the engine allows no new risk. What says no first is named where others say the same. */
  #checkClosed(slot: TargetSlot, ticket: MutableTicket): GateAnswer {
    for (const scope of slot.scopes) {
      if (scope.isClosed) this.#limit(slot, scope, ticket);
      if (scope.policy === undefined) continue;
      scope.view.ts = this.time.now;
      const decision = ask(scope, this.request);
      if (decision.kind !== 'approve') this.#take(slot, decision);
    }
    return this.answer;
  }

  #take(slot: TargetSlot, decision: Exclude<RiskDecision, { readonly kind: 'approve' }>): void {
    const answer = this.answer;
    const allowed = decision.kind === 'trim' && decision.qty > 0 ? slot.state.lotsScaled(decision.qty) : 0;
    if (!(allowed < answer.allowedScaled)) return;
    answer.allowedScaled = allowed;
    answer.reason = decision.reason;
    answer.message = decision.message;
  }

  /** A halt or a pause lets the part through that only brings the position to zero. */
  #limit(slot: TargetSlot, scope: GuardedScope, { side, qtyScaled }: MutableTicket): void {
    const answer = this.answer;
    // The position without what already works to take it off.
    const held = slot.heldScaled + slot.workingScaled;
    const isOpposite = held !== 0 && held > 0 === (side === 'sell');
    const allowed = isOpposite ? Math.min(qtyScaled, slot.state.tradableScaled(Math.abs(held))) : 0;
    if (allowed < answer.allowedScaled) {
      answer.allowedScaled = allowed;
      const { pauseReason, view } = scope;
      const haltReason = scope.haltReason || scope.venueHalt || (scope.stopPolicy === '' ? '' : 'the run ends');
      const isHalted = haltReason !== '';
      answer.reason = isHalted ? 'RISK_HALTED' : view.scope === 'book' ? 'OUTAGE_PAUSED' : 'FEED_PAUSED';
      answer.message = `New risk is ${isHalted ? 'halted' : 'paused'} for ${view.scope} ${view.name}: ${isHalted ? haltReason : pauseReason}`;
    }
  }
}

/** A policy that throws says no: what cannot be judged adds no risk. */
function ask(scope: GuardedScope, request: MutableRequest): RiskDecision {
  try {
    return (scope.policy as RiskPolicy).check(request, scope.view);
  } catch (error) {
    return request.reduces ? APPROVED : thrown(scope, error);
  }
}

function thrown({ view: { scope, name } }: GuardedScope, error: unknown): RiskDecision {
  const what =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return { kind: 'refuse', reason: 'RISK_POLICY_THREW', message: `The policy of ${scope} ${name} threw: ${what}` };
}
