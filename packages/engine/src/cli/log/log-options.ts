import { writeSync } from 'node:fs';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { LOG_LEVELS } from '../common-options.js';
import type { LogOptions } from './engine-log.js';

const STDERR = 2;

/** The log of a command: by file descriptor to standard error, plain lines on a terminal, JSON lines elsewhere. */
export function logOptions(args: CommandArguments, io: CommandIo): LogOptions {
  const level = args.choice('log-level', LOG_LEVELS) ?? 'warn';
  return {
    // Quiet silences what nobody asked for; a level that was asked for stays.
    level: io.output.isQuiet && args.text('log-level') === undefined ? 'error' : level,
    format: io.output.stderr.isTerminal ? 'text' : 'json',
    write: writeToStderr,
  };
}

/** Writes at once. A full pipe is waited for; a reader that has gone is nobody to tell. */
function writeToStderr(line: string): void {
  let rest = Buffer.from(line);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDERR, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}
