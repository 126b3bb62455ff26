import type { Feature } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { FeatureBank } from './feature-bank.js';

/** Gives the close for every output. */
function closeAs(...outputs: readonly string[]): Feature {
  return {
    name: 'close',
    outputs,
    warmup: 1,
    column: () => [],
    create: () => ({
      update: (bar, out, offset) => outputs.forEach((_, place) => (out[offset + place] = bar.close)),
      reset: () => {},
      save: () => [],
      load: () => {},
    }),
  };
}

const bar = { open: 7, high: 7, low: 7, close: 7, volume: 1 };

describe('a feature bank', () => {
  it.each(['groups', 'values', 'first', 'view', 'update'])('has features and outputs of any name: %s', (name) => {
    const bank = new FeatureBank({ [name]: closeAs('value'), pair: closeAs(name, 'other') });
    bank.update(bar);
    expect(bank.view[name]).toBe(7);
    expect((bank.view['pair'] as Record<string, number>)[name]).toBe(7);
  });

  it('hands a bar on to the bank that follows, whose values are its own', () => {
    const follower = new FeatureBank({ late: closeAs('value') });
    const bank = new FeatureBank({ pair: closeAs('a', 'b'), one: closeAs('value') }, follower);
    bank.update(bar);
    expect(bank.view).toMatchObject({ pair: { a: 7, b: 7 }, one: 7 });
    expect(follower.view['late']).toBe(7);
    expect([bank.save().values, follower.save().values]).toEqual([[7, 7, 7], [7]]);
    bank.reset();
    expect([bank.view['one'], follower.view['late']]).toEqual([Number.NaN, 7]);
  });

  it('shows a strategy its features and nothing else', () => {
    const { view } = new FeatureBank({ one: closeAs('value'), pair: closeAs('a', 'b') });
    const seen: string[] = [];
    for (const name in view) seen.push(name);
    expect(seen).toEqual(['one', 'pair']);
  });
});
