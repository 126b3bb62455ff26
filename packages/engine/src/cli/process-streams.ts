// The process around a command: its streams, its signals, its end.
import type { WriteStream } from 'node:tty';
import type { CommandIo } from './command.js';
import type { TextStream } from './command-output.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { debugText, errorDocument, operatorText } from './operator-text.js';

const DEFAULT_COLUMNS = 80;

/** A stream of the process. A reader that has gone (`| head`) ends the writing and nothing else. */
export function processStream(stream: WriteStream): TextStream {
  let isGone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isGone = true;
  });
  return {
    isTerminal: stream.isTTY,
    columns: stream.columns ?? DEFAULT_COLUMNS,
    write(text) {
      if (!isGone) stream.write(text);
    },
  };
}

/** Runs the program of a process and ends the process with its exit code, once everything written has left it. */
export function runAsProcess(program: (onInterrupt: CommandIo['onInterrupt']) => Promise<ExitCode>): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${operatorText(errorDocument(error))}\n`);
    if (process.env['BOOKRUNNER_DEBUG'] === '1') process.stderr.write(`${debugText(error)}\n`);
    process.exit(process.env['BOOKRUNNER_RESPAWN'] === undefined ? EXIT.failed : EXIT.lost);
  });
  void program(onInterrupt).then(leave);
}

/** A signal to a whole process group comes twice to an engine that its parent hands signals on to. */
const ECHO_MS = 300;

/** The first signal is a wish to stop; the second, with nobody listening any more, kills. */
function onInterrupt(listener: () => void): () => void {
  let isAsked = false;
  const stop = (): void => {
    process.off('SIGINT', heard);
    process.off('SIGTERM', heard);
  };
  const heard = (): void => {
    if (isAsked) return;
    isAsked = true;
    if (process.env['BOOKRUNNER_RESPAWN'] === undefined) stop();
    else setTimeout(stop, ECHO_MS).unref();
    listener();
  };
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  return stop;
}

/** Waits for both streams, then ends: a plugin's timer or an open native handle may not keep a finished command alive. */
function leave(code: ExitCode): void {
  process.exitCode = code;
  process.stdout.write('', () => {
    process.stderr.write('', () => process.exit(code));
  });
}
