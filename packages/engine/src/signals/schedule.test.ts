import { marketCalendar, MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { Scene, strategyOf } from '../kernel/kernel.fixture.js';
import { isScheduleTime } from './schedule.js';

/** When `onTime` was called between two instants, as ISO minutes. */
function times(calendar: string, declared: readonly string[], span: readonly [string, string]): readonly string[] {
  const seen: string[] = [];
  const [from, to] = span.map((text) => Date.parse(text)) as [number, number];
  const definition = strategyOf(() => undefined, {
    times: declared,
    onTime: ({ ts }, name) => void seen.push(`${new Date(ts).toISOString().slice(5, 16)} ${name}`),
  });
  const scene = new Scene({ calendar, start: from, strategies: [{ definition }] });
  scene.bars();
  scene.driver.advanceTo(to);
  return seen;
}

describe('declared times', () => {
  it('follow an early close (XNYS, the day after Thanksgiving 2014: 13:00 New York)', () => {
    expect(times('XNYS', ['open+5m', 'close-5m'], ['2014-11-26T12:00Z', '2014-12-02T00:00Z'])).toEqual([
      '11-26T14:35 open+5m',
      '11-26T20:55 close-5m',
      '11-28T14:35 open+5m',
      '11-28T17:55 close-5m',
      '12-01T14:35 open+5m',
      '12-01T20:55 close-5m',
    ]);
  });

  it('follow the clock change of the market (New York, 9 March 2014)', () => {
    expect(times('XNYS', ['open'], ['2014-03-07T12:00Z', '2014-03-11T00:00Z'])).toEqual([
      '03-07T14:30 open',
      '03-10T13:30 open',
    ]);
    expect(times('24x5', ['open+1m', 'close-1h'], ['2014-03-07T12:00Z', '2014-03-10T23:00Z'])).toEqual([
      '03-07T21:00 close-1h',
      '03-09T21:01 open+1m',
      '03-10T20:00 close-1h',
      '03-10T21:01 open+1m',
    ]);
  });

  it('come once each, in time order, also before the open and after the close', () => {
    const seen = times('XNYS', ['close+30s', 'open-1h', 'open', 'close'], ['2014-05-05T12:00Z', '2014-05-06T12:35Z']);
    expect(seen).toEqual([
      '05-05T12:30 open-1h',
      '05-05T13:30 open',
      '05-05T20:00 close',
      '05-05T20:00 close+30s',
      '05-06T12:30 open-1h',
    ]);
  });

  it('ask with the time and nothing else, and their answers count', () => {
    const definition = strategyOf(() => 1, { times: ['close-5m'], onTime: () => 0 });
    const close = marketCalendar('XNYS').nextClose(Date.parse('2014-05-05T14:00Z'));
    const scene = new Scene({ calendar: 'XNYS', start: close - 10 * MINUTE_MS, strategies: [{ definition }] });
    scene.bars();
    expect(scene.held()).toBe(100);
    scene.driver.advanceTo(close - 5 * MINUTE_MS - 1);
    expect(scene.held()).toBe(100);
    scene.driver.advanceTo(close - 5 * MINUTE_MS);
    expect(scene.held()).toBe(0);
  });

  it('come after the bar of their instant, in one call of the strategy', () => {
    const calls: string[] = [];
    const definition = strategyOf(() => void calls.push('bar'), {
      times: ['close-5m'],
      onTime: () => void calls.push('time'),
    });
    const close = marketCalendar('XNYS').nextClose(Date.parse('2014-05-05T14:00Z'));
    const scene = new Scene({ calendar: 'XNYS', start: close - 7 * MINUTE_MS, strategies: [{ definition }] });
    scene.bars();
    scene.bars();
    expect(calls).toEqual(['bar', 'bar', 'time']);
  });

  it('can be told from other text', () => {
    expect(['open', 'close', 'open+5m', 'close-30s', 'open+2h'].map(isScheduleTime)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['', 'noon', 'open+', 'open5m', 'close-5', 'close - 5m', 'open+5d'].map(isScheduleTime)).toEqual(
      Array(7).fill(false),
    );
  });
});
