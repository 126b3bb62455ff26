import type { Bar } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { build, copyBar, MONDAY, timeBars, trade } from './bars.fixture.js';

const at = (text: string): number => Date.parse(`${text}Z`);

describe('TimeBarBuilder on real calendars', () => {
  it('counts ticks of the weekend on 24x5', () => {
    const builder = timeBars({ seconds: 3600 }, '24x5');
    const ticks = [
      '2014-05-09T20:59:59',
      '2014-05-09T21:00:00',
      '2014-05-10T12:00:00',
      '2014-05-11T20:59:59',
      '2014-05-11T21:00:00',
    ];
    const bars = build(
      builder,
      ticks.map((text) => trade({ ts: at(text) })),
    );
    expect(bars.map((bar) => [bar.ts, bar.endTs])).toEqual([
      [at('2014-05-09T20:00:00'), at('2014-05-09T21:00:00')],
      [at('2014-05-11T21:00:00'), at('2014-05-11T22:00:00')],
    ]);
    expect(builder.ignored.outside).toBe(3);
  });

  it('cuts bars at the lunch break of Tokyo and keeps its ticks out of daily bars', () => {
    // 2014-05-07: sessions 00:00 to 02:30 and 03:30 to 06:00 UTC.
    const ticks = ['T00:00:00', 'T02:29:59', 'T02:45:00', 'T03:30:00', 'T05:59:59', 'T06:00:00'].map((time) =>
      trade({ ts: at(`2014-05-07${time}`) }),
    );
    const hours = timeBars({ timeframe: '2h' }, 'XTKS');
    expect(build(hours, ticks).map((bar) => [(bar.endTs - bar.ts) / 60_000, bar.nTicks])).toEqual([
      [120, 1],
      [30, 1],
      [120, 1],
      [30, 1],
    ]);
    expect(hours.ignored.outside).toBe(2);
    const days = timeBars({ timeframe: '1d' }, 'XTKS');
    expect(build(days, ticks)).toMatchObject([
      { ts: at('2014-05-07T00:00:00'), endTs: at('2014-05-07T06:00:00'), nTicks: 4 },
    ]);
    expect(days.ignored.outside).toBe(2);
  });

  it('lays the bars of a session from its open on both sides of a DST change', () => {
    // New York changed on 2014-03-09: 14:30 UTC on the Friday, 13:30 UTC on the Monday.
    const ticks = ['2014-03-07T14:29:59', '2014-03-07T14:30:00', '2014-03-10T13:29:59', '2014-03-10T13:30:00'];
    const bars = build(
      timeBars({ timeframe: '1h' }, 'XNYS'),
      ticks.map((text) => trade({ ts: at(text) })),
    );
    expect(bars.map((bar) => bar.ts)).toEqual([at('2014-03-07T14:30:00'), at('2014-03-10T13:30:00')]);
  });

  it('runs days from 17:00 to 17:00 New York on both sides of a DST change', () => {
    const bars = build(
      timeBars({ timeframe: '1d' }, '24x5'),
      ['2014-03-07T12:00', '2014-03-10T12:00'].map((text) => trade({ ts: at(text) })),
    );
    expect(bars.map((bar) => [bar.ts, bar.endTs])).toEqual([
      [at('2014-03-06T22:00'), at('2014-03-07T22:00')],
      [at('2014-03-09T21:00'), at('2014-03-10T21:00')],
    ]);
  });

  it('makes weeks without the nights', () => {
    const builder = timeBars({ timeframe: '1w' }, 'XNYS');
    const ticks = ['2014-05-05T13:30', '2014-05-05T22:00', '2014-05-09T19:59', '2014-05-12T13:30'].map((text) =>
      trade({ ts: at(text) }),
    );
    expect(build(builder, ticks)).toMatchObject([
      { ts: at('2014-05-05T13:30'), endTs: at('2014-05-09T20:00'), nTicks: 2 },
      { ts: at('2014-05-12T13:30'), nTicks: 1 },
    ]);
    expect(builder.ignored.outside).toBe(1);
  });
});

describe('TimeBarBuilder with fillGaps', () => {
  it('fills a gap with flat bars at the previous close, by the clock', () => {
    const builder = timeBars({ seconds: 60, fillGaps: true });
    const bars: Bar[] = [];
    const emit = (bar: Bar): void => void bars.push(copyBar(bar));
    builder.flush(MONDAY + 3_600_000, emit);
    expect(bars).toEqual([]);
    builder.onTick(trade({ ts: MONDAY, last: 5 }), emit);
    builder.flush(MONDAY + 60_000, emit);
    expect(builder.nextClose).toBe(MONDAY + 120_000);
    builder.flush(MONDAY + 180_000, emit);
    builder.onTick(trade({ ts: MONDAY + 185_000, last: 6 }), emit);
    builder.flush(MONDAY + 240_000, emit);
    expect(
      bars.map(({ ts, open, close, nTicks, volume }) => [(ts - MONDAY) / 60_000, open, close, nTicks, volume]),
    ).toEqual([
      [0, 5, 5, 1, 1],
      [1, 5, 5, 0, 0],
      [2, 5, 5, 0, 0],
      [3, 6, 6, 1, 1],
    ]);
  });

  it('fills inside sessions only', () => {
    const ticks = ['2014-05-07T02:20', '2014-05-07T05:50'].map((text) => trade({ ts: at(text) }));
    const bars = build(timeBars({ timeframe: '30m', fillGaps: true }, 'XTKS'), ticks);
    expect(bars.map((bar) => [new Date(bar.ts).toISOString().slice(11, 16), bar.nTicks])).toEqual([
      ['02:00', 1],
      ['03:30', 0],
      ['04:00', 0],
      ['04:30', 0],
      ['05:00', 0],
      ['05:30', 1],
    ]);
  });

  it('goes on after a save in the middle of a gap', () => {
    const first = timeBars({ seconds: 60, fillGaps: true });
    first.onTick(trade({ ts: MONDAY, last: 5 }), () => undefined);
    first.flush(MONDAY + 60_000, () => undefined);
    const second = timeBars({ seconds: 60, fillGaps: true });
    second.load(first.save());
    const bars: Bar[] = [];
    second.flush(MONDAY + 120_000, (bar) => void bars.push(copyBar(bar)));
    expect(bars).toMatchObject([{ ts: MONDAY + 60_000, close: 5, nTicks: 0 }]);
  });
});
