// What the two threads of a paper run say to each other: plain data only.
import type { Command, EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { LogLevel } from '../../cli/common-options.js';
import type { EngineSnapshot } from '../../control/engine-snapshot.js';
import type { CommandOutcome } from '../../control/engine-control.js';
import type { ErrorData } from './paper-error-data.js';
import type { PaperRecords } from './paper-result.js';
import type { RunProgress } from '../recorded/recorded-run.js';
import type { ReplaySpeed } from './pace-replay.js';

/** What a worker is started with. */
export interface WorkerData {
  readonly runId: string;
  /** Fills by simulation, or at the brokers of engine.yaml. */
  readonly mode: 'paper' | 'live';
  readonly configPath: string;
  readonly overrides: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly speed: ReplaySpeed;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  /** Commands the run begins with: the halts that were latched. */
  readonly first: readonly Command[];
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'text'; readonly file?: string };
  readonly html: boolean;
  /** Begins flat, whatever the journal has. */
  readonly isFresh: boolean;
  /** Memory of the {@link Beat}, and how often the event loop beats. */
  readonly beat: SharedArrayBuffer;
  readonly beatEveryMs: number;
}

/** From the main thread. */
export type ToWorker =
  /** The accounts are this engine's: feeds and brokers may be opened. */
  | { readonly kind: 'open' }
  /** Everything that watches is ready. */
  | { readonly kind: 'go' }
  /** Nothing begins: what is open is closed, and the worker ends. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'command'; readonly id: number; readonly command: Command }
  | { readonly kind: 'snapshot'; readonly id: number }
  | { readonly kind: 'stop' };

/** To the main thread. */
export type FromWorker =
  /** Of a live run only: the data folder is held and nothing is open yet; waits for `open`. */
  | { readonly kind: 'holding' }
  /** Feeds are open; waits for `go`. Whether a fresh worker can go on from what this one does: live feeds, journalled. */
  | { readonly kind: 'ready'; readonly canRecover: boolean }
  /** The first row, or a live feed's subscription, has come. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'notice'; readonly notice: EngineNotice }
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  /** Without an id nobody asked. */
  | { readonly kind: 'snapshot'; readonly id: number | undefined; readonly snapshot: EngineSnapshot }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: CommandOutcome }
  | { readonly kind: 'result'; readonly records: PaperRecords }
  | { readonly kind: 'failed'; readonly error: ErrorData };
