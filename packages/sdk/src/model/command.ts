import type { EpochMs } from './time.js';

/** What a person may ask of a running engine. */
export type CommandName =
  | 'status'
  | 'strategies'
  | 'start'
  | 'stop'
  | 'risk'
  | 'alloc'
  | 'orders'
  | 'fills'
  | 'pnl'
  | 'halt'
  | 'reduce-only'
  | 'resume'
  | 'panic'
  | 'reconcile'
  | 'adopt'
  | 'flatten'
  | 'ignore'
  | 'shutdown';

/** A person's wish, as it enters the kernel and the audit. `args` hold plain JSON. */
export interface Command {
  readonly ts: EpochMs;
  readonly name: CommandName;
  readonly args: Readonly<Record<string, unknown>>;
  /** Who said so, for the audit. */
  readonly actor: string;
}
