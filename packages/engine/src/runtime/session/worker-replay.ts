// Paper over recorded feeds: the backtest's own run with a clock in front.
import { type EpochMs, nowUtc } from '@bookrunner/sdk';
import type { FeedView } from '../../control/engine-snapshot.js';
import type { RunResult } from '../../report/run-result.js';
import type { RunJournal } from '../../journal/run-journal.js';
import type { Assembly } from '../assemble.js';
import { ReplayPace } from './pace-replay.js';
import { runRecorded } from '../recorded/recorded-run.js';
import { feedBySymbol } from '../run-data.js';
import type { SourceSetup, WorkerSource } from './worker-source.js';

/** A run over recorded data at a speed. */
export class WorkerReplay implements WorkerSource {
  readonly #setup: SourceSetup;
  readonly #pace: ReplayPace;
  #assembly: Assembly | undefined;
  #journal: RunJournal | undefined;
  #hasBegun = false;

  constructor(setup: SourceSetup) {
    this.#setup = setup;
    const { data, engine, signal, turns } = setup;
    const from = data.from ?? Number.NEGATIVE_INFINITY;
    this.#pace = new ReplayPace({ clock: engine.clock, speed: data.speed, from, signal, turns });
  }

  get lagMs(): number {
    return this.#pace.lagMs;
  }

  now(): EpochMs {
    return this.#pace.now();
  }

  wake(): void {
    this.#pace.wake();
  }

  feeds(): readonly FeedView[] {
    const rows = this.#assembly === undefined ? 0 : this.#assembly.driver.ticks + this.#assembly.driver.bars;
    const at = this.#pace.now();
    const names = [...new Set(feedBySymbol(this.#setup.engine.prepared).values())];
    const lastAt = Number.isFinite(at) ? at : null;
    const view = { state: 'replay', message: '', lastAt, rows, irregular: {} } as const;
    // Rows are counted over all feeds of a replay: they are one merged stream.
    return names.map((name) => ({ name, ...view }));
  }

  async run(): Promise<RunResult> {
    try {
      return await this.#run();
    } finally {
      this.#journal?.close();
    }
  }

  #run(): Promise<RunResult> {
    const { data, engine, signal, onNotice, session, openJournal } = this.#setup;
    return runRecorded({
      ...(data.from === undefined ? {} : { from: data.from }),
      ...(data.to === undefined ? {} : { to: data.to }),
      runId: data.runId,
      kind: 'paper',
      prepared: engine.prepared,
      parts: engine.parts,
      calendar: engine.calendar,
      now: nowUtc,
      onNotice,
      signal,
      pace: (at) => {
        if (!this.#hasBegun) this.#begin(at);
        return this.#pace.pace(at);
      },
      onAssembled: (assembly) => {
        this.#assembly = assembly;
        this.#pace.connect(assembly.driver);
        session().attach(assembly);
        this.#journal?.attach(assembly);
      },
      ...(openJournal === undefined
        ? {}
        : {
            tap: (start) => (this.#journal = openJournal.open({ source: 'recorded', ...start })),
            onFinished: (at) => this.#journal?.end(at),
          }),
    });
  }

  #begin(at: EpochMs): void {
    this.#hasBegun = true;
    this.#setup.session().begin(at);
    this.#setup.onBegun();
  }
}
