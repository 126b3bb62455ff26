// Test support: engine.yaml in a folder of its own.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTradingError } from '@bookrunner/sdk';
import type { TradingError } from '@bookrunner/sdk';
import { issuesOf } from './config-errors.js';
import type { ConfigIssue } from './config-errors.js';
import type { EngineConfig } from './engine-config.js';
import { loadConfig } from './load-config.js';
import type { LoadConfigOptions } from './load-config.js';

/** The smallest configuration that trades: one instrument, one feed, one strategy. */
export const MINIMAL = `
instruments:
  AAPL: { assetClass: equity, quote: USD, calendar: XNAS }
feeds:
  bars: { use: csv, options: { path: bars.csv } }
strategies:
  mr: { use: mean-reversion, symbols: [AAPL] }
`;

/** Writes engine.yaml into a new folder and gives its path. */
export function writeConfig(yaml: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const path = join(folder, 'engine.yaml');
  writeFileSync(path, yaml);
  return path;
}

/** Loads YAML text. */
export function load(yaml: string, options: LoadConfigOptions = {}): EngineConfig {
  return loadConfig(writeConfig(yaml), options);
}

/** The error that loading YAML text throws. */
export function failure(yaml: string, options: LoadConfigOptions = {}): TradingError {
  try {
    load(yaml, options);
  } catch (error) {
    if (isTradingError(error)) return error;
    throw error;
  }
  throw new Error('Loading did not fail.');
}

/** The issues that loading YAML text finds. */
export function issues(yaml: string, options: LoadConfigOptions = {}): readonly ConfigIssue[] {
  return issuesOf(failure(yaml, options));
}
