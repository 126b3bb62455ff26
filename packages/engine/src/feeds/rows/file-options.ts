// Options that files of any format share: what their rows are, and what happens to rows that cannot be used.
import type { BarSpec } from '@bookrunner/sdk';
import { z } from 'zod';
import { isBarSeconds, parseTimeframe } from '../../bars/timeframe.js';
import { namesDays } from '../time/time-format.js';

const column = z.string().min(1);

/** The columns besides `ts` that a file may have, by name; the same for CSV and Parquet files. */
export const valueColumns = {
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
};

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
  tsIs: z.enum(['start', 'end']).default('start').describe('Whether the time of a bar is its start or its end.'),
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

/** Fields that name the length of bars. */
export interface KindFields {
  readonly seconds?: number | undefined;
  readonly timeframe?: string | undefined;
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

/** Bars of a format as a bar spec; undefined for ticks. */
export function specOf(
  format: KindFields & { readonly kind: 'bars' | 'ticks'; readonly price: string; readonly time?: string },
): BarSpec | undefined {
  if (format.kind === 'ticks') return undefined;
  const price = format.price === 'last' ? {} : { price: format.price };
  return { use: 'time', options: { seconds: barSecondsOf(format), ...price } };
}
