// Where the events of a run in the worker come from.
import type { EngineNotice } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import type { RunResult } from '../../report/run-result.js';
import type { Brokers } from '../brokers/brokers.js';
import type { AwayParts } from '../live/away-parts.js';
import type { WorkerData } from './paper-messages.js';
import type { Turns } from '../live/pace-turns.js';
import type { SlowStrategies } from './slow-strategies.js';
import type { JournalOpener } from './worker-journal.js';
import type { RunSource, WorkerSession } from './worker-session.js';

/** The events of a run: recorded feeds behind a clock, or live ones. */
export interface WorkerSource extends RunSource {
  /** Runs to the end of the data, or until the signal. */
  run(): Promise<RunResult>;
}

/** What a source is made of. */
export interface SourceSetup {
  readonly data: WorkerData;
  readonly engine: EngineComposition;
  readonly turns: Turns;
  readonly beat: () => void;
  readonly signal: AbortSignal;
  /** Whether the end was asked for, where no message of it may have been heard yet. */
  readonly isStopAsked?: () => boolean;
  readonly session: () => WorkerSession;
  readonly onNotice: (notice: EngineNotice) => void;
  readonly onBegun: () => void;
  /** Judges how long calls of strategies take, where that is wanted. */
  readonly slow?: SlowStrategies;
  /** Absent: all is simulated. Opened, but for the run that is to be told of. */
  readonly brokers?: Brokers;
  /** What the run may begin without; absent: nothing. */
  readonly away?: AwayParts | undefined;
  /** Absent: the run is not journalled. */
  readonly openJournal?: JournalOpener;
}
