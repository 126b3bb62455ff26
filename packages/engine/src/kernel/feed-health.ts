import type { EpochMs, FeedStatus } from '@bookrunner/sdk';
import type { SignalStage } from '../signals/signal-stage.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';

/**
 * Remembers since when a feed is away. What depends on it adds no risk until it is back, and strategies whose tolerance the gap
 * exceeded begin anew.
 */
export class FeedHealth {
  readonly #signals: SignalStage;
  readonly #pause: (strategyIndex: number, at: EpochMs, reason: string) => void;
  readonly #awaySince = new Map<string, EpochMs>();

  constructor(signals: SignalStage, pause: (strategyIndex: number, at: EpochMs, reason: string) => void) {
    this.#signals = signals;
    this.#pause = pause;
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
      for (const runner of this.#concerned(status)) this.#pause(runner.index, at, reasonOf(status));
      return;
    }
    const since = this.#awaySince.get(key);
    if (since === undefined || (status.state !== 'live' && status.state !== 'delayed')) return;
    this.#awaySince.delete(key);
    for (const runner of this.#concerned(status)) {
      if (!this.#isAway(runner)) this.#pause(runner.index, at, '');
      if (at - since > runner.setup.definition.gapToleranceMs) {
        runner.reset({ from: since, to: at, reason: status.reason });
      }
    }
  }

  /** Strategies that live on what the status is about. */
  #concerned(status: FeedStatus): readonly StrategyRunner[] {
    return this.#signals.runners.filter(
      (runner) =>
        runner.setup.feed === status.feed &&
        (status.symbol === undefined || runner.slots.some((slot) => slot.instrument.symbol === status.symbol)),
    );
  }

  /** Whether another part of the strategy's data is still away. */
  #isAway(runner: StrategyRunner): boolean {
    const { feed } = runner.setup;
    return (
      this.#awaySince.has(`${feed}|`) ||
      runner.slots.some((slot) => this.#awaySince.has(`${feed}|${slot.instrument.symbol}`))
    );
  }
}

function reasonOf(status: FeedStatus): string {
  const what = status.symbol === undefined ? `Feed '${status.feed}'` : `${status.symbol} of feed '${status.feed}'`;
  return `${what} is ${status.state}.`;
}
