// `bookrunner restore BACKUP [engine.yaml]`.
import { resolve } from 'node:path';
import { loadDriver } from '../../journal/journal-connection.js';
import { restoreData } from '../../operations/restore-data.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readConfig } from '../read-config.js';
import { dataPlace, POSTGRES_NOTE } from './data-place.js';

/** Runs the command. Errors: BACKUP_…, RESTORE_…, CONFIG_…, STORE_SQLITE_BINARY_MISSING. */
export async function runRestoreCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const config = readConfig(args, io);
  const place = dataPlace(config);
  const source = resolve(args.text('backup') as string);
  const driver = await loadDriver();
  const { manifest, movedTo } = restoreData({ source, ...place, force: args.flag('force'), driver, now: io.now });
  if (manifest.engine !== config.engine.name) {
    io.output.note(
      `The backup is of engine '${manifest.engine}'; this one is '${config.engine.name}' and begins flat.`,
    );
  }
  if (place.storeFile === undefined) io.output.note(POSTGRES_NOTE);
  const { takenAt, files } = manifest;
  io.output.result({ dataDir: place.dataDir, takenAt, files: files.length, movedTo: movedTo ?? null }, () =>
    [
      `${files.length} files of ${takenAt} in ${place.dataDir}.`,
      ...(movedTo === undefined ? [] : [`What was there is in ${movedTo}.`]),
      'The next start gives its orders other numbers. Of open orders of the time since, once the broker shows them, stops that protect what is held stay; the others are cancelled.',
      'It is halted: look at positions and orders at the broker, then start with --resume.',
    ].join('\n'),
  );
  return EXIT.done;
}
