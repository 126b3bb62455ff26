import type { StrategyRunner } from './strategy-runner.js';

/** Strategies to be asked when the instant is settled. */
export class DueList {
  readonly #runners: StrategyRunner[] = [];
  #count = 0;
  /** Whether they came in the order in which they are to be asked, as they nearly always do. */
  #isSorted = true;
  #last = -1;

  get count(): number {
    return this.#count;
  }

  /** The strategy at a place below {@link count}. */
  at(place: number): StrategyRunner {
    return this.#runners[place] as StrategyRunner;
  }

  /** Takes a strategy that is not due yet. */
  add(runner: StrategyRunner): void {
    runner.isDue = true;
    if (runner.index < this.#last) this.#isSorted = false;
    this.#last = runner.index;
    this.#runners[this.#count++] = runner;
  }

  /** Takes up again those that were due in a snapshot. */
  resume(runners: readonly StrategyRunner[]): void {
    for (const runner of runners) if (runner.isDue) this.add(runner);
  }

  /** Sorts them as engine.yaml lists them. */
  sort(): void {
    if (this.#isSorted) return;
    this.#isSorted = true;
    const runners = this.#runners;
    for (let i = 1; i < this.#count; i++) {
      const runner = runners[i] as StrategyRunner;
      let k = i - 1;
      while (k >= 0 && (runners[k] as StrategyRunner).index > runner.index) {
        runners[k + 1] = runners[k] as StrategyRunner;
        k -= 1;
      }
      runners[k + 1] = runner;
    }
  }

  /** The list keeps its length: shrinking it would allocate it anew at the next bar. */
  clear(): void {
    this.#count = 0;
    this.#last = -1;
  }
}
