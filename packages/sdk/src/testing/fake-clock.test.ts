import { describe, expect, it } from '@jest/globals';
import { FakeClock, TEST_EPOCH_MS } from './fake-clock.js';

describe('FakeClock', () => {
  it('calls back in order of time, then of registration, at the very instant', () => {
    const clock = new FakeClock(1_000);
    const calls: unknown[] = [];
    const note = (name: string) => () => void calls.push([name, clock.nowUtc()]);
    clock.callAt(1_300, note('c'));
    clock.callAt(1_200, note('a'));
    clock.callAt(1_200, note('b'));
    clock.callAt(1_200, note('cancelled'))();
    clock.advance(250);
    expect(calls).toEqual([
      ['a', 1_200],
      ['b', 1_200],
    ]);
    expect([clock.nowUtc(), clock.pendingCalls]).toEqual([1_250, 1]);
  });

  it('runs what a callback registers on the way', () => {
    const clock = new FakeClock(0);
    const calls: number[] = [];
    const again = (): void => {
      calls.push(clock.nowUtc());
      if (calls.length < 3) clock.callAt(clock.nowUtc() + 10, again);
    };
    clock.callAt(10, again);
    clock.moveTo(100);
    expect(calls).toEqual([10, 20, 30]);
  });

  it('sleeps until the instant, at once for a past one, and rejects when aborted', async () => {
    const clock = new FakeClock();
    let awake = false;
    const sleeping = clock.sleepUntil(TEST_EPOCH_MS + 5).then(() => (awake = true));
    clock.advance(4);
    await Promise.resolve();
    expect(awake).toBe(false);
    clock.advance(1);
    await sleeping;
    await clock.sleepUntil(TEST_EPOCH_MS - 1);
    const abort = new AbortController();
    const aborted = clock.sleepUntil(TEST_EPOCH_MS + 99, abort.signal);
    abort.abort(new Error('no longer needed'));
    await expect(aborted).rejects.toThrow('no longer needed');
    await expect(clock.sleepUntil(TEST_EPOCH_MS + 99, abort.signal)).rejects.toThrow('no longer needed');
    expect(clock.pendingCalls).toBe(0);
  });

  it('never goes back', () => {
    const clock = new FakeClock(10);
    expect(() => clock.moveTo(9)).toThrow('cannot move to 9');
    expect(() => clock.advance(Number.NaN)).toThrow(expect.objectContaining({ code: 'TESTING_CLOCK_BACKWARDS' }));
  });
});
