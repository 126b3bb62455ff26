// A kernel of the same set-up as a journalled run, from the configuration in its run folder.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instrument } from '@bookrunner/sdk';
import { parse } from 'yaml';
import { composeEngine, type EngineComposition } from '../composition-root.js';
import { type Environment, loadConfig } from '../config/index.js';
import type { PreparedEngine } from '../plugins/index.js';
import { locatePlugin } from '../plugins/locate-plugin.js';
import { Kernel } from '../kernel/kernel.js';
import { type Assembly, assemble } from '../runtime/assemble.js';
import { withTerms } from '../runtime/brokers/broker-instruments.js';
import { Seam } from '../runtime/live/live-seam.js';
import { type Fingerprint, fingerprintDifferences, fingerprintOf } from './fingerprint.js';
import { journalError } from './journal-errors.js';
import { ReplayVenue } from './replay-venue.js';
import type { RunFacts } from './segment-header.js';

/** A fresh kernel for a run, and how what it is made from differs from what the run was made from. */
export interface ReplaySetup {
  readonly assembly: Assembly;
  readonly seam: Seam | undefined;
  readonly venue: ReplayVenue;
  /** Of configuration, plugins and strategies: such a kernel decides differently. */
  readonly changes: readonly string[];
  /** Of engine and Node: such a kernel should not. */
  readonly versions: readonly string[];
  dispose(): Promise<void>;
}

/** Options of {@link prepareReplay}. */
export interface ReplaySetupOptions {
  readonly facts: RunFacts;
  readonly dataDir: string;
  /** An engine.yaml in place of the run's own configuration. */
  readonly configPath?: string | undefined;
  /** A configuration in place of that in the run folder and in the journal. */
  readonly configText?: string | undefined;
  readonly env?: Environment;
  /** `path=value` over the configuration that is read. */
  readonly overrides?: readonly string[] | undefined;
  /** What else is to know of calls of strategies; decides nothing. */
  readonly watched?: ((prepared: PreparedEngine) => PreparedEngine) | undefined;
}

/** Errors: CONFIG_…, PLUGIN_BOOT_FAILED, RUN_…; JOURNAL_SETUP_CHANGED where an instrument of the run is gone. */
export async function prepareReplay(options: ReplaySetupOptions): Promise<ReplaySetup> {
  const engine = await composeRun(options);
  const { facts, configPath, watched = (prepared: PreparedEngine) => prepared } = options;
  const venue = new ReplayVenue();
  const { parts, calendar } = engine;
  const seam = facts.source === 'live' ? new Seam() : undefined;
  const prints = fingerprintOf(engine.prepared, configPath ?? facts.configPath);
  const prepared = watched(engine.prepared);
  const assembly = assemble({
    prepared: seam === undefined ? prepared : seam.wrap(prepared),
    ...{ parts, calendar, tradeFrom: facts.tradeFrom },
    ...{ mode: modeOf(facts), runEpoch: facts.runEpoch, isLive: facts.source === 'live' },
    instruments: facts.instruments.map(({ symbol, bars, terms = {} }) => ({
      instrument: withTerms(instrumentOf(engine, symbol), terms),
      source: bars === undefined ? {} : { spec: bars },
    })),
    tap: {
      kernel: (setup, listener) => new Kernel(setup, listener),
      relay: () => venue.relay,
      venue: (venues) => venue.connect(venues),
    },
  });
  seam?.connect(assembly.kernel.parts.market);
  return { assembly, seam, venue, ...setupDifferences(facts.fingerprint, prints), dispose: () => engine.dispose() };
}

/** How what an engine is made from differs from what a run was made from. */
export function setupDifferences(before: Fingerprint, now: Fingerprint): Pick<ReplaySetup, 'changes' | 'versions'> {
  const { engine, node } = before;
  return {
    changes: fingerprintDifferences(before, { ...now, engine, node }),
    versions: fingerprintDifferences({ ...now, engine, node }, now),
  };
}

/** An instrument of a run. Errors: JOURNAL_SETUP_CHANGED. */
export function instrumentOf({ prepared }: EngineComposition, symbol: string): Instrument {
  const instrument = prepared.config.instruments[symbol];
  if (instrument !== undefined) return instrument;
  throw journalError('JOURNAL_SETUP_CHANGED', `The configuration has no instrument '${symbol}' any more.`);
}

/** The engine of a run's configuration, or of another one. Errors: CONFIG_…, PLUGIN_BOOT_FAILED. */
export async function composeRun(options: ReplaySetupOptions): Promise<EngineComposition> {
  const { facts, dataDir, configPath, configText, env = {}, overrides = [] } = options;
  const log = { level: 'silent', format: 'json', write: () => {} } as const;
  if (configPath !== undefined) {
    const config = loadConfig(configPath, { env, overrides });
    return composeEngine({ config, mode: modeOf(facts), log, isReplay: true });
  }
  const kept = join(dataDir, 'runs', facts.run, 'config.yaml');
  if (configText === undefined && existsSync(kept)) return composeFrom(kept, facts, overrides);
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-replay-'));
  try {
    const path = join(folder, 'config.yaml');
    const config = configText ?? facts.config;
    writeFileSync(path, config);
    return await composeFrom(path, { ...facts, config }, overrides);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plugins are named as in engine.yaml, so they are looked up from there and not from the run folder. */
function composeFrom(path: string, facts: RunFacts, more: readonly string[]): Promise<EngineComposition> {
  const { config, configPath } = facts;
  const { plugins } = parse(config) as { readonly plugins?: readonly { readonly use: string }[] };
  const overrides = (plugins ?? []).flatMap(({ use }, index) => {
    const location = locatePlugin(use, configPath);
    if ('code' in location) return [];
    const place = location.isModule ? location.entry : location.file?.directory;
    return place === undefined ? [] : [`plugins[${index}].use=${JSON.stringify(place)}`];
  });
  const log = { level: 'silent', format: 'json', write: () => {} } as const;
  const loaded = loadConfig(path, { overrides: [...overrides, ...more] });
  return composeEngine({ config: loaded, mode: modeOf(facts), log, isReplay: true });
}

/** Journals without it are older than live runs. */
function modeOf({ mode = 'paper' }: RunFacts): 'paper' | 'live' {
  return mode;
}
