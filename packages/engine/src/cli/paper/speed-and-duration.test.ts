import { describe, expect, it } from '@jest/globals';
import { CommandArguments } from '../command-arguments.js';
import { durationMs, replaySpeed } from './speed-and-duration.js';

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
