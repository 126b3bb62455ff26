import { type ChangeableTerms, isSameTerms } from './order-terms.js';

/** Terms that an order had: a late copy of them is no change. */
export class PastTerms {
  #past: readonly ChangeableTerms[] = [];

  has(terms: ChangeableTerms): boolean {
    return this.#past.some((old) => isSameTerms(old, terms));
  }

  /** Other terms took the place of these. */
  supersede({ qty, limitPrice, stopPrice }: ChangeableTerms, by: ChangeableTerms): void {
    const old = { qty, limitPrice, stopPrice };
    const others = this.#past.filter((one) => !isSameTerms(one, by));
    this.#past = isSameTerms(old, by) || this.has(old) ? others : [...others, old];
  }
}
