import type { Bar, BarWindow, EpochMs, SignalContext, StrategyPosition } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { FeatureView } from './feature-bank.js';

/** What a context looks up when its strategy asks about a symbol or timeframe by name. Errors: RangeError for one not declared. */
export interface ContextSource {
  closedAt(symbol: string, timeframe: number): EpochMs;
  window(symbol: string, timeframe: number): BarWindow;
  features(symbol: string, timeframe: number): FeatureView;
  positionView(symbol: string): StrategyPosition;
}

/** A strategy's view of its own holding, without the ledger behind it. */
export class PositionView implements StrategyPosition {
  readonly #slot: TargetSlot;
  constructor(slot: TargetSlot) {
    this.#slot = slot;
  }
  get qty(): number {
    return this.#slot.position.holding.qty;
  }
  get avgPrice(): number {
    return this.#slot.position.holding.avgPrice;
  }
}

/** What of a context depends on the symbol a call is about. */
export interface ContextAim {
  readonly symbol: string;
  readonly bars: BarWindow & { readonly latest: Bar };
  readonly features: FeatureView;
  readonly position: StrategyPosition;
}

/** The one context a strategy ever sees, filled in for each call. */
export class StrategyContext implements SignalContext<unknown, unknown, FeatureView> {
  // No integer, so that it is a double from the beginning. Of a field that begins as what it later is not, V8 knows nothing.
  ts: EpochMs = Number.NaN;
  symbol: string;
  readonly symbols: readonly string[];
  readonly params: unknown;
  state: unknown;
  bar: Bar;
  bars: BarWindow;
  features: FeatureView;
  position: StrategyPosition;
  readonly #source: ContextSource;

  constructor(source: ContextSource, given: Pick<StrategyContext, 'params' | 'symbols' | 'state'>, aim: ContextAim) {
    this.#source = source;
    this.params = given.params;
    this.symbols = given.symbols;
    this.state = given.state;
    this.symbol = aim.symbol;
    this.bars = aim.bars;
    this.bar = aim.bars.latest;
    this.features = aim.features;
    this.position = aim.position;
  }

  // Arrows, because authors take them out of the context by destructuring.
  readonly closed = (symbol: string, timeframe = 0): boolean => this.#source.closedAt(symbol, timeframe) === this.ts;
  readonly window = (symbol: string, timeframe = 0): BarWindow => this.#source.window(symbol, timeframe);
  readonly featuresOf = (symbol: string, timeframe = 0): FeatureView => this.#source.features(symbol, timeframe);
  readonly positionOf = (symbol: string): StrategyPosition => this.#source.positionView(symbol);
}
