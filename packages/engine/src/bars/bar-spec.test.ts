import { isTradingError } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { barSpecKey, barSpecSeconds, canResample, timeframeOf } from './bar-spec.js';
import { formatTimeframe, parseTimeframe } from './timeframe.js';

const time = (options: Record<string, unknown>) => ({ use: 'time', options });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isTradingError(error) ? error.code : String(error);
  }
  return 'none';
}

describe('timeframes', () => {
  it.each([
    ['1s', 1],
    ['90s', 90],
    ['1m', 60],
    ['15m', 900],
    ['1h', 3600],
    ['1d', 86_400],
    ['1w', 604_800],
    ['10d', 864_000],
  ])('%s is %i seconds, and back', (text, seconds) => {
    expect(parseTimeframe(text)).toBe(seconds);
    expect(formatTimeframe(seconds)).toBe(text);
  });

  it.each(['', '1', 'm', '0m', '-5m', '1.5h', '5M', '25h', '1mo', ' 1m', '1e3s', '9999999999s'])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => parseTimeframe(text))).toBe('BARS_TIMEFRAME_INVALID');
    },
  );

  it.each([0, -60, 1.5, Number.NaN, Infinity, 90_000])('has no text for %p seconds', (seconds) => {
    expect(codeOf(() => formatTimeframe(seconds))).toBe('BARS_TIMEFRAME_INVALID');
  });
});

describe('barSpecKey', () => {
  it.each([
    [time({}), 'time(seconds=60)'],
    [time({ timeframe: '5m', price: 'last', fillGaps: false }), 'time(seconds=300)'],
    [time({ vwap: true, seconds: 300, price: 'mid' }), 'time(price=mid, seconds=300, vwap=true)'],
    [{ use: 'tick', options: { ticks: 100 } }, 'tick(ticks=100)'],
    [{ use: 'volume', options: { units: 1e6 } }, 'volume(units=1000000)'],
    [{ use: 'value', options: { value: 5e5, vwap: true } }, 'value(value=500000, vwap=true)'],
    [{ use: 'range', options: { steps: 10, price: 'mid' } }, 'range(price=mid, steps=10)'],
    [{ use: 'renko', options: { b: { y: 1, x: [2] }, a: '1' } }, 'renko(a="1", b={"x":[2],"y":1})'],
    [{ use: 'renko', options: { a: 1, b: undefined } }, 'renko(a=1)'],
  ])('of %j is %s', (spec, key) => {
    expect(barSpecKey(spec)).toBe(key);
  });

  it('names what is wrong with options', () => {
    try {
      barSpecKey(time({ seconds: 0, prise: 'mid' }));
    } catch (error) {
      expect(isTradingError(error) && error.code).toBe('BARS_OPTIONS_INVALID');
      expect(isTradingError(error) && error.message).toMatch(/^Bars 'time': .*seconds.*prise/);
    }
    expect.assertions(2);
  });

  it.each([
    time({ seconds: 60, timeframe: '1m' }),
    time({ seconds: 90_000 }),
    time({ timeframe: '5 minutes' }),
    time({ outsideSession: 'drop' }),
    { use: 'tick', options: {} },
    { use: 'tick', options: { ticks: 1.5 } },
    { use: 'volume', options: { units: 0 } },
    { use: 'volume', options: { units: 5, price: 'mid' } },
    { use: 'range', options: {} },
    { use: 'range', options: { range: 1, steps: 1 } },
  ])('refuses %j', (spec) => {
    expect(codeOf(() => barSpecKey(spec))).toBe('BARS_OPTIONS_INVALID');
  });
});

describe('barSpecSeconds and timeframeOf', () => {
  it('know time bars by their length', () => {
    expect(barSpecSeconds(time({ timeframe: '1h' }))).toBe(3600);
    expect(timeframeOf(time({ seconds: 3600, price: 'bid' }))).toBe('1h');
  });

  it('know others by their key', () => {
    const spec = { use: 'tick', options: { ticks: 50 } };
    expect(barSpecSeconds(spec)).toBeNaN();
    expect(timeframeOf(spec)).toBe('tick(ticks=50)');
  });
});

describe('canResample', () => {
  it.each([
    [time({}), time({ timeframe: '5m' }), true],
    [time({}), time({}), true],
    [time({ timeframe: '1h' }), time({ timeframe: '1d' }), true],
    [time({ timeframe: '1d' }), time({ timeframe: '1w' }), true],
    [time({ timeframe: '5m' }), time({}), false],
    [time({ timeframe: '2m' }), time({ timeframe: '5m' }), false],
    [time({ timeframe: '2d' }), time({ timeframe: '1w' }), false],
    [time({ price: 'bid' }), time({ timeframe: '5m' }), false],
    [time({}), time({ timeframe: '5m', vwap: true }), false],
    [time({ vwap: true }), time({ timeframe: '5m' }), true],
    [time({ fillGaps: true }), time({ timeframe: '5m' }), true],
    [{ use: 'tick', options: { ticks: 10 } }, { use: 'tick', options: { ticks: 100 } }, false],
    [time({}), { use: 'tick', options: { ticks: 100 } }, false],
  ])('%j to %j: %p', (from, to, can) => {
    expect(canResample(from, to)).toBe(can);
  });
});
