// Price steps of a contract at the exchange its orders go to.
import type { PriceStepRow } from '@bookrunner/sdk';
import type { ContractDetails, PriceIncrement } from '@stoqey/ib';
import { stepFromIb } from './ib-numbers.js';

/** Id of the market rule of an exchange; undefined where IB names none. `validExchanges` and `marketRuleIds` are parallel lists. */
export function marketRuleOf(details: ContractDetails, exchange: string): number | undefined {
  const exchanges = (details.validExchanges ?? '').split(',');
  const rules = (details.marketRuleIds ?? '').split(',');
  const at = exchanges.findIndex((name) => name.trim() === exchange);
  const rule = Number(rules[at] ?? '');
  return at >= 0 && Number.isInteger(rule) && rule > 0 ? rule : undefined;
}

/** Bands of a market rule in the quote currency, ascending; what has no positive step is left out. */
export function priceBands(increments: readonly PriceIncrement[], priceMagnifier: number): readonly PriceStepRow[] {
  const rows = increments
    .map(({ lowEdge, increment }) => ({
      from: stepFromIb(lowEdge, priceMagnifier),
      step: stepFromIb(increment, priceMagnifier),
    }))
    .filter(({ from, step }) => Number.isFinite(from) && step > 0)
    .toSorted((a, b) => a.from - b.from);
  return rows.filter((row, i) => row.from !== rows[i - 1]?.from);
}
