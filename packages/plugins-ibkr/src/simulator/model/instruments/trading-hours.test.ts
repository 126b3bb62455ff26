import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultInstruments } from './default-instruments.js';
import { TradingHours } from './trading-hours.js';

const INSTRUMENTS = defaultInstruments(Date.UTC(2026, 6, 14));
const apple = INSTRUMENTS.find(({ symbol }) => symbol === 'AAPL')!;
const instant = fc.integer({ min: Date.UTC(2010), max: Date.UTC(2027) });

describe('TradingHours', () => {
  it('lists sessions that hold exactly the instants at which it trades', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INSTRUMENTS),
        fc.constantFrom('exchange' as const, 'always' as const),
        instant,
        (instrument, kept, ts) => {
          const hours = new TradingHours(instrument, kept);
          for (const regular of [true, false]) {
            const isOpen = regular ? hours.isRegular(ts) : hours.isTrading(ts);
            expect(hours.sessions(ts, ts + 1, regular).length > 0).toBe(isOpen);
            const next = hours.nextOpen(ts, regular);
            expect(next).toBeGreaterThan(ts);
            expect(hours.sessions(ts + 1, next + 1, regular).at(-1)?.open).toBe(next);
          }
          expect(hours.dayEnd(ts)).toBeGreaterThan(ts);
          expect(hours.regularClose(ts)).toBeGreaterThan(ts - 86_400_000);
        },
      ),
    );
  }, 60_000);

  it('keeps regular hours inside the extended ones, early closes too', () => {
    const hours = new TradingHours(apple, 'exchange');
    const at = (hour: number, minute = 0, day = 14): number => Date.UTC(2026, 6, day, hour + 4, minute);
    expect(
      [at(3, 59), at(4), at(9, 29), at(9, 30), at(16), at(19, 59), at(20)].map((ts) => [
        hours.isTrading(ts),
        hours.isRegular(ts),
      ]),
    ).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [true, true],
      [true, false],
      [true, false],
      [false, false],
    ]);
    // The Friday after Thanksgiving of 2026.
    expect(hours.isRegular(Date.UTC(2026, 10, 27, 18))).toBe(false);
    expect(hours.text(Date.UTC(2026, 10, 25, 15), true)).toContain('20261126:CLOSED;20261127:0930-20261127:1300');
  });

  it('trades around the clock where told to, by the days of the exchange', () => {
    const hours = new TradingHours(apple, 'always');
    const sunday = Date.UTC(2026, 6, 12, 16);
    expect([hours.isRegular(sunday), hours.isTrading(sunday)]).toEqual([true, true]);
    expect(hours.sessions(sunday, sunday + 1, true)).toEqual([
      { open: Date.UTC(2026, 6, 12, 4), close: Date.UTC(2026, 6, 13, 4), day: '20260712' },
    ]);
  });
});
