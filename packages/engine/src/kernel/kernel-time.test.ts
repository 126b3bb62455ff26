import { type Bar, MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtStream, instrumentOf, Scene, START, strategyOf } from './kernel.fixture.js';

/** A scene over ticks that notes every bar its strategy was asked about. */
function ticking(closeDelayMs = 0, streams = [builtStream(0)]): { scene: Scene; bars: (readonly number[])[] } {
  const bars: (readonly number[])[] = [];
  const onBar = ({ bar, ts }: { bar: Bar; ts: number }): void =>
    void bars.push([ts - closeDelayMs - START, bar.ts - START, bar.open, bar.high, bar.low, bar.close, bar.nTicks]);
  const scene = new Scene({
    streams,
    closeDelayMs,
    strategies: [{ definition: strategyOf(onBar), streams: streams.map((_, i) => [i]) }],
  });
  return { scene, bars };
}

describe('kernel time', () => {
  it('closes a bar by the clock, without a tick', () => {
    const { scene, bars } = ticking();
    scene.tick(START + 1_000, 100);
    expect(scene.kernel.nextDeadline).toBe(START + MINUTE_MS);
    scene.driver.advanceTo(START + MINUTE_MS - 1);
    expect(bars).toEqual([]);
    scene.driver.advanceTo(START + MINUTE_MS);
    expect(bars).toEqual([[MINUTE_MS, 0, 100, 100, 100, 100, 1]]);
  });

  it('delivers deadlines before a tick at or after them', () => {
    const { scene, bars } = ticking();
    scene.tick(START, 100);
    scene.tick(START + MINUTE_MS, 200);
    expect(bars).toEqual([[MINUTE_MS, 0, 100, 100, 100, 100, 1]]);
    scene.driver.advanceTo(START + 2 * MINUTE_MS);
    expect(bars[1]).toEqual([2 * MINUTE_MS, MINUTE_MS, 200, 200, 200, 200, 1]);
  });

  it('closes small bars before large ones, and asks once', () => {
    const { scene, bars } = ticking(0, [builtStream(0, MINUTE_MS), builtStream(0, 2 * MINUTE_MS, 0)]);
    const lengths: number[] = [];
    for (let i = 0; i < 4; i++) {
      scene.tick(START + i * MINUTE_MS, 100 + i);
      lengths.push(scene.kernel.parts.market.streams[1]?.window.length ?? -1);
    }
    scene.driver.advanceTo(START + 4 * MINUTE_MS);
    expect(lengths).toEqual([0, 0, 1, 1]);
    expect(bars.map((bar) => bar[0])).toEqual([2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS]);
    const large = scene.kernel.parts.market.streams[1]?.window;
    expect([large?.open(1), large?.close(1), large?.open(), large?.close()]).toEqual([100, 101, 102, 103]);
  });

  it('leaves a bar open for its late ticks, and counts those that come later still', () => {
    const { scene, bars } = ticking(2_000);
    scene.tick(START, 100);
    scene.tick(START + MINUTE_MS, 120);
    scene.tick(START + MINUTE_MS - 1, 110, { at: START + MINUTE_MS + 1_999 });
    expect(bars).toEqual([]);
    scene.tick(START + MINUTE_MS - 1, 130, { at: START + MINUTE_MS + 2_000 });
    expect(bars).toEqual([[MINUTE_MS, 0, 100, 110, 100, 110, 2]]);
    expect(scene.kernel.parts.market.streams[0]?.builder?.ignoredTicks).toBe(1);
    scene.driver.advanceTo(START + 2 * MINUTE_MS + 2_000);
    expect(bars[1]).toEqual([2 * MINUTE_MS, MINUTE_MS, 120, 120, 120, 120, 1]);
  });

  it('gives the same bars with a close delay, of any length, where no tick is late', () => {
    const steps = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 40_000 }),
        price: fc.integer({ min: 300, max: 500 }).map((n) => n / 4),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 1_500, 59_999, 60_000, 150_000), (ticks, delay) => {
        const run = (closeDelayMs: number): readonly (readonly number[])[] => {
          const { scene, bars } = ticking(closeDelayMs);
          let at = START;
          for (const { gap, price } of ticks) scene.tick((at += gap), price);
          scene.driver.advanceTo(at + 10 * MINUTE_MS);
          return bars;
        };
        expect(run(delay)).toEqual(run(0));
      }),
    );
  });

  it('never runs backwards, whatever an event says', () => {
    const { scene } = ticking();
    scene.tick(START + 5_000, 100);
    scene.kernel.process({ kind: 'timer', at: START });
    expect(scene.kernel.now).toBe(START + 5_000);
  });
});

