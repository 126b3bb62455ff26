import type { CommandDefinition } from '../command.js';
import { JOURNAL_CONFIG } from './journal.js';

/** `bookrunner parity`. */
export const parityCommand: CommandDefinition = {
  name: 'parity',
  describe: 'Backtest what a session saw, and explain every difference',
  positionals: [{ name: 'run', describe: 'Id of a run, its beginning, or "latest"', isRequired: true }],
  options: {
    from: { type: 'text', describe: 'List differences from this date or ISO instant on (UTC)' },
    to: { type: 'text', describe: 'End of the period, exclusive (UTC)' },
    'with-commands': { type: 'flag', describe: "Give persons' commands to the backtest as well" },
    with: { type: 'text', describe: 'An engine.yaml for the backtest in place of the configuration the run kept' },
    strict: { type: 'flag', describe: 'Fail where a difference is unexplained, or a sum not known' },
    rows: { type: 'text', default: '20', describe: 'Most differences in the table on the terminal' },
    ...JOURNAL_CONFIG,
    set: { type: 'texts', describe: "Override a value of the backtest's configuration; may be repeated" },
  },
  examples: [
    ['parity latest', 'whether the newest session traded as its backtest would have'],
    ['parity latest --strict', 'the same in a nightly job'],
  ],
  async run(args, io) {
    const { runParityCommand } = await import('../parity/run-parity-command.js');
    return runParityCommand(args, io);
  },
};
