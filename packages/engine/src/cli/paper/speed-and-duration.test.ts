import { describe, expect, it } from '@jest/globals';
import { CommandArguments } from '../command-arguments.js';
import { durationMs, remainingMs, replaySpeed } from './speed-and-duration.js';

const duration = (text?: string) => durationMs(new CommandArguments({ duration: text }));
const speed = (text?: string) => replaySpeed(new CommandArguments({ speed: text }));

describe('how fast and how long', () => {
  it('reads lengths of time', () => {
    expect([duration(), duration('250ms'), duration('90s'), duration('1.5h'), duration('2d')]).toEqual([
      undefined,
      250,
      90_000,
      5_400_000,
      172_800_000,
    ]);
  });

  it('counts from the first start where the process was started again', () => {
    const env = (starts: number) => ({ BOOKRUNNER_RESPAWN: String(starts), BOOKRUNNER_RESPAWN_SINCE: '1000' });
    expect(remainingMs(110_000, {}, 61_000)).toBe(110_000);
    expect(remainingMs(110_000, env(0), 61_000)).toBe(110_000);
    expect(remainingMs(110_000, env(1), 61_000)).toBe(50_000);
    expect(remainingMs(110_000, env(2), 500_000)).toBe(1);
    expect(remainingMs(undefined, env(1), 61_000)).toBeUndefined();
  });

  it('reads speeds', () => {
    expect([speed(), speed('60'), speed('0.5'), speed('max')]).toEqual([1, 60, 0.5, 'max']);
  });

  it.each(['', '10', '0s', '-1s', '1w', 's', '1 h'])('refuses the duration %j', (text) => {
    expect(() => duration(text)).toThrow(`--duration '${text}' is no length of time.`);
  });

  it.each(['', '0', '-1', 'fast', 'Infinity', 'NaN', ' '])('refuses the speed %j', (text) => {
    expect(() => speed(text)).toThrow(`--speed '${text}' is no speed.`);
  });
});
