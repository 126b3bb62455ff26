import type { EngineComposition } from '../composition-root.js';
import { conversionSymbols } from './conversion-symbols.js';
import { feedBySymbol } from './run-data.js';

/** The feed of every symbol a run needs: those traded, then those that only convert currencies, from the first feed. */
export function feedOfSymbols({ prepared }: Pick<EngineComposition, 'prepared'>): ReadonlyMap<string, string> {
  const feedOf = feedBySymbol(prepared);
  const [first = ''] = feedOf.values();
  for (const symbol of conversionSymbols(prepared.config, [...feedOf.keys()])) feedOf.set(symbol, first);
  return feedOf;
}
