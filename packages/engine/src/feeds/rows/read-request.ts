import type { EpochMs, MarketCalendar, RejectedRow } from '@bookrunner/sdk';
import type { RejectionTotals } from './rejected-rows.js';

/** What to read, apart from how the file is written. */
export interface ReadRequest {
  readonly symbol: string;
  /** Needed for times that are dates and for `outsideSession: drop`. */
  readonly calendar?: MarketCalendar | undefined;
  /** From this instant on, inclusive. */
  readonly from?: EpochMs | undefined;
  /** Up to this instant, exclusive; reading ends with the first row at or after it. */
  readonly to?: EpochMs | undefined;
  /** Hears of every row left out by `onBadRow: skip`. */
  readonly onRejected?: ((row: RejectedRow) => void) | undefined;
  /** How much of a file has been read, and all of it: bytes of CSV files, rows of Parquet files. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Rows of a block; 16,384 unless told otherwise. */
  readonly blockRows?: number | undefined;
}

/** What a reading did, so far. */
export interface ReadTotals extends RejectionTotals {
  /** Rows delivered. */
  readonly rows: number;
  readonly beforeRange: number;
  readonly outsideSession: number;
  readonly otherSymbols: number;
}
