// `bookrunner parity RUN`.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isTradingError } from '@bookrunner/sdk';
import { loadDriver } from '../../journal/journal-connection.js';
import { JournalReader } from '../../journal/journal-reader.js';
import { compareRun } from '../../parity/compare-run.js';
import { parityDocument } from '../../parity/parity-document.js';
import { parityError } from '../../parity/parity-errors.js';
import { parityText } from './parity-text.js';
import { isWhole } from '../../parity/verdict.js';
import { writeParity } from '../../parity/write-parity.js';
import { timeRange } from '../backtest/time-range.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { runPlace } from '../journal/journal-place.js';

const DEFAULT_ROWS = 20;

/** Runs the command. With `--strict` the exit code is 1 where a difference is unexplained, its worth not known, or a strategy not compared. */
export async function runParityCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const rows = args.count('rows', 0) ?? DEFAULT_ROWS;
  const range = timeRange(args.text('from'), args.text('to'));
  const { dataDir, overrides } = runPlace(args, io);
  const run = args.text('run') as string;
  const driver = await loadDriver();
  const reader = openJournal(dataDir, { run, driver });
  try {
    const result = await compareRun({
      ...{ reader, dataDir, run, ...range, env: io.env },
      ...{ configPath: absolute(args.text('with')), withCommands: args.flag('with-commands') },
      overrides,
    });
    const page = writeParity(join(dataDir, 'runs', result.run), result);
    for (const warning of result.warnings) io.output.note(warning);
    io.output.result({ ...parityDocument(result), page }, () => `${parityText(result, rows)}Page  ${page}\n`);
    return args.flag('strict') && !isWhole(result) ? EXIT.failed : EXIT.done;
  } finally {
    reader.close();
  }
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Errors: PARITY_NOT_JOURNALLED where the run is known and its journal is not; those of the journal otherwise. */
function openJournal(
  dataDir: string,
  { run, driver }: { readonly run: string; readonly driver: Awaited<ReturnType<typeof loadDriver>> },
): JournalReader {
  const hasFolder = existsSync(join(dataDir, 'runs', run));
  let reader: JournalReader | undefined;
  try {
    reader = new JournalReader(dataDir, driver);
    reader.segmentsOf(run);
    return reader;
  } catch (cause) {
    reader?.close();
    const isAbsent = isTradingError(cause) && ['JOURNAL_MISSING', 'JOURNAL_RUN_UNKNOWN'].includes(cause.code);
    if (!isAbsent || !hasFolder) throw cause;
    throw parityError('PARITY_NOT_JOURNALLED', `Run '${run}' is in its folder and not in the journal.`, { cause });
  }
}
