import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';
import { RUN_OPTIONS } from './run-options.js';

/** `bookrunner backtest`. */
export const backtestCommand: CommandDefinition = {
  name: 'backtest',
  describe: 'Run the strategies of engine.yaml over recorded data',
  positionals: [CONFIG_POSITIONAL],
  options: { ...RUN_OPTIONS, ...CONFIG_OPTIONS },
  examples: [
    ['backtest', 'run ./engine.yaml'],
    [
      'backtest engine.yaml --from 2024-01-01 --set strategies.mr.params.lookback=30',
      'a range, with another parameter',
    ],
    ['backtest --json --fills all > result.json', 'everything, for a program'],
  ],
  async run(args, io) {
    const { runBacktestCommand } = await import('../backtest/run-backtest-command.js');
    return runBacktestCommand(args, io);
  },
};
