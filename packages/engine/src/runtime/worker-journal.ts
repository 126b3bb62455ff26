// Whether a run is journalled, and the journal it gets. The database is loaded only where it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EpochMs, nowUtc } from '@bookrunner/sdk';
import type { EngineComposition } from '../composition-root.js';
import { effectiveConfigYaml } from '../config/index.js';
import { runEpochOf } from '../execution/order-id.js';
import type { RunJournal } from '../journal/run-journal.js';
import type { RunInstrument } from './assemble.js';
import type { WorkerData } from './paper-messages.js';

/** What is known when the run is put together. */
export interface JournalStart {
  readonly source: 'recorded' | 'live';
  readonly instruments: readonly RunInstrument[];
  readonly tradeFrom: EpochMs;
}

/** Begins the journal of a run; undefined where it has none. Errors: JOURNAL_…. */
export type JournalOpener = (start: JournalStart) => RunJournal;

/** What {@link journalOpener} needs. */
export interface WorkerJournalSetup {
  readonly engine: EngineComposition;
  readonly data: WorkerData;
  readonly isRecorded: boolean;
  /** A write failed between two events. */
  readonly onFault: (error: unknown) => void;
}

/** With `auto`, all but recorded data at full speed is journalled: that can be run again as it is. */
export function isJournalled({ engine, data, isRecorded }: Omit<WorkerJournalSetup, 'onFault'>): boolean {
  const { journal } = engine.prepared.config.engine;
  return journal === 'auto' ? !(isRecorded && data.speed === 'max') : journal === 'on';
}

/** Undefined where the run is not journalled. Errors: STORE_SQLITE_BINARY_MISSING. */
export async function journalOpener(setup: WorkerJournalSetup): Promise<JournalOpener | undefined> {
  if (!isJournalled(setup)) return undefined;
  const [{ loadDriver }, { JournalWriter }, { RunJournal }, { fingerprintOf }] = await Promise.all([
    import('../journal/journal-connection.js'),
    import('../journal/journal-writer.js'),
    import('../journal/run-journal.js'),
    import('../journal/fingerprint.js'),
  ]);
  const driver = await loadDriver();
  const { engine, data, onFault } = setup;
  return ({ source, instruments, tradeFrom }) => {
    const { prepared } = engine;
    const { config } = prepared;
    const { dataDir, name, seed } = config.engine;
    const text = effectiveConfigYaml(config, prepared.optionsByPath);
    const writer = new JournalWriter({
      ...{ dataDir, driver, onFault },
      now: nowUtc,
      facts: {
        ...{ run: data.runId, name, source, tradeFrom, config: text },
        runEpoch: runEpochOf(seed),
        startedAt: nowUtc(),
        instruments: instruments.map(({ instrument: { symbol }, source: { spec } }) =>
          spec === undefined ? { symbol } : { symbol, bars: spec },
        ),
        fingerprint: fingerprintOf(prepared),
        configPath: config.source.path,
      },
    });
    keepConfig(join(dataDir, 'runs', data.runId), text);
    return new RunJournal(writer, { onFault });
  };
}

/** The run folder has the configuration from the beginning: a run that dies can be replayed. */
function keepConfig(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.yaml'), text);
}
