import type { Instrument } from '@bookrunner/sdk';
import type { EngineConfig } from '../config/index.js';
import { formatPath, type ConfigPath } from '../config/config-errors.js';
import { runtimeError, RUNTIME_ERRORS } from './runtime-errors.js';

/**
 * FX instruments a run needs besides those it trades, so that every book can be marked: the fewest that connect each traded
 * quote currency with the book's base, and each base with the engine's.
 * Errors: RUN_CURRENCY_NOT_CONVERTIBLE.
 */
export function conversionSymbols(config: EngineConfig, traded: readonly string[]): readonly string[] {
  const needs = new Map<string, Need>();
  const add = (from: string, to: string, of: Omit<Need, 'from' | 'to'>): void => {
    if (!needs.has(`${from}/${to}`)) needs.set(`${from}/${to}`, { from, to, ...of });
  };
  for (const strategy of Object.values(config.strategies)) {
    const base = config.books[strategy.book]?.base;
    if (base === undefined) continue;
    const at = base === config.engine.baseCurrency ? ENGINE_BASE : ['books', strategy.book, 'base'];
    for (const symbol of strategy.symbols)
      add(`${config.instruments[symbol]?.quote}`, base, { at, why: `in which '${symbol}' is quoted` });
  }
  for (const [name, book] of Object.entries(config.books))
    add(book.base, config.engine.baseCurrency, { at: ENGINE_BASE, why: `the base of book '${name}'` });
  const found = new Set<string>();
  for (const need of needs.values()) {
    const symbols = path(config.instruments, need, new Set([...traded, ...found]));
    if (symbols === undefined) throw notConvertible(config, need);
    for (const symbol of symbols) found.add(symbol);
  }
  return [...found].filter((symbol) => !traded.includes(symbol));
}

/** Two currencies that have to be connected, and what in engine.yaml asks for it. */
interface Need {
  readonly from: string;
  readonly to: string;
  readonly at: ConfigPath;
  readonly why: string;
}

const ENGINE_BASE: ConfigPath = ['engine', 'baseCurrency'];

function notConvertible({ source }: EngineConfig, { from, to, at, why }: Need): Error {
  const code = 'RUN_CURRENCY_NOT_CONVERTIBLE';
  const place = source.place(at, 'value');
  const message = `${to} is the currency to mark in, and no declared FX instrument leads there from ${from}, ${why}.`;
  const issue = { code, path: formatPath(at), ...(place === undefined ? {} : { place }), message };
  const where = `${place === undefined ? '' : `${place} `}${issue.path}: `;
  return runtimeError(code, `${where}${message}`, {
    details: { from, to, issues: [{ ...issue, remedy: RUNTIME_ERRORS[code].remedy }] },
  });
}

/** Undefined where there is none. */
function path(
  instruments: EngineConfig['instruments'],
  { from, to }: Need,
  preferred: ReadonlySet<string>,
): readonly string[] | undefined {
  const pairs = Object.values(instruments)
    .filter(
      (instrument): instrument is Instrument & { base: string } =>
        instrument.assetClass === 'fx' && instrument.base !== undefined,
    )
    .toSorted((a, b) => Number(preferred.has(b.symbol)) - Number(preferred.has(a.symbol)));
  const queue: { currency: string; symbols: readonly string[] }[] = [{ currency: from, symbols: [] }];
  const seen = new Set([from]);
  for (const { currency, symbols } of queue) {
    if (currency === to) return symbols;
    for (const pair of pairs) {
      const next = pair.base === currency ? pair.quote : pair.quote === currency ? pair.base : undefined;
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      queue.push({ currency: next, symbols: [...symbols, pair.symbol] });
    }
  }
  return undefined;
}
