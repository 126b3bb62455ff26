// Whether a run is journalled, and the journal it gets. The database is loaded only where it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EpochMs, nowUtc } from '@bookrunner/sdk';
import type { EngineComposition } from '../../composition-root.js';
import { effectiveConfigYaml } from '../../config/index.js';
import { runEpochOf } from '../../execution/order-id.js';
import type { Fingerprint } from '../../journal/fingerprint.js';
import type { RecoveredRun } from '../../journal/recover-run.js';
import type { LastTerms } from '../../journal/last-terms.js';
import type { RunJournal } from '../../journal/run-journal.js';
import type { RunFacts } from '../../journal/segment-header.js';
import type { PreparedEngine } from '../../plugins/index.js';
import type { RunInstrument } from '../assemble.js';
import { brokerError } from '../brokers/broker-errors.js';
import { feedOfSymbols } from '../feed-of-symbols.js';
import { isLossStop } from './first-commands.js';
import type { WorkerData } from './paper-messages.js';

/** What is known when the run is put together. */
export interface JournalStart {
  readonly source: 'recorded' | 'live';
  readonly instruments: readonly RunInstrument[];
  readonly tradeFrom: EpochMs;
  /** First half of every order id; made of `engine.seed` unless given. */
  readonly runEpoch?: string;
  /** The run that is gone on with. */
  readonly recovered?: RecoveredRun | undefined;
}

/** The journal of a data folder, as a run uses it. */
export interface JournalOpener {
  /** Takes the lock of the data folder now, unless the main thread holds it. Errors: JOURNAL_…. */
  hold(): void;
  /** Gives the lock back where no journal was opened. */
  letGo(): void;
  /** What brokers said of the instruments of the last run. Errors: JOURNAL_RESTART_CHANGED. */
  lastTerms(): LastTerms;
  /** Begins the journal of a run. Errors: JOURNAL_…. */
  open(start: JournalStart): RunJournal;
  /** The last run over live feeds, to go on from; undefined where there is none. Holds the journal from then on. Errors: JOURNAL_…. */
  recover(instruments: readonly RunInstrument[], beat: () => void): Promise<RecoveredRun | undefined>;
}

/** What {@link journalOpener} needs. */
export interface WorkerJournalSetup {
  readonly engine: EngineComposition;
  readonly data: WorkerData;
  readonly isRecorded: boolean;
  /** The main thread holds the data folder, over all workers of the session. */
  readonly isFolderHeld?: boolean;
  /** Marks calls of strategies, also of those that a journal asks again. */
  readonly watched?: (prepared: PreparedEngine) => PreparedEngine;
  /** A write failed between two events. */
  readonly onFault: (error: unknown) => void;
}

/** With `auto`, all but recorded data at full speed is journalled: that can be run again as it is. Errors: BROKER_JOURNAL_OFF. */
export function isJournalled({
  engine,
  data,
  isRecorded,
}: Omit<WorkerJournalSetup, 'isFolderHeld' | 'onFault' | 'watched'>): boolean {
  const { journal } = engine.prepared.config.engine;
  if (data.mode === 'live' && journal === 'off') {
    throw brokerError('BROKER_JOURNAL_OFF', 'engine.journal: a live run cannot be without its journal.');
  }
  return journal === 'auto' ? !(isRecorded && data.speed === 'max') : journal === 'on';
}

