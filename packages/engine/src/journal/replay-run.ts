import { journalError } from './journal-errors.js';
import type { JournalReader, SegmentLine, StoredSnapshot } from './journal-reader.js';
import { Replay, type ReplayOutcome } from './replay.js';
import { prepareReplay } from './replay-setup.js';

/** Options of {@link replayRun}. */
export interface ReplayRunOptions {
  readonly reader: JournalReader;
  readonly dataDir: string;
  /** Id, its beginning, or `latest`. */
  readonly run: string;
  /** An engine.yaml in place of the run's own configuration. */
  readonly configPath?: string | undefined;
  /** `path=value` over the configuration that is read. */
  readonly overrides?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Goes on where the set-up has changed, to show the first difference. */
  readonly isAnyway?: boolean;
}

/** A replayed run. */
export interface ReplayedRun extends ReplayOutcome {
  readonly run: string;
  /** Sequence the replay began after: 0, or that of the oldest snapshot kept. */
  readonly after: number;
  readonly changes: readonly string[];
  readonly versions: readonly string[];
  readonly isSame: boolean;
}

/**
 * Replays a run to its end, or to the first difference.
 * Errors: JOURNAL_RUN_UNKNOWN, JOURNAL_RUN_INCOMPLETE, JOURNAL_SETUP_CHANGED, JOURNAL_DAMAGED, JOURNAL_RECORD_INVALID, CONFIG_…, PLUGIN_….
 */
export async function replayRun(options: ReplayRunOptions): Promise<ReplayedRun> {
  const { reader } = options;
  const segments = reader.segmentsOf(options.run);
  const [first] = segments;
  if (first === undefined) throw journalError('JOURNAL_RUN_UNKNOWN', `There is no run '${options.run}'.`);
  const facts = reader.facts(first);
  const setup = await prepareReplay({ ...options, facts });
  try {
    const { changes, versions } = setup;
    if (changes.length > 0 && options.isAnyway !== true) {
      throw journalError(
        'JOURNAL_SETUP_CHANGED',
        `Run '${first.run}' was made from something else. ${changes.join(' ')}`,
        {
          details: { changes },
        },
      );
    }
    const replay = new Replay(setup.assembly, setup);
    const after = first.first - 1;
    if (after > 0 && !isBlank(reader, segments)) replay.restore(startOf(reader, segments, after));
    if (replay.difference !== undefined)
      return { ...replay.outcome(), run: first.run, after, changes, versions, isSame: false };
    for (const segment of segments) {
      replaySegment(replay, segment, options);
      if (replay.difference !== undefined) break;
    }
    if (replay.difference === undefined) checkSuccessor(replay, reader, segments);
    const outcome = replay.outcome();
    return { ...outcome, run: first.run, after, changes, versions, isSame: outcome.difference === undefined };
  } finally {
    await setup.dispose();
  }
}

function replaySegment(replay: Replay, segment: SegmentLine, { reader }: ReplayRunOptions): void {
  const snapshots = reader.snapshots(segment);
  let next = 0;
  // One taken before the segment's first record was checked with the segment before.
  while ((snapshots[next]?.after ?? Infinity) < segment.first) next += 1;
  for (const record of reader.records(segment)) {
    replay.take(record);
    for (; snapshots[next]?.after === record.sequence; next++) replay.check(snapshots[next] as StoredSnapshot);
    if (replay.difference !== undefined) return;
  }
}

/** A run that goes on from this one has to begin with what this one came to. */
function checkSuccessor(replay: Replay, reader: JournalReader, segments: readonly SegmentLine[]): void {
  const last = segments.at(-1) as SegmentLine;
  for (const next of reader.segments()) {
    if (next.first !== last.last + 1 || next.run === last.run) continue;
    const { continues } = reader.facts(next);
    if (continues?.run !== last.run || continues.isFolded === true) continue;
    const start = reader.snapshots(next).find(({ after }) => after === last.last);
    if (start !== undefined && reader.isWhole(start)) replay.check(start);
  }
}

/** It died before it had taken over from the run before it: nothing of it happened, and the next one goes on from that one. */
function isBlank(reader: JournalReader, segments: readonly SegmentLine[]): boolean {
  return segments.every((segment) => segment.last < segment.first && reader.snapshotCount(segment) === 0);
}

/** The snapshot a run whose beginning was dropped goes on from. */
function startOf(reader: JournalReader, segments: readonly SegmentLine[], after: number): StoredSnapshot {
  const found = reader.snapshotAfter(segments, after);
  if (found !== undefined) return found;
  throw journalError(
    'JOURNAL_RUN_INCOMPLETE',
    `The records before ${after + 1} are gone, and so is the snapshot of them.`,
  );
}
