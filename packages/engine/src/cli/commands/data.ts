import type { CommandDefinition, CommandGroup, OptionDefinitions } from '../command.js';

const CATALOG_OPTIONS = {
  catalog: {
    type: 'text',
    describe: 'Folder of the catalog [default: dataDir/catalog of engine.yaml, else ./var/catalog]',
  },
  config: {
    type: 'text',
    default: './engine.yaml',
    describe: 'Which engine.yaml names dataDir, instruments and calendars',
  },
} as const satisfies OptionDefinitions;

const RANGE_OPTIONS = {
  from: { type: 'text', describe: 'From this date or ISO instant on (UTC)' },
  to: { type: 'text', describe: 'Up to this date or ISO instant, exclusive (UTC)' },
} as const satisfies OptionDefinitions;

const importCommand: CommandDefinition = {
  name: 'import',
  describe: 'Import a CSV or Parquet file into the catalog',
  positionals: [{ name: 'file', describe: 'The file; * in its name stands for any text', isRequired: true }],
  options: {
    symbol: { type: 'text', describe: 'Symbol of the data (required)' },
    format: { type: 'text', choices: ['csv', 'parquet'], describe: 'Format of the file [default: by its name]' },
    kind: { type: 'text', choices: ['bars', 'ticks'], default: 'bars', describe: 'What a row is' },
    timeframe: { type: 'text', describe: 'Length of a bar: 30s, 5m, 1h, 1d' },
    time: {
      type: 'text',
      default: 'epoch-ms',
      describe: 'How times are written: epoch-s, epoch-us, epoch-ns; in CSV files also iso, date, or a pattern',
    },
    'time-zone': { type: 'text', describe: 'IANA zone of times without an offset' },
    column: { type: 'texts', describe: 'FIELD=COLUMN, where the file calls a field something else; may be repeated' },
    fields: { type: 'text', describe: 'Comma-separated columns of a CSV file without a header' },
    delimiter: { type: 'text', default: ',', describe: 'The mark between two columns of a CSV file' },
    option: { type: 'texts', describe: 'NAME=VALUE of any other option of a csv or parquet feed; may be repeated' },
    calendar: { type: 'text', describe: 'Calendar id [default: that of the instrument in engine.yaml]' },
    'on-bad-row': {
      type: 'text',
      choices: ['fail', 'skip'],
      default: 'fail',
      describe: 'What to do with a row that cannot be used',
    },
    overlap: {
      type: 'text',
      choices: ['fail', 'replace'],
      default: 'fail',
      describe: 'What to do where there is data already',
    },
    ...RANGE_OPTIONS,
    ...CATALOG_OPTIONS,
  },
  examples: [['data import eurusd-*.csv.gz --symbol EURUSD --kind ticks --time iso', 'quotes from several files']],
  async run(args, io) {
    const { runImport } = await import('../catalog/run-data-commands.js');
    return runImport(args, io);
  },
};

const exportCommand: CommandDefinition = {
  name: 'export',
  describe: 'Write a data set of the catalog to one file',
  positionals: [{ name: 'file', describe: 'The file: its name says .csv, .csv.gz or .parquet', isRequired: true }],
  options: {
    symbol: { type: 'text', describe: 'Symbol of the data (required)' },
    kind: { type: 'text', choices: ['bars', 'ticks'], default: 'bars', describe: 'What to export' },
    timeframe: { type: 'text', default: '1m', describe: 'Which bars' },
    time: { type: 'text', choices: ['epoch-ms', 'iso'], default: 'epoch-ms', describe: 'How CSV files write times' },
    force: { type: 'flag', describe: 'Replace a file that exists' },
    ...RANGE_OPTIONS,
    ...CATALOG_OPTIONS,
  },
  async run(args, io) {
    const { runExport } = await import('../catalog/run-data-commands.js');
    return runExport(args, io);
  },
};

const listCommand: CommandDefinition = {
  name: 'list',
  describe: 'Show what the catalog holds',
  positionals: [{ name: 'symbol', describe: 'One symbol only' }],
  options: CATALOG_OPTIONS,
  async run(args, io) {
    const { runList } = await import('../catalog/run-data-commands.js');
    return runList(args, io);
  },
};

const verifyCommand: CommandDefinition = {
  name: 'verify',
  describe: 'Check the files of the catalog: sums, order, prices, gaps',
  positionals: [{ name: 'symbol', describe: 'One symbol only' }],
  options: {
    kind: { type: 'text', choices: ['bars', 'ticks'], describe: 'One kind only' },
    timeframe: { type: 'text', describe: 'One timeframe only' },
    'gap-minutes': { type: 'text', describe: 'Open market without data that counts as a gap' },
    calendar: { type: 'text', describe: 'Calendar id [default: that of each instrument in engine.yaml]' },
    ...CATALOG_OPTIONS,
  },
  async run(args, io) {
    const { runVerify } = await import('../catalog/run-data-commands.js');
    return runVerify(args, io);
  },
};

/** `bookrunner data`. */
export const dataGroup: CommandGroup = {
  name: 'data',
  describe: 'Import, export, list and verify recorded data',
  commands: [importCommand, exportCommand, listCommand, verifyCommand],
};
