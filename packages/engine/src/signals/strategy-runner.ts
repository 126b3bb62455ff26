import type {
  Bar,
  BarWindow,
  EpochMs,
  SignalAnswer,
  SignalContext,
  SignalGap,
  StrategyPosition,
} from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { StrategySetup } from '../kernel/setup.js';
import type { RingBarWindow } from './bar-window.js';
import { FeatureBank, type FeatureView } from './feature-bank.js';
import type { BarListener } from './stream-consumer.js';

/** Whether a strategy is asked for answers, and why not. */
export type RunnerStatus = 'running' | 'stopped' | 'failed';

/** A strategy's view of its own holding, without the ledger behind it. */
class PositionView implements StrategyPosition {
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

/** The one context a strategy ever sees, filled in for each call. */
class StrategyContext implements SignalContext<unknown, unknown, FeatureView> {
  ts: EpochMs = 0;
  symbol = '';
  readonly symbols: readonly string[];
  readonly params: unknown;
  state: unknown;
  bar!: Bar;
  bars!: BarWindow;
  features!: FeatureView;
  position!: StrategyPosition;
  readonly #runner: StrategyRunner;

  constructor(runner: StrategyRunner, params: unknown, symbols: readonly string[]) {
    this.#runner = runner;
    this.params = params;
    this.symbols = symbols;
  }

  closed(symbol: string, timeframe = 0): boolean {
    return this.#runner.closedAt(symbol, timeframe) === this.ts;
  }
  window(symbol: string, timeframe = 0): BarWindow {
    return this.#runner.window(symbol, timeframe);
  }
  featuresOf(symbol: string, timeframe = 0): FeatureView {
    return this.#runner.features(symbol, timeframe);
  }
  positionOf(symbol: string): StrategyPosition {
    return this.#runner.positionView(symbol);
  }
}

/** Runs one strategy: its features, windows, state and warm-up. Knows nothing of orders. */
export class StrategyRunner implements BarListener {
  readonly index: number;
  readonly name: string;
  readonly setup: StrategySetup;
  readonly slots: readonly TargetSlot[];
  /** Feature banks by timeframe and symbol, and the sizer's by symbol. */
  readonly banks: readonly (readonly FeatureBank[])[];
  readonly sizerBanks: readonly FeatureBank[];
  /** Part of the book's equity, 0 to 1; a command may change it. */
  allocation: number;
  status: RunnerStatus = 'running';
  statusReason = '';
  /** Asked to run at the end of this instant. */
  isDue = false;
  /** Declared times that came at this instant. */
  readonly dueTimes: string[] = [];
  readonly #windows: readonly (readonly RingBarWindow[])[];
  readonly #context: StrategyContext;
  readonly #positions: readonly PositionView[];
  readonly #symbols: readonly string[];
  readonly #warmup: number;
  /** Bars since the last reset, and when each stream last closed, by `timeframe × symbols + symbol`. */
  readonly #counts: Int32Array;
  readonly #closedAt: Float64Array;
  #cold: number;
  #gap: SignalGap | undefined = undefined;
  #primary = 0;
  readonly #time: KernelTime;
  readonly #onDue: (runner: StrategyRunner) => void;

  constructor(options: {
    index: number;
    setup: StrategySetup;
    slots: readonly TargetSlot[];
    windows: readonly (readonly RingBarWindow[])[];
    time: KernelTime;
    onDue: (runner: StrategyRunner) => void;
  }) {
    const { setup, slots, windows } = options;
    this.index = options.index;
    this.name = setup.name;
    this.setup = setup;
    this.allocation = setup.allocation;
    this.slots = slots;
    this.#windows = windows;
    this.#time = options.time;
    this.#onDue = options.onDue;
    const features = setup.definition.features(setup.params);
    this.banks = windows.map((row) => row.map(() => new FeatureBank(features)));
    this.sizerBanks = slots.map(() => new FeatureBank(setup.sizerFeatures));
    this.#positions = slots.map((slot) => new PositionView(slot));
    this.#symbols = slots.map((slot) => slot.instrument.symbol);
    this.#warmup = Math.max(
      setup.definition.warmup(setup.params),
      1,
      ...Object.values(setup.sizerFeatures).map((feature) => feature.warmup),
    );
    const cells = windows.length * slots.length;
    this.#counts = new Int32Array(cells);
    this.#closedAt = new Float64Array(cells).fill(Number.NaN);
    this.#cold = cells;
    this.#context = new StrategyContext(this, setup.params, this.#symbols);
    this.#context.state = structuredClone(setup.definition.state(setup.params));
    this.#point(0);
  }

