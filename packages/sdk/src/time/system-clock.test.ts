import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../model/time.js';
import { SystemClock, nowUtc } from './system-clock.js';

const NOW = Date.UTC(2024, 0, 9, 12);

/** Lets what awaits a settled promise run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
}

describe('SystemClock', () => {
  let clock: SystemClock;

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    clock = new SystemClock();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reads the wall clock in UTC milliseconds', () => {
    expect(nowUtc()).toBe(NOW);
    expect(clock.nowUtc()).toBe(NOW);
  });

  it('calls at the instant and not before, once', () => {
    const calls: number[] = [];
    clock.callAt(NOW + 5_000, () => calls.push(clock.nowUtc()));
    jest.advanceTimersByTime(4_999);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(calls).toEqual([NOW + 5_000]);
    jest.advanceTimersByTime(DAY_MS);
    expect(calls).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits longer than a timer can', () => {
    const calls: number[] = [];
    clock.callAt(NOW + 40 * DAY_MS, () => calls.push(clock.nowUtc()));
    jest.advanceTimersByTime(40 * DAY_MS - 1);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(calls).toEqual([NOW + 40 * DAY_MS]);
  });

  it('goes on at half speed where the wall clock is set back, until that has come up with it', () => {
    expect(clock.nowUtc()).toBe(NOW);
    jest.setSystemTime(NOW - 30_000);
    const shown = Array.from({ length: 70 }, () => {
      jest.advanceTimersByTime(1_000);
      return clock.nowUtc() - NOW;
    });
    const expected = Array.from({ length: 70 }, (_, second) => Math.max((second + 1) / 2, second + 1 - 30) * 1_000);
    expect(shown).toEqual(expected);
  });

  it('shows the same however often it is read meanwhile', () => {
    clock.nowUtc();
    jest.setSystemTime(NOW - 30_000);
    for (let read = 0; read < 1_000; read += 1) {
      jest.advanceTimersByTime(1);
      clock.nowUtc();
    }
    expect(clock.nowUtc()).toBe(NOW + 500);
  });

  it('calls while the wall clock that was set back is not yet there, and not early', () => {
    const calls: number[] = [];
    clock.callAt(NOW + 10_000, () => calls.push(clock.nowUtc()));
    jest.setSystemTime(NOW - HOUR_MS);
    jest.advanceTimersByTime(19_000);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(1_100);
    expect(calls).toEqual([NOW + 10_000]);
  });

  it('notices within a minute that the wall clock was set forward', () => {
    const calls: number[] = [];
    clock.callAt(NOW + HOUR_MS, () => calls.push(clock.nowUtc()));
    jest.setSystemTime(NOW + HOUR_MS);
    jest.advanceTimersByTime(60_000);
    expect(calls).toHaveLength(1);
  });

  it('calls for a past instant at once, but after the caller', () => {
    const calls: string[] = [];
    clock.callAt(NOW - 1, () => calls.push('called'));
    calls.push('returned');
    jest.advanceTimersByTime(0);
    expect(calls).toEqual(['returned', 'called']);
  });

  it('never calls once cancelled, nor at infinity', () => {
    const calls: number[] = [];
    const cancel = clock.callAt(NOW + 90_000, () => calls.push(1));
    const cancelEndless = clock.callAt(Number.POSITIVE_INFINITY, () => calls.push(2));
    jest.advanceTimersByTime(70_000);
    cancel();
    cancel();
    jest.advanceTimersByTime(DAY_MS);
    expect(calls).toEqual([]);
    cancelEndless();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sleeps until the instant, and not at all where it has passed', async () => {
    const order: string[] = [];
    void clock.sleepUntil(NOW + 2 * HOUR_MS).then(() => order.push(`woke ${clock.nowUtc() - NOW}`));
    await clock.sleepUntil(NOW);
    await clock.sleepUntil(NOW - DAY_MS);
    jest.advanceTimersByTime(2 * HOUR_MS - 1);
    await settle();
    expect(order).toEqual([]);
    jest.advanceTimersByTime(1);
    await settle();
    expect(order).toEqual([`woke ${2 * HOUR_MS}`]);
  });

  it('rejects with the reason when aborted, before and during the sleep, and leaves nothing behind', async () => {
    const reason = new Error('stop');
    await expect(clock.sleepUntil(NOW - 1, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleep = clock.sleepUntil(NOW + HOUR_MS, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('may be aborted after it woke, to no effect', async () => {
    const controller = new AbortController();
    const sleep = clock.sleepUntil(NOW + 10, controller.signal);
    jest.advanceTimersByTime(10);
    await sleep;
    controller.abort();
    await expect(sleep).resolves.toBeUndefined();
  });

  it('refuses NaN', async () => {
    expect(() => clock.callAt(Number.NaN, () => undefined)).toThrow('A clock cannot wait until NaN.');
    await expect(clock.sleepUntil(Number.NaN)).rejects.toThrow('A clock cannot wait until NaN.');
  });
});
