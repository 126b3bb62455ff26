import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

/** `bookrunner restore`. */
export const restoreCommand: CommandDefinition = {
  name: 'restore',
  describe: 'Make a data folder from a backup, halted until a person has looked',
  positionals: [{ name: 'backup', describe: 'Folder of the backup', isRequired: true }, CONFIG_POSITIONAL],
  options: {
    force: { type: 'flag', describe: 'Move aside what is in the data folder' },
    ...CONFIG_OPTIONS,
  },
  examples: [['restore /srv/backup/monday', 'into the data folder of ./engine.yaml']],
  async run(args, io) {
    const { runRestoreCommand } = await import('../operations/run-restore-command.js');
    return runRestoreCommand(args, io);
  },
};
