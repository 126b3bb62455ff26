// `bookrunner journal list | show | verify | export | compact`.
import { closeSync, openSync, writeSync } from 'node:fs';
import { compactJournal } from '../../journal/compact.js';
import { loadDriver } from '../../journal/journal-connection.js';
import { journalError } from '../../journal/journal-errors.js';
import type { NumberedRecord } from '../../journal/journal-record.js';
import type { JournalReader, SegmentLine } from '../../journal/journal-reader.js';
import { type VerifiedSegment, verifySegment } from '../../journal/verify.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { textTable } from '../text-table.js';
import { journalFolder, withJournal } from './journal-place.js';
import { instantOf, RECORD_KINDS, recordLine, recordSummary } from './record-text.js';
import { countText } from '../count-text.js';

const DAY_MS = 86_400_000;
const DEFAULT_LIMIT = 100;
const DEFAULT_KEEP_DAYS = 30;
/** Lines written to a file at once. */
const LINES = 1_000;

/** `journal list`. */
export function runJournalList(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  return withJournal(args, io, ({ reader }) => {
    const rows = reader.segments().map((segment) => ({
      run: segment.run,
      part: segment.part,
      state: segment.state,
      startedAt: iso(segment.startedAt),
      writtenAt: iso(segment.writtenAt),
      first: segment.first,
      last: segment.last,
      bytes: segment.bytes,
      snapshots: reader.snapshotCount(segment),
      continues: reader.facts(segment).continues?.run ?? null,
    }));
    io.output.result({ segments: rows }, () =>
      rows.length === 0
        ? 'The journal is empty.'
        : textTable([
            ['run', 'part', 'state', 'begun', 'last written', 'records', 'MB', 'snapshots', 'goes on from'],
            ...rows.map((row) => [
              row.run,
              String(row.part),
              row.state === 'open' ? 'unfinished' : row.state,
              row.startedAt.slice(0, 19),
              row.writtenAt.slice(0, 19),
              `${row.first}-${row.last}`,
              (row.bytes / 1e6).toFixed(1),
              String(row.snapshots),
              row.continues ?? '',
            ]),
          ]),
    );
    return EXIT.done;
  });
}

/** `journal show RUN`. */
export function runJournalShow(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  return withJournal(args, io, ({ reader }) => {
    const limit = args.count('limit', 1) ?? DEFAULT_LIMIT;
    const shown: NumberedRecord[] = [];
    for (const record of chosen(reader, args)) {
      if (shown.length === limit) break;
      shown.push(record);
    }
    const [first] = reader.segmentsOf(args.text('run') as string);
    const { config: _config, ...facts } = reader.facts(first as SegmentLine);
    const document = { ...facts, records: shown.map((record) => JSON.parse(recordLine(record)) as unknown) };
    io.output.result(document, () => textTable(shown.map(row)));
    return EXIT.done;
  });
}

/** `journal verify [RUN]`. Exit code 1 where anything is damaged. */
export function runJournalVerify(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  return withJournal(args, io, ({ reader }) => {
    const run = args.text('run');
    const segments = run === undefined ? reader.segments() : reader.segmentsOf(run);
    const fileFaults = reader.fileFaults();
    const verified = segments.map((segment) => verifySegment(reader, segment));
    const isWhole = fileFaults.length === 0 && verified.every(({ faults }) => faults.length === 0);
    io.output.result({ isWhole, fileFaults, segments: verified }, () => verifyText(verified, fileFaults));
    return isWhole ? EXIT.done : EXIT.failed;
  });
}

/** `journal export RUN FILE`. Errors: JOURNAL_EXPORT_FAILED. */
export function runJournalExport(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  return withJournal(args, io, ({ reader }) => {
    const path = args.text('file') as string;
    const records = exportRecords(path, chosen(reader, args));
    io.output.result({ file: path, records }, () => `${records} records to ${path}`);
    return EXIT.done;
  });
}

/** `journal compact`. */
export async function runJournalCompact(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const days = args.count('keep-days', 0) ?? DEFAULT_KEEP_DAYS;
  const isDryRun = args.flag('dry-run');
  const dataDir = journalFolder(args, io);
  const driver = await loadDriver();
  const { dropped, kept } = compactJournal({ dataDir, driver, isDryRun, keepFrom: io.now() - days * DAY_MS });
  const bytes = dropped.reduce((sum, segment) => sum + segment.bytes, 0);
  const names = dropped.map(({ run, part, bytes: size }) => ({ run, part, bytes: size }));
  io.output.result(
    { dropped: names, bytes, kept, isDryRun },
    () =>
      `${dropped.length} segments (${(bytes / 1e6).toFixed(1)} MB) ${isDryRun ? 'would be' : 'are'} dropped, ${kept} kept.`,
  );
  return EXIT.done;
}

/** The records that `--from-record` and `--kind` name. */
function* chosen(reader: JournalReader, args: CommandArguments): Generator<NumberedRecord> {
  const from = args.count('from-record', 1) ?? 1;
  const kind = args.choice('kind', RECORD_KINDS);
  for (const segment of reader.segmentsOf(args.text('run') as string)) {
    if (segment.last < from) continue;
    for (const item of reader.records(segment)) {
      if (item.sequence >= from && (kind === undefined || item.record.kind === kind)) yield item;
    }
  }
}

function exportRecords(path: string, records: Iterable<NumberedRecord>): number {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (cause) {
    throw journalError('JOURNAL_EXPORT_FAILED', `${path} cannot be made.`, { cause, details: { path } });
  }
  let count = 0;
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  };
  try {
    for (const record of records) {
      lines.push(recordLine(record));
      count += 1;
      if (lines.length === LINES) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
  return count;
}

function row({ sequence, record }: NumberedRecord): readonly string[] {
  const at = instantOf(record);
  return [String(sequence), at === undefined ? '' : iso(at), record.kind, recordSummary(record)];
}

function verifyText(segments: readonly VerifiedSegment[], fileFaults: readonly string[]): string {
  const lines = segments.flatMap(({ run, part, records, snapshots, faults }) => [
    `${run} part ${part}: ${countText(records, 'record')}, ${countText(snapshots, 'snapshot')}, ${faults.length === 0 ? 'whole' : 'DAMAGED'}`,
    ...faults.map((fault) => `  ${fault}`),
  ]);
  return [...lines, ...fileFaults.map((fault) => `SQLite: ${fault}`)].join('\n');
}

function iso(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : '';
}
