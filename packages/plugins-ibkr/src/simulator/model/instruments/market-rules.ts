import type { InstrumentDefinition, PriceIncrement } from './instrument-definition.js';

/** Market rules by number: equal bands share one. */
export class MarketRules {
  readonly #ids = new Map<string, number>();
  readonly #rules = new Map<number, readonly PriceIncrement[]>();

  /** The number of an instrument's rule. */
  idOf({ priceIncrements }: InstrumentDefinition): number {
    const key = JSON.stringify(priceIncrements);
    let id = this.#ids.get(key);
    if (id === undefined) {
      this.#ids.set(key, (id = this.#ids.size + 26));
      this.#rules.set(id, priceIncrements);
    }
    return id;
  }

  rule(id: number): readonly PriceIncrement[] | undefined {
    return this.#rules.get(id);
  }
}
