import type { Instrument } from '@bookrunner/sdk';
import type { EngineConfig } from '../config/index.js';
import { runtimeError } from './runtime-errors.js';

/**
 * FX instruments a run needs besides those it trades, so that every book can be marked: the fewest that connect each traded
 * quote currency with the book's base, and each base with the engine's.
 * Errors: RUN_CURRENCY_NOT_CONVERTIBLE.
 */
export function conversionSymbols(config: EngineConfig, traded: readonly string[]): readonly string[] {
  const needs = new Set<string>();
  for (const strategy of Object.values(config.strategies)) {
    const base = config.books[strategy.book]?.base;
    if (base === undefined) continue;
    for (const symbol of strategy.symbols) needs.add(`${config.instruments[symbol]?.quote}/${base}`);
  }
  for (const book of Object.values(config.books)) needs.add(`${book.base}/${config.engine.baseCurrency}`);
  const found = new Set<string>();
  for (const need of needs) {
    const [from = '', to = ''] = need.split('/');
    for (const symbol of path(config.instruments, { from, to, preferred: new Set([...traded, ...found]) }))
      found.add(symbol);
  }
  return [...found].filter((symbol) => !traded.includes(symbol));
}

function path(
  instruments: EngineConfig['instruments'],
  options: { from: string; to: string; preferred: ReadonlySet<string> },
): readonly string[] {
  const { from, to, preferred } = options;
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
  throw runtimeError('RUN_CURRENCY_NOT_CONVERTIBLE', `No declared FX instrument leads from ${from} to ${to}.`, {
    details: { from, to },
  });
}
