// Sums over what is stored. Each block's goes into the next one's, so a block that is changed, lost or put elsewhere is found.
import { crc32 } from 'node:zlib';

/** Where a block stands. */
export interface BlockPlace {
  readonly segment: number;
  readonly first: number;
  readonly count: number;
}

const PLACE = new Float64Array(4);

/** CRC-32 of a block after the one whose sum is `before`; of a segment's first block that of its header. */
export function blockSum(before: number, { segment, first, count }: BlockPlace, payload: Uint8Array): number {
  PLACE[0] = before;
  PLACE[1] = segment;
  PLACE[2] = first;
  PLACE[3] = count;
  return crc32(payload, crc32(PLACE));
}

/** CRC-32 of bytes that stand alone. */
export function plainSum(payload: Uint8Array): number {
  return crc32(payload);
}
