import { plugin } from './plugin.js';

export default plugin;
export { IBKR_ERRORS } from './ibkr-errors.js';
export { IBKR_FEED_CAPABILITIES, IbkrFeed } from './feed/ibkr-feed.js';
export { IBKR_BAR_FEED_CAPABILITIES, IbkrBarFeed } from './feed/bars/ibkr-bar-feed.js';
export { IBKR_VENUE_CAPABILITIES, IbkrVenue } from './venue/ibkr-venue.js';
export { connectionOptions } from './connection-options.js';
export type { ConnectionOptions } from './connection-options.js';
export { GatewayPool } from './session/gateway-pool.js';
export type { GatewayEnvironment } from './session/gateway-pool.js';
export type { Farm, Gateway, GatewayState, GatewayUser, Lane, Send, SendOutcome } from './session/gateway.js';
export { classify } from './errors/classify.js';
export type { Concern, Consequence, Verdict } from './errors/classify.js';
export { TWS_CODES, twsCode } from './errors/tws-codes.js';
export type { TwsCode, TwsEffect, TwsSource, TwsSubject } from './errors/tws-code.js';
