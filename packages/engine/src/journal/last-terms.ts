import { existsSync } from 'node:fs';
import { isTradingError } from '@bookrunner/sdk';
import { parse } from 'yaml';
import type { InstrumentTerms } from '../runtime/brokers/broker-instruments.js';
import type { NextEngine } from './fold-setup.js';
import type { ConnectionDriver } from './journal-connection.js';
import { journalPath } from './journal-file.js';
import { lastRun, openReader, requireSameVenues } from './recover-run.js';
import type { RunFacts } from './segment-header.js';

/** What {@link lastTerms} reads. */
export interface LastTermsOptions {
  readonly dataDir: string;
  readonly driver: ConnectionDriver;
  readonly name: string;
  readonly mode: 'paper' | 'live';
  readonly engine: NextEngine;
  /** Those that are needed. */
  readonly symbols: readonly string[];
}

/** By symbol; or why only the brokers know them, in one sentence. */
export type LastTerms =
  | { readonly terms: ReadonlyMap<string, InstrumentTerms> }
  | { readonly terms?: undefined; readonly why: string };

/**
 * The terms on which brokers traded the instruments of the last run: unknown where there is none to go on from, or it did not have them all.
 * Errors: JOURNAL_RESTART_CHANGED where what it left has no meaning any more, so that nobody waits for a broker to hear of it.
 */
export function lastTerms(options: LastTermsOptions): LastTerms {
  const { engine, symbols } = options;
  const facts = lastFacts(options);
  if (facts === undefined) return { why: 'There is no session that can be gone on from.' };
  // Whoever goes on says that it is damaged.
  if (!isReadable(facts.config)) return { why: 'The engine.yaml of the last session cannot be read.' };
  requireSameVenues(facts, engine);
  const known = new Map(facts.instruments.map(({ symbol, terms = {} }) => [symbol, terms]));
  const added = symbols.filter((symbol) => !known.has(symbol));
  return added.length === 0 ? { terms: known } : { why: `The last session did not have ${added.join(', ')}.` };
}

/** Undefined also where the journal is damaged: going on from it says how. */
function lastFacts(options: LastTermsOptions): RunFacts | undefined {
  const { dataDir, driver } = options;
  if (!existsSync(journalPath(dataDir))) return undefined;
  try {
    const reader = openReader(dataDir, driver);
    try {
      return reader && lastRun(reader, options)?.facts;
    } finally {
      reader?.close();
    }
  } catch (error) {
    if (isTradingError(error)) return undefined;
    throw error;
  }
}

function isReadable(config: string): boolean {
  try {
    const value: unknown = parse(config);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
