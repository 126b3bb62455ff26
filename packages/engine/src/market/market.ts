import type { Bar, BarBuilder, EmitBar, EpochMs, Tick } from '@bookrunner/sdk';
import type { BackfillEvent, BarEvent, TickEvent } from '../kernel/event.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import type { BarStream } from './bar-stream.js';
import type { InstrumentState } from './instrument-state.js';
import { LateTickBuffer } from './late-tick-buffer.js';
import { asRowBuilders, type RowBuilder } from './row-builder.js';
import type { TickRows } from './tick-rows.js';

/** A bar builder between history and live rows: it can give up the bar under way. */
interface SeamedBuilder extends BarBuilder {
  drop?(at: EpochMs): void;
}

/** Instruments whose bars wait for history, those that get it now, and streams whose bars nobody was asked about, by index. */
export interface HeldState {
  readonly instruments: readonly number[];
  readonly filling: readonly number[];
  readonly unasked: readonly number[];
}

const NONE_HELD: HeldState = { instruments: [], filling: [], unasked: [] };

/**
 * Prices and bars: takes ticks and ready bars, drives the bar builders, keeps windows and features current and marks what is held.
 * Bars at one instant close small before large.
 */
export class Market {
  readonly instruments: readonly InstrumentState[];
  readonly streams: readonly BarStream[];
  private readonly closeDelayMs: number;
  /** How long after its end a bar waits for the ready bar that ends it; not less than the close delay. */
  private readonly graceMs: number;
  /** Rows may be missed and come later, from history: what was seen is counted. In recorded data there are no others. */
  private readonly isLive: boolean;
  private readonly portfolio: Portfolio;
  /** The builders of an instrument's ticks, where all of them take many at once; of live data none does. */
  private readonly rowBuilders: readonly (readonly RowBuilder[] | undefined)[];
  /** All built streams, small bars first. */
  private readonly built: readonly BarStream[];
  readonly #late = new LateTickBuffer();
  private readonly time: KernelTime;
  #isWarmup = false;
  /** A bar that is no warm-up closed since the instant was last settled. */
  hasClosed = false;

  constructor(setup: {
    instruments: readonly InstrumentState[];
    streams: readonly BarStream[];
    closeDelayMs: number;
    /** Absent for recorded data. */
    barGraceMs?: number | undefined;
    time: KernelTime;
    portfolio: Portfolio;
  }) {
    this.time = setup.time;
    this.instruments = setup.instruments;
    this.streams = setup.streams;
    this.closeDelayMs = setup.closeDelayMs;
    this.isLive = setup.barGraceMs !== undefined;
    this.graceMs = Math.max(setup.closeDelayMs, setup.barGraceMs ?? 0);
    this.portfolio = setup.portfolio;
    const children = new Set(setup.streams.flatMap((stream) => stream.children));
    const built = setup.streams.filter((stream) => stream.builder !== undefined);
    this.rowBuilders = setup.instruments.map((state) => {
      const onTicks = built.filter((stream) => stream.state === state && !children.has(stream));
      chain(state, onTicks);
      return this.isLive ? undefined : asRowBuilders(onTicks.map(({ builder }) => builder));
    });
    this.built = built.toSorted((a, b) => barRank(a) - barRank(b) || a.index - b.index);
    for (const stream of setup.streams) {
      if (stream.builder === undefined) for (const child of stream.children) child.waitsFor = stream;
    }
    for (const stream of built) stream.emit = emitTo(this, stream);
  }

  onTick(event: TickEvent): void {
    const state = this.instruments[event.instrumentIndex] as InstrumentState;
    // What became known before now is history, too: a run that goes on warms up behind what it has seen.
    if (state.isHeld || event.at < this.time.now) return this.#onPast(state, event);
    state.onTick(event);
    if (this.isLive) state.count(event);
    this.#build(state, event);
  }

  /**
   * Takes at once those of the next rows that leave nothing behind but their prices in the running bars: what they say of the market the
   * rows after them say anew. Only for whoever knows that nothing looks at the market in between; all of them come before `before`.
   */
  passTicks(rows: TickRows, before: EpochMs): void {
    const { instrumentIndex, row } = rows;
    const builders = this.rowBuilders[instrumentIndex];
    if (builders === undefined || (this.instruments[instrumentIndex] as InstrumentState).isHeld) return;
    let from = Number.NEGATIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    for (const { openFrom, openUntil } of builders) {
      from = Math.max(from, openFrom);
      until = Math.min(until, openUntil);
    }
    rows.skip({ at: this.time.now, before, from, until });
    for (const builder of builders) builder.onRows(rows.columns, row, rows.row);
  }

