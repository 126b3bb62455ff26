// Frames that are wrong in every way a frame can be.
import type { RandomSource } from '@bookrunner/sdk/testing';
import { frameOf } from './raw-client.js';
import type { Fields } from './raw-client.js';

const ODD = [
  '',
  '-1',
  '0',
  '1e999',
  '-1e300',
  '2147483648',
  '4000000000',
  'NaN',
  '\u{1f600}',
  'BAG',
  'x'.repeat(2_000),
  '{"a":',
];

/** Damages frames, always in the same way for a seed. */
export class Damage {
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  below(limit: number): number {
    return limit <= 0 ? 0 : this.#random() % limit;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A frame that is damaged within: it still ends where it says. */
  frame(sound: Fields): Buffer {
    const fields = [...sound];
    for (let wounds = 1 + this.below(4); wounds > 0; wounds -= 1) this.#wound(fields);
    const frame = frameOf(fields);
    if (this.below(10) < 7) return frame;
    for (let flips = 1 + this.below(8); flips > 0 && frame.length > 4; flips -= 1) {
      frame[4 + this.below(frame.length - 4)] = this.below(256);
    }
    return frame;
  }

  /** Bytes after which nobody can know where a frame begins. */
  lastWords(): Buffer {
    return this.one([
      () => Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
      () => Buffer.from([0, 0, 0, 200, 1]),
      () => Buffer.from(Array.from({ length: 1 + this.below(64) }, () => this.below(256))),
      () => frameOf(['61', '1']).subarray(0, this.below(9)),
    ])();
  }

  #wound(fields: string[]): void {
    const at = this.below(fields.length + 1);
    const odd = this.one(ODD);
    this.one([
      () => fields.splice(at, 1),
      () => fields.splice(at, 0, odd),
      () => fields.splice(at, 1, odd),
      () => fields.splice(at),
      () => fields.push(...fields.slice(0, this.below(20))),
    ])();
  }
}
