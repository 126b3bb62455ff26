import type { OptionDefinitions } from '../command.js';

/** What `backtest` and `paper` share. */
export const RUN_OPTIONS = {
  from: { type: 'text', describe: 'Trade from this date or ISO instant on (UTC); earlier data warms up' },
  to: { type: 'text', describe: 'End of recorded data, exclusive (UTC)' },
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
    describe: 'What csv and parquet feeds do with a row that cannot be used [default: as engine.yaml says, else fail]',
  },
} as const satisfies OptionDefinitions;
