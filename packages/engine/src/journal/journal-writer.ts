import type { EpochMs, TradingError } from '@bookrunner/sdk';
import { BlockEncoder } from './block-encoder.js';
import type { Connection, ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { openJournalFile } from './journal-file.js';
import { takeJournalLock } from './journal-lock.js';
import { encodeHeader, type RunFacts } from './segment-header.js';
import { type SegmentState, SegmentWriter, type SnapshotRow } from './segment-writer.js';
import { sqliteFault } from './sqlite-fault.js';

/** How much may be gathered before it is written. */
export interface JournalLimits {
  /** Most ticks, and most bytes, of a block. */
  readonly ticks: number;
  readonly bytes: number;
  /** Longest time a record waits for the disk, as long as the event loop runs. */
  readonly ageMs: number;
  /** A segment of more bytes is continued in a new one with the next snapshot. */
  readonly segmentBytes: number;
  /** Snapshots kept of each segment. */
  readonly snapshots: number;
}

/** What the engine uses. */
export const JOURNAL_LIMITS: JournalLimits = {
  ticks: 1_000,
  bytes: 256 * 1_024,
  ageMs: 250,
  segmentBytes: 64 * 1_024 * 1_024,
  snapshots: 3,
};

/** Bytes written after which the write-ahead log is copied into the file, when no order waits. */
const CHECKPOINT_BYTES = 4 * 1_024 * 1_024;
/** The same while orders go out all the time. */
const LATEST_CHECKPOINT_BYTES = 64 * 1_024 * 1_024;

/** Options of {@link JournalWriter}. */
export interface JournalWriterOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  readonly facts: RunFacts;
  readonly now: () => EpochMs;
  readonly limits?: Partial<JournalLimits>;
  /** A write failed between two events; whoever records next is told as well. */
  readonly onFault?: (error: unknown) => void;
  /** Set where the records of an earlier process are gone on with. */
  readonly after?: { readonly part: number; readonly sequence: number };
  /** Gives back the lock of the journal, where whoever makes the writer holds it already. */
  readonly release?: () => void;
}

/**
 * Writes one run. Records are gathered in `records` and written together; {@link commit} returns when everything recorded so far
 * is on disk. Bounded: a full block is written by whoever records next, so nothing piles up and nothing is dropped. After a
 * failure every call fails, so a run cannot go on without its journal.
 * Errors: JOURNAL_….
 */
export class JournalWriter {
  readonly records = new BlockEncoder();
  readonly #options: JournalWriterOptions;
  readonly #limits: JournalLimits;
  readonly #connection: Connection;
  readonly #release: () => void;
  #segment: SegmentWriter;
  #part: number;
  #uncheckedBytes = 0;
  #fault: TradingError | undefined;
  #isClosed = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#limits = { ...JOURNAL_LIMITS, ...options.limits };
    const { dataDir, driver, after } = options;
    this.#release = options.release ?? takeJournalLock(dataDir, driver);
    let connection: Connection | undefined;
    try {
      connection = openJournalFile({ dataDir, driver, mode: 'write' });
      this.#connection = connection;
      this.#part = (after?.part ?? 0) + 1;
      this.#segment = this.#begin(after?.sequence ?? 0);
    } catch (error) {
      connection?.close();
      this.#release();
      throw sqliteFault(error, 'The journal cannot be begun');
    }
    this.#timer = setInterval(() => this.#onAge(), this.#limits.ageMs);
    this.#timer.unref();
  }

  /** Sequence of the last record, written or not. */
  get sequence(): number {
    return this.#segment.last + this.records.count;
  }

  /** Sequence of the last record on disk. */
  get durable(): number {
    return this.#segment.last;
  }

  /** To be called before a record is added: makes room, or says why nothing can be recorded any more. */
  admit(): void {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#isClosed) throw journalError('JOURNAL_CLOSED', 'The journal is closed.');
    const { records } = this;
    if (records.ticks >= this.#limits.ticks || records.size >= this.#limits.bytes) this.#write({}, true);
  }

  /** Adds a record of the rarer kinds. What cannot be written ends the run as a failed write does. */
  add(write: (records: BlockEncoder) => void): void {
    this.admit();
    try {
      write(this.records);
    } catch (error) {
      this.#fault = sqliteFault(error, 'An event cannot be recorded');
      throw this.#fault;
    }
  }

  /** Everything recorded so far is on disk when it returns: called before an order goes out. */
  commit(): void {
    this.admit();
    if (this.records.count > 0) this.#write({}, this.#uncheckedBytes > LATEST_CHECKPOINT_BYTES);
  }

  /** Stores a snapshot of the state after everything recorded so far; the segment may end with it. */
  snapshot(row: SnapshotRow): void {
    this.admit();
    const isFull = this.#segment.bytes + this.records.size >= this.#limits.segmentBytes;
    this.#write({ snapshot: row, ...(isFull ? { state: 'continued' } : {}) }, true);
    if (!isFull) return;
    this.#attempt(() => {
      this.#part += 1;
      this.#segment = this.#begin(this.#segment.last);
    });
  }

  /** This run goes on where another segment was cut off: that one waits for nothing any more. */
  succeed(segment: number): void {
    this.#attempt(() => {
      this.#connection.prepare("UPDATE segments SET state = 'continued' WHERE id = ? AND state = 'open'").run(segment);
    });
  }

  /** The run is over: nothing follows. */
  end(row: SnapshotRow, at: EpochMs): void {
    this.admit();
    this.records.end(at, row.hash);
    this.#write({ snapshot: row, state: 'ended' }, true);
  }

  /** Writes what is left and gives the file back. May be called twice; what fails here has been told before. */
  close(): void {
    if (this.#isClosed) return;
    clearInterval(this.#timer);
    try {
      if (this.#fault === undefined && this.records.count > 0) this.#write({}, true);
    } finally {
      this.#isClosed = true;
      this.#connection.close();
      this.#release();
    }
  }

  #begin(last: number): SegmentWriter {
    const { facts, now } = this.#options;
    const header = encodeHeader(facts);
    const start = { run: facts.run, part: this.#part, last, header, mostSnapshots: this.#limits.snapshots };
    return new SegmentWriter(this.#connection, start, now);
  }

  #onAge(): void {
    if (this.#fault !== undefined || this.records.count === 0) return;
    try {
      this.#write({}, true);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  #write(extra: { readonly snapshot?: SnapshotRow; readonly state?: SegmentState }, mayCheckpoint: boolean): void {
    const { records } = this;
    this.#attempt(() => {
      this.#segment.write({ count: records.count, payload: records.bytes() }, extra);
      this.#uncheckedBytes += records.size + (extra.snapshot?.payload.length ?? 0);
      records.reset();
      if (!mayCheckpoint || this.#uncheckedBytes < CHECKPOINT_BYTES) return;
      this.#connection.pragma('wal_checkpoint(PASSIVE)');
      this.#uncheckedBytes = 0;
    });
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (cause) {
      this.#fault = sqliteFault(cause, 'The journal cannot be written');
      throw this.#fault;
    }
  }
}
