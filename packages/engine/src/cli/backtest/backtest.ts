// A backtest from a configuration to a result: what the command does, and what a program can do.
import { nowUtc, type EngineNotice, type EpochMs, type RejectedRow } from '@bookrunner/sdk';
import type { LogOptions } from '../log/engine-log.js';
import { composeEngine } from '../../composition-root.js';
import { loadConfig, type EngineConfig, type Environment } from '../../config/index.js';
import { openInOrder, type CreatedParts } from '../../plugins/index.js';
import type { RunResult } from '../../report/run-result.js';
import { runRecorded, type RunProgress } from '../../runtime/recorded/recorded-run.js';
import { withTurns } from './feed-turns.js';
import { newRunId } from './run-id.js';

/** Options of {@link backtest}. */
export interface BacktestOptions {
  /** Trade from this instant on; earlier data only warms up. */
  readonly from?: EpochMs;
  /** End of the data, exclusive. */
  readonly to?: EpochMs;
  /** `path=value` overrides, where a file is given. */
  readonly overrides?: readonly string[];
  /** What `${NAME}` reads, where a file is given; `process.env` unless given. */
  readonly env?: Environment;
  readonly runId?: string;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly onNotice?: (notice: EngineNotice) => void;
  readonly onRejected?: (row: RejectedRow) => void;
  /** Ends the run early; the result covers what was read until then. */
  readonly signal?: AbortSignal;
  /** Nothing is logged unless given. */
  readonly log?: LogOptions;
  /** Wall clock, for the report alone. */
  readonly now?: () => EpochMs;
}

const OPEN_TIMEOUT_MS = 30_000;
const SILENT: LogOptions = { level: 'silent', format: 'json', write: () => {} };

/**
 * Runs a backtest and gives its result; writes nothing. `config` is the path of an engine.yaml, or what `loadConfig` gave. A
 * strategy that fails does not reject: it is stopped, and the result's `notices` and `warnings` say so.
 * Errors: CONFIG_…, PLUGIN_BOOT_FAILED, DATA_…, RUN_….
 *
 * @example
 * const result = await backtest('engine.yaml', { from: Date.UTC(2024, 0, 1) });
 * console.log(result.metrics.sharpe);
 */
export async function backtest(config: string | EngineConfig, options: BacktestOptions = {}): Promise<RunResult> {
  const now = options.now ?? nowUtc;
  const loaded = typeof config === 'string' ? load(config, options, now()) : config;
  const engine = await composeEngine({ config: loaded, mode: 'backtest', log: options.log ?? SILENT });
  try {
    const opened = await openInOrder(openableFeeds(engine.parts), {
      timeoutMs: OPEN_TIMEOUT_MS,
      mask: (text) => loaded.source.mask(text),
    });
    try {
      return await runRecorded({
        ...given(options, ['from', 'to', 'onProgress', 'onNotice', 'onRejected', 'signal']),
        runId: options.runId ?? newRunId(now()),
        kind: 'backtest',
        prepared: engine.prepared,
        parts: { ...engine.parts, feeds: withTurns(engine.parts.feeds) },
        calendar: engine.calendar,
        now,
      });
    } finally {
      await opened.close();
    }
  } finally {
    await engine.dispose();
  }
}

function load(path: string, options: BacktestOptions, at: EpochMs): EngineConfig {
  const { overrides = [], env = process.env } = options;
  return loadConfig(path, { env, overrides, now: at });
}

function openableFeeds(parts: CreatedParts): Parameters<typeof openInOrder>[0] {
  const feeds = [...parts.feeds].map(([name, feed]) => ({ name, open: () => feed.open(), close: () => feed.close() }));
  return { feeds };
}

/** The options that are given: an absent one stays absent. */
function given<Key extends keyof BacktestOptions>(
  options: BacktestOptions,
  keys: readonly Key[],
): Pick<BacktestOptions, Key> {
  return Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]])) as Pick<
    BacktestOptions,
    Key
  >;
}
