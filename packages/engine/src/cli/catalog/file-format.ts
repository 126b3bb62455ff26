// From options of `data import` to the options of a csv or parquet feed; their schema says what is wrong with them.
import { parse } from 'yaml';
import { cliError } from '../cli-errors.js';
import type { CommandArguments } from '../command-arguments.js';
import type { ImportOptions } from '../data/import-data.js';

type Format = Record<string, unknown>;

/** The part of the import's options that describes the file. Errors: CLI_USAGE_INVALID. */
export function fileFormat(args: CommandArguments): Pick<ImportOptions, 'format' | 'csv' | 'parquet'> {
  const format = args.choice('format', ['csv', 'parquet']);
  const shared: Format = {
    ...textOption(args, 'kind'),
    ...textOption(args, 'timeframe'),
    ...textOption(args, 'time'),
    ...columns(args),
  };
  const csvOnly: Format = {
    ...textOption(args, 'time-zone', 'timeZone'),
    ...textOption(args, 'delimiter'),
    ...fields(args),
  };
  const others = pairs(args, 'option').map(([name, value]) => [name, yamlValue(name, value)] as const);
  const options: Format = { ...shared, ...Object.fromEntries(others) };
  const isParquet = format === 'parquet' || (format === undefined && (args.text('file') ?? '').endsWith('.parquet'));
  const [csvOption] = Object.keys(csvOnly);
  if (isParquet && csvOption !== undefined) {
    throw cliError('CLI_USAGE_INVALID', `'${csvOption}' says how a CSV file is written; this is a Parquet file.`);
  }
  // The schema of the format checks every name and value.
  if (isParquet) return { format: 'parquet', parquet: options as ImportOptions['parquet'] };
  return { ...(format === undefined ? {} : { format }), csv: { ...options, ...csvOnly } as ImportOptions['csv'] };
}

function textOption(args: CommandArguments, name: string, field = name): Format {
  const text = args.text(name);
  return text === undefined ? {} : { [field]: text };
}

function fields(args: CommandArguments): Format {
  const text = args.text('fields');
  return text === undefined ? {} : { header: false, fields: text.split(',').map((field) => field.trim()) };
}

/** `ts=Date+Time` names the two columns of date and time of day. */
function columns(args: CommandArguments): Format {
  const entries = pairs(args, 'column').map(([field, column]) => {
    const both = column.split('+');
    return [field, field === 'ts' && both.length === 2 ? both : column] as const;
  });
  return entries.length === 0 ? {} : { columns: Object.fromEntries(entries) };
}

function pairs(args: CommandArguments, name: string): readonly (readonly [string, string])[] {
  return args.texts(name).map((text) => {
    const equals = text.indexOf('=');
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)] as const;
    throw cliError('CLI_USAGE_INVALID', `--${name} takes NAME=VALUE, not '${text}'.`);
  });
}

function yamlValue(name: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    throw cliError('CLI_USAGE_INVALID', `The value of --option ${name} is no YAML.`);
  }
}
