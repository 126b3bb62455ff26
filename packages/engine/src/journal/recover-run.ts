// The last run of a data folder, brought to where its journal ends: what a session that starts again goes on from.
import { existsSync } from 'node:fs';
import { isTradingError } from '@bookrunner/sdk';
import { parse } from 'yaml';
import { effectiveConfig } from '../config/index.js';
import type { Kernel } from '../kernel/kernel.js';
import type { PreparedEngine } from '../plugins/index.js';
import { configChanges } from './config-changes.js';
import { fingerprintDifferences, type Fingerprint } from './fingerprint.js';
import { Fold } from './fold.js';
import { notExact } from './fold-coarser.js';
import { leftWithoutPlace } from './fold-left.js';
import { capitalChanges, type NextEngine, nextInstruments, prepareFold, venueChanges } from './fold-setup.js';
import type { ConnectionDriver } from './journal-connection.js';
import { journalError } from './journal-errors.js';
import { journalPath } from './journal-file.js';
import { JournalReader, type SegmentLine } from './journal-reader.js';
import { Replay, type ReplayDifference } from './replay.js';
import { prepareReplay } from './replay-setup.js';
import { encodeSnapshot, type RunSnapshot } from './run-snapshot.js';
import type { RunFacts } from './segment-header.js';
import { plainText } from './entry-text.js';

/** Records between two signs of life. */
const BEAT_EVERY = 1_000;
/** Why a run is folded that the same set-up goes on from. */
const NOT_ASKED = 'The engine was lost, so no strategy is asked again what it was asked before.';
/** The same. */
const WARMING_UP = 'The last session ended while its strategies were warming up.';

/** Options of {@link recoverRun}. */
export interface RecoverOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  /** Name of the engine: another one's paper runs are not gone on with. */
  readonly name: string;
  /** A paper run is not gone on with live, nor a live one on paper; `paper` unless given. */
  readonly mode?: 'paper' | 'live';
  /** What the session that starts is made of. */
  readonly fingerprint: Fingerprint;
  readonly instruments: RunFacts['instruments'];
  readonly engine: NextEngine;
  /** Whether the feed of a symbol has a history that warms strategies up. */
  readonly hasHistory: (symbol: string) => boolean;
  /** Whether strategies may be asked again what they were asked; they may unless one of them is what the run was lost by. */
  readonly isAsking?: boolean;
  readonly beat: () => void;
  /** Marks calls of strategies that are asked again, so that one that hangs is named. */
  readonly watched?: (prepared: PreparedEngine) => PreparedEngine;
}

/** A run that was folded, since another set-up goes on from it or its strategies decide otherwise now, or are not to be asked. */
export interface FoldedRun {
  /** Holds what happened, under the names of the run's own set-up. */
  readonly kernel: Kernel;
  /** Names of the venues in the order of their states. */
  readonly venues: readonly string[];
  /** Why it was folded, and what that leads to; one sentence each. */
  readonly changes: readonly string[];
  /** What strategies hear with their first answer. */
  readonly reason: 'SETUP_CHANGED' | 'ENGINE_RESTARTED';
}

/** A run as its journal leaves it. */
export interface RecoveredRun {
  readonly run: string;
  /** First half of its order ids: a run that goes on keeps it, and its counter. */
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
  /** Snapshots newer than the one it begins with that are not as they were written; one sentence each. */
  readonly damaged?: readonly string[];
  /** Set where strategies begin anew: the state is that of another set-up, and is taken over by name. */
  readonly folded?: FoldedRun;
}

