import type { EpochMs, FeedState, FeedStatus } from '@bookrunner/sdk';
import type { FeedStatusEvent } from './event.js';
import type { SignalStage } from '../signals/signal-stage.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';

/** States in which no price can be trusted to come. `ended` is told by live runs alone: a backtest has no statuses. */
const AWAY = new Set<FeedState>(['disconnected', 'failed', 'stale', 'halted', 'ended']);

/**
 * Remembers since when a feed, or one symbol of it, is away. What depends on it adds no risk until it is back, and strategies whose
 * tolerance the gap exceeded begin anew. A whole feed that is back brings its symbols back: what of them is still away, the feed
 * says again. One symbol that is back brings back itself, not a feed that is away as a whole.
 */
export class FeedHealth {
  private readonly signals: SignalStage;
  readonly #pause: (strategyIndex: number, at: EpochMs, reason: string) => void;
  readonly #awaySince = new Map<string, EpochMs>();

  constructor(signals: SignalStage, pause: (strategyIndex: number, at: EpochMs, reason: string) => void) {
    this.signals = signals;
    this.#pause = pause;
  }

  save(): readonly (readonly [string, EpochMs])[] {
    return [...this.#awaySince];
  }

  load(saved: readonly (readonly [string, EpochMs])[]): void {
    for (const [key, since] of saved) this.#awaySince.set(key, since);
  }

  onStatus({ status, at, filled }: FeedStatusEvent): void {
    const key = `${status.feed}|${status.symbol ?? ''}`;
    if (AWAY.has(status.state)) {
      if (!this.#awaySince.has(key)) this.#awaySince.set(key, at);
      for (const runner of this.#concerned(status)) this.#pause(runner.index, at, reasonOf(status));
      return;
    }
    this.#back(status, at, filled);
  }

  /** The engine begins: each symbol comes back by itself, so what was away as a whole is away by symbol. */
  split(): void {
    for (const runner of this.signals.runners) {
      const [whole = '', ...symbols] = keysOf(runner);
      const since = this.#awaySince.get(whole) ?? Number.POSITIVE_INFINITY;
      if (since === Number.POSITIVE_INFINITY) continue;
      for (const key of symbols) this.#awaySince.set(key, Math.min(since, this.#awaySince.get(key) ?? since));
    }
    for (const { setup } of this.signals.runners) this.#awaySince.delete(`${setup.feed}|`);
  }

  #back(status: FeedStatus, at: EpochMs, filled?: readonly string[]): void {
    const runners = this.#concerned(status);
    const sinces = runners.map((runner) => this.#awayFrom(runner, status.symbol));
    const whole = `${status.feed}|`;
    for (const key of [...this.#awaySince.keys()]) {
      if (status.symbol === undefined ? key.startsWith(whole) : key === `${whole}${status.symbol}`) {
        this.#awaySince.delete(key);
      }
    }
    runners.forEach((runner, i) => {
      const since = sinces[i] as EpochMs;
      if (since === Number.POSITIVE_INFINITY) return;
      if (!this.#isAway(runner)) this.#pause(runner.index, at, '');
      if (at - since > runner.setup.definition.gapToleranceMs) {
        const gap = { from: since, to: at, reason: status.reason };
        this.signals.reset(runner, gap, filled && [...filled, ...this.#awaySymbols(runner)]);
      }
    });
  }

  /** Since when the strategy lacks what now is back: the symbol, or the feed with all its symbols. Infinity: it lacked nothing. */
  #awayFrom(runner: StrategyRunner, symbol: string | undefined): EpochMs {
    const { feed } = runner.setup;
    const keys = symbol === undefined ? keysOf(runner) : [`${feed}|${symbol}`];
    return keys.reduce(
      (earliest, key) => Math.min(earliest, this.#awaySince.get(key) ?? Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Strategies that live on what the status is about. */
  #concerned(status: FeedStatus): readonly StrategyRunner[] {
    return this.signals.runners.filter(
      (runner) =>
        runner.setup.feed === status.feed &&
        (status.symbol === undefined || runner.slots.some((slot) => slot.instrument.symbol === status.symbol)),
    );
  }

  /** Symbols of a strategy that are still away: what their gap comes to is known when they are back. */
  #awaySymbols({ setup: { feed }, slots }: StrategyRunner): readonly string[] {
    return slots
      .map(({ instrument }) => instrument.symbol)
      .filter((symbol) => this.#awaySince.has(`${feed}|${symbol}`));
  }

  /** Whether another part of the strategy's data is still away. */
  #isAway(runner: StrategyRunner): boolean {
    return keysOf(runner).some((key) => this.#awaySince.has(key));
  }
}

/** The whole feed of a strategy, and each of its symbols. */
function keysOf(runner: StrategyRunner): readonly string[] {
  const { feed } = runner.setup;
  return [`${feed}|`, ...runner.slots.map((slot) => `${feed}|${slot.instrument.symbol}`)];
}

function reasonOf(status: FeedStatus): string {
  const what = status.symbol === undefined ? `Feed '${status.feed}'` : `${status.symbol} of feed '${status.feed}'`;
  return `${what} is ${status.state}.`;
}
