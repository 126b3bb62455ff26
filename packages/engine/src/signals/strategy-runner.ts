import type { BarWindow, EpochMs, SignalAnswer, SignalGap, StrategyPosition } from '@bookrunner/sdk';
import { Sizing } from '../execution/sizing.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { StrategySetup } from '../kernel/setup.js';
import { Askable, type RunnerStatus } from './askable.js';
import type { RingBarWindow } from './bar-window.js';
import type { DueList } from './due-list.js';
import { FeatureBank, type FeatureView } from './feature-bank.js';
import { unplainPart } from './plain-state.js';
import { signalError } from './signal-errors.js';
import { type ContextAim, type ContextSource, PositionView, StrategyContext } from './strategy-context.js';
import { type BarListener, StreamConsumer } from './stream-consumer.js';

/** Told when a feature of a strategy throws, and over whose bars. */
export type OnFeatureThrew = (runner: StrategyRunner, error: unknown, symbol: string | undefined) => void;

/** Runs one strategy: its features, windows, state and warm-up. Knows nothing of orders. */
export class StrategyRunner extends Askable implements BarListener, ContextSource {
  readonly index: number;
  readonly name: string;
  readonly setup: StrategySetup;
  private readonly signal: StrategySetup['definition']['signal'];
  readonly slots: readonly TargetSlot[];
  /** Its ends of the streams by timeframe and symbol, and the sizer's features by symbol. */
  readonly consumers: readonly (readonly StreamConsumer[])[];
  readonly sizerBanks: readonly FeatureBank[];
  /** How its wishes become units, by place of the slot. */
  readonly sizings: readonly Sizing[];
  /** Part of the book's equity, 0 to 1; a command may change it. */
  allocation: number;
  statusReason = '';
  /** It was to be asked meanwhile, about bars of these consumers among others. */
  isPostponed = false;
  readonly #unasked = new Set<number>();
  /** Slot of the symbol the last call was about. */
  primarySlot: TargetSlot;
  /** Asked to run at the end of this instant, and who is asked after it. */
  isDue = false;
  nextDue: StrategyRunner | undefined = undefined;
  /** Whether a bar of the first timeframe closed at this instant: only those ask for an answer. */
  hasClosed = false;
  private readonly windows: readonly (readonly RingBarWindow[])[];
  private readonly context: StrategyContext;
  private readonly positions: readonly PositionView[];
  private readonly symbols: readonly string[];
  /** What the context shows of each symbol. */
  private readonly aims: readonly ContextAim[];
  private readonly warmup: number;
  #gap: SignalGap | undefined = undefined;
  private readonly time: KernelTime;
  private readonly due: DueList;
  readonly #onFeatureThrew: OnFeatureThrew;

