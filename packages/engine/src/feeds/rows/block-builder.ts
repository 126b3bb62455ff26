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
 * Rows become blocks of columns. A reader writes the values of one row into `columns[slot][row]` and calls {@link accept}, which
 * judges the row and keeps it, leaves it out (not asked for) or answers its fault. Full blocks are collected in `ready`; every
 * block has arrays of its own, because columns belong to their receiver.
 */
export abstract class BlockBuilder {
  /** Arrays by slot; slots without a column in the source hold an array nobody reads. */
  columns: Float64Array[] = [];
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
  readonly blockRows: number;
  protected readonly allowNonPositive: boolean;
  protected readonly allowCrossed: boolean;
  readonly #slotCount: number;
  readonly #from: number;
  readonly #to: number;
  readonly #sessions: SessionFilter | undefined;

  protected constructor(slotCount: number, options: BlockBuilderOptions) {
    this.symbol = options.symbol;
    this.blockRows = options.blockRows ?? DEFAULT_BLOCK_ROWS;
    this.allowNonPositive = options.allowNonPositive ?? false;
    this.allowCrossed = options.allowCrossed ?? false;
    this.#slotCount = slotCount;
    this.#from = options.from ?? Number.NEGATIVE_INFINITY;
    this.#to = options.to ?? Number.POSITIVE_INFINITY;
    this.#sessions = options.sessions;
  }

  /** Judges the values written at `row`; 0 when the row is good, and then either kept or left out as not asked for. */
  accept(): RowFault {
    const fault = this.judge(this.row);
    if (fault !== ROW_FAULT.none) return fault;
    const ts = this.columns[0]![this.row]!;
    const availableTs = this.availableAt(this.row, ts);
    if (availableTs >= this.#to) {
      this.isDone = true;
      return ROW_FAULT.none;
    }
    this.previousTs = ts;
    if (availableTs < this.#from) this.beforeRange += 1;
    else if (this.#sessions !== undefined && !this.#sessions.isOpen(ts)) this.outsideSession += 1;
    else this.#keep();
    return ROW_FAULT.none;
  }

  /** Hands over the rows of the last, partly filled block. */
  flush(): void {
    if (this.row > 0) {
      this.ready.push(this.block(this.row));
      this.rows += this.row;
    }
    this.row = 0;
    this.columns = this.#allocate();
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

  protected start(): void {
    this.columns = this.#allocate();
  }

  #keep(): void {
    this.row += 1;
    if (this.row === this.blockRows) this.flush();
  }

  #allocate(): Float64Array[] {
    return Array.from({ length: this.#slotCount }, (_, slot) => this.allocateSlot(slot));
  }

  /** A fresh array of a slot. */
  protected abstract allocateSlot(slot: number): Float64Array;
}
