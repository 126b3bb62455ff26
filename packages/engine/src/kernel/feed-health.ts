import type { EpochMs, FeedStatus } from '@bookrunner/sdk';
import type { SignalStage } from '../signals/signal-stage.js';

/** Remembers since when a feed is away, and resets the strategies whose tolerance the gap exceeded once it is back. */
export class FeedHealth {
  readonly #signals: SignalStage;
  readonly #awaySince = new Map<string, EpochMs>();

  constructor(signals: SignalStage) {
    this.#signals = signals;
  }

  save(): readonly (readonly [string, EpochMs])[] {
    return [...this.#awaySince];
  }

  load(saved: readonly (readonly [string, EpochMs])[]): void {
    for (const [key, since] of saved) this.#awaySince.set(key, since);
  }

  onStatus(status: FeedStatus, at: EpochMs): void {
    const key = `${status.feed}|${status.symbol ?? ''}`;
    if (status.state === 'disconnected' || status.state === 'failed' || status.state === 'stale') {
      if (!this.#awaySince.has(key)) this.#awaySince.set(key, at);
      return;
    }
    const since = this.#awaySince.get(key);
    if (since === undefined || (status.state !== 'live' && status.state !== 'delayed')) return;
    this.#awaySince.delete(key);
    for (const runner of this.#signals.runners) {
      const isConcerned =
        runner.setup.feed === status.feed &&
        (status.symbol === undefined || runner.slots.some((slot) => slot.instrument.symbol === status.symbol));
      if (isConcerned && at - since > runner.setup.definition.gapToleranceMs) {
        runner.reset({ from: since, to: at, reason: status.reason });
      }
    }
  }
}
