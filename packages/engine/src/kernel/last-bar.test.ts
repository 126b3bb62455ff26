import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtStream, feedStream, instrumentOf, Scene, START } from './kernel.fixture.js';

const prices = fc.array(fc.integer({ min: 360, max: 440 }), { minLength: 1, maxLength: 60 });

/** Two instruments, bars of a minute and five minutes, strategies that turn with the price. */
function sceneOf(tradeFrom: number): Scene {
  return new Scene({
    tradeFrom,
    instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
    streams: [feedStream(0), feedStream(1), builtStream(0, 5 * MINUTE_MS, 0)],
    strategies: [
      { streams: [[0], [2]], onBar: ({ bar }) => Math.sign(bar.close - 100) },
      {
        instruments: [1],
        streams: [[1]],
        onBar: ({ bar }) => ({ units: Math.round(bar.close), protect: { stop: 95 } }),
      },
    ],
  });
}

/**
 * Plays the prices; with `tellsLast` the last bar of an instant says so, else the timer does its work. Bars that start before
 * `tradeFrom` only warm up, the one it lies in too.
 */
function play(quarters: readonly number[], tradeFrom: number, tellsLast: boolean): Scene {
  const scene = sceneOf(tradeFrom);
  quarters.forEach((quarter, row) => {
    const ts = START + row * MINUTE_MS;
    const isWarmup = ts < tradeFrom;
    const events = [0, 1].map((streamIndex) =>
      scene.barEvent({ streamIndex, ts, price: (quarter + streamIndex) / 4, isWarmup }),
    );
    if (!isWarmup) for (const event of events) scene.driver.barOpen(event.streamIndex, event);
    events.forEach((event, place) => scene.driver.barClose(place, { ...event, isLast: tellsLast && place === 1 }));
    if (tellsLast && !isWarmup) expect(scene.kernel.nextDeadline).toBeGreaterThan(ts + MINUTE_MS);
    else scene.driver.advanceTo(ts + MINUTE_MS);
  });
  return scene;
}

describe('the last bar of an instant', () => {
  it('leads to what the timer of the instant would', () => {
    fc.assert(
      fc.property(prices, fc.nat(20 * 60), (quarters, seconds) => {
        const tradeFrom = START + seconds * 1_000;
        const [told, timed] = [play(quarters, tradeFrom, true), play(quarters, tradeFrom, false)];
        expect(told.kernel.hash()).toBe(timed.kernel.hash());
        expect(told.listener.marks).toEqual(timed.listener.marks);
        expect(told.venue.log).toEqual(timed.venue.log);
        expect(told.kernel.snapshot()).toEqual(timed.kernel.snapshot());
      }),
    );
  });
});
