import type { EpochMs } from '@bookrunner/sdk';
import { decodeBlock } from './block-decoder.js';
import { blockSum, plainSum } from './block-sum.js';
import type { Connection, ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { openJournalFile } from './journal-file.js';
import type { NumberedRecord } from './journal-record.js';
import { decodeHeader, type RunFacts } from './segment-header.js';
import { type SegmentState, snapshotSum } from './segment-writer.js';
import { sqliteFault } from './sqlite-fault.js';

/** A segment as its line says. Sequences are of the run; `last` is `first - 1` while it is empty. */
export interface SegmentLine {
  readonly id: number;
  readonly run: string;
  readonly part: number;
  readonly first: number;
  readonly last: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly startedAt: EpochMs;
  readonly writtenAt: EpochMs;
  readonly state: SegmentState;
}

/** A snapshot, not yet decoded. */
export interface StoredSnapshot {
  readonly id: number;
  /** Sequence of the last record it covers. */
  readonly after: number;
  readonly takenAt: EpochMs;
  readonly hash: string;
  readonly payload: Uint8Array;
}

interface SegmentRow extends SegmentLine {
  readonly header: Uint8Array;
  readonly headerSum: number;
  readonly chain: number;
}

interface BlockRow {
  readonly id: number;
  readonly first: number;
  readonly count: number;
  readonly payload: Uint8Array;
  readonly sum: number;
}

const SNAPSHOT = 'id, after, taken_at AS takenAt, hash, payload, sum';
const LINE = `id, run, part, first, last, blocks, bytes, started_at AS startedAt, written_at AS writtenAt, state`;

/** Reads a journal, also while an engine writes it. Every block is checked before it is decoded. */
export class JournalReader {
  readonly #connection: Connection;

  /** Errors: JOURNAL_MISSING and those of `openJournalFile`. */
  constructor(dataDir: string, driver: ConnectionDriver) {
    this.#connection = openJournalFile({ dataDir, driver, mode: 'read' });
  }

  close(): void {
    this.#connection.close();
  }

  /** All segments, in the order they were begun. */
  segments(): readonly SegmentLine[] {
    return this.#all(`SELECT ${LINE} FROM segments ORDER BY id`) as readonly SegmentLine[];
  }

  /** Segments of a run in order. `latest` is the newest run; the beginning of an id is enough. Errors: JOURNAL_RUN_UNKNOWN. */
  segmentsOf(run: string): readonly SegmentLine[] {
    const all = this.segments();
    const named = run === 'latest' ? all.at(-1)?.run : all.find((line) => line.run.startsWith(run))?.run;
    const exact = all.some((line) => line.run === run) ? run : named;
    const found = all.filter((line) => line.run === exact);
    if (found.length > 0) return found;
    throw journalError('JOURNAL_RUN_UNKNOWN', `There is no run '${run}' in the journal.`, { details: { run } });
  }

  /** Errors: JOURNAL_DAMAGED, JOURNAL_RECORD_INVALID. */
  facts(segment: SegmentLine): RunFacts {
    const { header, headerSum } = this.#row(segment.id);
    if (plainSum(header) !== headerSum) damaged(segment, 'its header has another sum than was written');
    return decodeHeader(header);
  }

  /** The records of a segment in order, checked against its sums. Errors: JOURNAL_DAMAGED, JOURNAL_RECORD_INVALID. */
  *records(segment: SegmentLine): Generator<NumberedRecord> {
    // Read anew: an engine may have written since.
    const row = this.#row(segment.id);
    let chain = row.headerSum;
    let next = row.first;
    let blocks = 0;
    for (const block of this.#blocks(segment)) {
      if (block.first > row.last) break;
      if (block.first !== next) damaged(segment, `record ${next} is missing`);
      chain = blockSum(chain, { segment: segment.id, first: block.first, count: block.count }, block.payload);
      if (chain !== block.sum) damaged(segment, `the block that begins with record ${next} is not as it was written`);
      const records = decodeBlock(block.payload);
      if (records.length !== block.count)
        damaged(segment, `the block that begins with record ${next} has lost records`);
      for (const record of records) yield { sequence: next++, record };
      blocks += 1;
    }
    if (next - 1 !== row.last || blocks !== row.blocks || chain !== row.chain) {
      damaged(segment, `it ends with record ${next - 1} and should with ${row.last}`);
    }
  }

  /** Snapshots taken in a segment, oldest first. */
  snapshots(segment: SegmentLine): readonly StoredSnapshot[] {
    return this.#all(
      `SELECT ${SNAPSHOT} FROM snapshots WHERE segment = ? ORDER BY after, id`,
      segment.id,
    ) as readonly StoredSnapshot[];
  }

  /** The newest snapshot of consecutive segments that is as it was written. Read one by one: a run of weeks has gigabytes of them. */
  newestSnapshot(
    segments: readonly SegmentLine[],
    onDamaged: (segment: SegmentLine, after: number) => void = () => {},
  ): StoredSnapshot | undefined {
    for (const segment of segments.toReversed()) {
      const rows = this.#all(
        'SELECT id FROM snapshots WHERE segment = ? ORDER BY after DESC, id DESC',
        segment.id,
      ) as readonly { readonly id: number }[];
      for (const { id } of rows) {
        const [found] = this.#all(`SELECT ${SNAPSHOT} FROM snapshots WHERE id = ?`, id) as readonly StoredSnapshot[];
        if (found === undefined) continue;
        if (this.isWhole(found)) return found;
        onDamaged(segment, found.after);
      }
    }
    return undefined;
  }

  /** A snapshot right after a record that is as it was written. */
  snapshotAfter(segments: readonly SegmentLine[], after: number): StoredSnapshot | undefined {
    for (const segment of segments) {
      const found = this.#all(
        `SELECT ${SNAPSHOT} FROM snapshots WHERE segment = ? AND after = ? ORDER BY id`,
        segment.id,
        after,
      ) as readonly StoredSnapshot[];
      const whole = found.find((snapshot) => this.isWhole(snapshot));
      if (whole !== undefined) return whole;
    }
    return undefined;
  }

  snapshotCount(segment: SegmentLine): number {
    const [row] = this.#all('SELECT count(*) AS n FROM snapshots WHERE segment = ?', segment.id) as readonly [
      { n: number },
    ];
    return row.n;
  }

  /** Whether a segment has anything that a start could go on from. */
  hasState(segment: SegmentLine): boolean {
    return segment.last >= segment.first || this.snapshotCount(segment) > 0;
  }

  /** Whether a snapshot is as it was written. */
  isWhole(snapshot: StoredSnapshot): boolean {
    const { sum } = snapshot as StoredSnapshot & { readonly sum: number };
    return snapshotSum(snapshot.after, snapshot.hash, snapshot.payload) === sum;
  }

  /** What SQLite itself finds wrong with the file; empty where nothing is. */
  fileFaults(): readonly string[] {
    const rows = this.#all('PRAGMA integrity_check(20)') as readonly { readonly integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  }

  #row(id: number): SegmentRow {
    const row = this.#all(
      `SELECT ${LINE}, header, header_sum AS headerSum, chain FROM segments WHERE id = ?`,
      id,
    )[0] as SegmentRow | undefined;
    return row ?? damaged({ run: '', part: 0, id }, 'it is gone');
  }

  *#blocks({ id }: SegmentLine): Generator<BlockRow> {
    let after = 0;
    // A page at a time: no statement stays open between records, so whoever reads may do other things meanwhile.
    for (;;) {
      const page = this.#all(
        'SELECT id, first, count, payload, sum FROM blocks WHERE segment = ? AND first > ? ORDER BY first LIMIT 64',
        id,
        after,
      ) as readonly BlockRow[];
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.first;
    }
  }

  #all(sql: string, ...values: readonly unknown[]): readonly unknown[] {
    try {
      return this.#connection.prepare(sql).all(...values);
    } catch (cause) {
      throw sqliteFault(cause, 'The journal cannot be read');
    }
  }
}

function damaged({ run, part }: Pick<SegmentLine, 'run' | 'part' | 'id'>, what: string): never {
  throw journalError('JOURNAL_DAMAGED', `Part ${part} of run '${run}': ${what}.`, { details: { run, part } });
}
