import type { FeatureBank } from './feature-bank.js';

/** A reader of one stream: features first, then the strategy is told. */
export interface StreamConsumer {
  readonly bank: FeatureBank;
  /** Features of the strategy's sizer; undefined where it has none here. */
  readonly sizerBank: FeatureBank | undefined;
  readonly runner: BarListener;
  readonly symbolIndex: number;
  readonly timeframe: number;
}

/** Told that a bar closed, after the features took it. */
export interface BarListener {
  barClosed(symbolIndex: number, timeframe: number): void;
}
