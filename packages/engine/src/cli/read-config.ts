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

/** Reads engine.yaml with the overrides of `--set`, then with more of them. Errors: CONFIG_…, SECRET_MISSING. */
export function readConfig(args: CommandArguments, io: CommandIo, more: readonly string[] = []): EngineConfig {
  const path = configPath(args);
  if (args.text('config') === undefined && !existsSync(path)) {
    throw configError('CONFIG_FILE_UNREADABLE', `There is no ${DEFAULT_CONFIG} in this folder.`, {
      remedy: 'Name the file, or go to its folder; examples/demo/engine.yaml is one to begin with.',
    });
  }
  return loadConfig(path, { env: io.env, overrides: [...args.texts('set'), ...more], now: io.now() });
}

/** Feeds that read files, whose bad rows `--on-bad-row` is about. */
const FILE_FEEDS = new Set(['csv', 'parquet']);

/** {@link readConfig}, with `--on-bad-row` put into every feed that reads files. */
export function readConfigForRun(args: CommandArguments, io: CommandIo): EngineConfig {
  const config = readConfig(args, io);
  const onBadRow = args.choice('on-bad-row', ['fail', 'skip']);
  if (onBadRow === undefined) return config;
  const feeds = Object.entries(config.feeds).filter(([, feed]) => FILE_FEEDS.has(feed.use));
  return readConfig(
    args,
    io,
    feeds.map(([name]) => `feeds[${JSON.stringify(name)}].options.onBadRow=${onBadRow}`),
  );
}
