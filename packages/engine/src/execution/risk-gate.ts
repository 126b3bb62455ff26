import type { EpochMs, OrderRequest, OrderType, RiskDecision, RiskPolicy, Side, TimeInForce } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { OrderTicket } from './order-record.js';
import type { ScopeView } from './scope-view.js';
import type { TargetSlot } from './target-slot.js';

/** What becomes of orders while a run ends; see `engine.onStop`. */
export type StopPolicy = '' | 'cancel-entries' | 'cancel-all';

/** A policy and the scope it guards. */
export interface GuardedScope {
  readonly view: ScopeView;
  readonly policy: RiskPolicy | undefined;
  /** Why new risk is stopped; empty while it is not. */
  haltReason: string;
  /** Until when; infinity until a person resumes. */
  haltUntil: EpochMs;
  /** Of a book: why new risk is stopped at the venue of its account; empty while it is not. */
  venueHalt: string;
  /** Of the global scope: how the run ends, which allows no new risk any more; empty while it goes on. Nobody resumes it. */
  stopPolicy: StopPolicy;
  /** Why new risk waits until data comes again; empty while it does not. */
  pauseReason: string;
  /** Largest loss of a day in basis points that a person set while the engine runs; infinity for none. */
  lossLimitBps: number;
}

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

  /** Why the last answer allowed less than was asked; empty where it did not. */
  get reason(): string {
    return this.answer.reason;
  }

  /** Whether what the last answer held back goes out by itself once a pause is over. */
  get isPaused(): boolean {
    return PAUSES.has(this.answer.reason);
  }

  /** What of an order may go out. The answer object is reused. */
  check(slot: TargetSlot, ticket: MutableTicket, time: KernelTime): GateAnswer {
    const { scopes } = slot;
    const { reduces } = ticket;
    const { answer, request } = this;
    answer.allowedScaled = ticket.qtyScaled;
    answer.reason = '';
    answer.message = '';
    request.take(slot, ticket);
    for (let i = 0; i < scopes.length; i++) {
      const scope = scopes[i] as GuardedScope;
      const { policy, view } = scope;
      if (!reduces && isClosed(scope)) this.#limit(slot, scope, ticket);
      if (policy === undefined) continue;
      view.ts = time.now;
      const decision = ask(policy, request, scope);
      if (decision.kind !== 'approve') this.#take(slot, decision);
    }
    return answer;
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
function ask(policy: RiskPolicy, request: MutableRequest, scope: GuardedScope): RiskDecision {
  try {
    return policy.check(request, scope.view);
  } catch (error) {
    return request.reduces ? APPROVED : thrown(scope, error);
  }
}

function thrown({ view: { scope, name } }: GuardedScope, error: unknown): RiskDecision {
  const what =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return { kind: 'refuse', reason: 'RISK_POLICY_THREW', message: `The policy of ${scope} ${name} threw: ${what}` };
}

function isClosed({ haltReason, pauseReason, venueHalt, stopPolicy }: GuardedScope): boolean {
  return haltReason !== '' || pauseReason !== '' || venueHalt !== '' || stopPolicy !== '';
}
