import { z } from 'zod';
import { isBarSeconds, parseTimeframe } from '../../bars/timeframe.js';
import { namesDays, timeFormatFault } from '../time/time-format.js';
import { isTimeZone } from '../time/zone-clock.js';

const column = z.string().min(1);

const columns = z
  .strictObject({
    ts: z
      .union([column, z.tuple([column, column])])
      .optional()
      .describe('Time of the row; two neighbouring columns, date and time of day, as a list.'),
    open: column.optional().describe('Opening price of a bar.'),
    high: column.optional().describe('Highest price of a bar.'),
    low: column.optional().describe('Lowest price of a bar.'),
    close: column.optional().describe('Closing price of a bar.'),
    volume: column.optional().describe('Units traded in a bar; 0 where the file has no such column.'),
    endTs: column.optional().describe('End of a bar, in the format of ts.'),
    nTicks: column.optional().describe('Ticks in a bar.'),
    vwap: column.optional().describe('Volume-weighted average price of a bar.'),
    bid: column.optional().describe('Best bid of a tick.'),
    ask: column.optional().describe('Best ask of a tick.'),
    bidSize: column.optional().describe('Units at the best bid.'),
    askSize: column.optional().describe('Units at the best ask.'),
    last: column.optional().describe('Price of a trade.'),
    size: column.optional().describe('Units of a trade.'),
    recvTs: column.optional().describe('When a tick was received, in the format of ts.'),
    symbol: column.optional().describe('Symbol of the row, for files that hold several; other symbols are left out.'),
  })
  .default({})
  .describe('Columns of the file by name; a column not listed is found by its usual names, ignoring case.');

/** How rows are judged and selected; the same for CSV and Parquet files. */
export const rowOptions = {
  outsideSession: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe("Rows outside every session of the instrument's calendar: kept, or left out and counted."),
  onBadRow: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe('A row that cannot be used ends the reading with its place, or is left out, reported and counted.'),
  allowNonPositive: z
    .boolean()
    .default(false)
    .describe('Takes prices of zero and below, as spreads and some futures have.'),
  allowCrossed: z.boolean().default(false).describe('Takes quotes with the bid above the ask.'),
};

/** Kind of rows and length of bars; the same for CSV and Parquet files. */
export const kindOptions = {
  kind: z.enum(['bars', 'ticks']).default('bars').describe('What a row is: a bar, or a tick (quote, trade or both).'),
  seconds: z
    .int()
    .refine(isBarSeconds, 'expected at least 1 second, and whole days (multiples of 86,400) above one day')
    .optional()
    .describe('Length of a bar in seconds; a day where the times are dates, else 60.'),
  timeframe: z
    .string()
    .refine(isTimeframe, 'expected a whole number and a unit, s, m, h, d or w, such as 5m')
    .optional()
    .describe('Length of a bar as text, instead of seconds: 30s, 5m, 1h, 1d, 1w.'),
  price: z
    .enum(['last', 'mid', 'bid', 'ask'])
    .default('last')
    .describe('Which price made the bars of the file; strategies that ask for bars of another price are refused them.'),
};

const csvFields = {
  ...kindOptions,
  columns,
  header: z.boolean().default(true).describe('Whether the first line names the columns.'),
  fields: z
    .array(z.string())
    .optional()
    .describe('Names of the columns in order, for files without a header; an empty name is left out.'),
  delimiter: z
    .string()
    .refine(
      (text) => text.length === 1 && /[^\w".+\-\r\n]/.test(text) && text.charCodeAt(0) < 128,
      'expected one mark such as , ; | or a tab',
    )
    .default(',')
    .describe('The mark between two columns.'),
  time: z
    .string()
    .default('epoch-ms')
    .superRefine((text, context) => {
      const fault = timeFormatFault(text);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: `not a time format: ${fault}` });
    })
    .describe(
      'How times are written: epoch-s, epoch-ms, epoch-us, epoch-ns, iso (with an offset), date (YYYY-MM-DD: the bar of that ' +
        'trading day), or a pattern such as YYYYMMDD HHmmss.',
    ),
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected an IANA time zone such as America/New_York')
    .optional()
    .describe('Zone of times without an offset; UTC for patterns, none for iso.'),
  tsIs: z.enum(['start', 'end']).default('start').describe('Whether the time of a bar is its start or its end.'),
  ...rowOptions,
};

/** Fields of a CSV format as a schema shape, for schemas that add where the file is. */
export const csvFormatShape = csvFields;

interface KindFields {
  readonly seconds?: number | undefined;
  readonly timeframe?: string | undefined;
}

interface FormatFields extends KindFields {
  readonly header: boolean;
  readonly fields?: readonly string[] | undefined;
  readonly kind: 'bars' | 'ticks';
  readonly time: string;
  readonly tsIs: 'start' | 'end';
}

/** Reports what a format's fields say against each other. */
export function checkFormat(options: FormatFields, context: z.RefinementCtx): void {
  const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  checkSeconds(options, context);
  if (!options.header && options.fields === undefined)
    issue('fields', 'a file without a header needs the list of its columns');
  if (options.header && options.fields !== undefined)
    issue('fields', 'the header names the columns: leave fields out, or set header: false');
  if (options.kind === 'ticks' && namesDays(options.time)) issue('time', 'ticks need a time of day');
  if (namesDays(options.time) && options.tsIs === 'end')
    issue('tsIs', 'a date names the whole trading day: leave tsIs out');
}

/** Reports a bar length given twice. */
export function checkSeconds(options: KindFields, context: z.RefinementCtx): void {
  if (options.seconds === undefined || options.timeframe === undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['timeframe'],
    message: 'seconds and timeframe name the same thing: give one of them',
  });
}

/** Schema of {@link CsvFormat}. */
export const csvFormat = z.strictObject(csvFields).superRefine(checkFormat);

/** How a CSV file is written and read. */
export type CsvFormat = Readonly<z.output<typeof csvFormat>>;

/** A CSV format as a person writes it: everything with a default may be left out. */
export type CsvFormatInput = Readonly<z.input<typeof csvFormat>>;

/** Length of the bars of a format in seconds. */
export function barSecondsOf(format: KindFields & { readonly time?: string }): number {
  if (format.timeframe !== undefined) return parseTimeframe(format.timeframe);
  return format.seconds ?? (format.time !== undefined && namesDays(format.time) ? 86_400 : 60);
}

function isTimeframe(text: string): boolean {
  try {
    return parseTimeframe(text) > 0;
  } catch {
    return false;
  }
}
