import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DecimalRun, NO_DECIMAL, READ_AHEAD_BYTES } from './decimal-run.js';

const BLOCK_ROWS = 4;
const ROW = 1;
const COMMA = 44;

interface Reading {
  /** Bytes read, or NO_DECIMAL. */
  readonly length: number;
  readonly values: readonly number[];
}

/** What a run of some fields reads of a text behind others, with nothing but the bytes that have to be there behind it. */
function readAt(before: readonly number[], text: readonly number[], fields: number): Reading {
  const bytes = Uint8Array.from([...before, ...text, ...Array.from({ length: READ_AHEAD_BYTES }, () => 0x39)]);
  const values = new Float64Array((fields + 2) * BLOCK_ROWS).fill(Number.NaN);
  const target = { values, row: ROW, blockRows: BLOCK_ROWS };
  const end = new DecimalRun(BLOCK_ROWS, fields, COMMA).read(new DataView(bytes.buffer), before.length, target);
  const places = Array.from({ length: fields }, (_, field) => (field + 1) * BLOCK_ROWS + ROW);
  const outside = values.filter((_, place) => !places.includes(place));
  expect(outside.every(Number.isNaN)).toBe(true);
  if (end === NO_DECIMAL) return { length: NO_DECIMAL, values: [] };
  return { length: end - before.length, values: places.map((place) => values[place]!) };
}

/** The same, a digit at a time. */
function expectedOf(text: readonly number[], fields: number): Reading {
  const line = Buffer.from(text).toString('latin1');
  const values: number[] = [];
  let at = 0;
  while (values.length < fields) {
    if (values.length > 0 && line[at++] !== ',') return { length: NO_DECIMAL, values: [] };
    const read = /^\d+(?:\.\d*)?/.exec(line.slice(at))?.[0];
    if (read === undefined || !isExact(read)) return { length: NO_DECIMAL, values: [] };
    values.push(Number(read));
    at += read.length;
  }
  return { length: at, values };
}

function isExact(decimal: string): boolean {
  const [, decimals = ''] = decimal.split('.');
  return decimals.length <= 22 && BigInt(decimal.replace('.', '')) <= BigInt(Number.MAX_SAFE_INTEGER);
}

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const before = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 9 });
const behind = fc.integer({ min: 0, max: 255 });

describe('DecimalRun', () => {
  it('reads plain decimals exactly, wherever they stand and whatever byte is behind them', () => {
    const decimal = fc.stringMatching(/^\d{1,17}(?:\.\d{0,24})?$/);
    fc.assert(
      fc.property(before, fc.array(decimal, { minLength: 1, maxLength: 7 }), behind, (start, decimals, byte) => {
        const line = [...bytesOf(decimals.join(',')), byte, 10];
        expect(readAt(start, line, decimals.length)).toEqual(expectedOf(line, decimals.length));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads rows of prices', () => {
    const price = fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 5 }));
    const prices = fc.array(price, { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(before, prices, (start, given) => {
        const line = bytesOf(`${given.map(([units, decimals]) => (units / 100).toFixed(decimals)).join(',')}\n`);
        expect(readAt(start, line, given.length)).toEqual({
          length: line.length - 1,
          values: given.map(([units, decimals]) => Number((units / 100).toFixed(decimals))),
        });
      }),
    );
  });

  it('reads what is there of any bytes', () => {
    const byte = fc.oneof(fc.constantFrom(...bytesOf('0123456789.,')), behind);
    const fields = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(before, fc.array(byte, { maxLength: 30 }), fields, (start, text, count) => {
        // Ends with what no decimal goes past, as every line does.
        const line = [...text, 10];
        expect(readAt(start, line, count)).toEqual(expectedOf(line, count));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves to others what is empty, signed, too long, or begins with its point', () => {
    for (const text of ['', '-1', '+1', '.5', '9007199254740992', `0.${'1'.repeat(23)}`]) {
      expect(readAt([], bytesOf(`${text},\n`), 1).length).toBe(NO_DECIMAL);
    }
  });
});
