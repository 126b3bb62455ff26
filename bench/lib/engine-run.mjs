// One backtest, on the path of the `bookrunner backtest` command: engine.yaml, plugins, parts, recorded run. The engine's package
// exports `backtest`, which keeps every fill in memory; the benchmarks need the recorder's `retain`, so they import from dist.
import { moneyToNumber } from '@bookrunner/sdk';
import { withTurns } from '../../packages/engine/dist/cli/backtest/feed-turns.js';
import { composeEngine } from '../../packages/engine/dist/composition-root.js';
import { loadConfig } from '../../packages/engine/dist/config/index.js';
import { runRecorded } from '../../packages/engine/dist/runtime/recorded/recorded-run.js';
import { tuneForBacktests } from '../../packages/engine/dist/runtime/session/v8-options.js';
import { cpuMs, generation } from './generation.mjs';

// As the command does.
tuneForBacktests();

const SILENT = { level: 'silent', format: 'json', write: () => {} };
/** Rows of each log that stay in memory: all of W1's million bars, and no more with ten million. */
const RETAIN_ROWS = 40_000;

/** @param {string} name of a file in `bench/config` */
export function configFile(name) {
  return new URL(`../config/${name}`, import.meta.url).pathname;
}

/**
 * @typedef {object} EngineRunOptions
 * @property {readonly string[]} [overrides] `path=value`
 * @property {(ts: number, qty: number, price: number) => void} [onFill] every fill in order; qty is signed
 * @property {(pnl: number, fees: number) => void} [onTrade] every closed trade in order; pnl is after fees
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
  generation.reset();
  const cpu = cpuMs();
  const started = performance.now();
  const result = await runRecorded({
    runId: 'bench',
    kind: 'backtest',
    prepared: engine.prepared,
    parts: { ...engine.parts, feeds },
    calendar: engine.calendar,
    now: () => 0,
    recorder: { logs: logOptions(options) },
    onAssembled: (made) => (assembly = made),
  });
  const ms = performance.now() - started - generation.ms;
  const ownCpuMs = cpuMs() - cpu - generation.cpuMs;
  await engine.dispose();
  return { ms, cpuMs: ownCpuMs, result, assembly };
}

function logOptions({ onFill, onTrade }) {
  if (onFill === undefined && onTrade === undefined) return { retain: RETAIN_ROWS };
  return {
    retain: RETAIN_ROWS,
    onChunkFull: (columns) => {
      // One option serves the logs of fills, orders and trades: each has a column that the others lack.
      const named = new Map(columns.map((column) => [column.name, column]));
      if (named.has('recordedSequence') && onFill !== undefined) giveFills(named, onFill);
      else if (named.has('pnl') && onTrade !== undefined) giveTrades(named, onTrade);
    },
  };
}

function giveFills(named, onFill) {
  const { values: times } = named.get('ts');
  const { codes: sides, dictionary } = named.get('side');
  const { values: quantities } = named.get('qty');
  const { values: prices } = named.get('price');
  times.forEach((ts, row) => {
    const sign = dictionary[sides[row]] === 'buy' ? 1 : -1;
    onFill(ts, sign * quantities[row], prices[row]);
  });
}

function giveTrades(named, onTrade) {
  const { values: fees } = named.get('fees');
  named.get('pnl').values.forEach((pnl, row) => onTrade(pnl, fees[row]));
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
