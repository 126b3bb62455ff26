// Whether the data that engine.yaml names is there and can be read: the beginning of every file, before a run finds it out.
import { isTradingError, type Feed, type Instrument, type TradingError } from '@bookrunner/sdk';
import { formatPath } from '../../config/config-errors.js';
import type { EngineConfig } from '../../config/index.js';
import { RecordedSourceFeed } from '../../feeds/recorded-source-feed.js';
import type { PreparedEngine } from '../../plugins/index.js';
import type { CheckFinding } from './check-finding.js';

/**
 * Probes the engine's own recorded feeds for the symbols that strategies take from them. Feeds of plugins are not asked: they may
 * connect to somewhere.
 */
export async function checkData(
  prepared: PreparedEngine,
  feeds: ReadonlyMap<string, Feed>,
): Promise<readonly CheckFinding[]> {
  const { config } = prepared;
  const failures = new Map<string, CheckFinding>();
  for (const [name, feed] of feeds) {
    if (!(feed instanceof RecordedSourceFeed)) continue;
    for (const instrument of instrumentsOf(prepared, name)) {
      const error = await probeError(feed, instrument);
      if (error === undefined) continue;
      const finding = findingAt(config, name, error);
      // One file may serve several symbols.
      const key = `${finding.path} ${finding.message}`;
      failures.set(key, failures.get(key) ?? finding);
    }
    await feed.close();
  }
  return [...failures.values()];
}

function instrumentsOf({ config, strategies }: PreparedEngine, feed: string): readonly Instrument[] {
  const symbols = [...strategies.values()].filter((strategy) => strategy.config.feed === feed);
  const names = new Set(symbols.flatMap((strategy) => strategy.config.symbols));
  return [...names].map((symbol) => config.instruments[symbol] as Instrument);
}

async function probeError(feed: RecordedSourceFeed, instrument: Instrument): Promise<TradingError | undefined> {
  try {
    await feed.probe(instrument);
    return undefined;
  } catch (error) {
    if (isTradingError(error)) return error;
    throw error;
  }
}

/** Codes that are about the path; the others are about what the options say of the files. */
const OF_PATH: ReadonlySet<string> = new Set(['DATA_FILE_MISSING', 'DATA_FILE_UNREADABLE', 'DATA_NO_USABLE_ROWS']);

function findingAt(config: EngineConfig, feed: string, error: TradingError): CheckFinding {
  const options = ['feeds', feed, 'options'];
  const path = OF_PATH.has(error.code) ? [...options, 'path'] : options;
  const place = config.source.place(path);
  return {
    phase: 'data',
    code: error.code,
    path: formatPath(path),
    ...(place === undefined ? {} : { place }),
    message: config.source.mask(error.message),
    remedy: error.remedy,
  };
}