/** Undefined where the run is not journalled. Errors: STORE_SQLITE_BINARY_MISSING. */
export async function journalOpener(setup: WorkerJournalSetup): Promise<JournalOpener | undefined> {
  if (!isJournalled(setup)) return undefined;
  const { loadDriver, JournalWriter, RunJournal, fingerprintOf, takeJournalLock, recoverRun, lastTerms } =
    await journalModules();
  const driver = await loadDriver();
  const { engine, data, onFault, isFolderHeld = false, watched } = setup;
  const { dataDir, name } = engine.prepared.config.engine;
  const last = { dataDir, driver, name, mode: data.mode, engine };
  const fingerprint = fingerprintOf(engine.prepared);
  let release: (() => void) | undefined = isFolderHeld ? () => {} : undefined;
  const hold = (): (() => void) => (release ??= takeJournalLock(dataDir, driver));
  // From then on the writer gives it back.
  let isOpen = false;
  const letGo = (): void => {
    if (isOpen) return;
    release?.();
    if (!isFolderHeld) release = undefined;
  };
  return {
    hold: () => void hold(),
    letGo,
    lastTerms: () => lastTerms({ ...last, symbols: [...feedOfSymbols(engine).keys()] }),
    async recover(instruments, beat) {
      hold();
      try {
        const now = { fingerprint, instruments: namesOf(instruments), ...(watched && { watched }) };
        const hasHistory = (symbol: string): boolean => hasHistoryOf(engine, symbol);
        // What hung once on something outside would hang again: strategies that are off because of it are not asked.
        const isAsking = !data.first.some((command) => isLossStop(command));
        return await recoverRun({ ...last, ...now, hasHistory, isAsking, beat });
      } catch (error) {
        letGo();
        throw error;
      }
    },
    open(start) {
      const facts = factsOf(setup, start, fingerprint);
      const { recovered } = start;
      isOpen = true;
      const writer = new JournalWriter({
        ...{ dataDir, driver, onFault, facts, now: nowUtc },
        ...(release === undefined ? {} : { release }),
        ...(recovered === undefined ? {} : { after: { part: 0, sequence: recovered.after } }),
      });
      keepConfig(join(dataDir, 'runs', data.runId), facts.config);
      return new RunJournal(writer, { onFault });
    },
  };
}

/** Loaded here, and not where nothing is journalled. */
async function journalModules() {
  const [connection, writer, run, fingerprint, lock, recover] = await Promise.all([
    import('../../journal/journal-connection.js'),
    import('../../journal/journal-writer.js'),
    import('../../journal/run-journal.js'),
    import('../../journal/fingerprint.js'),
    import('../../journal/journal-lock.js'),
    import('../../journal/recover-run.js'),
  ]);
  // Of what the others have loaded.
  const terms = await import('../../journal/last-terms.js');
  return { ...connection, ...writer, ...run, ...fingerprint, ...lock, ...recover, ...terms };
}

function factsOf({ engine, data }: WorkerJournalSetup, start: JournalStart, fingerprint: Fingerprint): RunFacts {
  const { config, optionsByPath } = engine.prepared;
  const { source, tradeFrom, recovered } = start;
  return {
    ...{ run: data.runId, name: config.engine.name, source, tradeFrom, fingerprint },
    config: effectiveConfigYaml(config, optionsByPath),
    mode: data.mode,
    runEpoch: start.runEpoch ?? runEpochOf(config.engine.seed),
    startedAt: nowUtc(),
    instruments: namesOf(start.instruments),
    configPath: config.source.path,
    ...(recovered === undefined ? {} : { continues: continuesOf(recovered) }),
  };
}

function hasHistoryOf(engine: EngineComposition, symbol: string): boolean {
  const feed = engine.parts.feeds.get(feedOfSymbols(engine).get(symbol) ?? '');
  return feed?.capabilities.historyBars === true || feed?.capabilities.historyTicks === true;
}

function continuesOf({ run, after, folded }: RecoveredRun): NonNullable<RunFacts['continues']> {
  return { run, after, ...(folded === undefined ? {} : { isFolded: true }) };
}

function namesOf(instruments: readonly RunInstrument[]): RunFacts['instruments'] {
  return instruments.map(({ instrument: { symbol }, source: { spec }, terms }) => ({
    symbol,
    ...(spec === undefined ? {} : { bars: spec }),
    ...(terms === undefined || Object.keys(terms).length === 0 ? {} : { terms }),
  }));
}

/** The run folder has the configuration from the beginning: a run that dies can be replayed. */
function keepConfig(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'config.yaml'), text);
}
