import {
  defineInstrument,
  divideRounded,
  marketCalendar,
  moneyToNumber,
  type Money,
  parseMoney,
  toMoney,
} from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CurrencyConverter } from '../market/currency-converter.js';
import { InstrumentState } from '../market/instrument-state.js';
import { Book } from './book.js';
import { type BookedFill, type ClosedTrade, FEE_DECIMALS, Holding } from './holding.js';

/** Exact fractions over a common unit, written anew: numerator over denominator, never rounded. */
class Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
  constructor(top: bigint, bottom = 1n) {
    this.top = bottom < 0n ? -top : top;
    this.bottom = bottom < 0n ? -bottom : bottom;
  }
  plus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }
  times(factor: bigint): Fraction {
    return new Fraction(this.top * factor, this.bottom);
  }
  over(divisor: bigint): Fraction {
    return new Fraction(this.top, this.bottom * divisor);
  }
  get rounded(): bigint {
    return divideRounded(this.top, this.bottom);
  }
}

const calendar = marketCalendar('24x7');
const INSTRUMENTS = [
  { symbol: 'AAA', assetClass: 'equity', quote: 'USD', priceStep: 0.25 },
  { symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.00001, lotStep: 1000 },
  { symbol: 'FUT', assetClass: 'future', quote: 'JPY', priceStep: 0.5, pointValue: 12.5 },
  { symbol: 'BTC', assetClass: 'crypto', quote: 'EUR', priceStep: 0.01, lotStep: 0.0001 },
] as const;

function stateOf(index: number): InstrumentState {
  return new InstrumentState(index, defineInstrument(INSTRUMENTS[index % INSTRUMENTS.length]!), calendar);
}

/** Money of one scaled price times one scaled quantity, from decimal text alone. */
function unitOf({ instrument }: InstrumentState): Money {
  const point = parseMoney(String(instrument.pointValue));
  return point / 10n ** BigInt(instrument.priceDecimals + instrument.quantityDecimals);
}

const fills = fc.array(
  fc.record({
    signedScaled: fc
      .oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -10_000_000, max: 10_000_000 }))
      .filter((n) => n !== 0),
    priceScaled: fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 1, max: 2_000_000_000 })),
    feeScaled: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    at: fc.constant(0),
    closes: fc.boolean(),
  }),
  { maxLength: 40 },
);

/** A fill that now and then takes the position exactly to zero. */
function shape(fill: BookedFill & { closes: boolean }, held: number): BookedFill {
  return fill.closes && held !== 0 ? { ...fill, signedScaled: -held } : fill;
}

