// Data that stays away: what begins as a warning for each strategy becomes one alarm for what they wait for.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { GuardedScope } from '../execution/risk-gate.js';

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
  /** By what is away. */
  #waits = new Map<string, Wait>();

  constructor(
    strategies: readonly Pick<GuardedScope, 'view' | 'pauseReason'>[],
    notify: (notice: EngineNotice) => void,
  ) {
    this.#strategies = strategies;
    this.#notify = notify;
  }

  look(now: EpochMs): void {
    const waiting = this.#waiting();
    const waits = new Map<string, Wait>();
    for (const [reason, names] of waiting) {
      const wait = this.#waits.get(reason) ?? { since: now, isTold: false };
      waits.set(reason, wait);
      if (wait.isTold || now - wait.since < FEED_AWAY_LIMIT_MS) continue;
      wait.isTold = true;
      this.#notify({
        ...{ ts: now, level: 'alarm', code: 'FEED_PAUSED' },
        message: `${reason} It has been so for ${Math.round((now - wait.since) / 1_000)} s: exits only, for ${names.join(', ')}.`,
        details: { strategies: names, since: wait.since },
      });
    }
    this.#waits = waits;
  }

  #waiting(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const { view, pauseReason } of this.#strategies) {
      if (pauseReason !== '') found.set(pauseReason, [...(found.get(pauseReason) ?? []), view.name]);
    }
    return found;
  }
}
