// Ticks and bars for the tests of this folder.
import { BarSchedule, defineInstrument, marketCalendar, type Bar, type BarBuilder, type Tick } from '@bookrunner/sdk';
import fc from 'fast-check';
import { timeBarOptions } from './bar-options.js';
import { TimeBarBuilder } from './time-bar-builder.js';

export const INSTRUMENT = defineInstrument({ symbol: 'TEST', assetClass: 'equity', quote: 'USD', priceStep: 0.25 });

/** Monday 2014-05-05 00:00 UTC. */
export const MONDAY = Date.UTC(2014, 4, 5);

/** A trade of 1 unit at 100 unless told otherwise; a side not named is NaN. */
export function trade(fields: Partial<Tick>): Tick {
  const ts = fields.ts ?? MONDAY;
  const quote = { bid: Number.NaN, ask: Number.NaN, bidSize: Number.NaN, askSize: Number.NaN };
  return { ts, recvTs: ts, symbol: 'TEST', venue: 'test', ...quote, last: 100, size: 1, ...fields };
}

/** A quote without a trade. */
export function quote(ts: number, bid: number, ask: number): Tick {
  return trade({ ts, bid, ask, last: Number.NaN, size: Number.NaN });
}

/** A time bar builder as engine.yaml makes it. */
export function timeBars(options: object, calendarId = '24x7'): TimeBarBuilder {
  const complete = timeBarOptions.parse(options);
  const calendar = marketCalendar(calendarId);
  const schedule = new BarSchedule(calendar, complete.seconds * 1000);
  return new TimeBarBuilder(complete, { instrument: INSTRUMENT, calendar, schedule });
}

/** A context for the other builders. */
export function contextOf(calendarId = '24x7', pointValue = 1) {
  return { instrument: { ...INSTRUMENT, pointValue }, calendar: marketCalendar(calendarId) };
}

/** The plain values of a bar the builder reuses. */
export function copyBar(bar: Bar): Bar {
  const { ts, endTs, symbol, open, high, low, close, volume, nTicks, vwap } = bar;
  return { ts, endTs, symbol, open, high, low, close, volume, nTicks, vwap };
}

/** All bars of some ticks, the last one forced out; `before` runs ahead of every tick. */
export function build(
  builder: BarBuilder,
  ticks: readonly Tick[],
  before?: (tick: Tick, emit: (bar: Bar) => void) => void,
) {
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  for (const tick of ticks) {
    before?.(tick, emit);
    builder.onTick(tick, emit);
  }
  builder.flush(Number.NaN, emit, true);
  return bars;
}

/** The bars of bars, by resampling. */
export function resample(builder: BarBuilder, small: readonly Bar[]): Bar[] {
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  for (const bar of small) builder.onBar?.(bar, emit);
  builder.flush(Number.NaN, emit, true);
  return bars;
}

/** What goes wrong in a tick of {@link ticksFrom}. */
export interface TickTrouble {
  /** Whether some ticks have no price, no size, or a time before the tick ahead of them. */
  readonly isMessy?: boolean;
}

/** Ticks from an instant on, with gaps of up to `maxGapMs`, prices on a grid of 0.25 and whole sizes: sums of them are exact. */
export function ticksFrom(start: number, maxGapMs: number, trouble: TickTrouble = {}): fc.Arbitrary<Tick[]> {
  const messy = trouble.isMessy === true;
  const tick = fc.record({
    gap: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: Math.ceil(maxGapMs / 20) }) },
      { weight: 1, arbitrary: fc.integer({ min: messy ? -Math.ceil(maxGapMs / 10) : 0, max: maxGapMs }) },
    ),
    last: fc.oneof(
      { weight: 19, arbitrary: fc.integer({ min: 360, max: 440 }).map((steps) => steps / 4) },
      { weight: messy ? 1 : 0, arbitrary: fc.constant(Number.NaN) },
    ),
    size: fc.oneof(
      { weight: 19, arbitrary: fc.integer({ min: 1, max: 500 }) },
      { weight: messy ? 1 : 0, arbitrary: fc.constantFrom(Number.NaN, 0) },
    ),
  });
  return fc.array(tick, { minLength: 1, maxLength: 120 }).map((steps) => {
    let ts = start;
    return steps.map(({ gap, last, size }) => {
      ts += gap;
      return trade({ ts, last, size });
    });
  });
}

/** Sum of a field. */
export function total(
  rows: readonly { readonly [Name in 'volume' | 'nTicks']: number }[],
  name: 'volume' | 'nTicks',
): number {
  return rows.reduce((sum, row) => sum + row[name], 0);
}

/** What every builder's bars have to be. */
export function brokenBar(bars: readonly Bar[]): string {
  for (const [i, bar] of bars.entries()) {
    if (!(bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high && bar.close <= bar.high))
      return `order ${i}`;
    if (!(bar.ts <= bar.endTs)) return `ends before it starts ${i}`;
    const next = bars[i + 1];
    if (next !== undefined && !(bar.endTs <= next.ts)) return `overlap ${i}`;
  }
  return '';
}