describe('a holding', () => {
  it('keeps quantity, cash and conservation exact over any fills, against a model that never rounds', () => {
    fc.assert(
      fc.property(fills, fc.nat({ max: 3 }), (list, which) => {
        const state = stateOf(which);
        const unit = unitOf(state);
        const holding = new Holding(state);
        let [quantity, notional, fees] = [0n, 0n, 0n];
        for (const each of list) {
          const fill = shape(each, holding.qtyScaled);
          holding.apply(fill);
          quantity += BigInt(fill.signedScaled);
          notional += BigInt(fill.signedScaled) * BigInt(fill.priceScaled);
          fees += BigInt(fill.feeScaled) * 10n ** BigInt(18 - FEE_DECIMALS);
          const cash = -notional * unit - fees;
          expect(BigInt(holding.qtyScaled)).toBe(quantity);
          expect(holding.fees).toBe(fees);
          expect(holding.cashMoved).toBe(cash);
          expect(cash + holding.cost + holding.fees - holding.realised).toBe(0n);
          if (quantity === 0n) expect([holding.cost, holding.avgPrice]).toEqual([0n, Number.NaN]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its cost within one unit a partial close of the exact average cost', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const state = stateOf(1);
        const unit = unitOf(state);
        const holding = new Holding(state);
        let cost = new Fraction(0n);
        let closes = 0n;
        for (const each of list.slice(0, 12)) {
          const fill = shape(each, holding.qtyScaled);
          const held = BigInt(holding.qtyScaled);
          const traded = BigInt(fill.signedScaled);
          const isSame = held === 0n || held > 0n === traded > 0n;
          const after = held + traded;
          if (isSame) cost = cost.plus(new Fraction(traded * BigInt(fill.priceScaled)));
          else if (after === 0n || after > 0n !== held > 0n) cost = new Fraction(after * BigInt(fill.priceScaled));
          else {
            cost = cost.times(after).over(held);
            closes += 1n;
          }
          holding.apply(fill);
          const error = holding.cost / unit - cost.rounded;
          expect(error <= closes && error >= -closes).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has the average price of what it bought', () => {
    const holding = new Holding(stateOf(2));
    const buy = { at: 0, feeScaled: 0, signedScaled: 2_000 };
    holding.apply({ ...buy, priceScaled: 1_000_000 });
    holding.apply({ ...buy, priceScaled: 1_100_000 });
    const { priceDecimals } = holding.state.instrument;
    expect(holding.avgPrice * 10 ** priceDecimals).toBeCloseTo(1_050_000, 6);
    holding.apply({ ...buy, signedScaled: -1_000, priceScaled: 5 });
    expect(holding.avgPrice * 10 ** priceDecimals).toBeCloseTo(1_050_000, 6);
    expect(holding.qty).toBe(3);
  });

  it('keeps its cost over a split, and says when a fraction is left', () => {
    const holding = new Holding(stateOf(0));
    holding.apply({ at: 0, feeScaled: 0, signedScaled: 101, priceScaled: 10_000 });
    const { cost } = holding;
    expect(holding.split(2, 1)).toBe(true);
    expect([holding.qtyScaled, holding.cost]).toEqual([202, cost]);
    expect(holding.split(1, 4)).toBe(false);
    expect(holding.qtyScaled).toBe(51);
    holding.apply({ at: 0, feeScaled: 0, signedScaled: -51, priceScaled: 10_000 });
    expect(holding.cost).toBe(0n);
  });

  it('tells each finished trade: from flat to flat, a flip ends one and begins the next', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const holding = new Holding(stateOf(0));
        const trades: ClosedTrade[] = [];
        let crossings = 0;
        for (const each of list) {
          const fill = shape({ ...each, feeScaled: 0 }, holding.qtyScaled);
          const before = holding.qtyScaled;
          holding.apply(fill, (trade) => void trades.push({ ...trade }));
          if (before !== 0 && (holding.qtyScaled === 0 || holding.qtyScaled > 0 !== before > 0)) crossings += 1;
          if (holding.qtyScaled === 0) {
            const total = trades.reduce((sum, trade) => sum + trade.pnl, 0);
            const size = trades.reduce((sum, trade) => sum + Math.abs(trade.entryValue) + Math.abs(trade.exitValue), 1);
            expect(Math.abs(total - moneyToNumber(holding.realised)) / size).toBeLessThan(1e-12);
          }
        }
        expect(trades).toHaveLength(crossings);
      }),
    );
  });

  it('goes on from a saved state as if nothing had happened', () => {
    fc.assert(
      fc.property(fills, fills, (before, after) => {
        const whole = new Holding(stateOf(0));
        for (const fill of before) whole.apply(fill);
        const moved = new Holding(stateOf(0));
        moved.load(structuredClone(whole.save()));
        const trades: [ClosedTrade[], ClosedTrade[]] = [[], []];
        for (const fill of after) {
          whole.apply(fill, (trade) => void trades[0].push({ ...trade }));
          moved.apply(fill, (trade) => void trades[1].push({ ...trade }));
        }
        expect(moved.save()).toEqual(whole.save());
        expect(trades[1]).toEqual(trades[0]);
      }),
    );
  });
});

describe('a book', () => {
  const makeBook = () => {
    const states = INSTRUMENTS.map((_, i) => stateOf(i));
    const setup = { name: 'CORE', account: 'A', base: 'USD', capital: 1_000_000, dayCalendar: calendar };
    const book = new Book(0, setup, new CurrencyConverter(states));
    return { states, book, positions: states.map((state) => book.addPosition(state, 0)) };
  };
  const entry = fc.record({
    which: fc.nat({ max: 3 }),
    signedScaled: fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((n) => n !== 0),
    priceScaled: fc.integer({ min: 1, max: 10_000_000 }),
    feeScaled: fc.integer({ min: -100, max: 1_000_000 }),
    foreignFee: fc.integer({ min: 0, max: 1_000 }),
  });

  it('keeps the cash of every currency exact, and equal to what its holdings moved', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const { book, positions, states } = makeBook();
        const cash = new Map<string, bigint>([['USD', toMoney(1_000_000)]]);
        const move = (currency: string, amount: bigint): void =>
          void cash.set(currency, (cash.get(currency) ?? 0n) + amount);
        for (const { which, foreignFee, ...fill } of entries) {
          const state = states[which]!;
          book.addFill(positions[which]!, { ...fill, at: 0 }, () => {});
          const fee = BigInt(fill.feeScaled) * 10n ** BigInt(18 - FEE_DECIMALS);
          move(state.instrument.quote, -BigInt(fill.signedScaled) * BigInt(fill.priceScaled) * unitOf(state) - fee);
          book.addCash('CHF', -toMoney(foreignFee / 100));
          move('CHF', -toMoney(foreignFee / 100));
        }
        for (const [currency, amount] of cash) expect([currency, book.cash(currency)]).toEqual([currency, amount]);
        expect(book.currencies()[0]).toBe('USD');
        expect(new Set(book.currencies()).size).toBe(book.currencies().length);
        const copy = makeBook().book;
        copy.load(structuredClone(book.save()));
        expect(copy.save()).toEqual(book.save());
        for (const [currency, amount] of cash) expect(copy.cash(currency)).toBe(amount);
      }),
    );
  });

  it('marks in its base currency, and knows no equity while a rate it needs is not known', () => {
    const { book, positions, states } = makeBook();
    const [stock, eurusd, , bitcoin] = states as [InstrumentState, InstrumentState, InstrumentState, InstrumentState];
    book.addFill(
      positions[3]!,
      { at: 0, signedScaled: 2 * bitcoin.quantityPower, priceScaled: 100 * bitcoin.pricePower, feeScaled: 0 },
      () => {},
    );
    expect(book.cash('EUR')).toBe(-toMoney(200));
    expect(book.equity()).toBeNaN();
    eurusd.price = 1.25;
    bitcoin.price = 110;
    stock.price = 50;
    book.markAll();
    expect(book.equity()).toBeCloseTo(1_000_000 + 2 * 10 * 1.25, 6);
    expect(book.gross()).toBe(275);
    book.addCash('JPY', toMoney(100));
    expect(book.equity()).toBeNaN();
  });
});
