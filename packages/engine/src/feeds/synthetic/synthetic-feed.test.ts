import { describe, expect, it } from '@jest/globals';
import { BarSchedule, marketCalendar, priceStepAt, StepGrid } from '@bookrunner/sdk';
import type { HistoryBlock, Instrument, ReadRange, RecordedStream } from '@bookrunner/sdk';
import fc from 'fast-check';
import { aFeedContext, allBlocks, anInstrument, columnOf, rowsOf } from '../feed-context.fixture.js';
import { RandomStream, seededStream } from './random-stream.js';
import { syntheticFeed } from './synthetic-feed.js';
import { syntheticOptions } from './synthetic-options.js';
import type { SyntheticOptions } from './synthetic-options.js';

const EURUSD = anInstrument({
  symbol: 'EURUSD',
  assetClass: 'fx',
  quote: 'USD',
  priceStep: 0.00001,
  lotStep: 1000,
  calendar: '24x5',
});
const STOCK = anInstrument({ symbol: 'AAA', priceStep: 0.01, calendar: 'XNYS' });

async function make(
  options: Partial<SyntheticOptions>,
  instrument: Instrument = EURUSD,
  range: ReadRange = {},
): Promise<HistoryBlock[]> {
  const feed = syntheticFeed.create(aFeedContext(syntheticOptions.parse({ startPrice: 1.1, days: 1, ...options })));
  const [stream] = [...(feed.read([instrument], range) as Iterable<RecordedStream>)];
  return allBlocks(stream!.blocks);
}

const grids = new Map<number, StepGrid>();

function gridOf(step: number): StepGrid {
  const grid = grids.get(step) ?? new StepGrid(step);
  grids.set(step, grid);
  return grid;
}

describe('the random stream', () => {
  it('is the published xoshiro128**', () => {
    const random = new RandomStream([1, 2, 3, 4]);
    expect(Array.from({ length: 5 }, () => random.uint32())).toEqual([11_520, 0, 5_927_040, 70_819_200, 2_031_721_883]);
  });

  it('has the moments it promises', () => {
    const random = seededStream(7, 'x');
    let [sum, squares] = [0, 0];
    for (let i = 0; i < 200_000; i += 1) {
      const value = random.bell();
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / 200_000)).toBeLessThan(0.01);
    expect(Math.abs(squares / 200_000 - 1)).toBeLessThan(0.01);
  });
});

describe('the synthetic market', () => {
  it('gives the same ticks for the same seed, and others for another seed or symbol', async () => {
    const first = columnOf(await make({ seed: 5 }), 'bid');
    expect(columnOf(await make({ seed: 5 }), 'bid')).toEqual(first);
    expect(columnOf(await make({ seed: 6 }), 'bid')).not.toEqual(first);
    expect(columnOf(await make({ seed: 5 }, anInstrument({ ...EURUSD, symbol: 'OTHER' })), 'bid')).not.toEqual(first);
  });

  it('gives a part that equals the same part of the whole', async () => {
    const whole = await make({});
    const ts = columnOf(whole, 'ts');
    const [from, to] = [ts[1000]!, ts[70_000]!];
    const part = await make({}, EURUSD, { from, to });
    expect(columnOf(part, 'ts')).toEqual(ts.slice(1000, 70_000));
    expect(columnOf(part, 'ask')).toEqual(columnOf(whole, 'ask').slice(1000, 70_000));
  });

  it('makes about as many ticks as asked for', async () => {
    for (const ticksPerMinute of [1, 60, 240]) {
      const rows = rowsOf(await make({ ticksPerMinute }));
      expect(rows / (24 * 60 * ticksPerMinute)).toBeGreaterThan(0.8);
      expect(rows / (24 * 60 * ticksPerMinute)).toBeLessThan(1.2);
    }
  });

  it('has the volatility asked for, over the long run', async () => {
    const blocks = await make(
      { days: 400, annualVol: 0.3, kind: 'bars', seconds: 86_400, ticksPerMinute: 1, startPrice: 100 },
      STOCK,
    );
    const close = columnOf(blocks, 'close');
    const returns = close.slice(1).map((price, i) => Math.log(price / close[i]!));
    const vol = Math.sqrt((returns.reduce((sum, r) => sum + r * r, 0) / returns.length) * 252);
    expect(vol).toBeGreaterThan(0.2);
    expect(vol).toBeLessThan(0.45);
  });

  it('keeps quotes on the grid, uncrossed, positive, ascending and inside sessions', async () => {
    const banded = anInstrument({
      symbol: 'BAND',
      calendar: 'XTKS',
      priceStep: 0.01,
      priceSteps: [
        { from: 1, step: 0.05 },
        { from: 10, step: 0.25 },
      ],
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 4_294_967_295 }),
        fc.constantFrom(EURUSD, STOCK, banded),
        fc.constantFrom(0.02, 1, 9.9, 500),
        fc.constantFrom(0.1, 5),
        fc.integer({ min: 1, max: 4 }),
        // oxlint-disable-next-line max-params -- one parameter per arbitrary
        async (seed, instrument, startPrice, annualVol, spreadSteps) => {
          const options = { seed, startPrice, annualVol, spreadSteps, ticksPerMinute: 2, tradeShare: 0.3, days: 2 };
          const calendar = marketCalendar(instrument.calendar);
          let previous = 0;
          for (const { columns, kind } of await make(options, instrument)) {
            if (kind !== 'ticks') throw new Error('bars');
            for (let i = 0; i < columns.length; i += 1) {
              const [ts, bid, ask, last] = [columns.ts[i]!, columns.bid![i]!, columns.ask![i]!, columns.last![i]!];
              if (!(ts > previous && bid > 0 && ask > bid && calendar.isOpen(ts))) expect([ts, bid, ask]).toBe('sound');
              const isOnGrid = [bid, ask].every((price) => gridOf(priceStepAt(instrument, price)).holds(price));
              if (!isOnGrid || !(Number.isNaN(last) || last === bid || last === ask))
                expect([bid, ask, last]).toBe('on the grid');
              previous = ts;
            }
          }
          expect(previous).toBeGreaterThan(0);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('makes bars where the calendar lays them', async () => {
    for (const seconds of [60, 3600, 86_400]) {
      const blocks = await make({ kind: 'bars', seconds, days: 3, startPrice: 50 }, STOCK);
      const [ts, endTs] = [columnOf(blocks, 'ts'), columnOf(blocks, 'endTs')];
      const schedule = new BarSchedule(marketCalendar('XNYS'), seconds * 1000);
      expect(ts).toHaveLength(3 * Math.ceil((6.5 * 3600) / seconds));
      for (const [i, start] of ts.entries()) {
        expect(schedule.locate(start)).toBe(true);
        expect([schedule.start, schedule.end]).toEqual([start, endTs[i]]);
      }
    }
  });

  it('declares what its options make', () => {
    const capabilities = (options: object) =>
      syntheticFeed.create(aFeedContext(syntheticOptions.parse(options))).capabilities;
    expect(capabilities({})).toEqual({ quotes: true, historyTicks: true, finite: true });
    expect(capabilities({ tradeShare: 0.5 })).toMatchObject({ trades: true });
    expect(capabilities({ kind: 'bars', seconds: 300 })).toEqual({
      barSeconds: [300],
      historyBars: true,
      finite: true,
    });
  });
});
