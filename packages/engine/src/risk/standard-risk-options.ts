import { z } from 'zod';

const positive = z.number().positive();

const maxUnits = positive.optional().describe('Largest position in units, long or short; no limit where left out.');
const maxValue = positive
  .optional()
  .describe('Largest market value of a position, in the base currency of the scope; no limit where left out.');
const maxWeight = positive
  .optional()
  .describe('Largest market value of a position as a fraction of equity, 0.25 is a quarter; no limit where left out.');

// The engine remembers the last 4,096 orders: a higher limit could never be reached.
const orderRate = z.int().min(1).max(4_096, 'has to be at most 4,096: the engine counts no further');

/** Schema of the options of the standard risk policy. */
export const standardRiskOptions = z.strictObject({
  maxLeverage: positive
    .default(2)
    .describe(
      'Largest gross exposure as a multiple of equity, working orders and the order asked for included. Default 2.',
    ),
  maxLossDayBps: positive
    .default(150)
    .describe(
      'Loss of a trading day, in basis points of its starting equity, that stops new risk until the next day. Default 150.',
    ),
  perSymbol: z
    .record(z.string(), z.strictObject({ maxUnits, maxValue, maxWeight }))
    .default({})
    .describe('Limits of single symbols; what a symbol leaves out is taken from the limits of all.'),
  maxUnits,
  maxValue,
  maxWeight,
  priceCollarBps: positive
    .default(1000)
    .describe('Fat-finger collar: furthest an order price may be from the last price, in basis points. Default 1000.'),
  maxOrderValue: positive
    .optional()
    .describe('Largest value of one order, in the base currency of the scope; no limit where left out.'),
  maxOrdersPerSecond: orderRate
    .default(100)
    .describe(
      'Orders within 1,000 ms, protection and exits counted too, new risk alone refused; 1 to 4,096. Default 100.',
    ),
  maxOrdersPerMinute: orderRate
    .default(1000)
    .describe(
      'Orders within 60,000 ms, protection and exits counted too, new risk alone refused; 1 to 4,096. Default 1000.',
    ),
  maxWorkingOrders: z.int().min(1).default(500).describe('Orders working or on their way at once. Default 500.'),
  shortAllowed: z.boolean().default(true).describe('Whether positions below 0 may be opened. Default true.'),
  stale: z
    .strictObject({
      feedMs: z
        .int()
        .positive()
        .default(2000)
        .describe('Silence of a whole feed, in ms of open market, that makes it stale. Default 2000.'),
      instruments: z
        .record(z.string().min(1), z.int().positive())
        .default({})
        .describe(
          'By symbol: silence in ms of its open market that makes it stale, where it is known how often it speaks.',
        ),
    })
    .prefault({})
    .describe('When data counts as stale. The guard of feeds reads it; the policy itself judges no data.'),
});

/** Options of the standard risk policy after the schema. */
export type StandardRiskOptions = Readonly<z.output<typeof standardRiskOptions>>;
