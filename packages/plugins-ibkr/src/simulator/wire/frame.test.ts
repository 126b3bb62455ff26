import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeText, unescapeText } from './escapes.js';
import { encodeFrame, encodePayload, FrameReader, GREETING, MAX_FRAME_BYTES, splitFields } from './frame.js';
import { readNumber, writeNumber } from './plain-number.js';
import { readVersionRange } from './version-range.js';

const messages = fc.array(
  fc.array(
    fc.string({ unit: 'grapheme' }).map((field) => field.replaceAll('\0', '')),
    { minLength: 1, maxLength: 8 },
  ),
  { maxLength: 10 },
);

/** Bytes in pieces, cut at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

describe('frames', () => {
  it('are the same however the bytes are cut and joined', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 30 }), (list, cuts) => {
        const reader = new FrameReader({ expectsGreeting: true });
        const bytes = Buffer.concat([Buffer.from(GREETING), ...list.map(encodeFrame)]);
        const read = pieces(bytes, cuts).flatMap((piece) => [...reader.push(piece)]);
        expect(read[0]).toEqual({ kind: 'greeting' });
        const fields = read.slice(1).map((piece) => (piece.kind === 'frame' ? splitFields(piece.payload) : undefined));
        expect(fields).toEqual(list);
      }),
    );
  });

  it('too long are refused before they are there, and nothing is read behind them', () => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(MAX_FRAME_BYTES + 1);
    const reader = new FrameReader();
    expect([...reader.push(head)]).toMatchObject([{ kind: 'refused' }]);
    expect([...reader.push(encodeFrame(['1']))]).toEqual([]);
  });

  it('of the greatest length are taken', () => {
    const reader = new FrameReader({ maxBytes: 100 });
    const frame = encodePayload('x'.repeat(99) + '\0');
    expect([...reader.push(frame)]).toMatchObject([{ kind: 'frame' }]);
  });

  it('do not come without the greeting where one is due', () => {
    expect([...new FrameReader({ expectsGreeting: true }).push(encodeFrame(['71']))]).toMatchObject([
      { kind: 'refused' },
    ]);
  });

  it('have fields that end', () => {
    expect(splitFields(Buffer.from('a\0b'))).toBeUndefined();
    expect(splitFields(Buffer.alloc(0))).toBeUndefined();
    expect(splitFields(Buffer.from('a\0\0b\0'))).toEqual(['a', '', 'b']);
  });
});

describe('version range', () => {
  it.each([
    ['v100..193', { min: 100, max: 193, options: '' }],
    ['v100..193 +PACEAPI', { min: 100, max: 193, options: '+PACEAPI' }],
    ['v178', { min: 178, max: 178, options: '' }],
    ['v157..178\0', { min: 157, max: 178, options: '' }],
    ['193', undefined],
    ['v..', undefined],
    ['', undefined],
  ])('%j', (offer, range) => {
    expect(readVersionRange(Buffer.from(offer))).toEqual(range);
  });
});

describe('numbers', () => {
  it('are written without exponent and read back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        fc.pre(value !== Number.MAX_VALUE);
        const text = writeNumber(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(readNumber(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it.each([
    [1e-8, '0.00000001'],
    [-1.5e-7, '-0.00000015'],
    [1.25e21, '1250000000000000000000'],
    [0.5, '0.5'],
    [100, '100'],
    [Number.MAX_VALUE, '1.7976931348623157E308'],
  ])('%d is %s', (value, text) => {
    expect(writeNumber(value)).toBe(text);
    expect(readNumber(text)).toBe(value);
  });

  it.each(['', ' ', 'x', '1,000', '0x10', '--1', '1.2.3', 'NaN', 'null'])('%j is none', (text) => {
    expect(readNumber(text)).toBeUndefined();
  });
});

describe('escapes', () => {
  it('give back what was escaped, in ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/\\u[0-9a-f]{4}/i.test(text));
        const escaped = escapeText(text);
        expect(escaped).toMatch(/^[\u0020-\u007e]*$/);
        expect(unescapeText(escaped)).toBe(text);
      }),
    );
    expect(escapeText('Börse 東京')).toBe('B\\u00f6rse \\u6771\\u4eac');
  });
});
