import { describe, expect, it } from '@jest/globals';
import { Watchdog } from './watchdog.js';

function scene(phase: 'starting' | 'running') {
  const time = { now: 0 };
  const beat = { count: 0, phase };
  const silences: number[] = [];
  const watchdog = new Watchdog({
    beat,
    limitMs: 1_000,
    startLimitMs: 10_000,
    stopwatch: () => time.now,
    onSilent: (silentMs) => silences.push(silentMs),
  });
  watchdog.look();
  const pass = (ms: number, isBeating: boolean): void => {
    for (let passed = 0; passed < ms; passed += 100) {
      time.now += 100;
      if (isBeating) beat.count += 1;
      watchdog.look();
    }
  };
  return { time, beat, silences, watchdog, pass };
}

describe('Watchdog', () => {
  it('leaves alone what beats', () => {
    const { pass, silences } = scene('running');
    pass(10_000, true);
    expect(silences).toEqual([]);
  });

  it('says when the limit is reached', () => {
    const { pass, silences } = scene('running');
    pass(2_000, true);
    pass(900, false);
    expect(silences).toEqual([]);
    pass(100, false);
    expect(silences).toEqual([1_000]);
  });

  it('is patient while the worker starts', () => {
    const { pass, silences } = scene('starting');
    pass(9_900, false);
    expect(silences).toEqual([]);
    pass(100, false);
    expect(silences).toEqual([10_000]);
  });

  it('does not blame the worker for its own absence', () => {
    const { time, watchdog, pass, silences } = scene('running');
    pass(500, true);
    time.now += 3_600_000;
    watchdog.look();
    expect(silences).toEqual([]);
    pass(1_000, false);
    expect(silences).toEqual([1_000]);
  });
});
