// Enters what was missed into the kernel: rows of history, then the rows that waited for them, none of them twice.
import type { BarColumns, EpochMs } from '@bookrunner/sdk';
import { barSpecSeconds } from '../../bars/bar-spec.js';
import type { Market } from '../../market/market.js';
import { type BarPlace, emptyBar, fillBar, type LiveMarket } from './live-market.js';
import type { MissedRows } from './live-history.js';
import type { LiveQueue, QueuedRows } from './live-queue.js';
import { noIrregularities, screenTick } from './live-screen.js';
import { LiveTick } from './live-tick.js';
import type { LiveInstrument } from './live-warmup.js';
import type { Turns } from './pace-turns.js';
import { countTick, SeenTicks } from './seen-ticks.js';

/** Options of {@link LivePast}. */
export interface LivePastOptions {
  readonly live: LiveInstrument;
  /** Where its ready bars go; undefined where it is fed ticks. */
  readonly place: BarPlace | undefined;
  readonly kernelMarket: Market;
  readonly market: LiveMarket;
  readonly turns: Turns;
}

/** Where bars go, and until when they count. */
interface Place extends Pick<BarPlace, 'streamIndex' | 'barMs'> {
  readonly to?: EpochMs;
}

/** The past of one instrument that is held. */
export class LivePast {
  readonly #options: LivePastOptions;
  readonly #tick: LiveTick;
  readonly #bar = emptyBar();
  /** Of rows that wait: what history had as well, as far as any of its answers since they were last taken. */
  #inHistory: SeenTicks | undefined;
  /** How far history has got for strategies that begin anew: it may be asked again from its beginning. */
  readonly #anew = { tickTs: Number.NaN, ticksThen: 0 };
  #hasTick = false;
  readonly #unusable = noIrregularities();

  constructor(options: LivePastOptions) {
    this.#options = options;
    this.#tick = new LiveTick(options.live.index, options.live.instrument.symbol);
    this.#bar.isWarmup = true;
  }

  /** Enters rows of history; how many. Of what strategies need that begin anew also those from before the kernel's newest tick. Between two of them other things may happen; ends early when aborted. */
  async enter(missed: MissedRows, signal: AbortSignal): Promise<number> {
    const entered = missed.isAnew ? this.#anew : undefined;
    const seen = entered === undefined ? this.#seen() : new SeenTicks(entered);
    let rows = await this.#bars(missed, signal);
    for (const columns of missed.ticks) {
      for (let row = 0; row < columns.length; row++) {
        if (!(await this.#mayGoOn(signal))) return rows;
        this.#tick.takeRow(columns, row);
        if (!this.#takes(seen)) continue;
        if (entered !== undefined) countTick(entered, this.#tick.ts);
        rows += 1;
      }
    }
    if (missed.ticks.some(({ length }) => length > 0)) this.#inHistory = this.#seen();
    return rows;
  }

  /** Rows that wait may be among those that the kernel has. */
  mayRepeat(): void {
    this.#inHistory = this.#seen();
  }

  /** Enters what waited, but for what history had as well; how many rows. */
  waited(queue: LiveQueue): number {
    let rows = 0;
    const seen = this.#inHistory ?? new SeenTicks();
    for (const entry of queue.take()) rows += this.#entry(entry, seen);
    this.#inHistory = undefined;
    return rows;
  }

  /** The venue is shown the newest tick that it has not seen. */
  show(): void {
    if (this.#hasTick) this.#options.market.show(this.#tick);
    this.#hasTick = false;
  }

  #entry(entry: QueuedRows, seen: SeenTicks): number {
    if (entry.kind === 'status') return 0;
    if (entry.kind === 'bars') return this.#readyBars(entry);
    if (this.#options.place !== undefined) return 0;
    if (entry.kind === 'tick') {
      this.#tick.take(entry.tick);
      return this.#takes(seen) ? 1 : 0;
    }
    let rows = 0;
    for (let row = 0; row < entry.columns.length; row++) {
      this.#tick.takeRow(entry.columns, row);
      if (this.#takes(seen)) rows += 1;
    }
    return rows;
  }

  /** Ready bars that waited. */
  #readyBars({ columns, spec }: Extract<QueuedRows, { kind: 'bars' }>): number {
    const { place } = this.#options;
    if (place === undefined || barSpecSeconds(spec) * 1_000 !== place.barMs) return 0;
    let rows = 0;
    for (let row = 0; row < columns.length; row++) if (this.#takesBar(place, columns, row)) rows += 1;
    return rows;
  }

  async #bars({ bars, to }: MissedRows, signal: AbortSignal): Promise<number> {
    let rows = 0;
    for (const stream of bars) {
      for (const columns of stream.blocks) {
        for (let row = 0; row < columns.length; row++) {
          if (!(await this.#mayGoOn(signal))) return rows;
          // The bar under way where history ends is no whole one.
          if (this.#takesBar({ ...stream, to }, columns, row)) rows += 1;
        }
      }
    }
    return rows;
  }

  async #mayGoOn(signal: AbortSignal): Promise<boolean> {
    await this.#options.turns.next();
    return !signal.aborted;
  }

  /** Whether the tick at hand is a new one, and has a price: then it is entered. */
  #takes(seen: SeenTicks): boolean {
    const tick = this.#tick;
    const { market, live } = this.#options;
    const now = market.now();
    tick.at = Math.min(now, Number.isNaN(tick.recvTs) ? tick.ts : tick.recvTs);
    if (Number.isNaN(tick.at)) tick.at = now;
    if (!(tick.ts <= tick.at)) tick.ts = tick.at;
    tick.recvTs = tick.at;
    if (!screenTick(tick, live.instrument, this.#unusable)) return false;
    if (seen.has(tick.ts)) return false;
    market.past(tick);
    this.#hasTick = true;
    return true;
  }

  /** Whether the bar is a new one, is over and has prices: then it is entered. */
  #takesBar(place: Place, columns: BarColumns, row: number): boolean {
    const { kernelMarket, market } = this.#options;
    const bar = this.#bar;
    fillBar(bar, place, { columns, row });
    const { window } = kernelMarket.streams[place.streamIndex] ?? {};
    const isNew = window === undefined || window.length === 0 || bar.ts > window.latest.ts;
    if (
      !isNew ||
      bar.endTs > (place.to ?? Number.POSITIVE_INFINITY) ||
      !Number.isFinite(bar.open + bar.high + bar.low + bar.close)
    ) {
      return false;
    }
    bar.at = Math.min(market.now(), bar.endTs);
    market.past(bar);
    return true;
  }

  #seen(): SeenTicks {
    return new SeenTicks(this.#options.kernelMarket.instruments[this.#options.live.index]);
  }
}
