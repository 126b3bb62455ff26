// `bookrunner backup TARGET [engine.yaml]`.
import { resolve } from 'node:path';
import { loadDriver } from '../../journal/journal-connection.js';
import { backupData } from '../../operations/backup-data.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readConfig } from '../read-config.js';
import { dataPlace, POSTGRES_NOTE } from './data-place.js';

/** Runs the command. Errors: BACKUP_…, CONFIG_…, STORE_SQLITE_BINARY_MISSING. */
export async function runBackupCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const config = readConfig(args, io);
  const target = resolve(args.text('target') as string);
  const manifest = await backupData({
    engine: config.engine.name,
    ...dataPlace(config),
    target,
    withCatalog: args.flag('with-catalog'),
    driver: await loadDriver(),
    now: io.now,
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  if (manifest.database === 'postgres') io.output.note(POSTGRES_NOTE);
  io.output.result(
    { backup: target, bytes, ...manifest },
    () =>
      `${manifest.files.length} files (${(bytes / 1e6).toFixed(1)} MB) of ${manifest.dataDir} to ${target}; verified`,
  );
  return EXIT.done;
}
