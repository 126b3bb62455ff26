import type { SignalContext, SignalGap, StrategyPosition } from '../../interfaces/signal.js';
import type { BarColumns } from '../../model/bar.js';
import type { SignalAnswer } from '../../model/signal.js';
import { MINUTE_MS } from '../../model/time.js';
import type { EpochMs } from '../../model/time.js';
import type { StrategyDefinition } from '../../plugin/define-strategy.js';
import { deepFreeze, describeValue } from '../canonical.js';
import { testingError } from '../errors.js';
import { measureOf, readAnswer } from './answer.js';
import type { Wish } from './answer.js';
import { BarStream } from './bar-stream.js';
import { checkPlainJson, clonePlainJson } from './plain-json.js';
import { callPurely } from './purity-guard.js';
import { permitted } from './strict-context.js';

/** Options of {@link StrategyHarness}. */
export interface StrategyHarnessOptions {
  /** Parameters before the strategy's schema; defaults apply. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Bars of timeframes 1, 2, …, each for every symbol. */
  readonly higherTimeframes?: readonly (readonly BarColumns[])[];
  /** Length of a bar where columns do not carry `endTs`; 60,000 ms unless told otherwise. */
  readonly barMs?: number;
  /** Whether kept contexts, impure state and ambient time are found; true unless told otherwise. */
  readonly strict?: boolean;
  /** State to continue from, plain JSON; absent starts with a new one. */
  readonly state?: unknown;
  /** What the strategy holds; absent follows its wishes, as if each filled whole at the bar's close, one unit for share 1. */
  readonly positionOf?: (symbol: string) => StrategyPosition;
}

/** One call of the strategy. No wishes means unchanged. */
export interface StrategyAnswer {
  readonly ts: EpochMs;
  /** `bar`, or the name of a declared time. */
  readonly call: string;
  /** The primary symbol. */
  readonly symbol: string;
  readonly wishes: readonly Wish[];
}

type Context = { -readonly [Key in keyof SignalContext]: SignalContext[Key] };

const FLAT: StrategyPosition = { qty: 0, avgPrice: Number.NaN };

/**
 * Runs a strategy over bars with its real features, as the engine calls it, and collects what it answers. Symbols that close at
 * one instant cause one call, with the first declared of them as primary; the first call comes when every symbol is warm.
 * Errors: STRATEGY_PARAMS_INVALID, TESTING_INPUT_INVALID; during calls STRATEGY_ANSWER_INVALID and, when strict,
 * STRATEGY_CONTEXT_KEPT, STRATEGY_CONTEXT_CHANGED, STRATEGY_STATE_INVALID, STRATEGY_IMPURE.
 *
 * @example
 * const harness = new StrategyHarness(maCross, aBarColumns({ closes }), { params: { fast: 2, slow: 3 } }).run();
 * expect(harness.targets('TEST').at(-1)).toBe(1);
 */
export class StrategyHarness {
  readonly answers: StrategyAnswer[] = [];
  readonly symbols: readonly string[];
  readonly params: unknown;
  readonly #definition: StrategyDefinition;
  readonly #options: StrategyHarnessOptions;
  readonly #streams: readonly BarStream[];
  readonly #context: Context;
  readonly #warmup: number;
  readonly #positions = new Map<string, StrategyPosition>();
  readonly #wishes = new Map<string, number>();
  readonly #targets = new Map<string, number[]>();
  #pendingReset: SignalGap | undefined;

  constructor(
    definition: StrategyDefinition,
    bars: BarColumns | readonly BarColumns[],
    options: StrategyHarnessOptions = {},
  ) {
    this.#definition = definition;
    this.#options = options;
    this.params = deepFreeze(parseParams(definition, options.params ?? {}));
    const timeframes = [isColumns(bars) ? [bars] : bars, ...(options.higherTimeframes ?? [])];
    this.symbols = Object.freeze((timeframes[0] ?? []).map((columns) => columns.symbol));
    checkSymbols(this.symbols);
    this.#streams = timeframes.flatMap((list, timeframe) => list.map((columns) => this.#stream(columns, timeframe)));
    this.#warmup = definition.warmup(this.params);
    this.#context = this.#newContext();
    for (const symbol of this.symbols) this.#targets.set(symbol, []);
  }

  /** The strategy's state now. */
  get state(): unknown {
    return this.#context.state;
  }

