import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';

const step = fc.record({
  wishes: fc.array(fc.constantFrom(-1, -0.3, 0, 0.3, 1, undefined), { minLength: 3, maxLength: 3 }),
  prices: fc.array(fc.integer({ min: 5_000, max: 15_000 }), { minLength: 2, maxLength: 2 }),
  fee: fc.integer({ min: -20, max: 500 }),
  deposit: fc.option(fc.integer({ min: -10_000, max: 10_000 }), { nil: undefined, freq: 5 }),
});

/** Three strategies in two books and two instruments, with fees in the quote currency. */
function sceneOf(): Scene {
  return new Scene({
    instruments: [instrumentOf({ priceStep: 0.01 }), instrumentOf({ symbol: 'BBB', priceStep: 0.01 })],
    books: [{ name: 'CORE' }, { name: 'EDGE' }],
    strategies: [
      { book: 0, instruments: [0], streams: [[0]] },
      { book: 0, instruments: [1], streams: [[1]] },
      { book: 1, instruments: [0], streams: [[0]] },
    ],
  });
}

describe('books as a whole', () => {
  it('add up: cash, positions and equity of all books are what venue fills and deposits made them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const scene = sceneOf();
        const cents = [100_000_000n, 100_000_000n];
        let deposits = 0;
        for (const { wishes, prices, fee, deposit } of steps) {
          wishes.forEach((wish, i) => (scene.answers[i] = wish));
          scene.venue.onSubmit = (order) => {
            scene.venue.accepted(order);
            const price = prices[order.instrumentIndex]!;
            scene.venue.filled(order, { price: price / 100, fee: fee / 100 });
            const book = order.owner.book === 'CORE' ? 0 : 1;
            cents[book]! -= BigInt(order.direction * order.qty) * BigInt(price) + BigInt(fee);
            return 'hold';
          };
          const ts = scene.now;
          scene.now += MINUTE_MS;
          prices.forEach((price, streamIndex) => {
            scene.driver.bar(scene.barEvent({ streamIndex, ts, price: price / 100 }));
          });
          scene.driver.advanceTo(scene.now);
          if (deposit !== undefined) {
            const at = scene.now;
            scene.driver.event({
              kind: 'cash',
              at,
              book: 'EDGE',
              currency: 'USD',
              amount: deposit / 100,
              reason: 'deposit',
            });
            cents[1]! += BigInt(deposit);
            deposits += deposit;
          }
        }
        const { books } = scene.kernel.parts.portfolio;
        expect(books.map((book) => book.cash('USD'))).toEqual(cents.map((amount) => amount * 10n ** 16n));
        const held = scene.listener.fills.reduce((sum, fill) => sum + fill.signed, 0);
        expect(scene.slots.reduce((sum, slot) => sum + slot.position.holding.qty, 0)).toBe(held);
        const value = scene.slots.reduce((sum, slot) => {
          const price = slot.state.price;
          return slot.heldScaled === 0 ? sum : sum + slot.position.holding.qty * price;
        }, 0);
        for (const book of books) book.markAll();
        const total = Number(cents[0]! + cents[1]!) / 100 + value;
        expect(scene.kernel.parts.portfolio.equity()).toBeCloseTo(total, 5);
        expect(books[1]?.flows).toBeCloseTo(deposits / 100, 6);
        // What a strategy earned, together with what the others did, is what its book earned.
        const [first, second] = scene.kernel.parts.scopes.strategies.map((scope) => scope.view.equity);
        expect((first ?? 0) + (second ?? 0) - 1_000_000).toBeCloseTo(books[0]!.equity(), 4);
      }),
      { numRuns: 150 },
    );
  });

  it('marks books at bars, and only where a price is known', () => {
    const scene = sceneOf();
    scene.answer(1, 100);
    const { portfolio } = scene.kernel.parts;
    expect(portfolio.settle()).toBe(false);
    expect([portfolio.equity(), portfolio.dayStartEquity()]).toEqual([2_000_000, 2_000_000]);
    scene.bars(101);
    expect([portfolio.equity(), scene.book.grossValue]).toEqual([2_000_100, 10_100]);
    expect(portfolio.rateOf('CHF')).toBeNaN();
  });

  it('take a move of a currency for no loss of what was paid for in it, though its market is closed', () => {
    const pair = instrumentOf({ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', priceStep: 0.0001 });
    const scene = new Scene({
      instruments: [instrumentOf({ quote: 'EUR' }), pair],
      strategies: [
        { instruments: [0], streams: [[0]] },
        { instruments: [1], streams: [[1]] },
      ],
    });
    const bar = (streamIndex: number, price: number): void => {
      scene.driver.bar(scene.barEvent({ streamIndex, ts: scene.now - MINUTE_MS, price }));
      scene.driver.advanceTo(scene.now);
    };
    scene.venue.onSubmit = (order) => {
      scene.venue.accepted(order);
      scene.venue.filled(order, { price: 100 });
      return 'hold';
    };
    scene.now += MINUTE_MS;
    bar(1, 1.25);
    scene.answers[0] = 1;
    bar(0, 100);
    scene.answers[0] = undefined;
    const { scopes } = scene.kernel.parts;
    expect(scene.slots[0]!.heldScaled).toBeGreaterThan(0);
    scene.now += MINUTE_MS;
    bar(1, 1.1);
    const days = [...scopes.strategies, ...scopes.books, scopes.global].map(({ view }) => view.dayPnlBps);
    for (const bps of days) expect(bps).toBeCloseTo(0, 6);
    expect(scene.listener.marks.at(-1)?.equity).toBeCloseTo(1_000_000, 6);
  });

  it('tells of the books that an instant marked once each, in the order of their first bars', () => {
    const instruments = ['AAA', 'BBB', 'CCC'].map((symbol) => instrumentOf({ symbol }));
    const strategies = fc.array(fc.record({ book: fc.nat(2), instrument: fc.nat(2) }), { minLength: 1, maxLength: 6 });
    const closing = fc.array(fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(strategies, closing, (held, instants) => {
        const scene = new Scene({
          instruments,
          books: [{ name: '0' }, { name: '1' }, { name: '2' }],
          strategies: held.map(({ book, instrument }) => ({
            book,
            instruments: [instrument],
            streams: [[instrument]],
          })),
        });
        const expected = instants.flatMap((streams) => {
          const ts = scene.now;
          scene.now += MINUTE_MS;
          for (const streamIndex of streams) scene.driver.bar(scene.barEvent({ streamIndex, ts, price: 100 }));
          scene.driver.advanceTo(scene.now);
          const byBook = held.toSorted((a, b) => a.book - b.book);
          const marked = streams.flatMap((stream) => byBook.filter(({ instrument }) => instrument === stream));
          return [...new Set(marked.map(({ book }) => `${book}`))].map((book) => [book, scene.now]);
        });
        expect(scene.listener.marks.map(({ book, at }) => [book, at])).toEqual(expected);
        expect(scene.kernel.parts.portfolio.settle()).toBe(false);
      }),
    );
  });
});
