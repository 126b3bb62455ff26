import type { StandardRiskOptions } from './standard-risk-options.js';

/** Limits on the position in one symbol; Infinity where there is none. */
export interface SymbolLimits {
  readonly maxUnits: number;
  readonly maxValue: number;
  readonly maxWeight: number;
}

/** The limits of each symbol, resolved once so that a check is a lookup. */
export class SymbolLimitTable {
  private readonly common: SymbolLimits;
  private readonly bySymbol: ReadonlyMap<string, SymbolLimits> | undefined;
  #lastSymbol = '';
  #last: SymbolLimits;

  constructor(options: StandardRiskOptions) {
    const none = Number.POSITIVE_INFINITY;
    const { maxUnits = none, maxValue = none, maxWeight = none } = options;
    this.common = Object.freeze({ maxUnits, maxValue, maxWeight });
    this.#last = this.common;
    const own = Object.entries(options.perSymbol).map(([symbol, limits]) => {
      const resolved = {
        maxUnits: limits.maxUnits ?? maxUnits,
        maxValue: limits.maxValue ?? maxValue,
        maxWeight: limits.maxWeight ?? maxWeight,
      };
      return [symbol, Object.freeze(resolved)] as const;
    });
    this.bySymbol = own.length === 0 ? undefined : new Map(own);
  }

  of(symbol: string): SymbolLimits {
    if (this.bySymbol === undefined) return this.common;
    if (symbol !== this.#lastSymbol) {
      this.#last = this.bySymbol.get(symbol) ?? this.common;
      this.#lastSymbol = symbol;
    }
    return this.#last;
  }
}
