// A command as data. Its file imports nothing heavy: what the work needs is imported by `run`, so that starting stays quick.
import type { Environment } from '../config/index.js';
import type { EpochMs } from '@bookrunner/sdk';
import type { CommandArguments } from './command-arguments.js';
import type { CommandOutput } from './command-output.js';
import type { ExitCode } from './exit-code.js';

/** One option of a command. */
export interface OptionDefinition {
  readonly describe: string;
  /** `flag` takes no value, `text` one, `texts` one each time it is given. */
  readonly type: 'flag' | 'text' | 'texts';
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  /** Shown in the help; what the command takes where nothing is given. */
  readonly default?: string;
}

/** Options by name, without the dashes. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** One positional argument. */
export interface PositionalDefinition {
  readonly name: string;
  readonly describe: string;
  readonly isRequired?: boolean;
  /** Takes all that follow. */
  readonly isList?: boolean;
}

/** A command that does something. */
export interface CommandDefinition {
  readonly name: string;
  readonly describe: string;
  readonly positionals?: readonly PositionalDefinition[];
  readonly options?: OptionDefinitions;
  readonly examples?: readonly (readonly [command: string, what: string])[];
  /** Whether it is what its group does where no subcommand is named. */
  readonly isDefault?: boolean;
  run(args: CommandArguments, io: CommandIo): Promise<ExitCode>;
}

/** A command that only has commands below it: `data import`. */
export interface CommandGroup {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly CommandDefinition[];
}

/** What commands are given of the process they run in. */
export interface CommandIo {
  readonly output: CommandOutput;
  readonly env: Environment;
  readonly now: () => EpochMs;
  /** Calls back at the first interrupt (Ctrl-C, SIGTERM) in place of dying of it; returns what ends that. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** The same of Ctrl-C alone, for work that keeps the thread: a second one ends the process even where nobody listens. */
  readonly onBusyInterrupt: (listener: () => void) => () => void;
  /** Whether a panic was asked for by SIGUSR2 since the process began; true once. Whoever calls it listens to the signal already. */
  readonly takePanic?: () => boolean;
}
