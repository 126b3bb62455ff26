// From rows of live feeds to events in order of arrival, and deadlines at their time. Everything here is synchronous.
import type { BarColumns, Clock, EpochMs, FeedStatus } from '@bookrunner/sdk';
import { endOfBar } from '../../feeds/history-blocks.js';
import type { BarEvent, KernelEvent, TickEvent } from '../../kernel/event.js';
import type { Driver } from '../driver.js';
import { ArrivalTime, type Irregularities } from './live-screen.js';
import type { LiveTick } from './live-tick.js';

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Where a ready bar goes. */
export interface BarPlace {
  readonly instrumentIndex: number;
  readonly streamIndex: number;
  readonly barMs: number;
}

/** Options of {@link LiveMarket}. */
export interface LiveMarketOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly beat: () => void;
}

/**
 * Delivers what live feeds bring. A deadline is delivered by timer when the clock shows it, and in any case before a row at or
 * after it; what a tick makes due at its own instant is delivered at once, as a backtest would before the next tick.
 */
export class LiveMarket {
  readonly arrival = new ArrivalTime();
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #beat: () => void;
  readonly #bar = emptyBar();
  /** The same bar as the venue is told of it: all of it at the instant it arrived. */
  readonly #arrived = emptyBar();
  #armedFor: EpochMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  /** The instant of bars that arrive in one turn of the event loop: they close together. NaN between turns. */
  #barsAt: EpochMs = Number.NaN;
  /** Where what is delivered has waited: when it came. */
  #asOf: EpochMs | undefined;
  #isClosed = false;

  constructor(options: LiveMarketOptions) {
    this.#driver = options.driver;
    this.#clock = options.clock;
    this.#beat = options.beat;
  }

  /** Kernel time of what happens now. */
  now(): EpochMs {
    return this.arrival.now(this.#nowUtc());
  }

  /** What came at an instant, and had to wait since, happens at that instant. */
  asOf(at: EpochMs, act: () => void): void {
    this.#asOf = at;
    try {
      act();
    } finally {
      this.#asOf = undefined;
    }
  }

  tick(tick: LiveTick, counts: Irregularities): void {
    const at = this.arrival.of(tick.recvTs, this.#nowUtc(), counts);
    tick.at = at;
    tick.recvTs = at;
    // Nothing happens after it became known; a tick without a time of its own happened when it came.
    if (!(tick.ts <= at)) tick.ts = at;
    this.#beat();
    this.#driver.tick(tick);
    this.#driver.advanceTo(at);
    this.#arm();
  }

  /** One ready bar, at its arrival: the venue sees it whole, then the kernel gets it. */
  bar(place: BarPlace, columns: BarColumns, row: number): void {
    const at = this.#barInstant();
    const bar = this.#bar;
    fillBar(bar, place, { columns, row });
    bar.at = at;
    const arrived = Object.assign(this.#arrived, bar, { ts: at, endTs: at });
    this.#beat();
    // Without an open of its own the venue takes the bar as begun where the last one arrived: the open is for orders of then.
    this.#driver.barRange(place.instrumentIndex, arrived);
    this.#driver.bar(bar);
    this.#arm();
  }

  /** Start of the newest bar the kernel has of a stream; minus infinity where it has none. */
  lastBar({ streamIndex }: BarPlace): EpochMs {
    const window = this.#driver.kernel.parts.market.streams[streamIndex]?.window;
    return window === undefined || window.length === 0 ? Number.NEGATIVE_INFINITY : window.latest.ts;
  }

  /** `filled`: symbols of which nothing is missing. */
  status(status: FeedStatus, filled: readonly string[] = []): void {
    const event = { kind: 'feed-status', at: this.now(), status } as const;
    this.#driver.event(filled.length === 0 ? event : { ...event, filled });
    this.#arm();
  }

  /** A row of the past, of an instrument that is held: windows and features get it, the venue does not. */
  past(event: TickEvent | BarEvent): void {
    this.#beat();
    this.#driver.past(event);
  }

  /** The newest tick of the past: to the venue it is what the market is now. */
  show(tick: LiveTick): void {
    this.#driver.show(tick, this.now());
    this.#arm();
  }

  /** What is no row: it happens now. */
  take(make: (at: EpochMs) => KernelEvent | undefined): void {
    this.#beat();
    const event = make(this.now());
    if (event !== undefined) this.#driver.event(event);
    this.#arm();
  }

  /** Delivers what is due by now and sets the timer anew. */
  advance(): void {
    this.#beat();
    this.#driver.advanceTo(this.now());
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const due = this.#driver.nextDeadline();
    if (due === this.#armedFor || this.#isClosed) return;
    this.#cancel?.();
    this.#armedFor = due;
    this.#cancel =
      due === Number.POSITIVE_INFINITY
        ? undefined
        : this.#clock.callAt(due, () => {
            this.#armedFor = Number.POSITIVE_INFINITY;
            this.advance();
          });
  }

  #nowUtc(): EpochMs {
    return this.#asOf ?? this.#clock.nowUtc();
  }

  #barInstant(): EpochMs {
    if (this.#asOf !== undefined) return this.now();
    if (Number.isNaN(this.#barsAt)) {
      this.#barsAt = this.now();
      setImmediate(() => {
        this.#barsAt = Number.NaN;
      });
    }
    // A tick of another instrument may have come in between.
    return Math.max(this.#barsAt, this.arrival.last);
  }
}

/** A bar to fill in. */
export function emptyBar(): Mutable<BarEvent> {
  return {
    kind: 'bar',
    at: 0,
    streamIndex: 0,
    isWarmup: false,
    isLast: false,
    symbol: '',
    ts: 0,
    endTs: 0,
    open: 0.5,
    high: 0.5,
    low: 0.5,
    close: 0.5,
    volume: 0.5,
    nTicks: Number.NaN,
    vwap: Number.NaN,
  };
}

/** Takes a row over into a bar; not its `at`. */
export function fillBar(
  bar: Mutable<BarEvent>,
  place: Pick<BarPlace, 'streamIndex' | 'barMs'>,
  { columns, row }: { readonly columns: BarColumns; readonly row: number },
): void {
  const ts = columns.ts[row] as number;
  bar.streamIndex = place.streamIndex;
  bar.symbol = columns.symbol;
  bar.ts = ts;
  bar.endTs = endOfBar(columns, row, place.barMs);
  bar.open = columns.open[row] as number;
  bar.high = columns.high[row] as number;
  bar.low = columns.low[row] as number;
  bar.close = columns.close[row] as number;
  bar.volume = columns.volume[row] as number;
  bar.nTicks = columns.nTicks?.[row] ?? Number.NaN;
  bar.vwap = columns.vwap?.[row] ?? Number.NaN;
}
