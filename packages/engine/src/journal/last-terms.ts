import { existsSync } from 'node:fs';
import { isTradingError } from '@bookrunner/sdk';
import { parse } from 'yaml';
import { effectiveConfig } from '../config/index.js';
import type { InstrumentTerms } from '../runtime/brokers/broker-instruments.js';
import { plainText } from './entry-text.js';
import type { NextEngine } from './fold-setup.js';
import type { ConnectionDriver } from './journal-connection.js';
import { journalPath } from './journal-file.js';
import { lastRun, openReader } from './recover-run.js';
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

/**
 * The terms on which brokers traded the instruments of the last run, by symbol. Undefined where there is none to go on from, it did not have
 * them all, or one of them was declared otherwise: then only the brokers know.
 */
export function lastTerms(options: LastTermsOptions): ReadonlyMap<string, InstrumentTerms> | undefined {
  const { engine, symbols } = options;
  const facts = lastFacts(options);
  if (facts === undefined) return undefined;
  const before = instrumentsOf(parsed(facts.config));
  const now = instrumentsOf(effectiveConfig(engine.prepared.config, engine.prepared.optionsByPath));
  const known = new Map(facts.instruments.map(({ symbol, terms = {} }) => [symbol, terms]));
  const isSame = (symbol: string): boolean => known.has(symbol) && plainText(before[symbol]) === plainText(now[symbol]);
  return symbols.every(isSame) ? known : undefined;
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

/** Null for a text that is damaged. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function instrumentsOf(config: unknown): Readonly<Record<string, unknown>> {
  return (config as { readonly instruments?: Readonly<Record<string, unknown>> } | null)?.instruments ?? {};
}
