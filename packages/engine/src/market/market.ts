import type { Bar, EpochMs, Tick } from '@bookrunner/sdk';
import type { BarEvent, TickEvent } from '../kernel/event.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import type { BarStream } from './bar-stream.js';
import type { InstrumentState } from './instrument-state.js';
import { LateTickBuffer } from './late-tick-buffer.js';

/**
 * Prices and bars: takes ticks and ready bars, drives the bar builders, keeps windows and features current and marks what is held.
 * Bars at one instant close small before large.
 */
export class Market {
  readonly instruments: readonly InstrumentState[];
  readonly streams: readonly BarStream[];
  readonly #closeDelayMs: number;
  readonly #portfolio: Portfolio;
  /** Built streams of each instrument that take ticks. */
  readonly #tickStreams: readonly (readonly BarStream[])[];
  /** All built streams, small bars first. */
  readonly #built: readonly BarStream[];
  readonly #late = new LateTickBuffer();
  readonly #time: KernelTime;
  #isWarmup = false;
  /** A bar that is no warm-up closed since the instant was last settled. */
  hasClosed = false;

  constructor(setup: {
    instruments: readonly InstrumentState[];
    streams: readonly BarStream[];
    closeDelayMs: number;
    time: KernelTime;
    portfolio: Portfolio;
  }) {
    this.#time = setup.time;
    this.instruments = setup.instruments;
    this.streams = setup.streams;
    this.#closeDelayMs = setup.closeDelayMs;
    this.#portfolio = setup.portfolio;
    const children = new Set(setup.streams.flatMap((stream) => stream.children));
    const built = setup.streams.filter((stream) => stream.builder !== undefined);
    this.#tickStreams = setup.instruments.map((state) =>
      built.filter((stream) => stream.state === state && !children.has(stream)),
    );
    this.#built = built.toSorted((a, b) => barRank(a) - barRank(b) || a.index - b.index);
    for (const stream of built) stream.emit = (bar) => this.#closed(stream, bar);
  }

  onTick(event: TickEvent): void {
    const state = this.instruments[event.instrumentIndex] as InstrumentState;
    state.onTick(event);
    const streams = this.#tickStreams[event.instrumentIndex] as readonly BarStream[];
    for (let i = 0; i < streams.length; i++) {
      const stream = streams[i] as BarStream;
      const builder = stream.builder as NonNullable<BarStream['builder']>;
      // The running bar is closed by the clock alone, after its late ticks; a tick of a later bar waits until then.
      if (event.ts >= builder.nextClose) {
        this.#late.add(stream, event);
        continue;
      }
      builder.onTick(event, stream.emit);
      this.#reschedule(stream, builder.nextClose);
    }
  }

  onBar(event: BarEvent): void {
    const stream = this.streams[event.streamIndex] as BarStream;
    this.#isWarmup = event.isWarmup;
    stream.state.onClose(event.close);
    this.#closed(stream, event);
    this.#isWarmup = false;
  }

  /** Closes every bar that is over at the instant. */
  onTimer(): void {
    const at = this.#time.now;
    const built = this.#built;
    for (let i = 0; i < built.length; i++) {
      const stream = built[i] as BarStream;
      if (stream.closeAt > at) continue;
      const builder = stream.builder as NonNullable<BarStream['builder']>;
      builder.flush(at - this.#closeDelayMs, stream.emit);
      this.#late.replay(stream);
      const close = builder.nextClose;
      stream.closeAt = close === close ? close + this.#closeDelayMs : Number.POSITIVE_INFINITY;
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
    for (const stream of this.#built) {
      const close = stream.builder?.nextClose ?? Number.NaN;
      stream.closeAt = close === close ? close + this.#closeDelayMs : Number.POSITIVE_INFINITY;
    }
    this.#recompute();
  }

  /** Bars of a symbol come anew, from history. */
  empty(symbol: string): void {
    for (const stream of this.streams) if (stream.state.instrument.symbol === symbol) stream.window.clear();
  }

  #closed(stream: BarStream, bar: Bar): void {
    stream.count += 1;
    stream.window.push(bar);
    const { consumers, children } = stream;
    for (let i = 0; i < consumers.length; i++) {
      const consumer = consumers[i] as (typeof consumers)[number];
      consumer.onBar(bar, this.#isWarmup);
    }
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as BarStream;
      const builder = child.builder as NonNullable<BarStream['builder']>;
      builder.onBar?.(bar, child.emit);
      this.#reschedule(child, builder.nextClose);
    }
    if (this.#isWarmup) return;
    this.#portfolio.onBarClosed(stream);
    this.hasClosed = true;
  }

  #reschedule(stream: BarStream, nextClose: EpochMs): void {
    const closeAt = nextClose === nextClose ? nextClose + this.#closeDelayMs : Number.POSITIVE_INFINITY;
    if (closeAt === stream.closeAt) return;
    stream.closeAt = closeAt;
    if (closeAt >= this.#time.barAt) return;
    this.#time.barAt = closeAt;
    this.#time.bringForward(closeAt);
  }

  #recompute(): void {
    let deadline = Number.POSITIVE_INFINITY;
    for (const stream of this.#built) if (stream.closeAt < deadline) deadline = stream.closeAt;
    this.#time.barAt = deadline;
    this.#time.aim();
  }
}

/** Time bars by length; bars that close on ticks first. */
function barRank(stream: BarStream): number {
  return Number.isNaN(stream.barMs) ? 0 : stream.barMs;
}
