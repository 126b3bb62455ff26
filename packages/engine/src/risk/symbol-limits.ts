import type { StandardRiskOptions } from './standard-risk-options.js';

const NONE = Number.POSITIVE_INFINITY;

/** Limits on the position in one symbol; Infinity where there is none. */
export class SymbolLimits {
  // Fractions first, so that they are doubles whatever is set: a check then reads them in place and looks at none for what it is.
  readonly maxUnits: number = 0.5;
  readonly maxValue: number = 0.5;
  readonly maxWeight: number = 0.5;

  constructor({
    maxUnits = NONE,
    maxValue = NONE,
    maxWeight = NONE,
  }: Partial<Record<keyof SymbolLimits, number | undefined>>) {
    this.maxUnits = maxUnits;
    this.maxValue = maxValue;
    this.maxWeight = maxWeight;
  }
}

/** The limits of each symbol, resolved once so that a check is a lookup. */
export class SymbolLimitTable {
  private readonly common: SymbolLimits;
  private readonly bySymbol: ReadonlyMap<string, SymbolLimits> | undefined;
  #lastSymbol = '';
  #last: SymbolLimits;

  constructor(options: StandardRiskOptions) {
    this.common = new SymbolLimits(options);
    this.#last = this.common;
    const { maxUnits, maxValue, maxWeight } = this.common;
    const own = Object.entries(options.perSymbol).map(([symbol, limits]) => {
      const resolved = {
        maxUnits: limits.maxUnits ?? maxUnits,
        maxValue: limits.maxValue ?? maxValue,
        maxWeight: limits.maxWeight ?? maxWeight,
      };
      return [symbol, new SymbolLimits(resolved)] as const;
    });
    this.bySymbol = own.length === 0 ? undefined : new Map(own);
  }

  of(symbol: string): SymbolLimits {
    return this.bySymbol === undefined ? this.common : this.#find(symbol, this.bySymbol);
  }

  #find(symbol: string, bySymbol: ReadonlyMap<string, SymbolLimits>): SymbolLimits {
    if (symbol !== this.#lastSymbol) {
      this.#last = bySymbol.get(symbol) ?? this.common;
      this.#lastSymbol = symbol;
    }
    return this.#last;
  }
}
