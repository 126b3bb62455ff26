// Which journal a command is about.
import { resolve } from 'node:path';
import { type ConnectionDriver, loadDriver } from '../../journal/journal-connection.js';
import { JournalReader } from '../../journal/journal-reader.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { hasConfig, readConfig } from '../read-config.js';

/** The data folder of `--data-dir`, else of engine.yaml with overrides, else ./var. */
export function journalFolder(args: CommandArguments, io: CommandIo, overrides = args.texts('set')): string {
  const named = args.text('data-dir');
  if (named !== undefined) return resolve(named);
  const isConfigured = hasConfig(args) || args.text('config') !== undefined || overrides.length > 0;
  return isConfigured ? readConfig(args, io, overrides).engine.dataDir : resolve('var');
}

/** What a command that makes a run again is told by `--set`. */
export interface RunPlace {
  readonly dataDir: string;
  /** Of the run's configuration, which may have what engine.yaml has not. */
  readonly overrides: readonly string[];
}

/** Tells `--set engine.dataDir=…`, which says where the journal lies, from overrides of the configuration a run is made again from. */
export function runPlace(args: CommandArguments, io: CommandIo): RunPlace {
  const all = args.texts('set');
  const places = all.filter(isPlace);
  return { dataDir: journalFolder(args, io, places), overrides: all.filter((override) => !isPlace(override)) };
}

function isPlace(override: string): boolean {
  return /^\s*engine\.dataDir\s*=/.test(override);
}

/** What {@link withJournal} hands over. */
export interface JournalPlace {
  readonly reader: JournalReader;
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
}

/** Opens the journal for reading while `work` runs. Errors: JOURNAL_MISSING, STORE_SQLITE_BINARY_MISSING, and those of the work. */
export function withJournal<Result>(
  args: CommandArguments,
  io: CommandIo,
  work: (place: JournalPlace) => Result | Promise<Result>,
): Promise<Result> {
  return withJournalOf(journalFolder(args, io), work);
}

/** The same of a data folder. */
export async function withJournalOf<Result>(
  dataDir: string,
  work: (place: JournalPlace) => Result | Promise<Result>,
): Promise<Result> {
  const driver = await loadDriver();
  const reader = new JournalReader(dataDir, driver);
  try {
    return await work({ reader, dataDir, driver });
  } finally {
    reader.close();
  }
}
