import type { EpochMs, HistoryBlock } from '@bookrunner/sdk';
import type { Driver } from '../driver.js';

/** Where the rows of one stream come from, block by block. */
export type BlockSource = Iterator<HistoryBlock> | AsyncIterator<HistoryBlock>;

/**
 * What a merge takes turns between. `at` and `rank` say when its next event comes: at one instant closes come first (small bars
 * before large), then opens, then ticks, each in declared order.
 */
export interface MergeEntry {
  /** When the next event comes; infinity when a new block is needed or the stream has ended. */
  readonly at: EpochMs;
  readonly rank: number;
  /** Whether a further block has to be asked for. */
  readonly isStarved: boolean;
  /** Delivers events as long as none of the others comes first. */
  run(driver: Driver, otherAt: EpochMs, otherRank: number): void;
}

/** One recorded stream on its way through the driver. */
export interface StreamCursor extends MergeEntry {
  readonly source: BlockSource;
  readonly symbol: string;
  /** First and last instant seen, and rows read. */
  readonly from: EpochMs;
  readonly rows: number;
  /** Start of the row delivered last; anything before the first. */
  readonly lastTs: EpochMs;
  take(block: HistoryBlock | undefined): void;
}

/** Ranks at one instant: closes by their order below this, then opens, then ticks. */
export const OPEN_RANK = 1e6;
export const TICK_RANK = 2e6;

/** What a cursor is made for. */
export interface CursorSetup {
  readonly symbol: string;
  readonly instrumentIndex: number;
  /** Stream of ready bars; -1 for ticks. */
  readonly streamIndex: number;
  readonly barMs: number;
  /** Place among the streams of its kind: small bars first, then as declared. */
  readonly order: number;
  readonly closeDelayMs: number;
  /** Rows that start before this instant only warm features up. */
  readonly tradeFrom: EpochMs;
  /** Ticks lie before what the run has seen: the kernel alone sees them. */
  readonly isPast?: boolean;
  readonly source: BlockSource;
}
