import type { Currency } from '@bookrunner/sdk';
import type { InstrumentState } from './instrument-state.js';

interface Leg {
  readonly state: InstrumentState;
  readonly isInverse: boolean;
}

/** Converts by the last prices of declared FX instruments: direct, inverse, or over one or more crosses (fewest legs). */
export class CurrencyConverter {
  private readonly pairs: readonly InstrumentState[];
  readonly #paths = new Map<string, readonly Leg[] | undefined>();

  constructor(instruments: readonly InstrumentState[]) {
    this.pairs = instruments.filter(
      (state) => state.instrument.assetClass === 'fx' && state.instrument.base !== undefined,
    );
  }

  /** Units of `to` for one unit of `from`; NaN where no path exists or a price on it is not known yet. */
  rate(from: Currency, to: Currency): number {
    if (from === to) return 1;
    let rate = 1;
    for (const leg of this.#path(from, to) ?? []) rate *= leg.isInverse ? 1 / leg.state.price : leg.state.price;
    return this.#path(from, to) === undefined ? Number.NaN : rate;
  }

  #path(from: Currency, to: Currency): readonly Leg[] | undefined {
    const key = `${from}/${to}`;
    if (!this.#paths.has(key)) this.#paths.set(key, this.#search(from, to));
    return this.#paths.get(key);
  }

  /** Breadth first, instruments in declared order, so that equal set-ups take equal paths. */
  #search(from: Currency, to: Currency): readonly Leg[] | undefined {
    const queue: { currency: Currency; legs: readonly Leg[] }[] = [{ currency: from, legs: [] }];
    const seen = new Set([from]);
    for (const { currency, legs } of queue) {
      if (currency === to) return legs;
      for (const state of this.pairs) {
        const { base, quote } = state.instrument;
        const next = base === currency ? quote : quote === currency ? base : undefined;
        if (next === undefined || seen.has(next)) continue;
        seen.add(next);
        queue.push({ currency: next, legs: [...legs, { state, isInverse: quote === currency }] });
      }
    }
    return undefined;
  }
}
