import type { Beat } from './worker-beat.js';

/** Longest silence of a worker that runs, and of one that starts: importing plugins and opening feeds may take long. */
export const BEAT_LIMIT_MS = 5_000;
export const START_LIMIT_MS = 120_000;
/** Longest silence of one that runs and has a panic to take: shorter than a person waits, longer than a collection of garbage. */
export const PANIC_LIMIT_MS = 500;

/** Options of {@link Watchdog}. */
export interface WatchdogOptions {
  readonly beat: Pick<Beat, 'count' | 'phase'>;
  readonly limitMs: number;
  readonly startLimitMs: number;
  /** Called once, with the silence in ms. */
  readonly onSilent: (silentMs: number) => void;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
}

/** Looks at a worker's pulse. A watcher that was itself away (a suspended machine) begins to count anew. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #stopwatch: () => number;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #count = Number.NaN;
  #since = 0;
  #lookedAt = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
    this.#everyMs = Math.max(10, Math.min(options.limitMs / 10, 500));
  }

  start(): void {
    this.#lookedAt = this.#stopwatch();
    this.#since = this.#lookedAt;
    this.#timer = setInterval(() => this.look(), this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** How long the worker has not moved, in ms, as far as was looked. */
  get silentMs(): number {
    return this.#stopwatch() - this.#since;
  }

  /** Looks once. */
  look(): void {
    const { beat, limitMs, startLimitMs, onSilent } = this.#options;
    const now = this.#stopwatch();
    const wasAway = now - this.#lookedAt > this.#everyMs * 3 + 200;
    this.#lookedAt = now;
    const { count } = beat;
    if (wasAway || count !== this.#count) {
      this.#count = count;
      this.#since = now;
      return;
    }
    const silentMs = now - this.#since;
    if (silentMs < (beat.phase === 'running' ? limitMs : Math.max(limitMs, startLimitMs))) return;
    this.stop();
    onSilent(silentMs);
  }
}
