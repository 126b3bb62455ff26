import type { CommandDefinition, CommandGroup } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

const listCommand: CommandDefinition = {
  name: 'list',
  describe: 'List what the engine and the plugins of engine.yaml contribute',
  isDefault: true,
  positionals: [CONFIG_POSITIONAL],
  options: CONFIG_OPTIONS,
  async run(args, io) {
    const { runPluginsList } = await import('../plugins/run-plugins-list.js');
    return runPluginsList(args, io);
  },
};

/** `bookrunner plugins`. */
export const pluginsGroup: CommandGroup = {
  name: 'plugins',
  describe: 'List or check plugins',
  commands: [listCommand],
};
