import { sizeGrid } from '../accounts/amounts.js';
import type { Market } from '../market/market.js';
import type { ComboLeg } from './order-record.js';

/** What an order can trade against. Prices are NaN where there is no quote; `lots` are increments of what the order trades. */
export interface Liquidity {
  readonly bid: number;
  readonly ask: number;
  available(isBuy: boolean): number;
  take(isBuy: boolean, lots: number): void;
}

/** The quote of one market. */
export class QuotedLiquidity implements Liquidity {
  readonly #market: Market;

  constructor(market: Market) {
    this.#market = market;
  }

  get bid(): number {
    return this.#price('bid');
  }

  get ask(): number {
    return this.#price('ask');
  }

  available(isBuy: boolean): number {
    return sizeGrid(this.#market.instrument).toSteps(this.#market.available(isBuy ? 'ask' : 'bid'), 'down');
  }

  take(isBuy: boolean, lots: number): void {
    this.#market.take(isBuy ? 'ask' : 'bid', sizeGrid(this.#market.instrument).toValue(lots));
  }

  #price(side: 'bid' | 'ask'): number {
    const price = this.#market.now[side];
    return price === -1 ? Number.NaN : price;
  }
}

/** The quotes of all legs at once: the price is the sum, which may be below zero. */
export class ComboLiquidity implements Liquidity {
  /** `perCombo`: increments of the leg for one combination. */
  readonly #legs: readonly (ComboLeg & { readonly quote: QuotedLiquidity; readonly perCombo: number })[];

  constructor(legs: readonly ComboLeg[], marketOf: (leg: ComboLeg) => Market) {
    this.#legs = legs.map((leg) => ({
      ...leg,
      quote: new QuotedLiquidity(marketOf(leg)),
      perCombo: sizeGrid(leg.instrument).toSteps(leg.ratio),
    }));
  }

  get bid(): number {
    return this.#net(false);
  }

  get ask(): number {
    return this.#net(true);
  }

  available(isBuy: boolean): number {
    return Math.min(
      ...this.#legs.map(({ quote, perCombo, isBuy: buysLeg }) =>
        Math.floor(quote.available(buysLeg === isBuy) / perCombo),
      ),
    );
  }

  take(isBuy: boolean, lots: number): void {
    for (const { quote, perCombo, isBuy: buysLeg } of this.#legs) quote.take(buysLeg === isBuy, lots * perCombo);
  }

  /** Price of each leg when the combination is bought or sold now. */
  legPrices(isBuy: boolean): readonly number[] {
    return this.#legs.map(({ quote, isBuy: buysLeg }) => (buysLeg === isBuy ? quote.ask : quote.bid));
  }

  #net(isBuy: boolean): number {
    const prices = this.legPrices(isBuy);
    const sum = this.#legs.reduce(
      (net, { ratio, isBuy: buysLeg }, i) => net + (buysLeg ? ratio : -ratio) * prices[i]!,
      0,
    );
    return Math.round(sum * 1e8) / 1e8;
  }
}
