// The command line's entry: reads the words, runs a command, and turns whatever happens into words and an exit code.
import { nowUtc } from '@bookrunner/sdk';
import { COMMANDS } from './cli/commands.js';
import { onBusyInterrupt } from './cli/busy-interrupt.js';
import { CommandOutput, type TextStream } from './cli/command-output.js';
import type { CommandDefinition, CommandIo } from './cli/command.js';
import { EXIT, exitCodeOf, type ExitCode } from './cli/exit-code.js';
import { debugText, errorDocument, operatorText } from './cli/operator-text.js';
import { PANIC_NOT_LATCHED } from './cli/panic-not-latched.js';
import { readPlainCommandLine } from './cli/plain-command-line.js';
import { processStream, runAsProcess } from './cli/process-streams.js';
import { withHelpOf } from './cli/usage-remedy.js';
import { ENGINE_VERSION } from './version.js';

/** What {@link main} is given of the process it runs in. */
export interface MainOptions extends Omit<CommandIo, 'output'> {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** Runs one command line and gives its exit code. Never rejects: what went wrong is told on standard error, and in JSON where asked. */
export async function main(words: readonly string[], options: MainOptions): Promise<ExitCode> {
  const { stdout, stderr, ...rest } = options;
  // Known before the words are understood, so that a mistake in them is answered in the form asked for.
  const has = (flag: string): boolean => words.includes(flag);
  const output = new CommandOutput({ stdout, stderr, isJson: has('--json'), isQuiet: has('--quiet') });
  let command: CommandDefinition | undefined;
  try {
    const plain = readPlainCommandLine(words, COMMANDS);
    command = plain?.command;
    if (plain !== undefined) return await plain.command.run(plain.args, { ...rest, output });
    const { parseCommandLine } = await import('./cli/parse-command-line.js');
    const asked = parseCommandLine(words, { commands: COMMANDS, version: ENGINE_VERSION, columns: stdout.columns });
    if (asked.kind === 'run') {
      ({ command } = asked);
      return await asked.command.run(asked.args, { ...rest, output });
    }
    stdout.write(`${asked.text}\n`);
    return EXIT.done;
  } catch (error) {
    const document = withHelpOf(errorDocument(error), command, COMMANDS);
    output.problem(operatorText(document));
    if (options.takePanic?.() === true) output.problem(PANIC_NOT_LATCHED);
    if (options.env['BOOKRUNNER_DEBUG'] === '1') output.problem(debugText(error));
    if (output.isJson) output.result({ error: document }, () => '');
    return exitCodeOf(error);
  }
}

/** The whole process: what `bin/bookrunner.js` calls, with what tells of panics from before. */
export function mainOfProcess(takePanic?: () => boolean): void {
  runAsProcess((onInterrupt) =>
    main(process.argv.slice(2), {
      stdout: processStream(process.stdout),
      stderr: processStream(process.stderr),
      env: process.env,
      now: nowUtc,
      onInterrupt,
      onBusyInterrupt,
      ...(takePanic === undefined ? {} : { takePanic }),
    }),
  );
}
