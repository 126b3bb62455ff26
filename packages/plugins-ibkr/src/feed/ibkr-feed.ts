import type { FeedCapabilities, PluginContext } from '@bookrunner/sdk';
import type { Gateway } from '../session/gateway.js';
import type { IbkrFeedOptions } from './feed-options.js';
import { GatewayFeed } from './gateway-feed.js';
import { IbkrHistory } from './history/ibkr-history.js';
import { tradeSourceOf } from './line-requests.js';
import { MarketData } from './market-data.js';

/** What the feed can do at any gateway. */
export const IBKR_FEED_CAPABILITIES: FeedCapabilities = Object.freeze({
  quotes: true,
  trades: true,
  historyBars: true,
  historyTicks: true,
});

/**
 * Market data of Interactive Brokers: quotes and trades as they come, bars and ticks of the past. One market-data line at IB for
 * each instrument, however many subscribe it.
 */
export class IbkrFeed extends GatewayFeed {
  constructor(context: PluginContext<IbkrFeedOptions>, gateway: Gateway) {
    const { options, clock, logger } = context;
    super({
      ...{ context, gateway, capabilities: IBKR_FEED_CAPABILITIES },
      history: new IbkrHistory({
        ...{ gateway, clock, logger, options, calendar: (id) => context.calendar(id) },
        hasTrades: ({ secType }) => tradeSourceOf(secType, options) !== 'none',
      }),
      makeData: (reporter) => new MarketData({ gateway, clock, logger, options, reporter }),
    });
  }
}