  /** Runs to the end of the bars, or over the given number of instants. */
  run(instants = Number.POSITIVE_INFINITY): this {
    for (let i = 0; i < instants && this.#step(true); i += 1);
    return this;
  }

  /** Reads bars without calling the strategy, as a warm-up does. */
  warm(instants: number): this {
    for (let i = 0; i < instants && this.#step(false); i += 1);
    return this;
  }

  /** The wish in force after each bar of the symbol, in its own measure; NaN before the first. */
  targets(symbol: string): readonly number[] {
    return this.#targets.get(symbol) ?? [];
  }

  /** What the strategy holds. */
  position(symbol: string): StrategyPosition {
    return this.#options.positionOf?.(symbol) ?? this.#positions.get(symbol) ?? FLAT;
  }

  /** As after a gap in data: windows, features and state anew; `onReset` is called once all are warm again. */
  reset(gap: SignalGap): void {
    for (const stream of this.#streams) stream.restart();
    this.#context.state = this.#definition.state(this.params);
    this.#pendingReset = gap;
  }

  /** Calls `onTime` with a declared name, at the latest bar. */
  time(name: string): StrategyAnswer {
    const answer = this.#call((context) => this.#definition.signal.onTime?.(context, name));
    return this.#record(name, answer);
  }

  /** Calls `onStop`. */
  stop(): void {
    this.#call((context) => this.#definition.signal.onStop?.(context));
  }

  #stream(columns: BarColumns, timeframe: number): BarStream {
    return new BarStream({
      columns,
      timeframe,
      features: this.#definition.features(this.params),
      lookback: this.#definition.lookback(this.params),
      barMs: this.#options.barMs ?? MINUTE_MS,
    });
  }

  #newContext(): Context {
    const first = this.#find(this.symbols[0]!, 0);
    return {
      ts: Number.NaN,
      symbol: first.symbol,
      symbols: this.symbols,
      params: this.params,
      state: this.#options.state ?? this.#definition.state(this.params),
      bar: first.bar,
      bars: first,
      features: first.features,
      position: FLAT,
      closed: (symbol, timeframe = 0) => this.#find(symbol, timeframe).bar.endTs === this.#context.ts,
      window: (symbol, timeframe = 0) => this.#find(symbol, timeframe),
      featuresOf: (symbol, timeframe = 0) => this.#find(symbol, timeframe).features,
      positionOf: (symbol) => this.position(this.#find(symbol, 0).symbol),
    };
  }

  #find(symbol: string, timeframe: number): BarStream {
    const found = this.#streams.find((stream) => stream.symbol === symbol && stream.timeframe === timeframe);
    if (found !== undefined) return found;
    throw testingError('TESTING_INPUT_INVALID', `No bars of '${symbol}', timeframe ${timeframe}, were given.`);
  }

  /** Reads all bars that end at the next instant, then calls; false at the end of the bars. */
  #step(withCall: boolean): boolean {
    const ts = Math.min(...this.#streams.map((stream) => stream.nextEnd));
    if (ts === Number.POSITIVE_INFINITY) return false;
    const closing = this.#streams.filter((stream) => stream.nextEnd === ts);
    for (const stream of closing) stream.next();
    const primary = closing.find((stream) => stream.timeframe === 0);
    this.#context.ts = ts;
    if (primary === undefined) return true;
    this.#pointAt(primary);
    if (withCall && this.#streams.every((stream) => stream.count >= this.#warmup)) this.#onBar();
    for (const stream of closing) if (stream.timeframe === 0) this.#noteTarget(stream.symbol);
    return true;
  }

  #pointAt(primary: BarStream): void {
    this.#context.symbol = primary.symbol;
    this.#context.bar = primary.bar;
    this.#context.bars = primary;
    this.#context.features = primary.features;
  }

  #onBar(): void {
    const gap = this.#pendingReset;
    this.#pendingReset = undefined;
    if (gap !== undefined) this.#call((context) => this.#definition.signal.onReset?.(context, gap));
    this.#record(
      'bar',
      this.#call((context) => this.#definition.signal.onBar(context)),
    );
  }

  #call<T>(use: (context: SignalContext) => T): T {
    this.#context.position = this.position(this.#context.symbol);
    if (this.#options.strict === false) return use(this.#context);
    const permit = { alive: true };
    let value: T;
    try {
      value = callPurely(() => use(permitted(this.#context, permit, ['state', 'params'])));
    } finally {
      permit.alive = false;
    }
    checkPlainJson(this.#context.state);
    // A clone, so that a kept reference to the state goes stale, as it does when the engine restores one.
    this.#context.state = clonePlainJson(this.#context.state);
    return value;
  }

  #record(call: string, answer: SignalAnswer): StrategyAnswer {
    const { ts, symbol } = this.#context;
    const wishes = clonePlainJson(readAnswer(answer, symbol, this.symbols));
    const recorded: StrategyAnswer = { ts, call, symbol, wishes };
    this.answers.push(recorded);
    for (const wish of wishes) this.#fillAtClose(wish);
    return recorded;
  }

  #fillAtClose(wish: Wish): void {
    const qty = measureOf(wish.target).value;
    this.#wishes.set(wish.symbol, qty);
    if (qty === (this.#positions.get(wish.symbol) ?? FLAT).qty) return;
    const avgPrice = qty === 0 ? Number.NaN : this.#find(wish.symbol, 0).bar.close;
    this.#positions.set(wish.symbol, { qty, avgPrice });
  }

  #noteTarget(symbol: string): void {
    this.#targets.get(symbol)?.push(this.#wishes.get(symbol) ?? Number.NaN);
  }
}

function isColumns(bars: BarColumns | readonly BarColumns[]): bars is BarColumns {
  return 'symbol' in bars;
}

function checkSymbols(symbols: readonly string[]): void {
  if (symbols.length === 0)
    throw testingError('TESTING_INPUT_INVALID', 'The harness needs bars of at least one symbol.');
  if (new Set(symbols).size !== symbols.length) {
    throw testingError('TESTING_INPUT_INVALID', `Each symbol needs one set of bars; given were ${symbols.join(', ')}.`);
  }
}

function parseParams(definition: StrategyDefinition, params: Readonly<Record<string, unknown>>): unknown {
  const parsed = definition.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; ');
  throw testingError(
    'STRATEGY_PARAMS_INVALID',
    `Parameters of '${definition.name}' ${describeValue(params)}: ${issues}.`,
    { details: { strategy: definition.name } },
  );
}
