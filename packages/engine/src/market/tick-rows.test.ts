import { marketCalendar, type Tick, type TickColumns } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import { simulatedVenueOptions } from '../simulated-venue/options.js';
import { SimulatedVenue } from '../simulated-venue/simulated-venue.js';
import { VenueBench } from '../simulated-venue/venue-bench.fixture.js';
import { InstrumentState } from './instrument-state.js';
import { TickRows, type TickStretch } from './tick-rows.js';

const ALL: TickStretch = {
  at: 0,
  before: Number.POSITIVE_INFINITY,
  from: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
};
const ROWS = 12;

const rowsOf = (columns: Partial<TickColumns>): TickRows => {
  const rows = new TickRows(0);
  const ts = columns.ts ?? new Float64Array(0);
  rows.take({ symbol: 'AAA', length: ts.length, ...columns, ts }, columns.recvTs ?? ts);
  return rows;
};
const times = (...values: readonly number[]): Float64Array => Float64Array.from(values);

const column = fc.option(
  fc
    .array(fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 390, max: 410 })), { minLength: ROWS, maxLength: ROWS })
    .map((values) => Float64Array.from(values)),
  { nil: undefined },
);
const columns = fc.record({ bid: column, ask: column, last: column, size: column });

/** What market and venue know after the ticks of rows, the first one and those from `from` on. */
function marketAfter(data: Partial<Record<'bid' | 'ask' | 'last' | 'size', Float64Array | undefined>>, from: number) {
  const instrument = instrumentOf();
  const calendar = marketCalendar('24x7');
  const state = new InstrumentState(0, instrument, calendar);
  const { listener } = new VenueBench();
  const venue = new SimulatedVenue(simulatedVenueOptions.parse({ volumeShare: 0.5 }), {
    instruments: [instrument],
    calendars: [calendar],
    listener,
  });
  for (let row = 0; row < ROWS; row += row === 0 ? from : 1) {
    const valueOf = (values: Float64Array | undefined): number => values?.[row] ?? Number.NaN;
    const { bid, ask, last, size } = data;
    const prices = { bid: valueOf(bid), ask: valueOf(ask), last: valueOf(last), size: valueOf(size) };
    const sizes = { bidSize: valueOf(size), askSize: valueOf(size) };
    const tick: Tick = { ts: row, recvTs: row, symbol: 'AAA', venue: '', ...prices, ...sizes };
    state.onTick(tick);
    venue.onTick(0, tick, row);
  }
  const { bid, ask, last, price } = state;
  return { market: [bid, ask, last, price], venue: venue.save() };
}

describe('a stretch of ticks', () => {
  it('leaves the rows that say what the market is after it', () => {
    fc.assert(
      fc.property(columns, (data) => {
        const carried = Object.fromEntries(Object.entries(data).filter(([, values]) => values !== undefined));
        const rows = rowsOf({ ts: times(...Array(ROWS).keys()), ...carried });
        rows.row = 1;
        rows.skip(ALL);
        expect(marketAfter(data, rows.row)).toEqual(marketAfter(data, 1));
      }),
      { numRuns: 500 },
    );
  });

  it('is all but its last row where each row has all prices', () => {
    const rows = rowsOf({ ts: times(1, 2, 3, 4), bid: times(1, 1, 1, 1), ask: times(2, 2, 2, 2) });
    rows.skip(ALL);
    expect([rows.row, rows.looked]).toEqual([3, 4]);
  });

  it('ends before what is due, where time goes back, and where a tick is of another bar', () => {
    const data = { ts: times(10, 20, 20, 19, 30), recvTs: times(20, 21, 25, 26, 26) };
    const lookedOf = (stretch: Partial<TickStretch>, own: Partial<TickColumns> = data): number => {
      const rows = rowsOf(own);
      rows.skip({ ...ALL, ...stretch });
      return rows.looked;
    };
    expect(lookedOf({})).toBe(5);
    expect(lookedOf({ before: 26 })).toBe(3);
    expect(lookedOf({ at: 21 })).toBe(0);
    expect(lookedOf({ from: 10, until: 30 })).toBe(4);
    expect(lookedOf({ from: 11 })).toBe(0);
    expect(lookedOf({ until: Number.NaN })).toBe(0);
    const prompt = { ts: times(10, 20, 20, 19, 30) };
    expect(lookedOf({}, prompt)).toBe(3);
    expect(lookedOf({ until: 20 }, prompt)).toBe(1);
    expect(lookedOf({ from: Number.NaN }, prompt)).toBe(0);
  });
});
