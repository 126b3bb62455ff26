import { API_VERSION, definePlugin } from '@bookrunner/sdk';
import { ibkrBarFeedOptions } from './feed/bars/bar-feed-options.js';
import { IBKR_BAR_FEED_CAPABILITIES, IbkrBarFeed } from './feed/bars/ibkr-bar-feed.js';
import { ibkrFeedOptions } from './feed/feed-options.js';
import { IBKR_FEED_CAPABILITIES, IbkrFeed } from './feed/ibkr-feed.js';
import { gatewayPool } from './session/gateway-pool.js';
import { IBKR_VENUE_CAPABILITIES, IbkrVenue } from './venue/ibkr-venue.js';
import { ibkrVenueOptions } from './venue/venue-options.js';

/**
 * Interactive Brokers as a plugin. Feed and venue with the same host, port and client id share one connection. Listing the plugin
 * connects to nothing and does not load the TWS library.
 */
export const plugin = definePlugin({
  id: 'ibkr',
  apiVersion: API_VERSION,
  feeds: {
    ibkr: {
      capabilities: IBKR_FEED_CAPABILITIES,
      options: ibkrFeedOptions,
      create: (context) => new IbkrFeed(context, gatewayPool.gateway(context.options, context)),
    },
    'ibkr-bars': {
      capabilities: IBKR_BAR_FEED_CAPABILITIES,
      options: ibkrBarFeedOptions,
      create: (context) => new IbkrBarFeed(context, gatewayPool.gateway(context.options, context)),
    },
  },
  venues: {
    ibkr: {
      capabilities: IBKR_VENUE_CAPABILITIES,
      options: ibkrVenueOptions,
      create: (context) => new IbkrVenue(context, gatewayPool.gateway(context.options, context)),
    },
  },
});
