import type { TargetSlot } from '../execution/target-slot.js';
import type { Portfolio } from '../portfolio/portfolio.js';

/** Rates that are not known now and that an order of a slot is valued or its scopes are measured by, as `USD to EUR`. */
export function missingRates(
  { bookOf, instrument }: TargetSlot,
  portfolio: Portfolio,
  base: string,
): readonly string[] {
  const missing = new Set<string>();
  if (!bookOf.canValue(instrument.quote)) missing.add(`${instrument.quote} to ${bookOf.base}`);
  for (const book of portfolio.books) {
    if (Number.isNaN(book.equity())) {
      for (const currency of book.currencies())
        if (!book.canValue(currency)) missing.add(`${currency} to ${book.base}`);
    }
    if (Number.isNaN(portfolio.rateOf(book.base))) missing.add(`${book.base} to ${base}`);
  }
  return [...missing];
}
