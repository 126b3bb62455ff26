// What live trading needs besides the entry orders: routes that lead to the account, and protection.
import type { VenueCapabilities } from '@bookrunner/sdk';
import type { ConfigPath } from '../config/config-errors.js';
import { type EngineConfig, SIMULATED } from '../config/engine-config.js';
import { failureAt } from './plugin-errors.js';
import type { PhaseFailure } from './plugin-errors.js';
import type { ResolvedUses } from './resolve-uses.js';

/** Books and strategies whose orders are routed to a venue where their account is not. */
export function routeFailure(
  config: EngineConfig,
  path: ConfigPath,
  route: {
    readonly symbol: string;
    readonly book: string;
    readonly venue: string;
  },
): PhaseFailure | undefined {
  const { symbol, book, venue } = route;
  const account = config.books[book]?.account ?? '';
  const at = config.accounts[account]?.venue;
  if (at === undefined || at === venue) return undefined;
  return failureAt({ phase: 'match', source: config.source }, path, {
    code: 'CAPABILITY_MISSING',
    message: `orders in ${symbol} are routed to venue '${venue}', and account '${account}' of book '${book}' is at '${at}'.`,
    remedy: `Let the book name an account at '${venue}', or route the symbol to '${at}'.`,
  });
}

/** What a strategy may ask of a broker that the broker cannot do: strategies say so only while they run. One warning a venue. */
export function brokerWarnings(config: EngineConfig, uses: Pick<ResolvedUses, 'venues'>): readonly PhaseFailure[] {
  const used = new Set(Object.values(config.books).map(({ account }) => config.accounts[account]?.venue));
  return [...uses.venues.values()].flatMap((venue) => {
    const lacks = venue.use === SIMULATED || !used.has(venue.name) ? [] : lacksOf(venue.contribution.capabilities);
    if (lacks.length === 0) return [];
    const message = `venue '${venue.name}' ${lacks.join('; it ')}.`;
    const remedy = 'Keep to strategies that do without, or trade them at another venue.';
    return [
      failureAt({ phase: 'match', source: config.source }, venue.path, { code: 'CAPABILITY_MISSING', message, remedy }),
    ];
  });
}

function lacksOf({ orderTypes, timeInForce, oco, shortSale }: VenueCapabilities): readonly string[] {
  const hasStop = orderTypes.includes('stop') || orderTypes.includes('trailing-stop');
  return [
    ...(timeInForce.includes('GTC') ? [] : ['takes no GTC orders, which protection is']),
    ...(hasStop ? [] : ['takes no stop orders, so positions cannot be protected by a stop']),
    ...(orderTypes.includes('limit') ? [] : ['takes no limit orders, so there is no take-profit']),
    ...(oco === true ? [] : ['has no OCO groups, so protection of both a stop and a take-profit is refused']),
    ...(shortSale === true ? [] : ['sells nothing short, so a target below zero is refused']),
  ];
}
