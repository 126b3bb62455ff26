// Phase match: what strategies need against what feeds and venues say they can.
import type { FeedCapabilities, VenueCapabilities } from '@bookrunner/sdk';
import type { ConfigPath } from '../config/config-errors.js';
import type { EngineConfig, RouteConfig } from '../config/engine-config.js';
import { isRecord } from '../config/plain-value.js';
import type { RunMode } from './load-plugins.js';
import { routeFailure } from './match-brokers.js';
import { failureAt, stopOnFailures } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import type { ResolvedStrategy, ResolvedUse, ResolvedUses } from './resolve-uses.js';

/**
 * Checks every strategy against its feed and its venues. In backtest and paper, orders go to a simulated venue whatever the routes
 * say, so only live asks the routed venues.
 * Errors: PLUGIN_BOOT_FAILED with CAPABILITY_MISSING, all at once.
 */
export function matchCapabilities(config: EngineConfig, uses: ResolvedUses, mode: RunMode): void {
  const failures: PhaseFailure[] = [];
  const add = (path: ConfigPath, message: string): void => {
    failures.push(failureAt({ phase: 'match', source: config.source }, path, { code: 'CAPABILITY_MISSING', message }));
  };
  for (const strategy of uses.strategies.values()) {
    const feed = uses.feeds.get(strategy.config.feed);
    if (feed === undefined) continue;
    const path = ['strategies', strategy.name];
    if (mode === 'backtest' && feed.contribution.capabilities.finite !== true) {
      add([...path, 'feed'], `feed '${feed.name}' never ends and cannot drive a backtest.`);
    }
    for (const bars of strategy.bars) {
      const lack = barsLack(feed.contribution.capabilities, bars);
      if (lack !== undefined) add(bars.path, `feed '${feed.name}' ${lack}.`);
    }
    if (mode !== 'live') continue;
    for (const [symbol, name] of venuesOf(config, strategy)) {
      const venue = uses.venues.get(name);
      const lack = venue === undefined ? undefined : entryLack(venue.contribution.capabilities, strategy);
      if (lack !== undefined) add([...path, 'entry'], `venue '${name}', where ${symbol} is traded, ${lack}.`);
      const astray = routeFailure(config, [...path, 'book'], { symbol, book: strategy.config.book, venue: name });
      if (astray !== undefined) failures.push(astray);
    }
  }
  stopOnFailures(failures);
}

/** What the feed lacks for these bars; undefined if nothing. */
function barsLack(feed: FeedCapabilities, bars: ResolvedUse<'bar-builder'>): string | undefined {
  const options: Readonly<Record<string, unknown>> = isRecord(bars.options) ? bars.options : {};
  if (bars.use === 'time' && deliversBars(feed, options['seconds'])) return undefined;
  if (feed.quotes !== true && feed.trades !== true) return barsOnlyLack(feed, bars.use);
  const lack = priceLack(feed, options['price']);
  if (lack !== undefined) return lack;
  const needsTrades = bars.use === 'volume' || bars.use === 'value';
  return needsTrades && feed.trades !== true ? `has no trades, which ${bars.use} bars are made of` : undefined;
}

/** Why the feed has no such price; undefined if it has. */
function priceLack(feed: FeedCapabilities, price: unknown): string | undefined {
  if (price === 'last' && feed.trades !== true) {
    return 'has quotes and no trades, so there is no last price; say price: mid in the options of the bars';
  }
  if ((price === 'mid' || price === 'bid' || price === 'ask') && feed.quotes !== true) {
    return `has trades and no quotes, so there is no ${price} price; say price: last in the options of the bars`;
  }
  return undefined;
}

function barsOnlyLack(feed: FeedCapabilities, use: string): string {
  if (feed.barSeconds === undefined) return 'delivers neither ticks nor bars';
  if (use !== 'time') return `delivers bars and no ticks, which ${use} bars are made of`;
  return `delivers bars of ${feed.barSeconds.join(', ')} seconds and no ticks; longer bars have to be multiples of one of these`;
}

/** Whether ready bars of the feed are, or add up to, bars of this length. */
function deliversBars(feed: FeedCapabilities, seconds: unknown): boolean {
  if (feed.barSeconds === undefined) return false;
  // An empty list means whatever length the source holds: only the data can tell.
  if (feed.barSeconds.length === 0 || typeof seconds !== 'number') return true;
  return feed.barSeconds.some((ready) => seconds % ready === 0);
}

/** What the venue lacks for the strategy's entry orders; undefined if nothing. */
function entryLack(venue: VenueCapabilities, strategy: ResolvedStrategy): string | undefined {
  const { tif } = strategy.config.entry;
  if (!venue.orderTypes.includes('market'))
    return 'takes no market orders, which entries and exits are unless told otherwise';
  if (!venue.timeInForce.includes(tif)) return `takes no ${tif} orders, only ${venue.timeInForce.join(', ')}`;
  return undefined;
}

/** The first symbol of the strategy at each venue it reaches. */
function venuesOf(config: EngineConfig, strategy: ResolvedStrategy): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>();
  for (const symbol of strategy.config.symbols) {
    const venue = venueOf(config, strategy, symbol);
    if (venue !== undefined && !seen.has(venue)) seen.set(venue, symbol);
  }
  return [...seen].map(([venue, symbol]) => [symbol, venue] as const);
}

/** The venue an order of a strategy in a symbol goes to: the first route that matches, else that of the book's account. */
export function venueOf(
  config: EngineConfig,
  strategy: Pick<ResolvedStrategy, 'name' | 'config'>,
  symbol: string,
): string | undefined {
  const { book } = strategy.config;
  const order = { symbol, strategy: strategy.name, book, assetClass: config.instruments[symbol]?.assetClass };
  const route = config.routes.find(({ match }) => isMatch(match, order));
  const account = config.books[book]?.account;
  return route?.venue ?? (account === undefined ? undefined : config.accounts[account]?.venue);
}

function isMatch(
  match: RouteConfig['match'],
  order: {
    readonly symbol: string;
    readonly strategy: string;
    readonly book: string;
    readonly assetClass: string | undefined;
  },
): boolean {
  return (
    (match.symbols === undefined || match.symbols.includes(order.symbol)) &&
    (match.assetClass === undefined || match.assetClass === order.assetClass) &&
    (match.strategy === undefined || match.strategy === order.strategy) &&
    (match.book === undefined || match.book === order.book)
  );
}
