import type { BarPrice, Tick, TickColumns } from '@bookrunner/sdk';

/** A {@link BarPrice} as a small integer, so that the hot path compares no strings. */
export type PriceCode = number;

const CODES = { last: 0, mid: 1, bid: 2, ask: 3 } as const satisfies Record<BarPrice, PriceCode>;

/** Code of a price kind. */
export function priceCode(price: BarPrice): PriceCode {
  return CODES[price];
}

/** The price of a tick that `code` names; NaN where the tick does not carry it. */
export function readPrice(tick: Tick, code: PriceCode): number {
  if (code === CODES.last) return tick.last;
  if (code === CODES.mid) return (tick.bid + tick.ask) / 2;
  return code === CODES.bid ? tick.bid : tick.ask;
}

/** Where a block has the prices that `code` names: one column, or two whose mean they are. Undefined where it does not carry them. */
export function priceColumns(
  { bid, ask, last }: TickColumns,
  code: PriceCode,
): { readonly one: Float64Array; readonly other?: Float64Array } | undefined {
  if (code === CODES.mid) return bid === undefined || ask === undefined ? undefined : { one: bid, other: ask };
  const one = code === CODES.last ? last : code === CODES.bid ? bid : ask;
  return one && { one };
}
