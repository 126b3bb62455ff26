import type { CommandDefinition, CommandGroup, OptionDefinitions } from '../command.js';
import { CONFIG_OPTIONS } from '../common-options.js';

export const JOURNAL_CONFIG = {
  config: { type: 'text', default: './engine.yaml', describe: 'Whose dataDir holds the journal' },
  'data-dir': { type: 'text', describe: 'Folder of the journal, in place of that of engine.yaml' },
  ...CONFIG_OPTIONS,
} as const satisfies OptionDefinitions;

const RUN = { name: 'run', describe: 'Id of a run, its beginning, or "latest"', isRequired: true } as const;
const RANGE_OPTIONS = {
  'from-record': { type: 'text', default: '1', describe: 'Sequence of the first record' },
  kind: { type: 'text', describe: 'Only records of this kind: tick, event, outbox, handed, …' },
} as const satisfies OptionDefinitions;

const listCommand: CommandDefinition = {
  name: 'list',
  describe: 'Show the runs of the journal',
  options: JOURNAL_CONFIG,
  async run(args, io) {
    const { runJournalList } = await import('../journal/run-journal-commands.js');
    return runJournalList(args, io);
  },
};

const showCommand: CommandDefinition = {
  name: 'show',
  describe: 'Show the records of a run',
  positionals: [RUN],
  options: { ...RANGE_OPTIONS, limit: { type: 'text', default: '100', describe: 'Most records' }, ...JOURNAL_CONFIG },
  examples: [['journal show latest --kind outbox', 'what the newest run decided']],
  async run(args, io) {
    const { runJournalShow } = await import('../journal/run-journal-commands.js');
    return runJournalShow(args, io);
  },
};

const verifyCommand: CommandDefinition = {
  name: 'verify',
  describe: 'Check sums, order and every record of the journal',
  positionals: [{ name: 'run', describe: 'One run only' }],
  options: JOURNAL_CONFIG,
  async run(args, io) {
    const { runJournalVerify } = await import('../journal/run-journal-commands.js');
    return runJournalVerify(args, io);
  },
};

const exportCommand: CommandDefinition = {
  name: 'export',
  describe: 'Write the records of a run to a file, one JSON line each',
  positionals: [RUN, { name: 'file', describe: 'The file; it may not exist yet', isRequired: true }],
  options: { ...RANGE_OPTIONS, ...JOURNAL_CONFIG },
  async run(args, io) {
    const { runJournalExport } = await import('../journal/run-journal-commands.js');
    return runJournalExport(args, io);
  },
};

const compactCommand: CommandDefinition = {
  name: 'compact',
  describe: 'Drop old records that neither a restart nor a running session needs',
  options: {
    'keep-days': { type: 'text', default: '30', describe: 'Nothing written in these last days is dropped' },
    'dry-run': { type: 'flag', describe: 'Say what would be dropped, and drop nothing' },
    ...JOURNAL_CONFIG,
  },
  async run(args, io) {
    const { runJournalCompact } = await import('../journal/run-journal-commands.js');
    return runJournalCompact(args, io);
  },
};

/** `bookrunner journal`. */
export const journalGroup: CommandGroup = {
  name: 'journal',
  describe: 'List, show, check, export and compact what paper and live sessions wrote down',
  commands: [listCommand, showCommand, verifyCommand, exportCommand, compactCommand],
};
