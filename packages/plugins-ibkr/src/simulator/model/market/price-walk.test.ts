import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '@bookrunner/sdk';
import fc from 'fast-check';
import { defaultInstruments } from '../instruments/default-instruments.js';
import { incrementAt } from '../instruments/instrument-definition.js';
import { PriceWalk } from './price-walk.js';

const NOW = Date.UTC(2026, 6, 14, 14);
const minutes = fc.integer({
  min: Math.floor(Date.UTC(2010) / MINUTE_MS),
  max: Math.floor(Date.UTC(2035) / MINUTE_MS),
});
const instruments = fc.constantFrom(...defaultInstruments(NOW));
const rates = fc.constantFrom(0.1, 1, 2.5, 4);

function ticksOf(walk: PriceWalk, minute: number) {
  return Array.from({ length: walk.ticksPerMinute }, (_, at) => walk.tick(minute * walk.ticksPerMinute + at));
}

describe('PriceWalk', () => {
  it('knows of a minute what its ticks come to', () => {
    fc.assert(
      fc.property(instruments, minutes, rates, fc.nat(), (instrument, minute, rate, seed) => {
        const walk = new PriceWalk(instrument, seed, rate);
        const ticks = ticksOf(walk, minute);
        const prices = ticks.map(({ last }) => last);
        const summary = walk.minute(minute);
        expect(summary).toMatchObject({ open: prices[0], close: prices.at(-1), count: ticks.length });
        expect(summary).toMatchObject({ high: Math.max(...prices), low: Math.min(...prices) });
        expect(summary.volume).toBeCloseTo(
          ticks.reduce((sum, { lastSize }) => sum + lastSize, 0),
          6,
        );
        expect(walk.minute(minute + 1).open).toBe(summary.close);
      }),
    );
  }, 60_000);

  it('gives the same tick whenever it is asked', () => {
    fc.assert(
      fc.property(
        instruments,
        minutes,
        fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 20 }),
        (instrument, minute, others) => {
          const walk = new PriceWalk(instrument, 5, 1);
          const index = minute * walk.ticksPerMinute + 17;
          const before = walk.tick(index);
          for (const other of others) walk.tick(index + other * 31);
          expect(walk.tick(index)).toEqual(before);
          expect(new PriceWalk(instrument, 5, 1).tick(index)).toEqual(before);
        },
      ),
    );
  });

  it('stays on the grid, above zero and within reach of the start price, with bid below last below ask', () => {
    fc.assert(
      fc.property(instruments, minutes, fc.nat(), (instrument, minute, seed) => {
        const walk = new PriceWalk(instrument, seed, 1);
        const step = incrementAt(instrument, instrument.startPrice);
        for (const { bid, ask, last, bidSize, askSize, lastSize } of ticksOf(walk, minute)) {
          expect(bid).toBeGreaterThan(0);
          expect(bid).toBeLessThanOrEqual(last);
          expect(ask).toBeGreaterThan(last);
          expect(Math.abs(last / step - Math.round(last / step))).toBeLessThan(1e-4);
          expect(Math.abs(last / instrument.startPrice - 1)).toBeLessThan(0.6);
          expect(Math.min(bidSize, askSize, lastSize)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('parts ways with another seed', () => {
    const [apple] = defaultInstruments(NOW);
    const minute = Math.floor(NOW / MINUTE_MS);
    expect(new PriceWalk(apple!, 1, 1).minute(minute)).not.toEqual(new PriceWalk(apple!, 2, 1).minute(minute));
  });
});
