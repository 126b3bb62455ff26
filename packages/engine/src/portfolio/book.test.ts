import { defineInstrument, type Instrument, marketCalendar, parseMoney } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CurrencyConverter } from '../market/currency-converter.js';
import { InstrumentState } from '../market/instrument-state.js';
import { Book, type Position } from './book.js';

const calendar = marketCalendar('24x7');
const STOCK = defineInstrument({ symbol: 'AAA', assetClass: 'equity', quote: 'USD', priceStep: 0.01 });
const FUTURE = defineInstrument({
  symbol: 'FUT',
  assetClass: 'future',
  quote: 'USD',
  priceStep: 0.1,
  pointValue: 12.5,
});
const FOREIGN = defineInstrument({ symbol: 'MC.PA', assetClass: 'equity', quote: 'EUR', priceStep: 0.01 });
const PAIR = defineInstrument({ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.0001 });

function bookOf(instruments: readonly Instrument[]): { book: Book; states: InstrumentState[] } {
  const states = instruments.map((instrument, index) => new InstrumentState(index, instrument, calendar));
  const converter = new CurrencyConverter(states);
  const setup = { name: 'CORE', account: 'main', base: 'USD', capital: 1000, dayCalendar: calendar };
  return { book: new Book(0, setup, converter), states };
}

/** Values of positions summed up by their definition: what each was, away; what each is, added. */
class PlainSums {
  net = 0;
  gross = 0;
  private readonly values = [0, 0];

  mark(index: number, { holding, state }: Position): void {
    const value = holding.qtyScaled === 0 ? 0 : holding.qty * state.price * state.instrument.pointValue;
    const old = this.values[index]!;
    if (Number.isNaN(value) || value === old) return;
    this.net += value - old;
    this.gross += Math.abs(value) - Math.abs(old);
    this.values[index] = value;
  }
}

describe('Book', () => {
  it('sums up marks to the last bit as the change of each value and of its size, whichever side it is on', () => {
    const step = fc.record({
      index: fc.nat({ max: 1 }),
      signedScaled: fc.integer({ min: -4, max: 4 }),
      price: fc.oneof(fc.constantFrom(Number.NaN, 0, 100, 100.1), fc.integer({ min: -1000, max: 9999 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { book, states } = bookOf([STOCK, FUTURE]);
        const positions = states.map((state) => book.addPosition(state, 0));
        const plain = new PlainSums();
        for (const { index, signedScaled, price } of steps) {
          const position = positions[index]!;
          if (signedScaled !== 0) {
            book.addFill(position, { at: 0, signedScaled, priceScaled: 10_001, feeScaled: 0 }, () => {});
          }
          states[index]!.price = price / 7;
          book.mark(position);
          plain.mark(index, position);
          expect([book.positionsValue, book.grossValue]).toEqual([plain.net, plain.gross]);
        }
      }),
    );
  });

  it('is exposed to nothing when it holds nothing, whatever rounding left of its gross value, also after a restore', () => {
    const { book, states } = bookOf([STOCK, FUTURE]);
    const positions = states.map((state) => book.addPosition(state, 0));
    const trade = (index: number, signedScaled: number, price: number): void => {
      states[index]!.price = price;
      book.addFill(positions[index]!, { at: 0, signedScaled, priceScaled: 10_001, feeScaled: 0 }, () => {});
      book.mark(positions[index]!);
    };
    expect(book.isFlat).toBe(true);
    trade(0, 3000, 100.01);
    trade(1, -2, 33.3);
    trade(0, -1000, 100.13);
    trade(1, 2, 33.4);
    expect(book.isFlat).toBe(false);
    const held = book.save();
    trade(0, -2000, 100.17);
    book.markEquity();
    expect([book.isFlat, book.gross(), book.markedGross, book.grossValue === 0]).toEqual([true, 0, 0, false]);
    const flat = book.save();
    book.load(held);
    expect(book.isFlat).toBe(false);
    book.load(flat);
    expect([book.isFlat, book.save()]).toEqual([true, flat]);
    book.load(held);
    positions[0]!.holding.split(1, 1e9);
    book.markAll();
    expect(book.isFlat).toBe(true);
  });

  it('values cash of other currencies from when it has some, also after a restore', () => {
    const { book, states } = bookOf([PAIR]);
    expect(book.cashValue()).toBe(1000);
    book.addCash('EUR', parseMoney('10'));
    expect(book.cashValue()).toBeNaN();
    states[0]!.price = 1.25;
    expect(book.cashValue()).toBe(1012.5);

    const { book: second, states: others } = bookOf([PAIR]);
    others[0]!.price = 1.5;
    second.load(book.save());
    expect([second.cashValue(), second.currencies()]).toEqual([1015, ['USD', 'EUR']]);
    second.load(bookOf([PAIR]).book.save());
    expect([second.cashValue(), second.currencies()]).toEqual([1000, ['USD']]);
  });

  it('values what is quoted in another currency at the rate of now, like the cash that was paid for it', () => {
    const { book, states } = bookOf([FOREIGN, PAIR]);
    const [stock, pair] = states as [InstrumentState, InstrumentState];
    const position = book.addPosition(stock, 0);
    [stock.price, pair.price] = [10, 1.25];
    book.addFill(
      position,
      { at: 0, signedScaled: stock.scaled(100), priceScaled: 10 * stock.pricePower, feeScaled: 0 },
      () => {},
    );
    book.mark(position);
    expect([book.equity(), book.gross()]).toEqual([1000, 1250]);
    // Its market is closed, so no bar marks it.
    pair.price = 1.5;
    expect([book.equity(), book.gross()]).toEqual([1000, 1500]);
    stock.price = 11;
    book.mark(position);
    book.markEquity();
    expect([book.markedEquity, book.markedGross]).toEqual([1150, 1650]);

    const { book: restored, states: others } = bookOf([FOREIGN, PAIR]);
    restored.addPosition(others[0]!, 0);
    [others[0]!.price, others[1]!.price] = [11, 1.5];
    restored.load(book.save());
    expect([restored.equity(), restored.gross()]).toEqual([1150, 1650]);
    const before = {
      ...book.save(),
      balances: [
        ['USD', 1000],
        ['EUR', -1000],
      ] as const,
      values: [1650],
      totals: [1650, 1650] as const,
    };
    restored.load(before);
    expect([restored.equity(), restored.gross()]).toEqual([1150, 1650]);

    pair.price = Number.NaN;
    expect([book.equity(), book.gross()]).toEqual([Number.NaN, Number.NaN]);
  });
});
