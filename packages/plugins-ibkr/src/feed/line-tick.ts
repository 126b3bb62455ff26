import type { EpochMs, Tick } from '@bookrunner/sdk';

/** The one tick of a line, filled anew for every row: receivers copy what they keep. */
export class LineTick implements Tick {
  ts: EpochMs = Number.NaN;
  recvTs: EpochMs = Number.NaN;
  readonly symbol: string;
  readonly venue: string;
  bid = Number.NaN;
  ask = Number.NaN;
  bidSize = Number.NaN;
  askSize = Number.NaN;
  last = Number.NaN;
  size = Number.NaN;

  constructor(symbol: string, venue: string) {
    this.symbol = symbol;
    this.venue = venue;
  }
}
