// `bookrunner data import | export | list | verify`: options in, the functions of cli/data, results out.
import { hintFor } from '../../config/near-miss.js';
import { timeRange } from '../backtest/time-range.js';
import { cliError } from '../cli-errors.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { exportData } from '../data/export-data.js';
import { importData, type ImportResult } from '../data/import-data.js';
import { dataSetMissing } from '../data/data-set-missing.js';
import { listData, type ListedDataset } from '../data/list-data.js';
import { verifyData, type VerifiedDataset } from '../data/verify-data.js';
import { unitHint } from '../../feeds/time/unit-hint.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { textTable } from '../text-table.js';
import { dataPlace } from './data-market.js';
import { dataReporter } from './data-progress.js';
import { fileFormat } from './file-format.js';
import { countText } from '../count-text.js';

const KINDS = ['bars', 'ticks'] as const;
const MINUTE_MS = 60_000;

/** `data import FILE --symbol SYMBOL`. */
export async function runImport(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const { catalog, market, symbols } = dataPlace(args, io);
  const symbol = requiredSymbol(args);
  if (symbols?.includes(symbol) === false) io.output.note(unknownText(symbol, symbols));
  const options = {
    catalog,
    file: args.text('file') as string,
    symbol,
    ...fileFormat(args),
    onBadRow: args.choice('on-bad-row', ['fail', 'skip']),
    overlap: args.choice('overlap', ['fail', 'replace']),
    calendar: args.text('calendar'),
    ...timeRange(args.text('from'), args.text('to')),
  };
  const result = await importData(options, market, dataReporter(io.output));
  // Ticks may have any times, and so may a lone bar.
  const question = unitHint(Date.parse(result.first ?? ''), args.text('time'));
  if (question !== undefined) io.output.note(`warning: the first row is of ${day(result.first)}: ${question}.`);
  io.output.result(result, () => `${result.dataset}: ${importText(result)}`);
  return EXIT.done;
}

function importText(result: ImportResult): string {
  if (result.rows === 0) {
    const asked = result.beforeRange === 0 ? '' : ' in the range asked for';
    return `nothing was imported; the file has no rows${asked}.`;
  }
  const replaced = result.replaced === 0 ? '' : `, in place of ${counted(result.replaced)} stored`;
  const rejected =
    result.rejected === 0
      ? ''
      : ` ${countText(result.rejected, 'row')} ${result.rejected === 1 ? 'was' : 'were'} left out.`;
  return `${countText(result.rows, 'row')} from ${span(result)}${replaced}.${rejected}`;
}

/** Another configuration may have it, so the import goes on. */
function unknownText(symbol: string, symbols: readonly string[]): string {
  return `warning: engine.yaml has no instrument '${symbol}', so no strategy of it can use these rows.${hintFor(symbol, symbols)}`;
}

/** `data export FILE --symbol SYMBOL`. */
export async function runExport(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const { catalog } = dataPlace(args, io);
  const options = {
    catalog,
    file: args.text('file') as string,
    symbol: requiredSymbol(args),
    kind: args.choice('kind', KINDS),
    timeframe: args.text('timeframe'),
    time: args.choice('time', ['epoch-ms', 'iso']),
    force: args.flag('force'),
    ...timeRange(args.text('from'), args.text('to')),
  };
  const result = await exportData(options, dataReporter(io.output));
  if (result.rows === 0) io.output.note(`warning: ${result.file} has no rows: ${noRowsText(args, result.dataset)}.`);
  io.output.result(result, () => `${result.dataset}: ${countText(result.rows, 'row')} to ${result.file}`);
  return EXIT.done;
}

function noRowsText(args: CommandArguments, dataset: string): string {
  const isRanged = args.text('from') !== undefined || args.text('to') !== undefined;
  return `${dataset} has none${isRanged ? ' in the range asked for; `bookrunner data list` shows from when to when it has some' : ''}`;
}

/** `data list [SYMBOL]`: exit 1 where the catalog has nothing of the symbol. */
export async function runList(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const { catalog } = dataPlace(args, io);
  const symbol = args.text('symbol');
  const result = await listData({ catalog, symbol });
  if (symbol !== undefined && result.datasets.length === 0) throw dataSetMissing(result.catalog, { symbol });
  io.output.result(result, () => listText(result.catalog, result.datasets));
  return EXIT.done;
}

/** `data verify [SYMBOL]`: exit 1 where a data set has an error. */
export async function runVerify(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const { catalog, market } = dataPlace(args, io);
  const gapMinutes = args.count('gap-minutes', 1);
  const options = {
    catalog,
    symbol: args.text('symbol'),
    kind: args.choice('kind', KINDS),
    timeframe: args.text('timeframe'),
    calendar: args.text('calendar'),
    gapMs: gapMinutes === undefined ? undefined : gapMinutes * MINUTE_MS,
  };
  const result = await verifyData(options, market, dataReporter(io.output));
  io.output.result(result, () => verifyText(result.datasets));
  return result.isSound ? EXIT.done : EXIT.failed;
}

function requiredSymbol(args: CommandArguments): string {
  const symbol = args.text('symbol');
  if (symbol !== undefined) return symbol;
  throw cliError('CLI_USAGE_INVALID', 'Which symbol? Name it with --symbol.');
}

function listText(catalog: string, datasets: readonly ListedDataset[]): string {
  if (datasets.length === 0)
    return `The catalog ${catalog} holds nothing; import data with \`bookrunner data import\`.`;
  const rows = datasets.map((set) => [
    set.symbol,
    set.kind,
    set.timeframe ?? '',
    counted(set.rows),
    day(set.first),
    day(set.last),
    counted(set.files),
    `${(set.bytes / 2 ** 20).toFixed(1)} MB`,
  ]);
  return textTable([['Symbol', 'Kind', 'Timeframe', 'Rows', 'First', 'Last', 'Files', 'Size'], ...rows]);
}

function verifyText(datasets: readonly VerifiedDataset[]): string {
  if (datasets.length === 0) return 'There is nothing to verify.';
  const lines = datasets.flatMap((set) => {
    const name = [set.symbol, set.timeframe ?? set.kind].join(' ');
    const findings = set.findings.map(
      ({ level, month, what }) => `  ${level}: ${month === undefined ? '' : `${month}: `}${what}`,
    );
    return [`${name}: ${countText(set.rows, 'row')}, ${set.isSound ? 'sound' : 'not sound'}`, ...findings];
  });
  return lines.join('\n');
}

function span(result: { readonly first: string | null; readonly last: string | null }): string {
  return `${day(result.first)} to ${day(result.last)}`;
}

function day(iso: string | null): string {
  return iso === null ? 'none' : iso.slice(0, 16).replace('T', ' ');
}

function counted(value: number): string {
  return value.toLocaleString('en-US');
}
