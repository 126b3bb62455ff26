import type { BarPrice, Tick, TickColumns } from '@bookrunner/sdk';

const CODES = { last: 0, mid: 1, bid: 2, ask: 3 } as const satisfies Record<BarPrice, number>;

/** Which price of a tick makes the bars. */
export class TickPrice {
  /** A small integer, so that the hot path compares no strings. */
  private readonly code: number;

  constructor(price: BarPrice) {
    this.code = CODES[price];
  }

  /** NaN where the tick does not carry it. */
  of(tick: Tick): number {
    const { code } = this;
    if (code === CODES.last) return tick.last;
    if (code === CODES.mid) return (tick.bid + tick.ask) / 2;
    return code === CODES.bid ? tick.bid : tick.ask;
  }

  /** Where a block has it: one column, or two whose mean it is. Undefined where it does not carry it. */
  columnsOf({
    bid,
    ask,
    last,
  }: TickColumns): { readonly one: Float64Array; readonly other?: Float64Array } | undefined {
    const { code } = this;
    if (code === CODES.mid) return bid === undefined || ask === undefined ? undefined : { one: bid, other: ask };
    const one = code === CODES.last ? last : code === CODES.bid ? bid : ask;
    return one && { one };
  }
}
