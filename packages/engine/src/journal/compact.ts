// Drops what no restart and no replay needs any more.
import type { EpochMs } from '@bookrunner/sdk';
import type { Connection, ConnectionDriver } from './journal-connection.js';
import { openJournalFile } from './journal-file.js';
import { takeJournalLock } from './journal-lock.js';
import { JournalReader, type SegmentLine } from './journal-reader.js';
import { sqliteFault } from './sqlite-fault.js';

/** Options of {@link compactJournal}. */
export interface CompactOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  /** Segments written to at or after this instant stay. */
  readonly keepFrom: EpochMs;
  /** Says what would be dropped and drops nothing. */
  readonly isDryRun?: boolean;
}

/** What was dropped, or would be. */
export interface CompactResult {
  readonly dropped: readonly SegmentLine[];
  readonly kept: number;
}

/**
 * Drops segments that are older than `keepFrom` and lie wholly before the newest readable snapshot that begins a segment of their
 * run: what is left can be replayed from it. Of a run that was finished, or that another one has gone on from, the last segment goes,
 * too: its run folder has what came of it. The newest run over live feeds of each engine, on paper and live, keeps what a restart goes on from.
 * Errors: JOURNAL_….
 */
export function compactJournal(options: CompactOptions): CompactResult {
  const { dataDir, driver, isDryRun = false } = options;
  const reader = new JournalReader(dataDir, driver);
  let plan: readonly PlannedDrop[];
  let count: number;
  try {
    const segments = reader.segments();
    count = segments.length;
    plan = planOf(reader, segments, options.keepFrom);
  } finally {
    reader.close();
  }
  if (!isDryRun && plan.length > 0) drop(plan, options);
  return { dropped: plan.map(({ segment }) => segment), kept: count - plan.length };
}

interface PlannedDrop {
  readonly segment: SegmentLine;
  /** The snapshot that stands for it moves to the first segment kept of the run. */
  readonly heir: { readonly segment: number; readonly snapshot: number } | undefined;
}

function planOf(reader: JournalReader, segments: readonly SegmentLine[], keepFrom: EpochMs): readonly PlannedDrop[] {
  const runs = new Map<string, SegmentLine[]>();
  for (const segment of segments) runs.set(segment.run, [...(runs.get(segment.run) ?? []), segment]);
  const newest = newestLive(reader, runs);
  return [...runs].flatMap(([run, parts]) => planRun(reader, parts, { keepFrom, isNeeded: newest.has(run) }));
}

/** The runs that sessions which start again go on from, of each engine on paper and live. A header that cannot be read keeps its run. */
function newestLive(reader: JournalReader, runs: ReadonlyMap<string, readonly SegmentLine[]>): ReadonlySet<string> {
  const needed = new Set<string>();
  const done = new Set<string>();
  for (const [run, parts] of [...runs].toReversed()) {
    try {
      const { source, name, mode = 'paper', continues } = reader.facts(parts[0] as SegmentLine);
      const engine = `${mode} ${name}`;
      if (source !== 'live' || done.has(engine)) continue;
      needed.add(run);
      // One that died before it had taken over leaves a start the run before it.
      if (continues === undefined || parts.some((part) => reader.hasState(part))) done.add(engine);
    } catch {
      needed.add(run);
    }
  }
  return needed;
}

function planRun(
  reader: JournalReader,
  parts: readonly SegmentLine[],
  { keepFrom, isNeeded }: { readonly keepFrom: EpochMs; readonly isNeeded: boolean },
): readonly PlannedDrop[] {
  const isOld = (part: SegmentLine): boolean => part.writtenAt < keepFrom;
  if (!isNeeded && parts.at(-1)?.state !== 'open' && parts.every(isOld)) {
    return parts.map((segment) => ({ segment, heir: undefined }));
  }
  // From the newest snapshot back: the segments before the first one that has to stay.
  for (let keep = parts.length - 1; keep > 0; keep--) {
    const first = parts[keep] as SegmentLine;
    const before = parts.slice(0, keep);
    const snapshot = before.every(isOld) ? reader.snapshotAfter(parts, first.first - 1) : undefined;
    if (snapshot === undefined) continue;
    return before.map((segment) => ({ segment, heir: { segment: first.id, snapshot: snapshot.id } }));
  }
  return [];
}

function drop(plan: readonly PlannedDrop[], { dataDir, driver }: CompactOptions): void {
  const release = takeJournalLock(dataDir, driver);
  let connection: Connection | undefined;
  try {
    connection = openJournalFile({ dataDir, driver, mode: 'write' });
    connection.exec('BEGIN IMMEDIATE');
    for (const { segment, heir } of plan) dropOne(connection, segment.id, heir);
    connection.exec('COMMIT');
    connection.pragma('incremental_vacuum');
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } catch (cause) {
    if (connection?.inTransaction === true) connection.exec('ROLLBACK');
    throw sqliteFault(cause, 'The journal cannot be compacted');
  } finally {
    connection?.close();
    release();
  }
}

function dropOne(connection: Connection, id: number, heir: PlannedDrop['heir']): void {
  if (heir !== undefined) {
    connection.prepare('UPDATE snapshots SET segment = ? WHERE id = ?').run(heir.segment, heir.snapshot);
  }
  connection.prepare('DELETE FROM snapshots WHERE segment = ?').run(id);
  connection.prepare('DELETE FROM blocks WHERE segment = ?').run(id);
  connection.prepare('DELETE FROM segments WHERE id = ?').run(id);
}
