// What holds for the bars of every builder, whatever the ticks.
import type { Bar, BarBuilder, Tick } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenBar, build, contextOf, copyBar, resample, ticksFrom, timeBars, total } from './bars.fixture.js';
import { RangeBarBuilder } from './range-bar-builder.js';
import { TickBarBuilder } from './tick-bar-builder.js';
import { ValueBarBuilder } from './value-bar-builder.js';
import { VolumeBarBuilder } from './volume-bar-builder.js';

const DAY_BEFORE_DST = Date.UTC(2014, 2, 7, 14, 0);
const MIXED = { price: 'last', vwap: true } as const;

/** Every kind of builder, on calendars with nights, a lunch break, a weekend and a DST change. */
const BUILDERS: readonly (readonly [string, () => BarBuilder])[] = [
  ['1m', () => timeBars({ seconds: 60, vwap: true })],
  ['7m filled', () => timeBars({ seconds: 420, vwap: true, fillGaps: true }, 'XTKS')],
  ['1h New York', () => timeBars({ timeframe: '1h', vwap: true }, 'XNYS')],
  ['1d Tokyo', () => timeBars({ timeframe: '1d', vwap: true }, 'XTKS')],
  ['1d filled', () => timeBars({ timeframe: '1d', vwap: true, fillGaps: true }, 'XLON')],
  ['1w 24x5', () => timeBars({ timeframe: '1w', vwap: true }, '24x5')],
  ['ticks', () => new TickBarBuilder({ ...MIXED, ticks: 3 }, contextOf('XNYS'))],
  ['volume', () => new VolumeBarBuilder({ units: 250, vwap: true }, contextOf())],
  ['value', () => new ValueBarBuilder({ value: 50_000, vwap: true }, contextOf('24x5', 4))],
  ['range', () => new RangeBarBuilder({ ...MIXED, range: 2.5 }, contextOf())],
];

// Four months of trading in 120 ticks: minutes, nights, weekends, both DST changes.
const anyTicks = fc.oneof(ticksFrom(DAY_BEFORE_DST, 300_000), ticksFrom(DAY_BEFORE_DST, 86_400_000, { isMessy: true }));

const taken = (ticks: readonly Tick[], builder: BarBuilder): number => ticks.length - builder.ignoredTicks;

describe.each(BUILDERS)('bars: %s', (_name, create) => {
  it('never overlap, ascend, and hold low <= open, close <= high', () => {
    fc.assert(fc.property(anyTicks, (ticks) => brokenBar(build(create(), ticks)) === ''));
  });

  it('hold every tick once or have it counted', () => {
    fc.assert(
      fc.property(anyTicks, (ticks) => {
        const builder = create();
        const bars = build(builder, ticks);
        expect(total(bars, 'nTicks')).toBe(taken(ticks, builder));
      }),
    );
  });

  it('conserve the volume of the ticks taken', () => {
    fc.assert(
      fc.property(anyTicks, (ticks) => {
        const builder = create();
        let units = 0;
        const bars: Bar[] = [];
        for (const tick of ticks) {
          const before = builder.ignoredTicks;
          builder.onTick(tick, (bar) => void bars.push(copyBar(bar)));
          if (builder.ignoredTicks === before && tick.size > 0) units += tick.size;
        }
        builder.flush(0, (bar) => void bars.push(copyBar(bar)), true);
        expect(total(bars, 'volume')).toBeCloseTo(units, 6);
      }),
    );
  });

  it('are the same after a save and load at any point', () => {
    fc.assert(
      fc.property(anyTicks, fc.nat(120), (ticks, cut) => {
        const whole = create();
        const expected = build(whole, ticks);
        let builder = create();
        const bars: Bar[] = [];
        const emit = (bar: Bar): void => void bars.push(copyBar(bar));
        ticks.forEach((tick, i) => {
          if (i === cut) {
            const saved = structuredClone(builder.save());
            builder = create();
            builder.load(saved);
          }
          builder.onTick(tick, emit);
        });
        builder.flush(Number.NaN, emit, true);
        expect(bars).toEqual(expected);
        expect(builder.save()).toEqual(whole.save());
      }),
    );
  });

  it('are the same when flushed ahead of every tick', () => {
    fc.assert(
      fc.property(ticksFrom(DAY_BEFORE_DST, 7_200_000), (ticks) => {
        const seldom = build(create(), ticks);
        const builder = create();
        const often = build(builder, ticks, (tick, emit) => {
          builder.flush(tick.ts - 1, emit);
          builder.flush(tick.ts, emit);
        });
        expect(often).toEqual(seldom);
      }),
    );
  });

  it('are those of one batch when two builders are fed in turn', () => {
    fc.assert(
      fc.property(anyTicks, anyTicks, (ticks, others) => {
        const builder = create();
        const other = create();
        const bars: Bar[] = [];
        ticks.forEach((tick, i) => {
          builder.onTick(tick, (bar) => void bars.push(copyBar(bar)));
          const interloper = others[i];
          if (interloper !== undefined) other.onTick(interloper, () => undefined);
        });
        builder.flush(Number.NaN, (bar) => void bars.push(copyBar(bar)), true);
        expect(bars).toEqual(build(create(), ticks));
      }),
    );
  });
});

const RESAMPLINGS: readonly (readonly [string, string, string])[] = [
  ['1m', '5m', '24x7'],
  ['1m', '1h', 'XTKS'],
  ['20m', '1h', 'XNYS'],
  ['45m', '90m', 'XLON'],
  ['1h', '1d', '24x5'],
  ['1h', '1d', 'XNYS'],
  ['30m', '1d', 'XTKS'],
  ['1d', '1w', 'XNYS'],
  ['4h', '1w', '24x5'],
];

describe('resampling', () => {
  it.each(RESAMPLINGS)('%s to %s on %s gives the bars of the ticks', (small, large, calendar) => {
    fc.assert(
      fc.property(anyAscending, fc.boolean(), (ticks, fillGaps) => {
        const direct = build(timeBars({ timeframe: large, vwap: true }, calendar), ticks);
        const parts = build(timeBars({ timeframe: small, vwap: true, fillGaps }, calendar), ticks);
        const joined = resample(timeBars({ timeframe: large, vwap: true }, calendar), parts);
        expect(joined.map((bar) => ({ ...bar, vwap: 0 }))).toEqual(direct.map((bar) => ({ ...bar, vwap: 0 })));
        for (const [i, bar] of joined.entries()) expect(bar.vwap).toBeCloseTo(direct[i]?.vwap ?? Number.NaN, 9);
      }),
      { numRuns: 60 },
    );
  });
});

const anyAscending = fc.oneof(ticksFrom(DAY_BEFORE_DST, 300_000), ticksFrom(DAY_BEFORE_DST, 86_400_000));

describe('time bars with gaps filled', () => {
  it('touch each other inside a session, and are the unfilled ones with flat bars between', () => {
    fc.assert(
      fc.property(ticksFrom(DAY_BEFORE_DST, 7_200_000), (ticks) => {
        const filled = build(timeBars({ seconds: 900, fillGaps: true }), ticks);
        for (const [i, bar] of filled.entries()) {
          const previous = filled[i - 1];
          if (previous === undefined) continue;
          expect(bar.ts).toBe(previous.endTs);
          if (bar.nTicks === 0) expect([bar.open, bar.high, bar.low, bar.close]).toEqual(Array(4).fill(previous.close));
        }
        expect(filled.filter((bar) => bar.nTicks > 0)).toEqual(build(timeBars({ seconds: 900 }), ticks));
      }),
    );
  });
});
