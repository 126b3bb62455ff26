import { z } from 'zod';
import { checkSeconds, kindOptions, rowOptions, valueColumns } from '../rows/file-options.js';

/** Fields of a Parquet format as a schema shape, for schemas that add where the file is. */
export const parquetFormatShape = {
  ...kindOptions,
  columns: z
    .strictObject({ ts: z.string().min(1).optional().describe('Time of the row.'), ...valueColumns })
    .default({})
    .describe('Columns of the file by name; a column not listed is found by its usual names, ignoring case.'),
  time: z
    .enum(['epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns'])
    .default('epoch-ms')
    .describe(
      'Unit of times stored as numbers. Timestamps and dates tell their own; a date is the bar of that trading day.',
    ),
  ...rowOptions,
};

/** Schema of {@link ParquetFormat}. */
export const parquetFormat = z.strictObject(parquetFormatShape).superRefine(checkSeconds);

/** How a Parquet file is read. */
export type ParquetFormat = Readonly<z.output<typeof parquetFormat>>;

/** A Parquet format as a person writes it: everything with a default may be left out. */
export type ParquetFormatInput = Readonly<z.input<typeof parquetFormat>>;
