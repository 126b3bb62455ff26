// The rows of the segment being written: its blocks, snapshots and its own line, always in one transaction.
import type { EpochMs } from '@bookrunner/sdk';
import { blockSum, plainSum } from './block-sum.js';
import type { Connection, Statement } from './journal-connection.js';

/** A block about to be written. */
export interface Block {
  readonly count: number;
  readonly payload: Uint8Array;
}

/** A snapshot about to be written. */
export interface SnapshotRow {
  readonly hash: string;
  readonly payload: Uint8Array;
}

/** Why a segment takes no more: a later one goes on, or the run is over. */
export type SegmentState = 'open' | 'continued' | 'ended';

/** Writes one segment. Every call is one durable transaction. Errors: whatever SQLite throws. */
export class SegmentWriter {
  readonly id: number;
  readonly #statements: Readonly<
    Record<'begin' | 'commit' | 'rollback' | 'block' | 'segment' | 'snapshot' | 'forget', Statement>
  >;
  readonly #connection: Connection;
  readonly #now: () => EpochMs;
  readonly #mostSnapshots: number;
  /** Sequence of the last record on disk. */
  #last: number;
  #blocks = 0;
  #bytes = 0;
  #chain: number;
  #state: SegmentState = 'open';
  /** The snapshots of the segment that are kept, oldest first. */
  readonly #snapshots: (number | bigint)[] = [];

  constructor(
    connection: Connection,
    start: {
      readonly run: string;
      readonly part: number;
      readonly last: number;
      readonly header: Uint8Array;
      readonly mostSnapshots: number;
    },
    now: () => EpochMs,
  ) {
    this.#connection = connection;
    this.#now = now;
    this.#mostSnapshots = start.mostSnapshots;
    this.#last = start.last;
    const headerSum = plainSum(start.header);
    this.#chain = headerSum;
    const made = connection
      .prepare(
        `INSERT INTO segments (run, part, header, header_sum, first, last, blocks, bytes, chain, started_at, written_at, state)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 'open')`,
      )
      .run(start.run, start.part, start.header, headerSum, start.last + 1, start.last, headerSum, now(), now());
    this.id = Number(made.lastInsertRowid);
    this.#statements = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
      block: connection.prepare('INSERT INTO blocks (segment, first, count, payload, sum) VALUES (?, ?, ?, ?, ?)'),
      segment: connection.prepare(
        'UPDATE segments SET last = ?, blocks = ?, bytes = ?, chain = ?, written_at = ?, state = ? WHERE id = ?',
      ),
      snapshot: connection.prepare(
        'INSERT INTO snapshots (segment, after, taken_at, hash, payload, sum) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      forget: connection.prepare('DELETE FROM snapshots WHERE id = ?'),
    };
  }

  /** Sequence of the last record on disk, and bytes of all blocks. */
  get last(): number {
    return this.#last;
  }
  get bytes(): number {
    return this.#bytes;
  }

  /** Durable when it returns. An empty block is not written. */
  write(block: Block, extra: { readonly snapshot?: SnapshotRow; readonly state?: SegmentState } = {}): void {
    const { begin, commit, rollback } = this.#statements;
    begin.run();
    try {
      this.#write(block, extra);
      commit.run();
    } catch (error) {
      // SQLite has rolled back by itself after some errors.
      if (this.#connection.inTransaction) rollback.run();
      throw error;
    }
  }

  #write({ count, payload }: Block, extra: { readonly snapshot?: SnapshotRow; readonly state?: SegmentState }): void {
    const { block, segment } = this.#statements;
    const { id } = this;
    const now = this.#now();
    if (count > 0) {
      const first = this.#last + 1;
      const sum = blockSum(this.#chain, { segment: id, first, count }, payload);
      block.run(id, first, count, payload, sum);
      this.#last += count;
      this.#blocks += 1;
      this.#bytes += payload.length;
      this.#chain = sum;
    }
    if (extra.snapshot !== undefined) this.#store(extra.snapshot, now);
    this.#state = extra.state ?? this.#state;
    segment.run(this.#last, this.#blocks, this.#bytes, this.#chain, now, this.#state, id);
  }

  /**
   * The newest few are enough to go on from, should the last one be damaged. One from before the first record is what the segment
   * stands on, and stays.
   */
  #store({ hash, payload }: SnapshotRow, now: EpochMs): void {
    const { snapshot, forget } = this.#statements;
    const sum = snapshotSum(this.#last, hash, payload);
    const row = snapshot.run(this.id, this.#last, now, hash, payload, sum).lastInsertRowid;
    if (this.#blocks === 0) return;
    this.#snapshots.push(row);
    if (this.#snapshots.length > this.#mostSnapshots) forget.run(this.#snapshots.shift());
  }
}

/** Sum of a snapshot, which stands for itself. */
export function snapshotSum(after: number, hash: string, payload: Uint8Array): number {
  return plainSum(Buffer.concat([Buffer.from(`${after} ${hash} `), payload]));
}
