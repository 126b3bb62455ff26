// Whether a journal is as it was written: sums, order, and every record readable.
import { isTradingError } from '@bookrunner/sdk';
import { decodeSnapshot } from './run-snapshot.js';
import type { JournalReader, SegmentLine, StoredSnapshot } from './journal-reader.js';

/** One segment looked at. */
export interface VerifiedSegment {
  readonly run: string;
  readonly part: number;
  readonly records: number;
  readonly snapshots: number;
  /** One sentence for each thing that is wrong. */
  readonly faults: readonly string[];
}

/** Reads a segment to its end, or to where it is damaged, and all its snapshots. Never throws for damage. */
export function verifySegment(reader: JournalReader, segment: SegmentLine): VerifiedSegment {
  const faults: string[] = [];
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!isTradingError(error)) throw error;
      faults.push(`${error.code}: ${error.message}`);
    }
  };
  let records = 0;
  let snapshots: readonly StoredSnapshot[] = [];
  attempt(() => void reader.facts(segment));
  attempt(() => {
    for (const _record of reader.records(segment)) records += 1;
  });
  attempt(() => {
    snapshots = reader.snapshots(segment);
  });
  for (const snapshot of snapshots) {
    if (!reader.isWhole(snapshot)) {
      faults.push(`JOURNAL_DAMAGED: The snapshot after record ${snapshot.after} is not as it was written.`);
    } else attempt(() => void decodeSnapshot(snapshot.payload));
  }
  return { run: segment.run, part: segment.part, records, snapshots: snapshots.length, faults };
}
