import type { EpochMs, HistoryBlock } from '@bookrunner/sdk';
import { ROW_FAULT } from './row-fault.js';
import type { RowFault } from './row-fault.js';
import type { SessionFilter } from './session-filter.js';

/** Rows of a block unless told otherwise: six columns of it fit a processor's second-level cache. */
export const DEFAULT_BLOCK_ROWS = 16_384;

/** What a builder does with good rows, for bars and ticks alike. */
export interface BlockBuilderOptions {
  readonly symbol: string;
  /** Names of the columns the source has; the others stay absent. */
  readonly present: readonly string[];
  readonly blockRows?: number | undefined;
  /** Rows before it are left out without a word: they were not asked for. */
  readonly from?: EpochMs | undefined;
  /** The first row at or after it ends the reading. */
  readonly to?: EpochMs | undefined;
  /** Leaves out, and counts, rows outside every session. */
  readonly sessions?: SessionFilter | undefined;
  /** Takes prices of zero and below. */
  readonly allowNonPositive?: boolean | undefined;
  /** Takes quotes with the bid above the ask. */
  readonly allowCrossed?: boolean | undefined;
}

/**
 * Rows become blocks of columns. A reader writes the values of one row into `columns[slot][row]`, or, which is the same, into
 * `values[places[slot] + row]`, and calls {@link accept}, which judges the row and keeps it, leaves it out (not asked for) or
 * answers its fault. Full blocks are collected in `ready`; every block has an array of its own, because columns belong to their
 * receiver.
 */
export abstract class BlockBuilder {
  /** The columns of the block, one after the other in the order of their slots. */
  values: Float64Array;
  /** The same by slot; slots without a column in the source hold an array nobody reads. */
  columns: Float64Array[];
  /** Where a slot's column begins in `values`; -1 for a slot without one. */
  readonly places: Int32Array;
  /** Index of the row being written. */
  row = 0;
  /** Time of the last good row, NaN before the first. */
  previousTs: EpochMs = Number.NaN;
  /** Whether a row at or after `to` was seen: the rest was not asked for. */
  isDone = false;
  /** Rows delivered, rows before `from`, rows outside every session. */
  rows = 0;
  beforeRange = 0;
  outsideSession = 0;
  ready: HistoryBlock[] = [];

  readonly symbol: string;
  /** Names of the columns the source has. */
  readonly present: readonly string[];
  readonly blockRows: number;
  protected readonly allowNonPositive: boolean;
  protected readonly allowCrossed: boolean;
  private readonly valueCount: number;
  private readonly from: number;
  private readonly to: number;
  private readonly sessions: SessionFilter | undefined;

  /** `slots` says of each slot whether it has a column. */
  protected constructor(slots: readonly boolean[], options: BlockBuilderOptions) {
    this.symbol = options.symbol;
    this.present = options.present;
    this.blockRows = options.blockRows ?? DEFAULT_BLOCK_ROWS;
    this.allowNonPositive = options.allowNonPositive ?? false;
    this.allowCrossed = options.allowCrossed ?? false;
    this.from = options.from ?? Number.NEGATIVE_INFINITY;
    this.to = options.to ?? Number.POSITIVE_INFINITY;
    this.sessions = options.sessions;
    let columns = 0;
    this.places = Int32Array.from(slots, (has) => (has ? this.blockRows * columns++ : -1));
    this.valueCount = this.blockRows * columns;
    this.values = new Float64Array(this.valueCount);
    this.columns = this.#columns();
  }

  /** Judges the values written at `row`; 0 when the row is good, and then either kept or left out as not asked for. */
  accept(): RowFault {
    const { row } = this;
    const fault = this.judge(row);
    if (fault !== ROW_FAULT.none) return fault;
    // The time is the first column.
    const ts = this.values[row]!;
    const availableTs = this.availableAt(row, ts);
    if (availableTs >= this.to) {
      this.isDone = true;
      return ROW_FAULT.none;
    }
    this.previousTs = ts;
    if (availableTs < this.from) this.beforeRange += 1;
    else if (this.sessions !== undefined && !this.sessions.isOpen(ts)) this.outsideSession += 1;
    else {
      this.row = row + 1;
      if (this.row === this.blockRows) this.flush();
    }
    return ROW_FAULT.none;
  }

  /** Hands over the rows of the last, partly filled block. */
  flush(): void {
    if (this.row > 0) {
      this.ready.push(this.block(this.row));
      this.rows += this.row;
    }
    this.row = 0;
    this.values = new Float64Array(this.valueCount);
    this.columns = this.#columns();
  }

  /** Goes on behind a builder of a source with other columns: its rows are counted here, and its blocks come first. */
  follow(builder: BlockBuilder): void {
    builder.flush();
    this.ready = [...builder.take()];
    this.previousTs = builder.previousTs;
    this.isDone = builder.isDone;
    this.rows = builder.rows;
    this.beforeRange = builder.beforeRange;
    this.outsideSession = builder.outsideSession;
  }

  /** Takes the blocks that are ready. */
  take(): readonly HistoryBlock[] {
    const blocks = this.ready;
    if (blocks.length > 0) this.ready = [];
    return blocks;
  }

  /** A sentence, without full stop, saying what is wrong with the row being written. */
  abstract describe(fault: RowFault): string;
  /** The fault of a row; 0 when it is good. May bring its time to whole milliseconds. */
  protected abstract judge(row: number): RowFault;
  /** The time that orders a row and is compared with the range: when it was received, where that is known, else `ts`. */
  protected availableAt(_row: number, ts: EpochMs): EpochMs {
    return ts;
  }

  /** The first `length` rows as a block. */
  protected abstract block(length: number): HistoryBlock;

  #columns(): Float64Array[] {
    return Array.from(this.places, (place) =>
      place < 0 ? new Float64Array(0) : this.values.subarray(place, place + this.blockRows),
    );
  }
}
