import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameScan } from './frame-scan.js';

function frame(size: number): Buffer {
  const bytes = Buffer.alloc(4 + size, 7);
  bytes.writeUInt32BE(size);
  return bytes;
}

it('takes every sound stream, cut anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40)), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes, cuts) => {
      const stream = Buffer.concat(sizes.map(frame));
      const scan = new FrameScan();
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const piece = stream.subarray(at, at + cuts[i % cuts.length]!);
        expect(scan.sound(piece)).toBe(piece.length);
        at += piece.length;
      }
    }),
  );
});

it('stops before a length that cannot be: too long, and negative where it is read as such', () => {
  for (const length of [
    [0xff, 0xff, 0xff, 0xff],
    [0x80, 0, 0, 0],
    [1, 0, 0, 0],
  ]) {
    expect(new FrameScan().sound(Buffer.concat([frame(3), frame(0), Buffer.from(length), frame(2)]))).toBe(11);
  }
});
