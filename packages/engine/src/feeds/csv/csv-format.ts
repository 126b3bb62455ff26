import { z } from 'zod';
import { checkSeconds, kindOptions, rowOptions, valueColumns } from '../rows/file-options.js';
import type { KindFields } from '../rows/file-options.js';
import { namesDays, timeFormatFault } from '../time/time-format.js';
import { isTimeZone } from '../time/zone-clock.js';

const column = z.string().min(1);

const ts = z
  .union([column, z.tuple([column, column])])
  .optional()
  .describe('Time of the row; two neighbouring columns, date and time of day, as a list.');

const columns = z
  .strictObject({ ts, ...valueColumns })
  .default({})
  .describe('Columns of the file by name; a column not listed is found by its usual names, ignoring case.');

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
  ...rowOptions,
};

/** Fields of a CSV format as a schema shape, for schemas that add where the file is. */
export const csvFormatShape = csvFields;

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

/** Schema of {@link CsvFormat}. */
export const csvFormat = z.strictObject(csvFields).superRefine(checkFormat);

/** How a CSV file is written and read. */
export type CsvFormat = Readonly<z.output<typeof csvFormat>>;

/** A CSV format as a person writes it: everything with a default may be left out. */
export type CsvFormatInput = Readonly<z.input<typeof csvFormat>>;
