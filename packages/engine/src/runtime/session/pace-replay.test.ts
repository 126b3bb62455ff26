import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { type PacedDriver, ReplayPace } from './pace-replay.js';
import { Turns } from '../live/pace-turns.js';

/** A driver with deadlines at fixed instants. */
class Deadlines implements PacedDriver {
  readonly done: { due: number; real: number }[] = [];
  readonly #due: number[];
  readonly #clock: FakeClock;
  constructor(due: readonly number[], clock: FakeClock) {
    this.#due = [...due].sort((a, b) => a - b);
    this.#clock = clock;
  }
  nextDeadline(): number {
    return this.#due[0] ?? Number.POSITIVE_INFINITY;
  }
  advanceTo(at: number): void {
    while (this.nextDeadline() <= at) this.done.push({ due: this.#due.shift()!, real: this.#clock.nowUtc() });
  }
  add(due: number): void {
    this.#due.push(due);
    this.#due.sort((a, b) => a - b);
  }
}

function scene(options: { speed: number | 'max'; due?: readonly number[]; from?: number }) {
  const clock = new FakeClock(0);
  const abort = new AbortController();
  let beats = 0;
  const pace = new ReplayPace({
    clock,
    speed: options.speed,
    from: options.from ?? Number.NEGATIVE_INFINITY,
    signal: abort.signal,
    turns: new Turns({ beat: () => (beats += 1), stopwatch: () => 0 }),
  });
  const driver = new Deadlines(options.due ?? [], clock);
  pace.connect(driver);
  return { clock, abort, pace, driver, beats: () => beats };
}

/** Lets everything that waits for a promise go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('ReplayPace', () => {
  it('waits for nothing at full speed, and beats for every instant', () => {
    const { pace, beats } = scene({ speed: 'max' });
    for (let at = 0; at < 100; at++) expect(pace.pace(at)).toBeUndefined();
    expect(beats()).toBe(100);
    expect(pace.lagMs).toBe(0);
    expect(pace.now()).toBe(99);
  });

  it('lets an instant through when the clock shows it', async () => {
    const { pace, clock } = scene({ speed: 10 });
    expect(pace.pace(50_000)).toBeUndefined();
    let isThrough = false;
    const wait = pace.pace(60_000)!.then(() => (isThrough = true));
    clock.advance(999);
    await settle();
    expect(isThrough).toBe(false);
    expect(pace.now()).toBe(59_990);
    clock.advance(1);
    await wait;
    expect(pace.now()).toBe(60_000);
  });

  it('delivers deadlines between rows at their own time, and leaves those of the instant to the driver', async () => {
    const { pace, clock, driver } = scene({ speed: 2, due: [3_000, 7_000, 10_000] });
    void pace.pace(0);
    const wait = pace.pace(10_000)!;
    for (let i = 0; i < 5_000; i += 250) {
      clock.advance(250);
      await settle();
    }
    await wait;
    expect(driver.done).toEqual([
      { due: 3_000, real: 1_500 },
      { due: 7_000, real: 3_500 },
    ]);
  });

  it('looks again when a command made an earlier deadline', async () => {
    const { pace, clock, driver } = scene({ speed: 1 });
    void pace.pace(0);
    const wait = pace.pace(10_000)!;
    clock.advance(1_000);
    driver.add(1_200);
    pace.wake();
    await settle();
    clock.advance(200);
    await settle();
    expect(driver.done).toEqual([{ due: 1_200, real: 1_200 }]);
    clock.advance(8_800);
    await wait;
  });

  it('does not wait for rows that only warm up', () => {
    const { pace } = scene({ speed: 1, from: 1_000_000 });
    expect(pace.pace(0)).toBeUndefined();
    expect(pace.pace(999_999)).toBeUndefined();
    expect(pace.pace(1_000_000)).toBeUndefined();
    expect(pace.pace(1_000_001)).toBeInstanceOf(Promise);
  });

  it('ends a wait when the run is stopped, without having seen the instant', async () => {
    const { pace, abort } = scene({ speed: 1 });
    void pace.pace(0);
    const wait = pace.pace(3_600_000)!;
    abort.abort();
    await wait;
    expect(pace.now()).toBe(0);
  });

  it('says how late it is when events take longer than the clock', () => {
    const { pace, clock } = scene({ speed: 1 });
    void pace.pace(0);
    clock.advance(5_000);
    expect(pace.pace(1_000)).toBeUndefined();
    expect(pace.lagMs).toBe(4_000);
  });

  it('delivers every deadline before the row after it and none early, at any speed', async () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 12 });
    const dues = fc.uniqueArray(fc.integer({ min: 1, max: 6_000 }), { maxLength: 12 });
    const speeds = fc.constantFrom(0.5, 1, 3, 1_000);
    await fc.assert(
      fc.asyncProperty(rows, dues, speeds, async (unsorted, due, speed) => {
        const instants = unsorted.toSorted((a, b) => a - b);
        const first = instants[0]!;
        const { pace, clock, driver } = scene({ speed, due });
        driver.advanceTo(first);
        const early = driver.done.length;
        for (const at of instants) {
          const wait = pace.pace(at);
          let isThrough = wait === undefined;
          void wait?.then(() => (isThrough = true));
          for (let i = 0; !isThrough && i < 100_000; i++) {
            await settle();
            if (!isThrough) clock.advance(1);
          }
          // A row that is late is let through at once: the driver delivers first what was due before it.
          if (wait !== undefined) expect(driver.nextDeadline()).toBeGreaterThanOrEqual(at);
          driver.advanceTo(at);
        }
        for (const { due: at, real } of driver.done.slice(early)) {
          expect(real).toBeGreaterThanOrEqual((at - first) / speed - 1e-6);
        }
      }),
      { numRuns: 15 },
    );
  });
});
