// One backtest, on the path of the `bookrunner backtest` command: engine.yaml, plugins, parts, recorded run. The engine's package
// exports `backtest`, which keeps every fill in memory; the benchmarks need the recorder's `retain`, so they import from dist.
import { moneyToNumber } from '@bookrunner/sdk';
import { withTurns } from '../../packages/engine/dist/cli/backtest/feed-turns.js';
import { composeEngine } from '../../packages/engine/dist/composition-root.js';
import { loadConfig } from '../../packages/engine/dist/config/index.js';
import { runRecorded } from '../../packages/engine/dist/runtime/recorded-run.js';
import { generation } from './generation.mjs';

const SILENT = { level: 'silent', format: 'json', write: () => {} };
/** Rows of each log that stay in memory: all of W1's million bars, and no more with ten million. */
const RETAIN_ROWS = 65_536;

/** @param {string} name of a file in `bench/config` */
export function configFile(name) {
  return new URL(`../config/${name}`, import.meta.url).pathname;
}

/**
 * @typedef {object} EngineRunOptions
 * @property {readonly string[]} [overrides] `path=value`
 * @property {(ts: number, qty: number, price: number) => void} [onFill] every fill in order; qty is signed
 */

/**
 * Runs a configuration over the data that was put up.
 * @param {string} path of engine.yaml
 * @param {EngineRunOptions} [options]
 */
export async function engineRun(path, options = {}) {
  const config = loadConfig(path, { env: {}, overrides: options.overrides ?? [] });
  const engine = await composeEngine({ config, mode: 'backtest', log: SILENT });
  const feeds = withTurns(engine.parts.feeds);
  let assembly;
  generation.ms = 0;
  const started = performance.now();
  const result = await runRecorded({
    runId: 'bench',
    kind: 'backtest',
    prepared: engine.prepared,
    parts: { ...engine.parts, feeds },
    calendar: engine.calendar,
    now: () => 0,
    recorder: { logs: logOptions(options.onFill) },
    onAssembled: (made) => (assembly = made),
  });
  const ms = performance.now() - started - generation.ms;
  await engine.dispose();
  return { ms, result, assembly };
}

function logOptions(onFill) {
  if (onFill === undefined) return { retain: RETAIN_ROWS };
  return {
    retain: RETAIN_ROWS,
    onChunkFull: (columns) => {
      // One option serves the logs of fills, orders and trades; fills alone have this column.
      if (columns.some((column) => column.name === 'recordedSequence')) giveFills(columns, onFill);
    },
  };
}

function giveFills(columns, onFill) {
  const named = new Map(columns.map((column) => [column.name, column]));
  const { values: times } = named.get('ts');
  const { codes: sides, dictionary } = named.get('side');
  const { values: quantities } = named.get('qty');
  const { values: prices } = named.get('price');
  times.forEach((ts, row) => {
    const sign = dictionary[sides[row]] === 'buy' ? 1 : -1;
    onFill(ts, sign * quantities[row], prices[row]);
  });
}

/** What the published tables list, of the only book. */
export function outcomeOf({ result, assembly }) {
  const { metrics } = result;
  const [{ book }] = assembly.recorder.books;
  return {
    fills: result.fills.total,
    closedTrades: metrics.trades,
    wins: metrics.wins,
    finalPosition: book.positions.reduce((sum, position) => sum + position.holding.qty, 0),
    cash: moneyToNumber(book.cash(book.base)),
    finalEquity: metrics.finalEquity,
    fees: metrics.fees,
    maxDrawdown: metrics.maxDrawdownValue,
  };
}
