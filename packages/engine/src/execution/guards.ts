import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { GuardedScope } from './risk-gate.js';

/** Lets the policies look at their scopes after each mark, and stops new risk where they say so. Never resumes by itself but at the day's end. */
export class Guards {
  readonly #scopes: readonly GuardedScope[];
  readonly #watching: readonly GuardedScope[];
  readonly #notify: (notice: EngineNotice) => void;
  readonly #time: KernelTime;

  constructor(scopes: readonly GuardedScope[], notify: (notice: EngineNotice) => void, time: KernelTime) {
    this.#time = time;
    this.#scopes = scopes;
    this.#watching = scopes.filter((scope) => scope.policy?.onState !== undefined);
    this.#notify = notify;
  }

  onState(): void {
    for (let i = 0; i < this.#watching.length; i++) {
      const scope = this.#watching[i] as GuardedScope;
      if (scope.haltReason !== '') continue;
      const at = this.#time.now;
      scope.view.ts = at;
      const decision = scope.policy?.onState?.(scope.view);
      if (decision === undefined) continue;
      scope.haltReason = decision.message;
      // A daily halt ends with the scope's own trading day; any other waits for a person.
      scope.haltUntil = decision.until === 'next-day' ? scope.view.dayEnd : Number.POSITIVE_INFINITY;
      this.#tell(scope, at, decision.reason, decision.message);
    }
  }

  /** A trading day of some book ended: new days begin, and the halts of ended days are over. */
  onDay(at: EpochMs): void {
    for (const scope of this.#scopes) {
      scope.view.openDay();
      if (scope.haltReason === '' || at < scope.haltUntil) continue;
      scope.haltReason = '';
      this.#tell(scope, at, 'RISK_RESUMED', 'A new trading day began.');
    }
  }

  /** A person's halt or resume. */
  set(scope: GuardedScope, at: EpochMs, reason: string): void {
    scope.haltReason = reason;
    scope.haltUntil = Number.POSITIVE_INFINITY;
    this.#tell(
      scope,
      at,
      reason === '' ? 'RISK_RESUMED' : 'RISK_HALTED',
      reason === '' ? 'Resumed by command.' : reason,
    );
  }

  #tell(scope: GuardedScope, at: EpochMs, code: string, message: string): void {
    const { view } = scope;
    const subject = view.name === '' ? view.scope : `${view.scope} ${view.name}`;
    const level = code === 'RISK_RESUMED' ? 'info' : 'alarm';
    this.#notify({
      ts: at,
      level,
      code,
      message: `${subject}: ${message}`,
      details: { scope: view.scope, name: view.name },
    });
  }
}
