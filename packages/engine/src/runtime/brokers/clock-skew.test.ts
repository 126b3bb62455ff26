import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClockSkew, SKEW_SAMPLES, type SkewSource } from './clock-skew.js';

const LIMIT = 1_000;

function samples(skew: ClockSkew, offsets: readonly number[], source: SkewSource = 'heartbeat') {
  return offsets.flatMap((offset, index) => skew.sample(source, index * 10_000 + offset, index * 10_000) ?? []);
}

describe('ClockSkew', () => {
  it('speaks once several times in a row are off to the same side, and once when they agree again', () => {
    const skew = new ClockSkew(LIMIT);
    expect(samples(skew, [1_500, 1_200, 1_300, 1_400])).toEqual([]);
    expect(samples(skew, [5_000, 6_000])).toEqual([{ stage: 'begin', offsetMs: 1_200 }]);
    expect(samples(skew, [0, 0, 0, 0, 5_000])).toEqual([]);
    expect(samples(skew, [0, 0, 0, 0, 0, 0])).toEqual([{ stage: 'end' }]);
    expect(samples(skew, [-2_000, -2_000, -2_000, -2_000, -3_000])).toEqual([{ stage: 'begin', offsetMs: -2_000 }]);
  });

  it('hears reports although heartbeats carry the time of this machine', () => {
    const skew = new ClockSkew(LIMIT);
    const changes = Array.from({ length: SKEW_SAMPLES }, () => [
      skew.sample('heartbeat', 0, 0),
      skew.sample('report', 9_000, 0),
    ]);
    expect(changes.flat().filter((change) => change !== undefined)).toEqual([{ stage: 'begin', offsetMs: 9_000 }]);
    expect(samples(skew, [0, 0, 0, 0, 0, 0])).toEqual([]);
  });

  it('never speaks while every fifth sample is within the limit, and begins and ends in turn', () => {
    const offset = fc.integer({ min: -20_000, max: 20_000 });
    fc.assert(
      fc.property(fc.array(offset, { maxLength: 200 }), (offsets) => {
        const stages = samples(new ClockSkew(LIMIT), offsets).map(({ stage }) => stage);
        expect(stages).toEqual(stages.map((_, index) => (index % 2 === 0 ? 'begin' : 'end')));
        const broken = offsets.map((value, index) => (index % SKEW_SAMPLES === 0 ? 0 : value));
        expect(samples(new ClockSkew(LIMIT), broken)).toEqual([]);
      }),
    );
  });

  it('takes no time that is none', () => {
    expect(
      samples(
        new ClockSkew(LIMIT),
        Array.from({ length: 20 }, () => Number.NaN),
      ),
    ).toEqual([]);
  });
});
