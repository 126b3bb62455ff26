import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS, CONFIG_POSITIONAL } from '../common-options.js';

/** `bookrunner backtest`. */
export const backtestCommand: CommandDefinition = {
  name: 'backtest',
  describe: 'Run the strategies of engine.yaml over recorded data',
  positionals: [CONFIG_POSITIONAL],
  options: {
    from: {
      type: 'text',

      describe: 'Trade from this date or ISO instant on (UTC); earlier data warms up',
    },
    to: { type: 'text', describe: 'End of the data, exclusive (UTC)' },
    fills: { type: 'text', default: '1000', describe: 'How many fills --json prints, or all' },
    report: {
      type: 'text',
      choices: ['html', 'none'],
      default: 'html',
      describe: 'Whether the run folder gets report.html',
    },
    'on-bad-row': {
      type: 'text',
      choices: ['fail', 'skip'],
      describe:
        'What csv and parquet feeds do with a row that cannot be used [default: as engine.yaml says, else fail]',
    },
    ...CONFIG_OPTIONS,
  },
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
