// The last run of a data folder, brought to where its journal ends: what a session that starts again goes on from.
import { existsSync } from 'node:fs';
import { isTradingError } from '@bookrunner/sdk';
import { type Fingerprint, fingerprintDifferences } from './fingerprint.js';
import type { ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { journalPath } from './journal-file.js';
import { JournalReader, type SegmentLine, type StoredSnapshot } from './journal-reader.js';
import { Replay } from './replay.js';
import { prepareReplay } from './replay-setup.js';
import { encodeSnapshot, type RunSnapshot } from './run-snapshot.js';
import type { RunFacts } from './segment-header.js';
import { plainText } from './entry-text.js';

/** Records between two signs of life. */
const BEAT_EVERY = 1_000;

/** Options of {@link recoverRun}. */
export interface RecoverOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  /** Name of the engine: another one's runs are not gone on with. */
  readonly name: string;
  /** A paper run is not gone on with live, nor a live one on paper; `paper` unless given. */
  readonly mode?: 'paper' | 'live';
  /** What the session that starts is made of. */
  readonly fingerprint: Fingerprint;
  readonly instruments: RunFacts['instruments'];
  readonly beat: () => void;
}

/** A run as its journal leaves it. */
export interface RecoveredRun {
  readonly run: string;
  /** First half of its order ids: a run that goes on from it has the same. */
  readonly runEpoch: string;
  /** Its last record. */
  readonly after: number;
  /** Its last segment. */
  readonly segment: SegmentLine;
  /** Whether it was stopped rather than cut off. */
  readonly isFinished: boolean;
  readonly hash: string;
  readonly state: RunSnapshot;
  readonly payload: Uint8Array;
}

/**
 * Restores the last run from its newest snapshot and gives it the records after it, compared as a replay does. Undefined where there
 * is nothing to go on from. To be called with the journal's lock held.
 * Errors: JOURNAL_RESTART_CHANGED, JOURNAL_RESTART_DIFFERS, JOURNAL_RESTART_DAMAGED, and those of opening the journal.
 */
export async function recoverRun(options: RecoverOptions): Promise<RecoveredRun | undefined> {
  const { dataDir, driver } = options;
  if (!existsSync(journalPath(dataDir))) return undefined;
  const reader = openReader(dataDir, driver);
  if (reader === undefined) return undefined;
  try {
    return await recover(reader, options);
  } catch (error) {
    if (!isTradingError(error) || error.code.startsWith('JOURNAL_RESTART_')) throw error;
    throw journalError(
      'JOURNAL_RESTART_DAMAGED',
      `The last session cannot be gone on from: ${error.code}: ${error.message}`,
      { cause: error },
    );
  } finally {
    reader.close();
  }
}

/** Undefined for a file in which nothing was begun. */
function openReader(dataDir: string, driver: ConnectionDriver): JournalReader | undefined {
  try {
    return new JournalReader(dataDir, driver);
  } catch (error) {
    if (isTradingError(error) && error.code === 'JOURNAL_MISSING') return undefined;
    throw error;
  }
}

async function recover(reader: JournalReader, options: RecoverOptions): Promise<RecoveredRun | undefined> {
  const last = lastRun(reader, options);
  if (last === undefined) return undefined;
  const { facts, segments } = last;
  checkSetup(facts, options);
  const setup = await prepareReplay({ facts, dataDir: options.dataDir });
  try {
    if (setup.changes.length > 0) changed(facts.run, setup.changes);
    const replay = new Replay(setup.assembly, setup);
    fold(replay, { reader, segments, beat: options.beat });
    const outcome = replay.outcome();
    if (outcome.difference !== undefined) differs(facts.run, outcome.difference);
    const state = replay.state();
    // Nothing ever happened in it, not even warm-up: there is nothing to lose.
    if (!Number.isFinite(state.kernel.now)) return undefined;
    const segment = segments.at(-1) as SegmentLine;
    const isFinished = segment.state === 'ended';
    const { run, runEpoch } = facts;
    return { run, runEpoch, after: segment.last, segment, isFinished, state, ...stored(state, outcome.hash) };
  } finally {
    await setup.dispose();
  }
}

function stored(state: RunSnapshot, hash: string): Pick<RecoveredRun, 'hash' | 'payload'> {
  return { hash, payload: encodeSnapshot(state) };
}

/** The newest run over live feeds of an engine of this name. */
function lastRun(
  reader: JournalReader,
  { name, mode = 'paper' }: Pick<RecoverOptions, 'name' | 'mode'>,
): { readonly facts: RunFacts; readonly segments: readonly SegmentLine[] } | undefined {
  const all = reader.segments();
  for (const run of new Set(all.map((segment) => segment.run).toReversed())) {
    const segments = all.filter((segment) => segment.run === run);
    const facts = reader.facts(segments[0] as SegmentLine);
    if (facts.source !== 'live' || facts.name !== name || (facts.mode ?? 'paper') !== mode) continue;
    if (segments.some((segment) => segment.last >= segment.first || reader.snapshotCount(segment) > 0)) {
      return { facts, segments };
    }
    // It died before it had taken over from the one before it; or it began flat, and saw nothing.
    if (facts.continues === undefined) return undefined;
  }
  return undefined;
}

/** From the newest snapshot that can be read, or from the beginning, to the last record. */
function fold(
  replay: Replay,
  { reader, segments, beat }: { reader: JournalReader; segments: readonly SegmentLine[]; beat: () => void },
): void {
  const start = segments
    .flatMap((segment) => reader.snapshots(segment))
    .filter((snapshot) => reader.isWhole(snapshot))
    .reduce<StoredSnapshot | undefined>(
      (newest, next) => (next.after >= (newest?.after ?? 0) ? next : newest),
      undefined,
    );
  const first = segments[0] as SegmentLine;
  if (start !== undefined) replay.restore(start);
  else if (first.first > 1)
    throw journalError('JOURNAL_RUN_INCOMPLETE', `Run '${first.run}' has no readable snapshot.`);
  const after = start?.after ?? 0;
  for (const segment of segments) {
    if (segment.last < after) continue;
    for (const record of reader.records(segment)) {
      if (record.sequence % BEAT_EVERY === 0) beat();
      if (record.sequence > after) replay.take(record);
      if (replay.difference !== undefined) return;
    }
  }
}

function checkSetup(facts: RunFacts, { fingerprint, instruments }: RecoverOptions): void {
  const changes = [...fingerprintDifferences(facts.fingerprint, fingerprint)];
  if (plainText(facts.instruments) !== plainText(instruments)) {
    changes.push('The instruments, their order, or the bars they are fed have changed.');
  }
  if (changes.length > 0) changed(facts.run, changes);
}

function changed(run: string, changes: readonly string[]): never {
  throw journalError(
    'JOURNAL_RESTART_CHANGED',
    `Run '${run}' was made from something else, and its orders and positions are not taken over by another set-up. ${changes.join(' ')}`,
    { details: { run, changes } },
  );
}

function differs(run: string, difference: NonNullable<Replay['difference']>): never {
  const { sequence, what, recorded, decided } = difference;
  throw journalError(
    'JOURNAL_RESTART_DIFFERS',
    `Run '${run}' comes to something else at record ${sequence} (${what}): recorded is ${recorded}, now it is ${decided}.`,
    { details: { run, ...difference } },
  );
}
