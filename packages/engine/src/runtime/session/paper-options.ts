// What a session against a clock is asked for, and what it leaves.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { LogLevel } from '../../cli/common-options.js';
import type { RunControl } from '../../control/engine-control.js';
import type { ReportInput } from '../../report/run-result.js';
import type { ReplaySpeed } from './pace-replay.js';
import type { RunProgress } from '../recorded/recorded-run.js';
import type { SupervisorLimits, WorkerMemory } from './supervisor.js';

/** Options of `runPaper`. */
export interface PaperOptions {
  /** Path of engine.yaml. */
  readonly configPath: string;
  /** `path=value`, applied in order. */
  readonly overrides?: readonly string[];
  /** What `${NAME}` reads; `process.env` unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Fills by simulation, or at the brokers of engine.yaml; `paper` unless given. */
  readonly mode?: 'paper' | 'live';
  /** See `newRunId`. */
  readonly runId: string;
  /** In place of `engine.dataDir`. */
  readonly dataDir?: string;
  /** Of recorded feeds: a multiple of real time, or `max`. Live feeds take 1 only. 1 unless given. */
  readonly speed?: ReplaySpeed;
  /** Of recorded feeds: trade from this instant on; earlier data warms up, at once. */
  readonly from?: EpochMs;
  /** Of recorded feeds: end of the data, exclusive. */
  readonly to?: EpochMs;
  /** Stop after this much real time, from the first row on. */
  readonly durationMs?: number;
  /** Stops the run; its result covers what was until then. */
  readonly signal?: AbortSignal;
  /** Whether SIGINT and SIGTERM stop the run; yes unless told otherwise. A second one ends the process as usual. */
  readonly handlesSignals?: boolean;
  /** Whether SIGUSR2 panics; yes unless told otherwise. */
  readonly panicsBySignal?: boolean;
  /** Whether SIGUSR2 came before the run listens to it; asked once, when it does. */
  readonly takePanic?: () => boolean;
  /** Takes away the halts that an earlier run left in `dataDir/HALTED`; refused while one of them is a panic that is not complete. */
  readonly resume?: boolean;
  /** When the session was asked for: what was latched since stays. Absent: this is the first process of it. */
  readonly resumeBefore?: EpochMs;
  readonly parent?: SessionParent;
  /** Begins flat. Otherwise a journalled run over live feeds goes on from the last one of its data folder. */
  readonly fresh?: boolean;
  readonly onNotice?: (notice: EngineNotice) => void;
  /** At most five times a second. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called once, when data folder and accounts of a live run are this engine's: nothing is open yet. */
  readonly onOwned?: () => void;
  /** Called once, when controls are open and the run begins. */
  readonly onReady?: (control: RunControl) => void;
  /** To standard error, or to the end of a file. */
  readonly log?: { readonly level: LogLevel; readonly format: 'json' | 'text'; readonly file?: string };
  /** Whether to write report.html; yes unless told otherwise. */
  readonly html?: boolean;
  readonly limits?: Partial<SupervisorLimits>;
  readonly memory?: WorkerMemory;
}

/** Whoever has started this process, and starts another one for the same session where it dies. */
export interface SessionParent {
  /** The data folder is known. */
  holds(dataDir: string): void;
  /** The session has begun: what `resume` took back is off the disk. */
  begun(): void;
  /** A panic that the parent asked for is on disk, or over. */
  panicLatched(): void;
}

/** What a paper run leaves. */
export interface PaperRun {
  /** Input of `renderSummary` and `fillDocuments`. The newest 100,000 fills are rows; trades are counted. */
  readonly result: ReportInput;
  /** The run folder, complete. After a loss of the engine that of the last run: `<runId>-2`. */
  readonly runDir: string;
  /** How often the engine was lost and a fresh one went on. */
  readonly losses: number;
  /** Why it ended. */
  readonly ended: 'data-end' | 'stopped' | 'duration';
}