  get state(): unknown {
    return this.#context.state;
  }
  get warmupBars(): number {
    return this.#warmup;
  }
  /** Whether every stream has given enough bars since the last reset. */
  get isWarm(): boolean {
    return this.#cold === 0;
  }
  /** Slot of the symbol the last call was about. */
  get primarySlot(): TargetSlot {
    return this.slots[this.#primary] as TargetSlot;
  }

  barClosed(symbolIndex: number, timeframe: number): void {
    const cell = timeframe * this.slots.length + symbolIndex;
    const count = (this.#counts[cell] as number) + 1;
    this.#counts[cell] = count;
    this.#closedAt[cell] = this.#time.now;
    if (count === this.#warmup) this.#cold -= 1;
    if (!this.isDue) {
      this.isDue = true;
      this.#onDue(this);
    }
  }

  /** Asks the strategy about the bars that closed now. May throw whatever the strategy throws. */
  onBar(): SignalAnswer {
    this.#aim();
    if (this.#gap !== undefined) {
      const gap = this.#gap;
      this.#gap = undefined;
      this.setup.definition.signal.onReset?.(this.#context, gap);
    }
    return this.setup.definition.signal.onBar(this.#context);
  }

  onTime(name: string): SignalAnswer {
    this.#context.ts = this.#time.now;
    this.#point(0);
    return this.setup.definition.signal.onTime?.(this.#context, name);
  }

  onStop(): void {
    this.#context.ts = this.#time.now;
    this.setup.definition.signal.onStop?.(this.#context);
  }

  /** Whether any bar of the first timeframe closed at the instant: only those ask for an answer. */
  hasClosed(): boolean {
    const at = this.#time.now;
    for (let i = 0; i < this.#closedAt.length; i++) if (this.#closedAt[i] === at) return true;
    return false;
  }

  /** Forgets features and state after a gap; warms up again, then `onReset` is called. */
  reset(gap: SignalGap): void {
    for (const row of this.banks) for (const bank of row) bank.reset();
    for (const bank of this.sizerBanks) bank.reset();
    this.#counts.fill(0);
    this.#cold = this.#counts.length;
    this.#context.state = structuredClone(this.setup.definition.state(this.setup.params));
    this.#gap = gap;
  }

  closedAt(symbol: string, timeframe: number): EpochMs {
    return this.#closedAt[timeframe * this.slots.length + this.#indexOf(symbol)] ?? Number.NaN;
  }
  window(symbol: string, timeframe: number): BarWindow {
    return cell(this.#windows, timeframe, this.#indexOf(symbol));
  }
  features(symbol: string, timeframe: number): FeatureView {
    return cell(this.banks, timeframe, this.#indexOf(symbol)).view;
  }
  positionView(symbol: string): StrategyPosition {
    return this.#positions[this.#indexOf(symbol)] as StrategyPosition;
  }

  save(): RunnerState {
    return {
      status: this.status,
      statusReason: this.statusReason,
      state: structuredClone(this.#context.state),
      banks: this.banks.map((row) => row.map((bank) => bank.save())),
      sizerBanks: this.sizerBanks.map((bank) => bank.save()),
      counts: [...this.#counts],
      closedAt: [...this.#closedAt],
      gap: this.#gap,
    };
  }

  load(saved: RunnerState): void {
    this.status = saved.status;
    this.statusReason = saved.statusReason;
    this.#context.state = structuredClone(saved.state);
    saved.banks.forEach((row, t) => row.forEach((bank, s) => this.banks[t]?.[s]?.load(bank)));
    saved.sizerBanks.forEach((bank, s) => this.sizerBanks[s]?.load(bank));
    this.#counts.set(saved.counts);
    this.#closedAt.set(saved.closedAt);
    this.#cold = saved.counts.filter((count) => count < this.#warmup).length;
    this.#gap = saved.gap;
  }

  /** Points the context at the first declared symbol that closed now. */
  #aim(): void {
    const at = this.#time.now;
    this.#context.ts = at;
    if (this.slots.length === 1) return;
    for (let i = 0; i < this.slots.length; i++) {
      if (this.#closedAt[i] !== at) continue;
      if (i !== this.#primary) this.#point(i);
      return;
    }
  }

  #point(symbolIndex: number): void {
    this.#primary = symbolIndex;
    const context = this.#context;
    const window = cell(this.#windows, 0, symbolIndex);
    context.symbol = this.#symbols[symbolIndex] as string;
    context.bars = window;
    context.bar = window.latest;
    context.features = cell(this.banks, 0, symbolIndex).view;
    context.position = this.#positions[symbolIndex] as StrategyPosition;
  }

  #indexOf(symbol: string): number {
    const index = this.#symbols.indexOf(symbol);
    if (index < 0) throw new RangeError(`Symbol '${symbol}' is not declared by strategy '${this.name}'.`);
    return index;
  }
}

/** A runner as plain JSON (NaN and infinities apart, which the codec keeps). */
export interface RunnerState {
  readonly status: RunnerStatus;
  readonly statusReason: string;
  readonly state: unknown;
  readonly banks: readonly (readonly ReturnType<FeatureBank['save']>[])[];
  readonly sizerBanks: readonly ReturnType<FeatureBank['save']>[];
  readonly counts: readonly number[];
  readonly closedAt: readonly number[];
  readonly gap: SignalGap | undefined;
}

function cell<T>(rows: readonly (readonly T[])[], timeframe: number, symbolIndex: number): T {
  const value = rows[timeframe]?.[symbolIndex];
  if (value === undefined) throw new RangeError(`Timeframe ${timeframe} is not declared.`);
  return value;
}