/**
 * Brings the last run to where its journal ends, from its newest snapshot on. Where engine, plugins, strategies, configuration and Node
 * are the same, the records after it are processed again and compared, as a replay does; elsewhere, and where strategies are not to be
 * asked or were not yet warm, they are folded: nothing is decided again, and strategies begin anew. Undefined where there is nothing to go on from. To be called with the journal's lock held.
 * Errors: JOURNAL_RESTART_CHANGED, JOURNAL_RESTART_LEFT, JOURNAL_RESTART_DIFFERS, JOURNAL_RESTART_DAMAGED, and those of opening the
 * journal.
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
export function openReader(dataDir: string, driver: ConnectionDriver): JournalReader | undefined {
  try {
    return new JournalReader(dataDir, driver);
  } catch (error) {
    if (isTradingError(error) && error.code === 'JOURNAL_MISSING') return undefined;
    throw error;
  }
}

async function recover(reader: JournalReader, given: RecoverOptions): Promise<RecoveredRun | undefined> {
  const last = lastRun(reader, given);
  if (last === undefined) return undefined;
  // What is replayed and then folded is looked at twice.
  const damaged = new Set<string>();
  const options: RecoverWork = { ...given, onDamaged: (what) => damaged.add(what) };
  const { facts, segments } = last;
  const { isAsking = true } = options;
  const changes = [...(isAsking ? [] : [NOT_ASKED]), ...setupChanges(facts, options)];
  const replayed = changes.length > 0 ? changes : await replayRun(last, reader, options);
  const { state, hash, folded } =
    'state' in replayed ? replayed : foldRun(last, { reader, options, changes: replayed });
  // Nothing ever happened in it, not even warm-up: there is nothing to lose.
  if (!Number.isFinite(state.kernel.now)) return undefined;
  const segment = segments.at(-1) as SegmentLine;
  return {
    ...{ run: facts.run, runEpoch: facts.runEpoch, after: segment.last, segment, state, hash },
    isFinished: segment.state === 'ended',
    payload: encodeSnapshot(state),
    damaged: [...damaged],
    ...(folded === undefined ? {} : { folded }),
  };
}

export interface LastRun {
  readonly facts: RunFacts;
  readonly segments: readonly SegmentLine[];
}

/** Options and where to say that a snapshot was passed over. */
interface RecoverWork extends RecoverOptions {
  readonly onDamaged: (what: string) => void;
}

type Outcome = Pick<RecoveredRun, 'state' | 'hash' | 'folded'>;

/** The run as its own strategies make it again; or why they do not. */
async function replayRun(
  last: LastRun,
  reader: JournalReader,
  options: RecoverWork,
): Promise<Outcome | readonly string[]> {
  const { facts, segments } = last;
  const { dataDir, beat, onDamaged, watched } = options;
  const setup = await prepareReplay({ facts, dataDir, watched });
  try {
    if (setup.changes.length > 0) return setup.changes;
    const replay = new Replay(setup.assembly, setup);
    takeAll(replay, { reader, segments, beat, onDamaged });
    const { difference, hash } = replay.outcome();
    if (difference !== undefined) return [differenceText(difference)];
    const gapMs = gapBefore(last, reader);
    return wasWarmingUp(setup.assembly.kernel, { facts, gapMs }, options)
      ? [WARMING_UP]
      : { state: replay.state(), hash };
  } finally {
    await setup.dispose();
  }
}

/**
 * Whether the run ended while history may still have come, with strategies that it warms up and that are not warm: who goes on is not
 * warmed up from history, so they have to begin anew. Elsewhere they have what bars there were, which beginning anew would lose.
 */
function wasWarmingUp(
  { now, parts }: Kernel,
  { facts, gapMs }: { readonly facts: RunFacts; readonly gapMs: number | undefined },
  { engine, hasHistory }: RecoverOptions,
): boolean {
  // What is held waits for history whenever that comes: its feed was away when the run began, or is so since.
  const isOver = now - facts.tradeFrom > engine.prepared.config.engine.history.limitMs;
  const isWaiting = (index: number): boolean => !isOver || parts.market.instruments[index]?.isHeld === true;
  const { runners } = parts.signals;
  // As LiveRestart.isAnew has it: one that goes on with its bars keeps those of all.
  const keeping = runners.filter(({ setup }) => gapMs !== undefined && gapMs <= setup.definition.gapToleranceMs);
  const kept = new Set(keeping.flatMap(({ slots }) => slots.map(({ instrumentIndex }) => instrumentIndex)));
  const cold = runners.filter(({ status, isWarm }) => status === 'running' && !isWarm);
  return cold
    .flatMap(({ slots }) => slots)
    .filter(({ instrumentIndex }) => isWaiting(instrumentIndex))
    .some(({ instrumentIndex, instrument }) => !kept.has(instrumentIndex) && hasHistory(instrument.symbol));
}

/** How long nobody had watched when the run began; undefined for one whose strategies all began anew. */
function gapBefore({ facts: { continues, tradeFrom }, segments }: LastRun, reader: JournalReader): number | undefined {
  if (continues === undefined || continues.isFolded === true) return undefined;
  for (const { record } of reader.records(segments[0] as SegmentLine)) {
    if (record.kind === 'gap') return tradeFrom - record.from;
  }
  // It ended before it had looked.
  return 0;
}

function differenceText({ sequence, what, recorded, decided }: ReplayDifference): string {
  return `Record ${sequence} (${what}) comes to something else now: recorded is ${recorded}, now it is ${decided}.`;
}

/** Errors: JOURNAL_RESTART_CHANGED. */
export function requireSameVenues(facts: RunFacts, engine: NextEngine): void {
  const changes = venueChanges(facts, engine);
  if (changes.length > 0) changed(facts.run, changes);
}

