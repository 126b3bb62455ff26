// Which journal a command is about.
import { resolve } from 'node:path';
import { type ConnectionDriver, loadDriver } from '../../journal/journal-connection.js';
import { JournalReader } from '../../journal/journal-reader.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { hasConfig, readConfig } from '../read-config.js';

/** The data folder of `--data-dir`, else of engine.yaml, else ./var. */
export function journalFolder(args: CommandArguments, io: CommandIo): string {
  const named = args.text('data-dir');
  if (named !== undefined) return resolve(named);
  return hasConfig(args) || args.text('config') !== undefined ? readConfig(args, io).engine.dataDir : resolve('var');
}

/** What {@link withJournal} hands over. */
export interface JournalPlace {
  readonly reader: JournalReader;
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
}

/** Opens the journal for reading while `work` runs. Errors: JOURNAL_MISSING, STORE_SQLITE_BINARY_MISSING, and those of the work. */
export async function withJournal<Result>(
  args: CommandArguments,
  io: CommandIo,
  work: (place: JournalPlace) => Result | Promise<Result>,
): Promise<Result> {
  const dataDir = journalFolder(args, io);
  const driver = await loadDriver();
  const reader = new JournalReader(dataDir, driver);
  try {
    return await work({ reader, dataDir, driver });
  } finally {
    reader.close();
  }
}
