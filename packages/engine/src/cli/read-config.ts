// engine.yaml as a command names it: which file, with which overrides.
import { existsSync } from 'node:fs';
import { configError, loadConfig, type EngineConfig } from '../config/index.js';
import type { CommandArguments } from './command-arguments.js';
import type { CommandIo } from './command.js';
import { DEFAULT_CONFIG } from './common-options.js';

/** The file that a command names, or ./engine.yaml. */
export function configPath(args: CommandArguments): string {
  return args.text('config') ?? DEFAULT_CONFIG;
}

/** Whether the file is there to be read. */
export function hasConfig(args: CommandArguments): boolean {
  return existsSync(configPath(args));
}

/** Says what to do where no file is named and there is none here. Errors: CONFIG_FILE_UNREADABLE. */
export function requireConfig(args: CommandArguments): void {
  if (args.text('config') === undefined && !hasConfig(args)) {
    throw configError('CONFIG_FILE_UNREADABLE', `There is no ${DEFAULT_CONFIG} in this folder.`, {
      remedy: 'Name the file, or go to its folder; examples/demo/engine.yaml is one to begin with.',
    });
  }
}

/** Reads engine.yaml with the overrides of `--set`, or with others. Errors: CONFIG_…, SECRET_MISSING. */
export function readConfig(args: CommandArguments, io: CommandIo, overrides = args.texts('set')): EngineConfig {
  requireConfig(args);
  return loadConfig(configPath(args), { env: io.env, overrides, now: io.now() });
}

/** Feeds that read files, whose bad rows `--on-bad-row` is about. */
const FILE_FEEDS = new Set(['csv', 'parquet']);

/** All overrides of a run: those of `--set`, then `--on-bad-row` for every feed that reads files. Errors: CONFIG_…. */
export function runOverrides(args: CommandArguments, io: CommandIo): readonly string[] {
  const onBadRow = args.choice('on-bad-row', ['fail', 'skip']);
  if (onBadRow === undefined) return args.texts('set');
  const feeds = Object.entries(readConfig(args, io).feeds).filter(([, feed]) => FILE_FEEDS.has(feed.use));
  return [
    ...args.texts('set'),
    ...feeds.map(([name]) => `feeds[${JSON.stringify(name)}].options.onBadRow=${onBadRow}`),
  ];
}
