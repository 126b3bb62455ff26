import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { ReplayClock } from './replay-clock.js';

describe('ReplayClock', () => {
  it('lets recorded time pass a number of times as fast as real time', () => {
    const clock = new FakeClock(1_000_000);
    const replay = new ReplayClock(clock, 60);
    expect(replay.isStarted).toBe(false);
    replay.start(5_000);
    expect(replay.now()).toBe(5_000);
    clock.advance(1_000);
    expect(replay.now()).toBe(65_000);
    expect(replay.realTimeOf(65_000)).toBe(1_001_000);
    expect(replay.lateness(125_000)).toBe(-1_000);
    expect(replay.lateness(5_000)).toBe(1_000);
  });
});
