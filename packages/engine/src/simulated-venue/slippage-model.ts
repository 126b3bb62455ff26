import { priceStepAt, type Instrument } from '@bookrunner/sdk';
import type { SlippageOptions } from './options.js';

/** What the market looked like when a fill takes liquidity. */
export interface SlippageMarket {
  /** Units traded in the bar or tick, or quoted at the tick; 0 or NaN where not known. */
  readonly volume: number;
  /** Ask minus bid, in price. */
  readonly spread: number;
}

/** Says by how much a fill that takes liquidity is worse than the price it was matched at. */
export class SlippageModel {
  /** Whether fills never slip. */
  readonly isNone: boolean;
  /** Whether the model needs {@link SlippageMarket.volume}. */
  readonly usesVolume: boolean;
  private readonly options: SlippageOptions;
  private readonly instrument: Instrument;

  constructor(options: SlippageOptions, instrument: Instrument) {
    this.isNone = options.model === 'none';
    this.usesVolume = options.model === 'volume-impact';
    this.options = options;
    this.instrument = instrument;
  }

  /** Distance from the matched price, in price and not below 0; `qty` in units. */
  distance(price: number, qty: number, market: SlippageMarket): number {
    const options = this.options;
    switch (options.model) {
      case 'none':
        return 0;
      case 'ticks':
        return options.ticks * priceStepAt(this.instrument, price);
      case 'bps':
        return Math.abs(price) * options.bps * 1e-4;
      case 'spread':
        return options.share * market.spread;
      case 'volume-impact': {
        // Unknown volume counts as a market that trades just this quantity.
        const participation = market.volume > 0 ? qty / market.volume : 1;
        return Math.abs(price) * options.impactBps * 1e-4 * participation ** options.exponent;
      }
    }
  }
}
