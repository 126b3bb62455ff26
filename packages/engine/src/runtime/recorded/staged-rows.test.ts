import { MINUTE_MS } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MutableBar } from './mutable-bar.js';
import { StagedRows } from './staged-rows.js';

/** A block of so many rows, each number another one; some rows have an end of their own. */
function block(rows: number, ownEnd: ((row: number) => boolean) | undefined) {
  const column = (offset: number): Float64Array => Float64Array.from({ length: rows }, (_, row) => row * 100 + offset);
  const ends = Float64Array.from({ length: rows }, (_, row) => (ownEnd?.(row) === true ? row * 100 + 7 : Number.NaN));
  return {
    symbol: 'AAA',
    length: rows,
    ...{ ts: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) },
    ...(ownEnd === undefined ? {} : { endTs: ends }),
  };
}

it('gives each row as the block has it, wherever it is begun', () => {
  const ends = fc.constantFrom(undefined, (row: number) => row % 3 === 0);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(299), ends, (rows, first, ownEnd) => {
      const columns = block(rows, ownEnd);
      const staged = new StagedRows();
      const bar = new MutableBar(0, 'AAA');
      for (let row = first % rows; row < rows; row++) {
        if (row >= staged.to) staged.stage(columns, row, MINUTE_MS);
        staged.read(row, bar);
        const end = ownEnd?.(row) === true ? row * 100 + 7 : row * 100 + MINUTE_MS;
        expect(staged.start(row)).toBe(row * 100);
        expect([bar.ts, bar.endTs, bar.at]).toEqual([row * 100, end, end]);
        expect([bar.open, bar.high, bar.low, bar.close, bar.volume]).toEqual([1, 2, 3, 4, 5].map((i) => row * 100 + i));
      }
    }),
  );
});
