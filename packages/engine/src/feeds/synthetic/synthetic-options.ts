import { z } from 'zod';
import { parseCivilDate } from './civil-date.js';

const from = z
  .union([
    z.int().nonnegative(),
    z
      .string()
      .refine(
        (text) => parseCivilDate(text) !== undefined,
        'expected a date such as 2024-01-02, or epoch milliseconds',
      ),
  ])
  .default('2024-01-02')
  .describe(
    'First day, as YYYY-MM-DD (UTC), or first instant as epoch milliseconds; sessions opening from then on are made.',
  );

/** Schema of the options of `use: synthetic`. */
export const syntheticOptions = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('The same seed gives the same market, on every machine.'),
  from,
  days: z.int().min(1).max(100_000).default(20).describe('Trading days to make.'),
  startPrice: z
    .union([z.number().positive(), z.record(z.string(), z.number().positive())])
    .default(100)
    .describe('First price, for all instruments or per symbol.'),
  annualVol: z
    .number()
    .positive()
    .max(5)
    .default(0.2)
    .describe('Volatility per year of the log price, 0.2 = 20 %, averaged over calm and rough times.'),
  ticksPerMinute: z.number().positive().max(60_000).default(60).describe('Ticks a minute, averaged over a session.'),
  spreadSteps: z
    .int()
    .min(1)
    .default(1)
    .describe('Spread of a quiet market in price steps; it widens with volatility.'),
  tradeShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the ticks that are trades, at the bid or the ask, as well as quotes.'),
  kind: z
    .enum(['ticks', 'bars'])
    .default('ticks')
    .describe('What is delivered: ticks, or bars made of trades at bid or ask.'),
  seconds: z.int().min(1).max(86_400).default(60).describe('Length of a bar in seconds; 86,400 is a trading day.'),
});

/** Options of `use: synthetic` after the schema. */
export type SyntheticOptions = Readonly<z.output<typeof syntheticOptions>>;

/** The first instant that the options name. */
export function firstInstant(options: Pick<SyntheticOptions, 'from'>): number {
  return typeof options.from === 'number' ? options.from : (parseCivilDate(options.from) ?? 0);
}
