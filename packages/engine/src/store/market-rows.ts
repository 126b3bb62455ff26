// What the store holds of the market: the SDK's ticks and bars with what makes a repeat recognisable.
import type { Bar, Tick } from '@bookrunner/sdk';

/** One bar. Key: symbol, timeframe, start. NaN where the SDK says so, NULL in the database. */
export interface StoredBar extends Bar {
  /** Name of the bar stream, as the catalog has it: `1m`, `tick-100`. */
  readonly timeframe: string;
}

/** One tick. Key: symbol, venue, instant, sequence. */
export interface StoredTick extends Tick {
  /** Tells ticks of one instant apart and orders them: the journal offset, or the feed's own number. */
  readonly sequence: bigint;
}
