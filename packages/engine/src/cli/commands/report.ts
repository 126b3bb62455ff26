import type { CommandDefinition } from '../command.js';
import { CONFIG_OPTIONS } from '../common-options.js';

/** `bookrunner report`. */
export const reportCommand: CommandDefinition = {
  name: 'report',
  describe: 'Render report.html again from a run folder',
  positionals: [{ name: 'run', describe: 'Folder of a run, its id under dataDir/runs, or "latest"', isRequired: true }],
  options: {
    config: {
      type: 'text',

      default: './engine.yaml',
      describe: 'Whose dataDir holds the run, where an id is named',
    },
    rows: { type: 'text', default: '2000', describe: 'Most trades and most fills on the page' },
    ...CONFIG_OPTIONS,
  },
  examples: [['report latest', 'the newest run of ./engine.yaml']],
  async run(args, io) {
    const { runReportCommand } = await import('../report/run-report-command.js');
    return runReportCommand(args, io);
  },
};
