import type { FeedCapabilities, PluginContext } from '@bookrunner/sdk';
import type { Gateway } from '../../session/gateway.js';
import { GatewayFeed } from '../gateway-feed.js';
import { IbkrHistory } from '../history/ibkr-history.js';
import type { IbkrBarFeedOptions } from './bar-feed-options.js';
import { BarData } from './bar-data.js';
import { isTraded } from '../line-requests.js';
import { BAR_SECONDS } from './bar-line.js';

/** What the feed of ready bars can do at any gateway. */
export const IBKR_BAR_FEED_CAPABILITIES: FeedCapabilities = Object.freeze({
  barSeconds: Object.freeze([BAR_SECONDS]),
  historyBars: true,
  historyTicks: true,
});

/**
 * Bars of five seconds that IB makes of every trade or quote, where {@link IbkrFeed} has samples of them. Longer bars are made of
 * these.
 */
export class IbkrBarFeed extends GatewayFeed {
  constructor(context: PluginContext<IbkrBarFeedOptions>, gateway: Gateway) {
    const { options, clock, logger } = context;
    const calendar = (id: string): ReturnType<typeof context.calendar> => context.calendar(id);
    const history = new IbkrHistory({ gateway, clock, logger, options, calendar, hasTrades: isTraded });
    super({
      ...{ context, gateway, capabilities: IBKR_BAR_FEED_CAPABILITIES, history },
      makeData: (reporter) => new BarData({ gateway, clock, logger, options, reporter }),
    });
  }
}
