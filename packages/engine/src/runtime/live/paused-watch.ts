// Data that stays away: what begins as a warning for each strategy becomes one alarm for what they wait for.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { GuardedScope } from '../../execution/guarded-scope.js';

/** How long strategies may wait for data before a person has to know. */
export const FEED_AWAY_LIMIT_MS = 60_000;

interface Wait {
  readonly since: EpochMs;
  isTold: boolean;
}

/** Looks at the strategies of a run, by the clock of its machine. Changes nothing. */
export class PausedWatch {
  readonly #strategies: readonly Pick<GuardedScope, 'view' | 'pauseReason'>[];
  readonly #notify: (notice: EngineNotice) => void;
  /** By strategy: what it waits for may change meanwhile. */
  readonly #waits = new Map<string, Wait>();

  constructor(
    strategies: readonly Pick<GuardedScope, 'view' | 'pauseReason'>[],
    notify: (notice: EngineNotice) => void,
  ) {
    this.#strategies = strategies;
    this.#notify = notify;
  }

  look(now: EpochMs): void {
    const late = new Map<string, { readonly strategies: string[]; readonly since: EpochMs }>();
    for (const { view, pauseReason } of this.#strategies) {
      if (pauseReason === '') {
        this.#waits.delete(view.name);
        continue;
      }
      const wait = this.#waits.get(view.name) ?? { since: now, isTold: false };
      this.#waits.set(view.name, wait);
      if (wait.isTold || now - wait.since < FEED_AWAY_LIMIT_MS) continue;
      wait.isTold = true;
      const known = late.get(pauseReason) ?? { strategies: [], since: wait.since };
      known.strategies.push(view.name);
      late.set(pauseReason, known);
    }
    for (const [reason, { strategies, since }] of late) this.#tell(reason, { strategies, since, now });
  }

  #tell(reason: string, wait: { strategies: readonly string[]; since: EpochMs; now: EpochMs }): void {
    const { strategies, since, now } = wait;
    const seconds = Math.round((now - since) / 1_000);
    this.#notify({
      ...{ ts: now, level: 'alarm', code: 'FEED_PAUSED' },
      message: `${strategies.join(', ')}: ${reason} Data has been away for ${seconds} s: exits only.`,
      details: { strategies, since },
    });
  }
}