  constructor(options: {
    index: number;
    setup: StrategySetup;
    slots: readonly TargetSlot[];
    windows: readonly (readonly RingBarWindow[])[];
    time: KernelTime;
    due: DueList;
    onFeatureThrew: OnFeatureThrew;
  }) {
    const { setup, slots, windows } = options;
    super(windows.length * slots.length);
    this.index = options.index;
    this.name = setup.name;
    this.setup = setup;
    this.signal = setup.definition.signal;
    this.allocation = setup.allocation;
    this.slots = slots;
    this.windows = windows;
    this.time = options.time;
    this.due = options.due;
    this.#onFeatureThrew = options.onFeatureThrew;
    const features = setup.definition.features(setup.params);
    this.positions = slots.map((slot) => new PositionView(slot));
    this.symbols = slots.map((slot) => slot.instrument.symbol);
    this.warmup = Math.max(
      setup.definition.warmup(setup.params),
      1,
      ...Object.values(setup.sizerFeatures).map((feature) => feature.warmup),
    );
    this.sizerBanks = slots.map(() => new FeatureBank(setup.sizerFeatures));
    this.sizings = slots.map((slot, place) => this.#sizingOf(slot, place));
    this.consumers = windows.map((row, timeframe) =>
      row.map((_, symbol) => {
        const sizerBank = timeframe === 0 ? this.sizerBanks[symbol] : undefined;
        return new StreamConsumer({
          bank: new FeatureBank(features, sizerBank),
          sizerBank,
          warmup: this.warmup,
          isFirstTimeframe: timeframe === 0,
          listener: this,
          time: options.time,
        });
      }),
    );
    this.isManifold = slots.length > 1;
    this.primarySlot = slots[0] as TargetSlot;
    this.aims = (windows[0] ?? []).map((bars, place) => this.#aimOf(bars, place));
    const given = { params: setup.params, symbols: this.symbols, state: stateOf(setup) };
    this.context = new StrategyContext(this, given, this.aims[0] as ContextAim);
  }

  get state(): unknown {
    return this.context.state;
  }
  get warmupBars(): number {
    return this.warmup;
  }

  becameWarm(): void {
    this.coldStreams -= 1;
  }

  featureThrew(error: unknown, consumer: StreamConsumer): void {
    const row = this.consumers.find((each) => each.includes(consumer));
    this.#onFeatureThrew(this, error, this.symbols[row?.indexOf(consumer) ?? -1]);
  }

  barClosed(isFirstTimeframe: boolean): void {
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (isFirstTimeframe === true) this.hasClosed = true;
    if (!this.isDue) this.due.add(this);
  }

  /** Asks the strategy about the bars that closed now. May throw whatever the strategy throws. */
  onBar(): SignalAnswer {
    this.context.ts = this.time.now;
    if (this.isManifold) this.#aimAtFirst(this.time.now);
    if (this.#gap !== undefined) this.#tellGap(this.#gap);
    return this.signal.onBar(this.context);
  }

  /** The same where it trades one symbol and nothing but the bar is to be thought of (`isCalm`). */
  onNextBar(): SignalAnswer {
    const { context } = this;
    context.ts = this.time.now;
    return this.signal.onBar(context);
  }

  /** What it was to be asked now it is asked when {@link catchUp} says so. */
  postpone(): void {
    this.isPostponed = true;
    this.consumers.flat().forEach((consumer, place) => {
      if (consumer.closedAt === this.time.now) this.#unasked.add(place);
    });
  }

  /** It is asked now: bars that closed meanwhile are those that closed now. */
  catchUp(): void {
    this.isPostponed = false;
    this.consumers.flat().forEach((consumer, place) => {
      if (this.#unasked.has(place)) consumer.closedAt = this.time.now;
    });
    this.#unasked.clear();
  }

  onTime(name: string): SignalAnswer {
    this.context.ts = this.time.now;
    this.#point(0);
    if (this.#gap !== undefined) this.#tellGap(this.#gap);
    return this.signal.onTime?.(this.context, name);
  }

  /** Before anything else is asked of it. */
  #tellGap(gap: SignalGap): void {
    this.#noteGap(undefined);
    this.signal.onReset?.(this.context, gap);
  }

  #noteGap(gap: SignalGap | undefined): void {
    this.#gap = gap;
    this.hasGap = gap !== undefined;
  }

  onStop(): void {
    this.context.ts = this.time.now;
    this.signal.onStop?.(this.context);
  }

  /**
   * Forgets state after a gap, and features but those of symbols whose gap was filled; warms up again where it has to, then
   * `onReset` is called. May throw what the strategy throws.
   */
  reset(gap: SignalGap, filled: readonly string[] = []): void {
    for (const row of this.consumers) {
      row.forEach((consumer, place) => {
        if (!filled.includes(this.symbols[place] as string)) consumer.reset();
      });
    }
    this.coldStreams = this.consumers.flat().filter((consumer) => !consumer.isWarm).length;
    this.forget();
    this.#noteGap(gap);
  }

  /** Its state is as it began. */
  forget(): void {
    this.context.state = stateOf(this.setup);
    this.isUnproven = true;
  }

  closedAt(symbol: string, timeframe: number): EpochMs {
    return cell(this.consumers, timeframe, this.#indexOf(symbol)).closedAt;
  }
  window(symbol: string, timeframe: number): BarWindow {
    return cell(this.windows, timeframe, this.#indexOf(symbol));
  }
  features(symbol: string, timeframe: number): FeatureView {
    return cell(this.consumers, timeframe, this.#indexOf(symbol)).bank.view;
  }
  positionView(symbol: string): StrategyPosition {
    return this.positions[this.#indexOf(symbol)] as StrategyPosition;
  }

  save(): RunnerState {
    return {
      status: this.status,
      statusReason: this.statusReason,
      state: this.#savedState(),
      banks: this.consumers.flat().map((consumer) => consumer.bank.save()),
      sizerBanks: this.sizerBanks.map((bank) => bank.save()),
      counts: this.consumers.flat().map((consumer) => consumer.count),
      closedAt: this.consumers.flat().map((consumer) => consumer.closedAt),
      gap: this.#gap,
      isDue: this.isDue,
      hasClosed: this.hasClosed,
      ...(this.isPostponed ? { postponed: { times: [...this.dueTimes], unasked: [...this.#unasked] } } : {}),
    };
  }

  load(saved: RunnerState): void {
    this.status = saved.status;
    this.statusReason = saved.statusReason;
    this.context.state = structuredClone(saved.state);
    this.consumers.flat().forEach((consumer, i) => {
      const bank = saved.banks[i];
      if (bank !== undefined) consumer.bank.load(bank);
      consumer.count = saved.counts[i] ?? 0;
      consumer.closedAt = saved.closedAt[i] ?? Number.NaN;
    });
    saved.sizerBanks.forEach((bank, s) => this.sizerBanks[s]?.load(bank));
    this.coldStreams = saved.counts.filter((count) => count < this.warmup).length;
    this.#noteGap(saved.gap);
    this.isDue = saved.isDue;
    this.hasClosed = saved.hasClosed;
    this.isPostponed = saved.postponed !== undefined;
    this.dueTimes = saved.postponed?.times ?? [];
    for (const place of saved.postponed?.unasked ?? []) this.#unasked.add(place);
  }

  /** Errors: STRATEGY_STATE_UNSAVABLE. */
  #savedState(): unknown {
    const { state } = this.context;
    const part = unplainPart(state);
    if (part !== undefined) throw signalError('STRATEGY_STATE_UNSAVABLE', `Strategy '${this.name}': ${part}.`);
    return structuredClone(state);
  }

  /** It is asked now: what waited for its answer goes by it. */
  answers(): void {
    this.awaitsAnswer = false;
    for (const slot of this.slots) {
      slot.awaitsAnswer = false;
      slot.isSettled = false;
    }
  }

  /** Its broker is away: it is not asked, and what it wanted is not sent before it is asked again. */
  shut(): void {
    this.isGated = true;
    this.awaitsAnswer = true;
    for (const slot of this.slots) slot.awaitsAnswer = true;
  }

  /** Points the context at the first declared symbol that closed now. */
  #aimAtFirst(at: EpochMs): void {
    for (let i = 0; i < this.slots.length; i++) {
      if (this.consumers[0]?.[i]?.closedAt !== at) continue;
      if (this.slots[i] !== this.primarySlot) this.#point(i);
      return;
    }
  }

  #sizingOf(slot: TargetSlot, place: number): Sizing {
    const { view: features } = this.sizerBanks[place] as FeatureBank;
    return new Sizing(slot, this, { features, time: this.time });
  }

  #aimOf(bars: RingBarWindow, symbolIndex: number): ContextAim {
    return {
      symbol: this.symbols[symbolIndex] as string,
      bars,
      features: cell(this.consumers, 0, symbolIndex).bank.view,
      position: this.positions[symbolIndex] as StrategyPosition,
    };
  }

  #point(symbolIndex: number): void {
    this.primarySlot = this.slots[symbolIndex] as TargetSlot;
    const { context } = this;
    const aim = this.aims[symbolIndex] as ContextAim;
    context.symbol = aim.symbol;
    context.bars = aim.bars;
    context.bar = aim.bars.latest;
    context.features = aim.features;
    context.position = aim.position;
  }

  #indexOf(symbol: string): number {
    const index = this.symbols.indexOf(symbol);
    if (index < 0) throw new RangeError(`Symbol '${symbol}' is not declared by strategy '${this.name}'.`);
    return index;
  }
}

/** A runner as plain JSON (NaN and infinities apart, which the codec keeps). */
export interface RunnerState {
  readonly status: RunnerStatus;
  readonly statusReason: string;
  readonly state: unknown;
  readonly banks: readonly ReturnType<FeatureBank['save']>[];
  readonly sizerBanks: readonly ReturnType<FeatureBank['save']>[];
  readonly counts: readonly number[];
  readonly closedAt: readonly number[];
  readonly gap: SignalGap | undefined;
  readonly isDue: boolean;
  readonly hasClosed: boolean;
  /** Declared times and consumers that wait with it; absent where it does not wait for history. */
  readonly postponed?: { readonly times: readonly string[]; readonly unasked: readonly number[] } | undefined;
}

/** The state a strategy begins with: a copy, which its definition cannot reach. */
function stateOf({ definition, params }: StrategySetup): unknown {
  return structuredClone(definition.state(params));
}

function cell<T>(rows: readonly (readonly T[])[], timeframe: number, symbolIndex: number): T {
  const value = rows[timeframe]?.[symbolIndex];
  if (value === undefined) throw new RangeError(`Timeframe ${timeframe} is not declared.`);
  return value;
}
