import type { BarBuilder, BarBuilderContext } from '../../interfaces/bar-builder.js';
import type { Bar } from '../../model/bar.js';
import type { Tick } from '../../model/tick.js';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../model/time.js';
import type { EpochMs } from '../../model/time.js';
import { anInstrument, aTick } from '../builders.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { seededRandom } from '../random.js';
import { aCalendar } from '../test-calendar.js';

/** What the cases of a bar builder suite work on. */
export interface BarBuilderFixture {
  /** A new builder for the suite's instrument, open around the clock unless a calendar is given. */
  create(context?: Partial<BarBuilderContext>): BarBuilder;
}

/** Instrument of the suite: prices on quarters. */
export const INSTRUMENT = anInstrument();

/** The context of a new builder. */
export function contextOf(context: Partial<BarBuilderContext> = {}): BarBuilderContext {
  return { instrument: INSTRUMENT, calendar: aCalendar(), ...context };
}

/** How {@link tickSeries} draws ticks. */
export interface TickSeriesOptions {
  readonly length?: number;
  readonly seed?: number;
  readonly startTs?: EpochMs;
}

/**
 * Quotes and trades at strictly rising times, some seconds apart with a pause now and then. Sizes are whole, prices on quarters;
 * one in ten ticks has no price at all.
 */
export function tickSeries(options: TickSeriesOptions = {}): readonly Tick[] {
  const random = seededRandom(options.seed ?? 1);
  let ts = options.startTs ?? TEST_EPOCH_MS;
  let quarters = 400;
  return Array.from({ length: options.length ?? 600 }, (_, i) => {
    ts += 1 + (random() % (4 * SECOND_MS)) + (i % 97 === 96 ? 20 * MINUTE_MS : 0);
    quarters = Math.max(40, quarters + (random() % 5) - 2);
    return oneTick(ts, quarters / 4, random());
  });
}

function oneTick(ts: EpochMs, price: number, draw: number): Tick {
  const nan = Number.NaN;
  const kind = draw % 10;
  if (kind === 0) return aTick({ ts, bid: nan, ask: nan, bidSize: nan, askSize: nan });
  if (kind % 2 === 0) return aTick({ ts, bid: price, ask: price + 0.25 });
  return aTick({ ts, bid: nan, ask: nan, bidSize: nan, askSize: nan, last: price, size: 1 + ((draw >>> 8) % 200) });
}

/** A copy of a bar: builders reuse their object. */
export function copyBar(bar: Bar): Bar {
  const { ts, endTs, symbol, open, high, low, close, volume, nTicks, vwap } = bar;
  return { ts, endTs, symbol, open, high, low, close, volume, nTicks, vwap };
}

/** What a run of ticks through a builder gave. */
export interface BarRun {
  readonly bars: readonly Bar[];
  /** Ticks that entered a bar. */
  readonly taken: readonly Tick[];
}

/** Far enough for any clock to be over. */
export const FAR_MS = 3 * DAY_MS;

/** Runs ticks through a builder, flushing as the clock passes, and forces the last bar out. */
export function runTicks(builder: BarBuilder, ticks: readonly Tick[]): BarRun {
  const bars: Bar[] = [];
  const taken: Tick[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  for (const tick of ticks) {
    if (builder.nextClose <= tick.ts) builder.flush(tick.ts, emit);
    const before = builder.ignoredTicks;
    builder.onTick(tick, emit);
    if (builder.ignoredTicks === before) taken.push(tick);
  }
  builder.flush(ticks.at(-1)?.ts ?? TEST_EPOCH_MS, emit, true);
  return { bars, taken };
}
