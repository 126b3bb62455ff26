import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

/** `bookrunner check`. */
export const checkCommand: CommandDefinition = {
  name: 'check',
  describe: 'Check engine.yaml and everything it names; start and connect nothing',
  positionals: [CONFIG_POSITIONAL],
  options: {
    mode: {
      type: 'text',
      choices: ['backtest', 'paper', 'live'],
      describe: 'Also ask whether it can run like this [default: say in which modes it can]',
    },
    ...CONFIG_OPTIONS,
  },
  async run(args, io) {
    const { runCheckCommand } = await import('../check/run-check-command.js');
    return runCheckCommand(args, io);
  },
};
