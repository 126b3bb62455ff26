// Test support: a live run in this thread, composed, journalled and begun as the worker does it, with a clock that the test moves.
import { cpSync, readFileSync } from 'node:fs';
import type { EngineNotice } from '@bookrunner/sdk';
import type { FakeClock } from '@bookrunner/sdk/testing';
import type { EngineComposition } from '../src/composition-root.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { replayRun, type ReplayedRun } from '../src/journal/replay-run.js';
import type { RunJournal } from '../src/journal/run-journal.js';
import type { Kernel } from '../src/kernel/kernel.js';
import type { RunResult } from '../src/report/run-result.js';
import type { Assembly } from '../src/runtime/assemble.js';
import type { Brokers } from '../src/runtime/brokers/brokers.js';
import type { AwayParts } from '../src/runtime/live/away-parts.js';
import { LiveRun } from '../src/runtime/live/live-run.js';
import { startStopped } from '../src/runtime/live/start-stopped.js';
import { Turns } from '../src/runtime/live/pace-turns.js';
import type { WorkerData } from '../src/runtime/session/paper-messages.js';
import { journalOpener, type JournalOpener, type WorkerJournalSetup } from '../src/runtime/session/worker-journal.js';
import { WorkerSession } from '../src/runtime/session/worker-session.js';
import { PaperProject } from './paper-project.fixture.js';

/** Tuesday 2024-01-02, 12:00 UTC: the market is open. */
export const NOON = Date.UTC(2024, 0, 2, 12);
export const MINUTE = 60_000;

const projects: PaperProject[] = [];
export function removeProjects(): void {
  for (const project of projects.splice(0)) project.remove();
}

/** A folder that {@link removeProjects} takes away. */
export function newProject(yaml: string, modules: Readonly<Record<string, string>>): PaperProject {
  const project = new PaperProject(yaml, modules);
  projects.push(project);
  return project;
}

/** What {@link LiveSession.start} runs. */
export interface LiveSessionParts {
  readonly engine: EngineComposition;
  /** Absent: a paper run. */
  readonly brokers?: Brokers;
  readonly isJournalled?: boolean;
  /** What it begins with. */
  readonly first?: WorkerData['first'];
  /** Marks calls of strategies that a journal asks again. */
  readonly watched?: WorkerJournalSetup['watched'];
  /** What it may begin without. */
  readonly away?: (opener: JournalOpener) => AwayParts | Promise<AwayParts | undefined>;
}

/** One run, with what the test looks at and moves. */
export class LiveSession {
  readonly clock: FakeClock;
  readonly project: PaperProject;
  readonly runId: string;
  readonly notices: EngineNotice[] = [];
  source!: LiveRun;
  session!: WorkerSession;
  assembly!: Assembly;
  protected kernel: Kernel | undefined;
  protected journal: RunJournal | undefined;
  protected result!: Promise<RunResult>;
  readonly #stop = new AbortController();
  /** Turns of the event loop after which all has happened that waits for no clock. */
  readonly #turns: number;

  protected constructor(setup: { clock: FakeClock; project: PaperProject; runId?: string | undefined; turns: number }) {
    this.clock = setup.clock;
    this.project = setup.project;
    this.runId = setup.runId ?? 'run-1';
    this.#turns = setup.turns;
  }

  /** Begins the run, and waits until it has, or has ended. */
  protected async start({
    engine,
    brokers,
    isJournalled = true,
    first = [],
    watched,
    away,
  }: LiveSessionParts): Promise<void> {
    const { clock, runId } = this;
    const mode = brokers === undefined ? 'paper' : 'live';
    const data: WorkerData = {
      ...{ runId, mode, configPath: '', overrides: [], env: {}, speed: 1, first },
      ...{ html: false, isFresh: false, beatEveryMs: 100, beat: new SharedArrayBuffer(16) },
      log: { level: 'silent', format: 'json' },
    };
    const onFault = (error: unknown): void => void this.notices.push(error as never);
    const opener = isJournalled
      ? await journalOpener({ engine, data, isRecorded: false, onFault, ...(watched && { watched }) })
      : undefined;
    const awayParts = opener && (await away?.(opener));
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    this.source = new LiveRun({
      ...{ data, engine, turns: new Turns({ beat: () => {} }), beat: () => {}, signal: this.#stop.signal },
      session: () => this.session,
      onNotice: (notice) => {
        this.notices.push(notice);
        this.session?.heard(notice);
      },
      onBegun: () => begun(),
      ...(brokers === undefined ? {} : { brokers }),
      away: awayParts,
      ...(opener === undefined ? {} : { openJournal: this.#kept(opener) }),
    });
    const { source } = this;
    this.session = new WorkerSession({ runId, name: 'live-test', mode, source, wallClock: () => clock.nowUtc() });
    const attach = this.session.attach.bind(this.session);
    this.session.attach = (assembly) => {
      this.assembly = assembly;
      this.kernel = assembly.kernel;
      attach(assembly);
    };
    this.result = source.run();
    await Promise.race([hasBegun, this.result]);
  }

  /** The same, so that the test can have written what is not yet on disk. */
  #kept(opener: JournalOpener): JournalOpener {
    return { ...opener, open: (start) => (this.journal = opener.open(start)) };
  }

  /** Lets everything happen that waits for no clock. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await new Promise(setImmediate);
  }

  codes(): readonly string[] {
    return this.notices.map(({ code }) => code);
  }

  /** A folder with what is on disk now. */
  protected copy(modules: Readonly<Record<string, string>>): PaperProject {
    const left = newProject(readFileSync(this.project.configPath, 'utf8'), modules);
    cpSync(this.project.dataDir, left.dataDir, { recursive: true });
    return left;
  }

  /** Asks the run to end. */
  protected stop(): void {
    this.#stop.abort(startStopped());
  }

  verify(run = this.runId): Promise<ReplayedRun> {
    return this.reading((reader) => replayRun({ reader, dataDir: this.project.dataDir, run }));
  }

  /** Reads the run's journal. */
  protected async reading<Answer>(read: (reader: JournalReader) => Answer | Promise<Answer>): Promise<Answer> {
    const reader = new JournalReader(this.project.dataDir, DRIVER);
    try {
      return await read(reader);
    } finally {
      reader.close();
    }
  }
}
