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

const checkCommand: CommandDefinition = {
  name: 'check',
  describe: 'Run the contract suites of plugins, offline',
  positionals: [
    { name: 'plugins', describe: 'Packages, folders or modules [default: all of engine.yaml]', isList: true },
  ],
  options: {
    config: { type: 'text', default: './engine.yaml', describe: 'Whose plugins are checked, where none is named' },
    ...CONFIG_OPTIONS,
  },
  examples: [['plugins check .', 'the package in this folder']],
  async run(args, io) {
    const { runPluginsCheck } = await import('../plugins/run-plugins-check.js');
    return runPluginsCheck(args, io);
  },
};

/** `bookrunner plugins`. */
export const pluginsGroup: CommandGroup = {
  name: 'plugins',
  describe: 'List or check plugins',
  commands: [listCommand, checkCommand],
};