  #build(state: InstrumentState, event: TickEvent): void {
    for (let stream = state.firstOnTicks; stream !== undefined; stream = stream.nextOnTicks) {
      const builder = stream.builder as NonNullable<BarStream['builder']>;
      const { nextClose } = builder;
      // The running bar is closed by the clock alone, after its late ticks; a tick of a later bar waits until then.
      if (event.ts >= nextClose) {
        this.#late.add(stream, event);
        continue;
      }
      builder.onTick(event, stream.emit);
      const next = builder.nextClose;
      // The deadline of a stream of ticks follows from this alone; none is NaN, and stays none.
      if (next !== nextClose && (next === next || nextClose === nextClose)) this.#reschedule(stream, next);
    }
  }

  onBar(event: BarEvent): void {
    const stream = this.streams[event.streamIndex] as BarStream;
    const { state } = stream;
    this.#isWarmup = event.isWarmup;
    state.onClose(event.close, event.endTs);
    this.onClosed(stream, event);
    // As the clock would have: what is not due yet waits for it.
    if (state.isHeld) this.#closeUntil(state, Math.min(event.endTs + this.closeDelayMs, this.time.now));
    this.#isWarmup = false;
  }

  /** See {@link BackfillEvent}. */
  onBackfill({ stage, symbols, at, to = at }: BackfillEvent): void {
    for (const state of this.instruments) {
      const isMeant = symbols.includes(state.instrument.symbol);
      if (stage === 'restart') {
        state.isHeld = isMeant;
        state.isFilling = false;
        for (const stream of this.#streamsOf(state)) stream.isUnasked = false;
      } else if (!isMeant) continue;
      else if (stage === 'hold' || stage === 'fill') {
        state.isHeld = true;
        state.isFilling = stage === 'fill';
      } else if (stage === 'drop') this.#drop(state, to);
      else if (state.isHeld) this.#release(state, at);
    }
    this.#aimAll();
  }

  /** Undefined where all bars run on. */
  saveHeld(): HeldState | undefined {
    const held = this.instruments.filter(({ isHeld }) => isHeld);
    if (held.length === 0) return undefined;
    return {
      instruments: held.map(({ index }) => index),
      filling: held.filter(({ isFilling }) => isFilling).map(({ index }) => index),
      unasked: this.streams.filter(({ isUnasked }) => isUnasked).map(({ index }) => index),
    };
  }

  /** To be called before {@link resume}. */
  loadHeld({ instruments, filling, unasked }: HeldState = NONE_HELD): void {
    for (const state of this.instruments) {
      state.isHeld = instruments.includes(state.index);
      state.isFilling = filling.includes(state.index);
    }
    for (const stream of this.streams) stream.isUnasked = unasked.includes(stream.index);
  }

  /** Closes every bar that is over at the instant. */
  onTimer(): void {
    const at = this.time.now;
    const built = this.built;
    for (let i = 0; i < built.length; i++) {
      const stream = built[i] as BarStream;
      if (stream.closeAt > at) continue;
      const builder = stream.builder as NonNullable<BarStream['builder']>;
      // What may still be on its way belongs to bars that end later.
      const until = stream.waitsFor === undefined ? at - this.closeDelayMs : builder.nextClose;
      builder.flush(until, stream.emit);
      this.#late.replay(stream);
      stream.closeAt = this.#closeAtOf(stream, builder.nextClose);
    }
    this.#recompute();
  }

  /** Ticks that wait for the running bar to close, by stream. */
  saveLate(): readonly (readonly Tick[])[] {
    return this.#late.save(this.streams);
  }

  /** Takes the builders' deadlines anew, after a restore. */
  resume(late: readonly (readonly Tick[])[]): void {
    this.#late.load(this.streams, late);
    this.#aimAll();
  }

  /** Ticks that wait for a running bar are forgotten, but for those of instruments that are held. */
  forgetLate(): void {
    for (const stream of this.streams) if (!stream.state.isHeld) this.#late.clear(stream);
    this.#aimAll();
  }

  /** Bars of a symbol come anew, from history. */
  empty(symbol: string): void {
    for (const stream of this.streams) if (stream.state.instrument.symbol === symbol) stream.window.clear();
  }

  #streamsOf(state: InstrumentState): readonly BarStream[] {
    return this.streams.filter((stream) => stream.state === state);
  }

  /** A tick from history: bars close by its own time. */
  #onPast(state: InstrumentState, event: TickEvent): void {
    state.onPastTick(event);
    this.#isWarmup = true;
    this.#closeUntil(state, event.at);
    this.#build(state, event);
    this.#isWarmup = false;
  }

  /** Closes bars of a held instrument as the clock would have, had it stood at the instant. */
  #closeUntil(state: InstrumentState, at: EpochMs): void {
    for (const stream of this.built) {
      if (stream.state !== state) continue;
      const builder = stream.builder as BarBuilder;
      let close = builder.nextClose;
      while (this.#dueOf(stream, close) <= at) {
        builder.flush(close, stream.emit);
        this.#late.replay(stream);
        if (builder.nextClose === close) break;
        close = builder.nextClose;
      }
    }
  }

  #drop(state: InstrumentState, at: EpochMs): void {
    for (const stream of this.#streamsOf(state)) {
      (stream.builder as SeamedBuilder | undefined)?.drop?.(at);
      this.#late.clear(stream);
    }
  }

  /** The past is over: who reads its bars is asked about the newest ones, once. */
  #release(state: InstrumentState, at: EpochMs): void {
    this.#isWarmup = true;
    this.#closeUntil(state, at);
    this.#isWarmup = false;
    state.isHeld = false;
    state.isFilling = false;
    for (const stream of this.#streamsOf(state)) {
      if (!stream.isUnasked) continue;
      stream.isUnasked = false;
      for (const consumer of stream.consumers) consumer.ask();
      this.portfolio.onBarClosed(stream);
      this.hasClosed = true;
    }
  }

  /** A bar of a stream closed, or came ready. */
  onClosed(stream: BarStream, bar: Bar): void {
    stream.count += 1;
    stream.window.push(bar);
    const isWarmup = this.#isWarmup;
    for (let consumer = stream.firstConsumer; consumer !== undefined; consumer = consumer.next)
      consumer.onBar(bar, isWarmup);
    if (stream.hasChildren) this.#resample(stream, bar);
    if (stream.state.isHeld) leaveUnasked(stream, bar);
    if (isWarmup) return this.portfolio.onWarmupBar(stream);
    this.portfolio.onBarClosed(stream);
    this.hasClosed = true;
  }

  /** Hands a closed bar to the streams made of it. */
  #resample({ children }: BarStream, bar: Bar): void {
    for (const child of children) {
      const builder = child.builder as NonNullable<BarStream['builder']>;
      builder.onBar?.(bar, child.emit);
      this.#reschedule(child, builder.nextClose);
    }
  }

  #reschedule(stream: BarStream, nextClose: EpochMs): void {
    if (stream.state.isHeld) return;
    const closeAt = this.#closeAtOf(stream, nextClose);
    if (closeAt === stream.closeAt) return;
    stream.closeAt = closeAt;
    if (closeAt >= this.time.barAt) return;
    this.time.barAt = closeAt;
    this.time.bringForward(closeAt);
  }

  /**
   * When a bar that ends at `close` may close: after the close delay; one made of a feed's ready bars not before the bar that ends it has come,
   * without it after the grace. Infinity where none runs.
   */
  #dueOf({ waitsFor }: BarStream, close: EpochMs): EpochMs {
    if (close !== close) return Number.POSITIVE_INFINITY;
    if (waitsFor === undefined) return close + this.closeDelayMs;
    const { window } = waitsFor;
    const isThere = window.length > 0 && window.latest.endTs >= close;
    return close + (isThere ? this.closeDelayMs : this.graceMs);
  }

  /** When it is closed: now, where what makes it has come after that. No deadline lies in the past. */
  #closeAtOf(stream: BarStream, close: EpochMs): EpochMs {
    return Math.max(this.#dueOf(stream, close), this.time.now);
  }

  #aimAll(): void {
    for (const stream of this.built) {
      const close = stream.state.isHeld ? Number.NaN : (stream.builder?.nextClose ?? Number.NaN);
      stream.closeAt = this.#closeAtOf(stream, close);
    }
    this.#recompute();
  }

  #recompute(): void {
    let deadline = Number.POSITIVE_INFINITY;
    for (const stream of this.built) if (stream.closeAt < deadline) deadline = stream.closeAt;
    this.time.barAt = deadline;
    this.time.aim();
  }
}

/** Puts the streams that take the ticks of an instrument behind one another, as they are declared. */
function chain(state: InstrumentState, streams: readonly BarStream[]): void {
  state.firstOnTicks = streams[0];
  streams.forEach((stream, place) => {
    stream.nextOnTicks = streams[place + 1];
  });
}

/** Where the bars of a stream go. A function's own parameters: V8 asks of a variable of a loop whether it is there yet, at each use. */
function emitTo(market: Market, stream: BarStream): EmitBar {
  return (bar) => market.onClosed(stream, bar);
}

/** Of a held instrument nobody is asked: the bar closed when it ended, whenever it came. */
function leaveUnasked(stream: BarStream, bar: Bar): void {
  stream.isUnasked = true;
  for (const consumer of stream.consumers) consumer.closedAt = bar.endTs;
}

/** Time bars by length; bars that close on ticks first. */
function barRank(stream: BarStream): number {
  return Number.isNaN(stream.barMs) ? 0 : stream.barMs;
}
