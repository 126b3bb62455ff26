// Where warm-up ends and live ticks begin: the bar that was under way is dropped, unless its first ticks came from history.
import {
  type BarBuilder,
  type BarBuilderState,
  BarSchedule,
  type BarSpec,
  type EmitBar,
  type EpochMs,
  type MarketCalendar,
  type Tick,
} from '@bookrunner/sdk';
import { barSpecSeconds } from '../../bars/bar-spec.js';
import type { Market } from '../../market/market.js';
import type { PreparedEngine, ResolvedStrategy, ResolvedUse } from '../../plugins/index.js';

/** What the seam adds to the state of the builder inside. */
const FROM = 'seam.from';
const EARLY = 'seam.early';
/** Bars of which larger ones are made count from here on, after a gap. */
const BARS_FROM = 'seam.barsFrom';

/** A bar builder that takes no tick from before an instant. */
export class SeamBuilder implements BarBuilder {
  readonly #inner: BarBuilder;
  readonly #schedule: BarSchedule | undefined;
  #from: EpochMs = Number.NEGATIVE_INFINITY;
  #early = 0;
  #barsFrom: EpochMs = Number.NEGATIVE_INFINITY;
  readonly #fresh: BarBuilderState;
  onBar?: (bar: Parameters<NonNullable<BarBuilder['onBar']>>[0], emit: EmitBar) => void;

  constructor(inner: BarBuilder, schedule: BarSchedule | undefined) {
    this.#inner = inner;
    this.#schedule = schedule;
    this.#fresh = inner.save();
    if (inner.onBar !== undefined) {
      this.onBar = (bar, emit) => {
        if (bar.ts >= this.#barsFrom) inner.onBar?.(bar, emit);
      };
    }
  }

  /** Start of the bar that is under way at the instant; the instant itself where there is none. */
  startAt(at: EpochMs): EpochMs {
    return this.#schedule?.locate(at) === true ? this.#schedule.start : at;
  }

  /** Begins with the bar under way at the instant, or with the next one; a bar that starts at that very instant is whole. */
  open(at: EpochMs, isWhole: boolean): void {
    this.#barsFrom = Number.NEGATIVE_INFINITY;
    if (this.#schedule === undefined) return;
    const isInside = this.#schedule.locate(at);
    const { start, end } = this.#schedule;
    if (!isInside) this.#from = at;
    else this.#from = isWhole || start === at ? start : end;
  }

  /** Nobody watched until the instant: what is under way is dropped, and the next whole bar is the first. */
  drop(at: EpochMs): void {
    this.#inner.load(this.#fresh);
    this.open(at, false);
    this.#barsFrom = this.#from;
  }

  get nextClose(): EpochMs {
    return this.#inner.nextClose;
  }
  get ignoredTicks(): number {
    return this.#inner.ignoredTicks + this.#early;
  }
  onTick(tick: Tick, emit: EmitBar): void {
    if (tick.ts >= this.#from) this.#inner.onTick(tick, emit);
    else this.#early += 1;
  }
  flush(now: EpochMs, emit: EmitBar, force?: boolean): void {
    this.#inner.flush(now, emit, force);
  }
  save(): BarBuilderState {
    return { ...this.#inner.save(), [FROM]: this.#from, [EARLY]: this.#early, [BARS_FROM]: this.#barsFrom };
  }
  load(state: BarBuilderState): void {
    const { [FROM]: from, [EARLY]: early, [BARS_FROM]: barsFrom, ...inner } = state;
    this.#from = from ?? this.#from;
    this.#early = early ?? this.#early;
    this.#barsFrom = barsFrom ?? this.#barsFrom;
    this.#inner.load(inner);
  }
}

/** All builders of a run that take live ticks. */
export class Seam {
  readonly #builders = new Map<string, SeamBuilder[]>();
  #market: Market | undefined;

  /** The market whose streams the builders make. */
  connect(market: Market): void {
    this.#market = market;
  }

  /** The same engine, whose bar builders go through the seam. */
  wrap(prepared: PreparedEngine): PreparedEngine {
    const strategies = new Map<string, ResolvedStrategy>();
    for (const [name, strategy] of prepared.strategies) {
      strategies.set(name, { ...strategy, bars: strategy.bars.map((use) => this.#wrapUse(use)) });
    }
    return { ...prepared, strategies };
  }

  /** Earliest start of the bars of a symbol under way: from there on history ticks make them whole. */
  startAt(symbol: string, at: EpochMs): EpochMs {
    return Math.min(at, ...this.#of(symbol).map((builder) => builder.startAt(at)));
  }

  /** History, where there is any, and live ticks follow: windows are filled anew. */
  open(symbol: string, at: EpochMs, isWhole: boolean): void {
    for (const builder of this.#of(symbol)) builder.open(at, isWhole);
    this.#market?.empty(symbol);
  }

  /** Nobody watched until the instant: what is under way is dropped, but where history is to make it whole. */
  drop(at: EpochMs): void {
    for (const [symbol, builders] of this.#builders) {
      if (this.#isHeld(symbol)) continue;
      for (const builder of builders) builder.drop(at);
    }
    this.#market?.forgetLate();
  }

  /** What is under way waits for history, which makes it whole. */
  #isHeld(symbol: string): boolean {
    return this.#market?.instruments.some((state) => state.isHeld && state.instrument.symbol === symbol) ?? false;
  }

  #of(symbol: string): readonly SeamBuilder[] {
    return this.#builders.get(symbol) ?? [];
  }

  #wrapUse(use: ResolvedUse<'bar-builder'>): ResolvedUse<'bar-builder'> {
    const { contribution } = use;
    const spec: BarSpec = { use: use.use, options: use.options as BarSpec['options'] };
    const create: typeof contribution.create = (options, context) => {
      const builder = new SeamBuilder(contribution.create(options, context), scheduleOf(spec, context.calendar));
      const { symbol } = context.instrument;
      this.#builders.set(symbol, [...this.#of(symbol), builder]);
      return builder;
    };
    return { ...use, contribution: { ...contribution, create } };
  }
}

function scheduleOf(spec: BarSpec, calendar: MarketCalendar): BarSchedule | undefined {
  const seconds = barSpecSeconds(spec);
  return Number.isNaN(seconds) ? undefined : new BarSchedule(calendar, seconds * 1_000);
}
