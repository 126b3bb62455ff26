import type { EpochMs, RiskPolicy } from '@bookrunner/sdk';
import type { ScopeView } from './scope-view.js';

/** What becomes of orders while a run ends; see `engine.onStop`. */
export type StopPolicy = '' | 'cancel-entries' | 'cancel-all';

/** How many scopes of an engine allow no new risk: nearly always none, so that one number says that no order has to ask. */
export class ClosedScopes {
  count = 0;
}

/** A policy and the scope it guards. Its reasons are counted as they change: they are asked for with every order. */
export class GuardedScope {
  readonly view: ScopeView;
  readonly policy: RiskPolicy | undefined;
  /** The next scope around it that has a policy. */
  readonly outer: GuardedScope | undefined;
  /** Until when it is halted; infinity until a person resumes. */
  haltUntil: EpochMs = Number.POSITIVE_INFINITY;
  /** Largest loss of a day in basis points that a person set while the engine runs; infinity for none. */
  lossLimitBps = Number.POSITIVE_INFINITY;
  private readonly closed: ClosedScopes;
  private isCounted = false;
  private halt = '';
  private haltOfVenue = '';
  private stop: StopPolicy = '';
  private pause = '';

  /** `around`: the scope that it is a part of; `closed`: of its engine. */
  constructor(setup: {
    view: ScopeView;
    policy: RiskPolicy | undefined;
    around: GuardedScope | undefined;
    closed: ClosedScopes;
  }) {
    this.view = setup.view;
    this.policy = setup.policy;
    this.outer = setup.around?.policed;
    this.closed = setup.closed;
  }

  /** The first that has a policy, of itself and the scopes around it. */
  get policed(): GuardedScope | undefined {
    return this.policy === undefined ? this.outer : this;
  }

  /** Whether it allows no new risk. */
  get isClosed(): boolean {
    return this.halt !== '' || this.pause !== '' || this.haltOfVenue !== '' || this.stop !== '';
  }

  /** Why new risk is stopped; empty while it is not. */
  get haltReason(): string {
    return this.halt;
  }
  set haltReason(reason: string) {
    this.halt = reason;
    this.#count();
  }

  /** Of a book: why new risk is stopped at the venue of its account; empty while it is not. */
  get venueHalt(): string {
    return this.haltOfVenue;
  }
  set venueHalt(reason: string) {
    this.haltOfVenue = reason;
    this.#count();
  }

  /** Of the global scope: how the run ends, which allows no new risk any more; empty while it goes on. Nobody resumes it. */
  get stopPolicy(): StopPolicy {
    return this.stop;
  }
  set stopPolicy(policy: StopPolicy) {
    this.stop = policy;
    this.#count();
  }

  /** Why new risk waits until data comes again; empty while it does not. */
  get pauseReason(): string {
    return this.pause;
  }
  set pauseReason(reason: string) {
    this.pause = reason;
    this.#count();
  }

  #count(): void {
    const { isClosed } = this;
    if (isClosed === this.isCounted) return;
    this.isCounted = isClosed;
    this.closed.count += isClosed ? 1 : -1;
  }
}
