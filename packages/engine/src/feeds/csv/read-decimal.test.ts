import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_DECIMAL, READ_AHEAD_BYTES, readDecimal } from './read-decimal.js';

/** What is read from the bytes of a text behind others, with nothing but the bytes that have to be there behind them. */
function readAt(
  before: readonly number[],
  text: readonly number[],
): { readonly length: number; readonly value: number } {
  const bytes = Uint8Array.from([...before, ...text, ...Array.from({ length: READ_AHEAD_BYTES }, () => 0x39)]);
  const column = new Float64Array(2).fill(Number.NaN);
  const end = readDecimal(new DataView(bytes.buffer), before.length, column, 1);
  return { length: end === NO_DECIMAL ? NO_DECIMAL : end - before.length, value: column[1]! };
}

/** The same, a digit at a time. */
function expectedOf(text: readonly number[]): { readonly length: number; readonly value: number } {
  const read = /^\d+(?:\.\d*)?/.exec(Buffer.from(text).toString('latin1'))?.[0];
  const refused = { length: NO_DECIMAL, value: Number.NaN };
  if (read === undefined || (read.split('.')[1] ?? '').length > 22) return refused;
  const isExact = BigInt(read.replace('.', '')) <= BigInt(Number.MAX_SAFE_INTEGER);
  return isExact ? { length: read.length, value: Number(read) } : refused;
}

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const before = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 9 });

describe('readDecimal', () => {
  it('reads plain decimals exactly, wherever they stand and whatever byte is behind them', () => {
    const text = fc.stringMatching(/^\d{1,17}(?:\.\d{0,24})?$/).map(bytesOf);
    const behind = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(before, text, behind, (start, digits, byte) => {
        const line = [...digits, byte, 10];
        expect(readAt(start, line)).toEqual(expectedOf(line));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads what is there of any bytes', () => {
    const byte = fc.oneof(fc.constantFrom(...bytesOf('0123456789.,')), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(before, fc.array(byte, { maxLength: 30 }), (start, text) => {
        const line = [...text, 10];
        expect(readAt(start, line)).toEqual(expectedOf(line));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves to others what is empty, signed, too long, or begins with its point', () => {
    for (const text of ['', '-1', '+1', '.5', '9007199254740992', `0.${'1'.repeat(23)}`]) {
      expect(readAt([], bytesOf(`${text},\n`)).length).toBe(NO_DECIMAL);
    }
  });
});
