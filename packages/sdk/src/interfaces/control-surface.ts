import type { Command } from '../model/command.js';

/** What the engine answers to a command. `text` is what a person reads in place of `data`, lines ended by newlines; not every answer has one. */
export type CommandResult =
  | { readonly kind: 'done'; readonly data: unknown; readonly text?: string }
  | { readonly kind: 'confirm'; readonly token: string; readonly question: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string };

/** One thing worth telling a person. */
export interface EngineNotice {
  readonly ts: number;
  readonly level: 'info' | 'warning' | 'alarm';
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a control surface may do: ask, and listen. Dangerous commands answer `confirm` first. */
export interface EngineControl {
  command(command: Command, confirmation?: string): Promise<CommandResult>;
  /** Calls back for every notice; returns what unsubscribes. */
  onNotice(listener: (notice: EngineNotice) => void): () => void;
  /**
   * What the engine measures, as Prometheus' text format 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`): names begin with
   * `bookrunner_`, in base units. Needs no confirmation and leaves no audit. Money and positions are in it: give it to those
   * only who may see them.
   */
  metrics(): Promise<string>;
}

/**
 * Turns a person's wish into a Command; never acts by itself.
 *
 * Rules: 1. Every action goes through `EngineControl.command`. 2. It says who asked (`actor`). 3. Somebody not allowed causes no
 * command. 4. A `confirm` answer is put to the person, and only their yes sends the token back. 5. `open` and `close` may be
 * called once each, `close` twice without harm; nothing is answered after it. 6. A failing engine call is shown, not thrown.
 * 7. Secrets never appear in what it shows.
 * Checked by `controlSurfaceContract` (CTL-…).
 */
export interface ControlSurface {
  open(engine: EngineControl): Promise<void>;
  close(): Promise<void>;
}