function foldRun(
  { facts, segments }: LastRun,
  { reader, options, changes }: { reader: JournalReader; options: RecoverWork; changes: readonly string[] },
): Outcome {
  const { engine, beat, onDamaged, isAsking = true } = options;
  requireSameVenues(facts, engine);
  const parts = prepareFold(facts, engine);
  const fold = new Fold(parts);
  takeAll(fold, { reader, segments, beat, onDamaged });
  if (fold.difference !== undefined) differs(facts.run, fold.difference);
  const left = leftWithoutPlace(fold.kernel, engine.prepared);
  if (left.length > 0) withoutPlace(facts.run, left);
  const { kernel } = fold;
  const state = fold.state();
  const names = parts.choices.map(({ name }) => name);
  const coarser = notExact({ folded: kernel, names, venues: state.venues }, nextInstruments(options));
  if (coarser.length > 0) changed(facts.run, coarser);
  return {
    ...{ state, hash: kernel.hash() },
    folded: {
      ...{ kernel, venues: names },
      changes: [...changes, ...capitalChanges(facts, engine)],
      reason: isAsking ? 'SETUP_CHANGED' : 'ENGINE_RESTARTED',
    },
  };
}

/**
 * The newest run over live feeds; on paper of an engine of this name. What a live one left is at its brokers, whatever the engine is called
 * now: another one beside it is refused for what it has no place for.
 */
export function lastRun(
  reader: JournalReader,
  { name, mode = 'paper' }: Pick<RecoverOptions, 'name' | 'mode'>,
): LastRun | undefined {
  const all = reader.segments();
  for (const run of new Set(all.map((segment) => segment.run).toReversed())) {
    const segments = all.filter((segment) => segment.run === run);
    const facts = reader.facts(segments[0] as SegmentLine);
    if (facts.source !== 'live' || (facts.mode ?? 'paper') !== mode) continue;
    if (mode === 'paper' && facts.name !== name) continue;
    if (segments.some((segment) => reader.hasState(segment))) {
      return { facts, segments };
    }
    // It died before it had taken over from the one before it; or it began flat, and saw nothing.
    if (facts.continues === undefined) return undefined;
  }
  return undefined;
}

/** From the newest snapshot that can be read, or from the beginning, to the last record. */
function takeAll(
  replay: Pick<Replay | Fold, 'restore' | 'take' | 'difference'>,
  {
    reader,
    segments,
    beat,
    onDamaged,
  }: { reader: JournalReader; segments: readonly SegmentLine[] } & Pick<RecoverWork, 'beat' | 'onDamaged'>,
): void {
  const start = reader.newestSnapshot(segments, ({ run, part }, after) =>
    onDamaged(`Part ${part} of run '${run}': the snapshot after record ${after} is not as it was written.`),
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

/** What has changed since the run, one sentence each. */
function setupChanges(facts: RunFacts, { fingerprint, instruments, engine }: RecoverOptions): readonly string[] {
  const { config } = fingerprint;
  const changes = [...fingerprintDifferences({ ...facts.fingerprint, config }, fingerprint)];
  if (facts.fingerprint.config !== config) changes.push(...settingsChanged(facts, engine));
  if (plainText(facts.instruments) === plainText(instruments)) return changes;
  return [...changes, 'The instruments, their order, or the bars they are fed have changed.'];
}

function settingsChanged({ config }: RunFacts, { prepared }: NextEngine): readonly string[] {
  const before = parse(config) as Readonly<Record<string, unknown>>;
  const changes = configChanges(before, effectiveConfig(prepared.config, prepared.optionsByPath));
  // Some values are one text and two things, such as secrets.
  return changes.length > 0 ? changes : ['The configuration has changed.'];
}

function changed(run: string, changes: readonly string[]): never {
  throw journalError(
    'JOURNAL_RESTART_CHANGED',
    `Orders and positions of run '${run}' mean something else at the venue as it is configured now. ${changes.join(' ')}`,
    { details: { run, changes } },
  );
}

function withoutPlace(run: string, left: readonly string[]): never {
  throw journalError(
    'JOURNAL_RESTART_LEFT',
    `Run '${run}' left something that engine.yaml has no place for any more. ${left.join(' ')}`,
    { details: { run, left } },
  );
}

function differs(run: string, difference: ReplayDifference): never {
  throw journalError('JOURNAL_RESTART_DIFFERS', `Run '${run}': ${differenceText(difference)}`, {
    details: { run, ...difference },
  });
}
