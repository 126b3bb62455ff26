import type { StrategyRunner } from './strategy-runner.js';

/** Strategies to be asked when the instant is settled, as a chain: each knows the next. */
export class DueList {
  private first: StrategyRunner | undefined = undefined;
  private last: StrategyRunner | undefined = undefined;
  /** They came in another order than that in which they are to be asked, as they hardly ever do. */
  private isMixed = false;

  /** Takes a strategy that is not due yet. */
  add(runner: StrategyRunner): void {
    const { last } = this;
    runner.isDue = true;
    this.last = runner;
    if (last === undefined) {
      this.first = runner;
      return;
    }
    last.nextDue = runner;
    if (runner.index < last.index) this.isMixed = true;
  }

  /** Takes up again those that were due in a snapshot. */
  resume(runners: readonly StrategyRunner[]): void {
    for (const runner of runners) if (runner.isDue) this.add(runner);
  }

  /** Gives the first of them, as engine.yaml lists them, and is empty then. Whoever walks the chain takes it apart. */
  take(): StrategyRunner | undefined {
    if (this.isMixed) this.#sort();
    const { first } = this;
    this.first = undefined;
    this.last = undefined;
    return first;
  }

  #sort(): void {
    const runners: StrategyRunner[] = [];
    for (let runner = this.first; runner !== undefined; runner = runner.nextDue) runners.push(runner);
    runners.sort((a, b) => a.index - b.index);
    runners.forEach((runner, place) => {
      runner.nextDue = runners[place + 1];
    });
    this.first = runners[0];
    this.isMixed = false;
  }
}
