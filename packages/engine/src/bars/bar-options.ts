// The options of the built-in bar builders, as engine.yaml writes them.
import { z } from 'zod';
import { isBarSeconds, parseTimeframe } from './timeframe.js';

const price = z
  .enum(['last', 'mid', 'bid', 'ask'])
  .default('last')
  .describe('Which price of a tick makes the bar: last trade, mid of the quote, bid or ask.');

const vwap = z
  .boolean()
  .default(false)
  .describe('Whether bars carry the volume-weighted average of their trade prices.');

const seconds = z
  .int()
  .refine(isBarSeconds, 'expected at least 1 second, and whole days (multiples of 86,400) above one day')
  .optional()
  .describe('Length of a bar in seconds; 60 unless seconds or timeframe is given.');

const timeframe = z
  .string()
  .refine(isTimeframe, 'expected a whole number and a unit, s, m, h, d or w, such as 5m')
  .optional()
  .describe('Length of a bar as text, instead of seconds: 30s, 5m, 1h, 1d, 1w.');

/** Options of time bars after the schema: `seconds` is always there. */
export interface TimeBarOptions {
  readonly seconds: number;
  readonly price: 'last' | 'mid' | 'bid' | 'ask';
  readonly vwap: boolean;
  readonly fillGaps: boolean;
  readonly outsideSession: 'count';
}

/** Schema of {@link TimeBarOptions}. */
export const timeBarOptions = z
  .strictObject({
    seconds,
    timeframe,
    price,
    vwap,
    fillGaps: z
      .boolean()
      .default(false)
      .describe(
        'Whether an interval of a session without ticks gives a flat bar at the previous close, with nTicks 0.',
      ),
    outsideSession: z
      .enum(['count'])
      .default('count')
      .describe('What happens to ticks outside every session: they enter no bar and are counted.'),
  })
  .refine((options) => options.seconds === undefined || options.timeframe === undefined, {
    error: 'seconds and timeframe name the same thing: give one of them',
    path: ['timeframe'],
  })
  .transform((options): TimeBarOptions => {
    const { timeframe: text, seconds: given, ...rest } = options;
    return { seconds: text === undefined ? (given ?? 60) : parseTimeframe(text), ...rest };
  });

/** Schema of the options of tick bars. */
export const tickBarOptions = z.strictObject({
  ticks: z.int().min(1).describe('Ticks in a bar.'),
  price,
  vwap,
});

/** Options of tick bars after the schema. */
export type TickBarOptions = Readonly<z.output<typeof tickBarOptions>>;

/** Schema of the options of volume bars. */
export const volumeBarOptions = z.strictObject({
  units: z.number().positive().describe('Units traded in a bar.'),
  vwap,
});

/** Options of volume bars after the schema. */
export type VolumeBarOptions = Readonly<z.output<typeof volumeBarOptions>>;

/** Schema of the options of value bars. */
export const valueBarOptions = z.strictObject({
  value: z.number().positive().describe('Money traded in a bar, in the quote currency: price × size × point value.'),
  vwap,
});

/** Options of value bars after the schema. */
export type ValueBarOptions = Readonly<z.output<typeof valueBarOptions>>;

/** Schema of the options of range bars. */
export const rangeBarOptions = z
  .strictObject({
    range: z.number().positive().optional().describe('High minus low of a full bar, in price units.'),
    steps: z.int().min(1).optional().describe('The same in price steps of the instrument, instead of range.'),
    price,
    vwap,
  })
  .refine((options) => (options.range === undefined) !== (options.steps === undefined), {
    error: 'give range (price units) or steps (price steps), and only one of them',
    path: ['range'],
  });

/** Options of range bars after the schema. */
export type RangeBarOptions = Readonly<z.output<typeof rangeBarOptions>>;

function isTimeframe(text: string): boolean {
  try {
    return parseTimeframe(text) > 0;
  } catch {
    return false;
  }
}
