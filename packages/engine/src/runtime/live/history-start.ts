import { BarSchedule, type EpochMs } from '@bookrunner/sdk';
import type { PreparedEngine } from '../../plugins/index.js';
import type { Assembly } from '../assemble.js';
import type { LiveInstrument } from './live-warmup.js';
import { openSince } from './open-since.js';

const DAY_MS = 86_400_000;
/** Quiet markets have fewer bars than their time holds: so many are asked for at least, but no more than a week of an open market. */
const LEAST_BARS = 2_000;
const MOST_MARGIN_MS = 7 * DAY_MS;
/** Nobody knows how many ticks make a bar that has no length in time. */
const TICKS_MARGIN_MS = 3 * DAY_MS;

/** What {@link HistoryStart} needs. */
export interface HistorySpan {
  readonly assembly: Assembly;
  readonly prepared: PreparedEngine;
  /** Where history ends and live data begins. */
  readonly at: EpochMs;
}

/** From when on history is asked for an instrument whose strategies are to be warm at an instant. */
export class HistoryStart {
  readonly #live: LiveInstrument;
  readonly #span: HistorySpan;

  constructor(live: LiveInstrument, span: HistorySpan) {
    this.#live = live;
    this.#span = span;
  }

  /** Whether history has bars for all that its strategies take. */
  get hasBars(): boolean {
    const isEach = this.#streams.every(({ barMs, source }) => source === 'bars' || Number.isFinite(barMs));
    return this.#live.feed.capabilities.historyBars === true && isEach;
  }

  get from(): EpochMs {
    return this.hasBars ? this.bars : this.ticks;
  }

  get bars(): EpochMs {
    const { calendar } = this.#live;
    const longest = Math.max(...this.#barLengths);
    return new BarSchedule(calendar, longest).nextEnd(this.#barsFrom(longest));
  }

  get ticks(): EpochMs {
    return this.#span.at - this.#needed - TICKS_MARGIN_MS;
  }

  get #streams() {
    return this.#span.assembly.plan.streams.filter(({ instrumentIndex }) => instrumentIndex === this.#live.index);
  }

  get #barLengths(): readonly number[] {
    return this.#streams.map(({ barMs }) => barMs).filter((barMs) => Number.isFinite(barMs));
  }

  /** Bars of a day hold the whole of it, whatever part the market was open; shorter ones its open time only. */
  #barsFrom(longest: number): EpochMs {
    const { at } = this.#span;
    if (longest >= DAY_MS) return at - this.#needed - MOST_MARGIN_MS;
    const margin = Math.min(MOST_MARGIN_MS, LEAST_BARS * Math.min(...this.#barLengths));
    return openSince(this.#live.calendar, at, Math.max(this.#needed, margin));
  }

  /** Time of an open market that surely holds the bars the strategies need. */
  get #needed(): number {
    const { symbol } = this.#live.instrument;
    const longest = Math.max(1_000, ...this.#barLengths);
    const bars = [...this.#span.prepared.strategies.values()]
      .filter(({ config }) => config.symbols.includes(symbol))
      .map(({ config, definition, params }) => config.warmup ?? definition.warmup(params));
    return Math.max(0, ...bars) * longest * 3;
  }
}
