import { z } from 'zod';
import { connectionOptions } from '../connection-options.js';

/** Options of the feed in engine.yaml. */
export const ibkrFeedOptions = z.strictObject({
  ...connectionOptions.shape,
  contracts: z
    .string()
    .min(1)
    .optional()
    .describe("Whose block under an instrument's `venues` names the contract; the feed's own name unless given."),
  marketData: z
    .enum(['live', 'delayed', 'delayed-if-needed'])
    .default('live')
    .describe(
      'live: nothing but live data is delivered. delayed: delayed data where the login has no live data. delayed-if-needed: asked for live first, for each instrument.',
    ),
  quotes: z
    .enum(['top-of-book', 'tick-by-tick'])
    .default('top-of-book')
    .describe('top-of-book: sampled by IB, up to 100 instruments. tick-by-tick: every change, for a few instruments.'),
  trades: z
    .enum(['rt-volume', 'last', 'tick-by-tick', 'tick-by-tick-all', 'none'])
    .default('rt-volume')
    .describe(
      'rt-volume: trades with their time, sampled. last: price and size of the last trade, sampled. tick-by-tick: every trade; -all: also those that exchanges do not count. Delayed data has `last` only.',
    ),
  quoteWaitMs: z
    .number()
    .min(0)
    .max(1_000)
    .default(2)
    .describe('Bid, ask and their sizes arrive apart: longest wait in ms for the other parts of a quote.'),
  hours: z
    .enum(['by-type', 'regular', 'all'])
    .default('by-type')
    .describe(
      'Hours of history. by-type: regular ones for stocks, options, indices, bonds and CFDs, all for the others.',
    ),
  historySmallBarPages: z
    .int()
    .min(1)
    .max(10_000)
    .default(40)
    .describe(
      'Longest history of bars of 30 s and less, in requests: IB allows 60 in ten minutes, and 20 of them are kept for histories of up to an hour.',
    ),
  historyTickPages: z
    .int()
    .min(1)
    .max(600)
    .default(20)
    .describe(
      'Longest history of ticks, in requests of some 1,000: IB allows 60 in ten minutes, of which one for quotes counts twice.',
    ),
});

/** Options of the feed, complete. */
export type IbkrFeedOptions = z.output<typeof ibkrFeedOptions>;
