import type { OptionDefinitions } from './command.js';

/** Options that every command takes; `--help` and `--version` come with the parser. */
export const COMMON_OPTIONS = {
  json: { type: 'flag', describe: 'Print one JSON document on standard output' },
  quiet: { type: 'flag', describe: 'No progress, hints or warnings' },
} as const satisfies OptionDefinitions;

/** Levels of the log, most to least. `silent` logs nothing. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Options of every command that reads engine.yaml. */
export const CONFIG_OPTIONS = {
  set: { type: 'texts', describe: 'Override a value of engine.yaml; may be repeated' },
  'log-level': {
    type: 'text',
    choices: LOG_LEVELS,
    default: 'warn',
    describe: 'Least level that is logged, to standard error',
  },
} as const satisfies OptionDefinitions;

/** The positional of every command that reads engine.yaml. */
export const CONFIG_POSITIONAL = { name: 'config', describe: 'Path of engine.yaml [default: ./engine.yaml]' } as const;

/** The file that is read where none is named. */
export const DEFAULT_CONFIG = 'engine.yaml';
