import { resolve } from 'node:path';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { LOG_LEVELS } from '../common-options.js';
import type { LogOptions } from './engine-log.js';
import { lineWriter } from './line-writer.js';

/** The log of a command: to `--log-file` or standard error; plain lines on a terminal, JSON lines elsewhere. */
export function logOptions(args: CommandArguments, io: CommandIo): LogOptions {
  const file = logFile(args);
  const level = args.choice('log-level', LOG_LEVELS) ?? 'warn';
  return {
    // Quiet silences what nobody asked for; a level that was asked for stays.
    level: io.output.isQuiet && args.text('log-level') === undefined ? 'error' : level,
    format: file === undefined && io.output.stderr.isTerminal ? 'text' : 'json',
    write: lineWriter(file),
  };
}

/** Path of the file that `--log-file` names; undefined for standard error. */
export function logFile(args: CommandArguments): string | undefined {
  const file = args.text('log-file');
  return file === undefined ? undefined : resolve(file);
}
