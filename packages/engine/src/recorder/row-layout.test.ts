import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import { ChunkedLog } from './chunked-log.js';
import type { Column } from './record-table.js';
import { packFill, packOrder, FEE_CURRENCY_SHIFT, FILL_BITS, ORDER_BITS } from './row-codes.js';
import { LIQUIDITIES, ORDER_TYPES, PURPOSES, SIDES, TIMES_IN_FORCE } from './record-names.js';
import { bitsAt, halfAt, numberAt, signAt, sizeAt, widthOf, type LayoutValues } from './row-layout.js';

const LAYOUT = {
  price: numberAt(0),
  side: signAt(1),
  qty: sizeAt(1),
  first: halfAt(4),
  second: halfAt(5),
  third: halfAt(6),
  low: bitsAt(7, { shift: 0, mask: 1 }),
  middle: bitsAt(7, { shift: 1, mask: 3 }),
  high: halfAt(7, 3),
};

type Values = LayoutValues<typeof LAYOUT>;
type Written = { readonly [Name in keyof typeof LAYOUT]: number };

/** A log of rows as they are written, which it gives back as they are read. */
class PlainLog extends ChunkedLog<typeof LAYOUT, Written> {
  append(row: Written): void {
    const at = this.next();
    const { numbers, halves } = this.chunk;
    numbers[at] = row.price;
    numbers[at + 1] = row.side === 0 ? row.qty : -row.qty;
    halves.set([row.first, row.second, row.third, row.low | (row.middle << 1) | (row.high << 3)], at * 2 + 4);
  }

  protected override row(values: Values): Written {
    return Object.fromEntries(Object.entries(values).map(([name, read]) => [name, read[0]])) as Written;
  }

  protected override describe(values: Values): readonly Column[] {
    return [
      { name: 'price', type: 'double', values: values.price },
      { name: 'third', type: 'int32', values: values.third },
      { name: 'middle', type: 'text', codes: values.middle, dictionary: [] },
    ];
  }
}

/** Whole numbers of so many bits, the limits often among them. */
const whole = (bits: number) => {
  const half = 2 ** (bits - 1);
  return fc.oneof(fc.constantFrom(-half, -1, 0, 1, half - 1), fc.integer({ min: -half, max: half - 1 }));
};

const rows: fc.Arbitrary<Written[]> = fc.array(
  fc.record({
    price: fc.double(),
    side: fc.nat(1),
    qty: fc.double({ min: Number.MIN_VALUE, noNaN: true }),
    first: whole(32),
    second: whole(32),
    third: whole(32),
    low: fc.nat(1),
    middle: fc.nat(3),
    high: whole(29),
  }),
  { maxLength: 20 },
);

describe('a row in halves and bits', () => {
  it('says what was written, whatever its neighbours say', () => {
    expect(widthOf(LAYOUT)).toBe(4);
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), (written, chunkRows) => {
        const log = new PlainLog(LAYOUT, { chunkRows });
        for (const row of written) log.append(row);
        expect(written.map((_, index) => log.at(index))).toEqual(written);
        expect(log.columns()).toEqual([
          { name: 'price', type: 'double', values: Float64Array.from(written, (row) => row.price) },
          { name: 'third', type: 'int32', values: Int32Array.from(written, (row) => row.third) },
          { name: 'middle', type: 'text', codes: Uint8Array.from(written, (row) => row.middle), dictionary: [] },
        ]);
      }),
    );
  });

  it('has no chunk so large that an index of it would not be known', () => {
    try {
      new PlainLog(LAYOUT, { chunkRows: 2 ** 27 });
      expect('nothing was thrown').toBe('');
    } catch (error) {
      expect(isTradingError(error) && error.code).toBe('RECORD_OPTIONS_INVALID');
    }
  });
});

describe('the codes of a row', () => {
  it('have bits for every name there is', () => {
    const lists = [
      [ORDER_BITS.side, SIDES],
      [ORDER_BITS.orderType, ORDER_TYPES],
      [ORDER_BITS.tif, TIMES_IN_FORCE],
      [ORDER_BITS.purpose, PURPOSES],
      [FILL_BITS.side, SIDES],
      [FILL_BITS.liquidity, LIQUIDITIES],
    ] as const;
    for (const [{ mask }, names] of lists) expect(names.length).toBeLessThanOrEqual(mask + 1);
  });

  it('of an order are those it was made of', () => {
    const order = fc.record({
      side: fc.constantFrom(...SIDES),
      orderType: fc.constantFrom(...ORDER_TYPES),
      tif: fc.constantFrom(...TIMES_IN_FORCE),
      purpose: fc.constantFrom(...PURPOSES),
    });
    fc.assert(
      fc.property(order, (made) => {
        const packed = packOrder(made);
        const codeOf = ({ shift, mask }: { shift: number; mask: number }) => (packed >> shift) & mask;
        expect({
          side: SIDES[codeOf(ORDER_BITS.side)],
          orderType: ORDER_TYPES[codeOf(ORDER_BITS.orderType)],
          tif: TIMES_IN_FORCE[codeOf(ORDER_BITS.tif)],
          purpose: PURPOSES[codeOf(ORDER_BITS.purpose)],
        }).toEqual(made);
      }),
    );
  });

  it('of a fill are those it was made of, up to the last currency a dictionary can have', () => {
    const currency = fc.oneof(fc.constantFrom(0, 2 ** 24 - 1), fc.nat(2 ** 24 - 1));
    fc.assert(
      fc.property(fc.constantFrom(...SIDES), fc.constantFrom(...LIQUIDITIES), currency, (side, liquidity, code) => {
        const packed = packFill(side, liquidity, code);
        expect(SIDES[packed & FILL_BITS.side.mask]).toBe(side);
        expect(LIQUIDITIES[(packed >> FILL_BITS.liquidity.shift) & FILL_BITS.liquidity.mask]).toBe(liquidity);
        expect(packed >> FEE_CURRENCY_SHIFT).toBe(code);
      }),
    );
  });
});
