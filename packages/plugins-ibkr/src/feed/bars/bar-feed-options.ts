import { z } from 'zod';
import { connectionOptions } from '../../connection-options.js';
import { ibkrFeedOptions } from '../feed-options.js';

/** Options of the feed of ready bars in engine.yaml. */
export const ibkrBarFeedOptions = z.strictObject({
  ...connectionOptions.shape,
  contracts: ibkrFeedOptions.shape.contracts,
  hours: ibkrFeedOptions.shape.hours,
  historySmallBarPages: ibkrFeedOptions.shape.historySmallBarPages,
  historyTickPages: ibkrFeedOptions.shape.historyTickPages,
  price: z
    .enum(['last', 'mid', 'bid', 'ask'])
    .default('last')
    .describe('Which price makes the bars. Currency pairs and CFDs have no trades: mid, bid or ask.'),
});

/** Options of the feed of ready bars, complete. */
export type IbkrBarFeedOptions = z.output<typeof ibkrBarFeedOptions>;
