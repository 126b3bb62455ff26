import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { anyText, anyValue, otherNaN } from './journal.fixture.js';
import { decodeValue, encodeValue } from './value-codec.js';

/** What is the same to `Object.is` at every leaf is the same. */
function sameness(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return 'minus zero';
  if (Array.isArray(value)) return value.map(sameness);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, item]) => [key, sameness(item)]);
}

describe('plain values as bytes', () => {
  it('come back as they were: NaN, infinities, -0, undefined, bigint and any text', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(sameness(decodeValue(encodeValue(value)))).toEqual(sameness(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('have one form: what decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = encodeValue(value);
        expect(encodeValue(decodeValue(bytes))).toEqual(bytes);
      }),
    );
  });

  it('have one NaN, whatever its bits', () => {
    const other = otherNaN();
    expect(new Uint32Array(Float64Array.of(other).buffer)).toEqual(Uint32Array.of(1, 0xfff8_0000));
    for (const around of [(nan: number) => nan, (nan: number) => [nan, nan, 2, 3], (nan: number) => ({ nan: [nan] })]) {
      expect(encodeValue(around(other))).toEqual(encodeValue(around(Number.NaN)));
      expect(encodeValue(decodeValue(encodeValue(around(other))))).toEqual(encodeValue(around(other)));
    }
    // A journal written before this rule.
    const old = encodeValue(Number.NaN);
    old[8] = 0xff;
    expect(encodeValue(decodeValue(old))).toEqual(encodeValue(Number.NaN));
  });

  it('never crash or loop when they are none: random, cut and changed bytes end in JOURNAL_RECORD_INVALID', () => {
    const decode = (bytes: Uint8Array): void => {
      try {
        decodeValue(bytes);
      } catch (error) {
        if (!isTradingError(error)) throw error;
        expect(error.code).toBe('JOURNAL_RECORD_INVALID');
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decode), { numRuns: 5_000 });
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.nat(255), (value, place, byte) => {
        const bytes = encodeValue(value);
        decode(bytes.subarray(0, place % (bytes.length + 1)));
        const changed = bytes.slice();
        changed[place % bytes.length] = byte;
        decode(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it('do not believe a length that cannot be', () => {
    for (const tag of [8, 9, 10]) {
      expect(() => decodeValue(Uint8Array.from([tag, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(/says it holds/);
    }
  });

  it('with holes keep undefined in their place', () => {
    // oxlint-disable-next-line no-sparse-arrays -- The hole is what is tested.
    const list = [1, 2, , 4, 5];
    expect(decodeValue(encodeValue(list))).toEqual([1, 2, undefined, 4, 5]);
  });

  it('refuse what is no plain data', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    for (const value of [() => 1, Symbol('x'), new Map(), new Date(0), new Float64Array(2), ring]) {
      expect(() => encodeValue({ value })).toThrow(expect.objectContaining({ code: 'JOURNAL_VALUE_UNSUPPORTED' }));
    }
  });
});

describe('numbers and texts as bytes', () => {
  it('of any size and any form come back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), anyText, (count, text) => {
        const writer = new ByteWriter();
        writer.count(count);
        writer.text(text);
        const reader = new ByteReader(writer.bytes());
        expect([reader.count(), reader.text(), reader.left]).toEqual([count, text, 0]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are not taken in a second form', () => {
    for (const bytes of [[0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80]]) {
      expect(() => new ByteReader(Uint8Array.from(bytes)).count()).toThrow(
        expect.objectContaining({ code: 'JOURNAL_RECORD_INVALID' }),
      );
    }
  });
});
