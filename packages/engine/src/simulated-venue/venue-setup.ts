import type { Instrument, MarketCalendar } from '@bookrunner/sdk';
import { nearMiss } from '../config/near-miss.js';
import { simulatedVenueError } from './errors.js';
import { hearsLiquidations } from './liquidation-listener.js';
import type { CurrencyConversion } from './margin.js';
import type { SimulatedVenueOptions } from './options.js';
import type { AccountSetup } from './venue-account.js';
import type { VenueListener } from './venue-listener.js';

/** What a simulated venue trades, for whom, and whom it tells. */
export interface SimulatedVenueSetup {
  readonly instruments: readonly Instrument[];
  /** Calendar of each instrument, at the same index. */
  readonly calendars: readonly MarketCalendar[];
  /** Accounts it knows; absent means that every account name is good and starts with `initialCash`. */
  readonly accounts?: readonly AccountSetup[];
  readonly listener: VenueListener;
  /** Exchange rates for equity and margin of accounts that trade in other currencies than their own. */
  readonly conversion?: CurrencyConversion;
  /**
   * Nobody saves its state or asks for a snapshot, as in a backtest: no executions are kept for that, and of accounts without margin
   * only the positions.
   */
  readonly isTransient?: boolean;
}

/** Refuses a setup that cannot work, with all its faults. Errors: SIMULATED_VENUE_SETUP_INVALID. */
export function checkSetup(options: SimulatedVenueOptions, setup: SimulatedVenueSetup): void {
  const { instruments, calendars, listener, accounts, conversion } = setup;
  const faults: string[] = [];
  const symbols = new Set(instruments.map((instrument) => instrument.symbol));
  if (calendars.length !== instruments.length) faults.push('each instrument needs its calendar at the same index');
  if (symbols.size !== instruments.length) faults.push('a symbol is declared twice');
  for (const symbol of Object.keys(options.instruments)) {
    if (!symbols.has(symbol)) faults.push(unknownSymbol(symbol, symbols));
  }
  if (options.margin?.onCall === 'liquidate' && !hearsLiquidations(listener)) {
    faults.push('margin.onCall is liquidate, and the listener has no liquidated method');
  }
  const quotes = new Set(instruments.map((instrument) => instrument.quote));
  const isMixed = (accounts ?? []).some((account) => [...quotes].some((quote) => quote !== account.currency));
  if (options.margin !== undefined && conversion === undefined && isMixed) {
    faults.push('margin of an account in another currency than its instruments needs exchange rates');
  }
  if (faults.length > 0) {
    throw simulatedVenueError('SIMULATED_VENUE_SETUP_INVALID', `Simulated venue: ${faults.join('; ')}.`);
  }
}

function unknownSymbol(symbol: string, known: ReadonlySet<string>): string {
  const near = nearMiss(symbol, known);
  const hint = near === undefined ? '' : ` (did you mean '${near}'?)`;
  return `options.instruments names '${symbol}', which is not an instrument${hint}`;
}
