// Strategies that a chain began without: in the backtest, too, they begin with the session that had them first.
import type { StrategyRunner } from '../signals/strategy-runner.js';
import type { Addition } from './chain-setup.js';

interface Late {
  readonly runner: StrategyRunner;
  readonly run: string;
  /** As if no row had come yet. */
  readonly fresh: ReturnType<StrategyRunner['save']>;
}

/** Holds strategies back until the session that added them has come to its first row. */
export class LateStrategies {
  readonly #additions: readonly Addition[];
  readonly #waiting: Late[] = [];
  readonly #warmed = new Set<string>();
  #run = '';

  /** To be made before the first event. */
  constructor(runners: readonly StrategyRunner[], additions: readonly Addition[]) {
    this.#additions = additions;
    for (const runner of runners) {
      const run = additions.find(({ kind, name }) => kind === 'strategy' && name === runner.name)?.run;
      if (run === undefined) continue;
      this.#waiting.push({ runner, run, fresh: runner.save() });
      runner.status = 'stopped';
    }
  }

  /** The records that follow are of another session. */
  goesOn(run: string): void {
    // One that had no row has begun all the same.
    this.begin();
    this.#run = run;
    this.#warmed.clear();
  }

  /** Whether the session at hand is the first one that has the instrument. */
  isNew(symbol: string): boolean {
    return this.#additions.some(({ kind, name, run }) => kind === 'instrument' && name === symbol && run === this.#run);
  }

  /** The session had history of the symbol before its first row. */
  warmed(symbol: string): void {
    this.#warmed.add(symbol);
  }

  /** The first row has come: what is new in the session begins, warm by what the chain has seen where the session had history, else cold. */
  begin(): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ run }) => run === this.#run);
    for (const late of due) {
      const { runner, fresh } = late;
      this.#waiting.splice(this.#waiting.indexOf(late), 1);
      const isWarmed = runner.slots.every(({ instrument }) => this.#warmed.has(instrument.symbol));
      if (isWarmed) runner.status = fresh.status;
      else runner.load({ ...fresh, isDue: runner.isDue, hasClosed: runner.hasClosed });
    }
  }
}
