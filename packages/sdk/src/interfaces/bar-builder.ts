import type { Bar } from '../model/bar.js';
import type { Instrument } from '../model/instrument.js';
import type { Tick } from '../model/tick.js';
import type { EpochMs } from '../model/time.js';
import type { MarketCalendar } from './market-calendar.js';

/** Takes a closed bar during the call; the object may be reused afterwards. */
export type EmitBar = (bar: Bar) => void;

/** What a builder is made for. */
export interface BarBuilderContext {
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
}

/**
 * Ticks in, closed bars out, by the same rules in research and live.
 *
 * Rules: 1. A tick enters exactly one bar or is counted in `ignoredTicks`. 2. Bars of one builder never overlap and ascend.
 * 3. `flush(now)` closes what the clock says is over at `now`; `force` closes the running bar too. 4. `nextClose` is when
 * `flush` will have something to do, NaN for builders that close on ticks only. 5. No bar is invented where nothing traded,
 * unless the builder's options ask for it. 6. Volume is conserved: the sum over bars equals the sum over ticks taken.
 * 7. low <= open, close <= high. 8. `save`/`load` continue exactly. 9. `onTick` allocates nothing.
 * Checked by `barBuilderContract` (BAR-…).
 */
export interface BarBuilder {
  /** End of the running bar by the clock; NaN where the clock closes nothing. */
  readonly nextClose: EpochMs;
  /** Ticks that entered no bar: outside the session, late, or without the price asked for. */
  readonly ignoredTicks: number;
  onTick(tick: Tick, emit: EmitBar): void;
  /** Takes a smaller closed bar instead of a tick (resampling); absent where the builder cannot. */
  onBar?(bar: Bar, emit: EmitBar): void;
  flush(now: EpochMs, emit: EmitBar, force?: boolean): void;
  save(): BarBuilderState;
  load(state: BarBuilderState): void;
}

/** A builder's state as plain numbers by name. */
export type BarBuilderState = Readonly<Record<string, number>>;
