// How long calls of strategies take by the clock of this machine. The kernel has none: it hears of it as an event.
import type { EpochMs } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import type { GuardEvent } from '../../kernel/event.js';

/** Least time between two warnings about one strategy. */
export const WARN_EVERY_MS = 60_000;

/** Limits of one call, in milliseconds. */
export type SlowLimits = Pick<EngineConfig['engine']['guards'], 'slowStrategyMs' | 'stopStrategyMs'>;

/** Takes an event once nothing else is under way. */
type Deliver = (make: (at: EpochMs) => GuardEvent) => void;

/** Judges the calls of a live feed's run; until it is connected, nobody hears of them. */
export class SlowStrategies {
  readonly #limits: SlowLimits;
  readonly #stopwatch: () => number;
  readonly #warnedAt = new Map<string, number>();
  /** Of these the kernel hears once what is under way and what is due by then is over; until then they may be called again. */
  readonly #stopping = new Set<string>();
  #deliver: Deliver | undefined;

  constructor(limits: SlowLimits, stopwatch: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#stopwatch = stopwatch;
  }

  /** Milliseconds that only move on. */
  now(): number {
    return this.#stopwatch();
  }

  connect(deliver: Deliver): void {
    this.#deliver = deliver;
  }

  /** A call of the strategy that began at `since` has ended. */
  called(strategy: string, since: number): void {
    const now = this.#stopwatch();
    const elapsedMs = now - since;
    const { slowStrategyMs, stopStrategyMs } = this.#limits;
    if (!(elapsedMs > slowStrategyMs) || this.#stopping.has(strategy)) return;
    const isStopped = elapsedMs > stopStrategyMs;
    if (!isStopped && now - (this.#warnedAt.get(strategy) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    this.#warnedAt.set(strategy, now);
    const took = `Strategy '${strategy}' took ${Math.round(elapsedMs)} ms for one call`;
    const message = isStopped
      ? `${took}, more than ${stopStrategyMs} ms. It is stopped: entries are cancelled, protection stays.`
      : `${took}, more than ${slowStrategyMs} ms; beyond ${stopStrategyMs} ms it is stopped.`;
    const stage = isStopped ? 'begin' : 'warning';
    if (isStopped) this.#stopping.add(strategy);
    // The call is a part of an event under way.
    queueMicrotask(() => {
      this.#deliver?.((at) => ({ kind: 'guard', at, guard: 'slow-strategy', stage, subject: strategy, message }));
      if (isStopped) this.#stopping.delete(strategy);
    });
  }
}
