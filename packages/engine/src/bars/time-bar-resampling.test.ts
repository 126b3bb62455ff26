import { isTradingError, type Bar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { MONDAY, resample, timeBars } from './bars.fixture.js';

describe('TimeBarBuilder.onBar', () => {
  const small = (ts: number, fields: Partial<Bar> = {}): Bar => ({
    ts,
    endTs: ts + 60_000,
    symbol: 'TEST',
    open: 10,
    high: 12,
    low: 9,
    close: 11,
    volume: 4,
    nTicks: 2,
    vwap: 10.5,
    ...fields,
  });

  it('joins smaller bars, the average weighted by volume', () => {
    const bars = resample(timeBars({ timeframe: '5m', vwap: true }), [
      small(MONDAY),
      small(MONDAY + 60_000, { open: 11, high: 15, low: 8, close: 14, volume: 12, nTicks: 3, vwap: 12.5 }),
    ]);
    expect(bars).toEqual([
      {
        ts: MONDAY,
        endTs: MONDAY + 300_000,
        symbol: 'TEST',
        open: 10,
        high: 15,
        low: 8,
        close: 14,
        volume: 16,
        nTicks: 5,
        vwap: 12,
      },
    ]);
  });

  it('leaves an average unknown where a part of it is', () => {
    const [bar] = resample(timeBars({ timeframe: '5m', vwap: true }), [
      small(MONDAY),
      small(MONDAY + 60_000, { vwap: Number.NaN }),
    ]);
    expect(bar?.vwap).toBeNaN();
    expect(bar?.volume).toBe(8);
  });

  it('takes nothing from bars that were invented to fill gaps', () => {
    const flat = small(MONDAY, { open: 1, high: 1, low: 1, close: 1, volume: 0, nTicks: 0 });
    expect(resample(timeBars({ timeframe: '5m' }), [flat, small(MONDAY + 60_000)])).toMatchObject([
      { open: 10, low: 9, nTicks: 2 },
    ]);
  });

  it('counts the ticks of late, outside and broken bars', () => {
    const builder = timeBars({ timeframe: '5m' });
    resample(builder, [
      small(MONDAY),
      small(MONDAY + 300_000),
      small(MONDAY + 60_000),
      small(MONDAY + 60_000, { nTicks: Number.NaN }),
    ]);
    expect(builder.ignored.late).toBe(3);
    resample(builder, [small(MONDAY + 900_000, { close: Number.NaN })]);
    expect(builder.ignored.unpriced).toBe(2);
    const stocks = timeBars({ timeframe: '5m' }, 'XNYS');
    resample(stocks, [small(MONDAY)]);
    expect(stocks.ignored.outside).toBe(2);
  });

  it('says so where a bar does not fit', () => {
    const builder = timeBars({ timeframe: '5m' });
    try {
      resample(builder, [small(MONDAY + 240_000, { endTs: MONDAY + 360_000 })]);
    } catch (error) {
      expect(isTradingError(error) && error.code).toBe('BARS_MISALIGNED');
      expect(isTradingError(error) && error.details).toMatchObject({ end: MONDAY + 300_000 });
    }
    expect.assertions(2);
  });
});
