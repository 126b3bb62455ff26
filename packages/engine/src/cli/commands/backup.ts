import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

/** `bookrunner backup`. */
export const backupCommand: CommandDefinition = {
  name: 'backup',
  describe: 'Copy the data folder, also while an engine runs on it',
  positionals: [
    { name: 'target', describe: 'Folder of the copy; it may not exist yet', isRequired: true },
    CONFIG_POSITIONAL,
  ],
  options: {
    'with-catalog': { type: 'flag', describe: 'Also copy dataDir/catalog, which may be large' },
    ...CONFIG_OPTIONS,
  },
  examples: [['backup /srv/backup/monday', 'the data folder of ./engine.yaml']],
  async run(args, io) {
    const { runBackupCommand } = await import('../operations/run-backup-command.js');
    return runBackupCommand(args, io);
  },
};