describe('days and marks', () => {
  it('marks equity once an instant for each book whose instruments had a bar', () => {
    const scene = new Scene({
      instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
      books: [{ name: 'CORE' }, { name: 'EDGE' }, { name: 'IDLE' }],
      strategies: [{ book: 0 }, { book: 1, instruments: [1], streams: [[1]] }],
    });
    scene.answer(1, 100);
    scene.bars(101);
    expect(scene.listener.marks).toEqual([
      { book: 'CORE', at: START + MINUTE_MS, equity: 1_000_000 },
      { book: 'EDGE', at: START + MINUTE_MS, equity: 1_000_000 },
      { book: 'CORE', at: START + 2 * MINUTE_MS, equity: 1_000_100 },
      { book: 'EDGE', at: START + 2 * MINUTE_MS, equity: 1_000_000 },
    ]);
  });

  it('ends each trading day of a book once, at its calendar, marked at the last price', () => {
    const scene = new Scene({ books: [{ name: 'CORE' }, { name: 'NY' }], dayCalendars: ['24x7', 'XNYS'] });
    scene.answer(1, 100);
    scene.bars(104);
    scene.driver.advanceTo(START + 2 * 86_400_000);
    expect(scene.listener.days).toEqual([
      { book: 'NY', day: 20140505, at: Date.parse('2014-05-05T20:00Z'), equity: 1_000_000 },
      { book: 'CORE', day: 20140505, at: START + 86_400_000, equity: 1_000_400 },
      { book: 'NY', day: 20140506, at: Date.parse('2014-05-06T20:00Z'), equity: 1_000_000 },
      { book: 'CORE', day: 20140506, at: START + 2 * 86_400_000, equity: 1_000_400 },
    ]);
    expect(scene.book.dayStartEquity).toBe(1_000_400);
    scene.now = START + 2 * 86_400_000;
    scene.answer(0.5, 104);
    expect(scene.venue.sent.at(-1)?.tag).toBe('s0|CORE|20140507');
  });

  it('ends a day when its last bar is available, which belongs to it', () => {
    const closeDelayMs = 2_000;
    const midnight = START + 86_400_000;
    const scene = new Scene({ closeDelayMs, start: midnight - 3 * MINUTE_MS });
    scene.answer(1, 100);
    scene.bars(100);
    scene.bars(104);
    // The bar that ended at midnight is not there yet: neither is the end of its day.
    expect(scene.listener.days).toEqual([]);
    scene.driver.advanceTo(midnight + closeDelayMs);
    expect(scene.listener.days).toEqual([
      { book: 'CORE', day: 20140505, at: midnight + closeDelayMs, equity: 1_000_400 },
    ]);
    expect([scene.book.day, scene.book.dayStartEquity]).toEqual([20140506, 1_000_400]);
    scene.driver.advanceTo(midnight + 86_400_000);
    expect(scene.listener.days).toHaveLength(1);
    scene.driver.advanceTo(midnight + 86_400_000 + closeDelayMs);
    expect(scene.listener.days.map(({ day }) => day)).toEqual([20140505, 20140506]);
  });

  describe('over live feeds of ready bars, which come after their end', () => {
    const midnight = START + 86_400_000;
    const begun = (): Scene => {
      const instruments = [instrumentOf(), instrumentOf({ symbol: 'BBB' })];
      const strategies = [{}, { instruments: [1], streams: [[1]] }];
      const scene = new Scene({ instruments, strategies, barGraceMs: 5_000, start: midnight - 2 * MINUTE_MS });
      scene.answer(1, 100);
      return scene;
    };
    const late = (scene: Scene, { streamIndex, ms }: { streamIndex: number; ms: number }, price = 104): void => {
      const bar = scene.barEvent({ streamIndex, ts: midnight - MINUTE_MS, price });
      scene.driver.bar({ ...bar, at: midnight + ms });
      scene.driver.advanceTo(midnight + ms);
    };
    const days = (scene: Scene): readonly (readonly number[])[] =>
      scene.listener.days.map(({ day, at, equity }) => [day, at - midnight, equity]);

    it('ends a day with the last of its bars, which belongs to it', () => {
      const scene = begun();
      late(scene, { streamIndex: 0, ms: 300 });
      expect(days(scene)).toEqual([]);
      late(scene, { streamIndex: 1, ms: 900 });
      expect(days(scene)).toEqual([[20140505, 900, 1_000_400]]);
      expect([scene.book.day, scene.book.dayStartEquity]).toEqual([20140506, 1_000_400]);
      scene.driver.advanceTo(midnight + 86_400_000 - 1);
      expect(days(scene)).toHaveLength(1);
    });

    it('ends it without one that does not come when the grace is over, also on a restored kernel', () => {
      const scene = begun();
      late(scene, { streamIndex: 0, ms: 300 });
      const again = scene.fresh();
      again.kernel.restore(structuredClone(scene.kernel.snapshot()));
      for (const each of [scene, again]) {
        each.driver.advanceTo(midnight + 4_999);
        expect(days(each)).toEqual([]);
        each.driver.advanceTo(midnight + 5_000);
        expect(days(each)).toEqual([[20140505, 5_000, 1_000_400]]);
      }
    });

    it('ends it at once where no bar is expected: of ticks alone', () => {
      const scene = new Scene({ streams: [builtStream(0)], barGraceMs: 5_000, start: midnight - 2 * MINUTE_MS });
      scene.tick(scene.now, 100);
      scene.driver.advanceTo(midnight);
      expect(days(scene)).toEqual([[20140505, 0, 1_000_000]]);
    });
  });

  it('sums books of several currencies in the currency of the engine', () => {
    const eurusd = instrumentOf({ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', priceStep: 0.0001 });
    const scene = new Scene({
      instruments: [instrumentOf({ quote: 'EUR' }), eurusd],
      books: [{ name: 'CORE' }, { name: 'EURO', base: 'EUR' }],
      strategies: [
        { book: 0, instruments: [0], streams: [[0]] },
        { book: 1, instruments: [1], streams: [[1]] },
      ],
    });
    const price = (streamIndex: number, close: number): void =>
      scene.driver.bar(scene.barEvent({ streamIndex, ts: scene.now, price: close }));
    price(1, 1.25);
    scene.answers[0] = 1;
    price(0, 100);
    scene.driver.advanceTo((scene.now += MINUTE_MS));
    scene.answers[0] = undefined;
    price(1, 1.5);
    price(0, 110);
    scene.driver.advanceTo((scene.now += MINUTE_MS));
    const { portfolio } = scene.kernel.parts;
    expect(scene.book.equity()).toBeCloseTo(1_000_000 + 100 * 10 * 1.5, 6);
    expect(portfolio.equity()).toBeCloseTo(1_001_500 + 1_500_000, 6);
  });
});
