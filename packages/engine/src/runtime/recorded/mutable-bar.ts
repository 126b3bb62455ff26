import type { EpochMs } from '@bookrunner/sdk';
import type { BarEvent } from '../../kernel/event.js';

/** A bar event that is filled in anew for each bar. */
export class MutableBar implements BarEvent {
  readonly kind = 'bar';
  streamIndex: number;
  symbol: string;
  isWarmup = false;
  isLast = false;
  at: EpochMs = 0;
  ts: EpochMs = 0;
  endTs: EpochMs = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  nTicks = Number.NaN;
  vwap = Number.NaN;

  constructor(streamIndex: number, symbol: string) {
    this.streamIndex = streamIndex;
    this.symbol = symbol;
  }
}
