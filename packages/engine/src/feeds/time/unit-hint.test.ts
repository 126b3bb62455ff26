import { expect, it } from '@jest/globals';
import { unitHint } from './unit-hint.js';

const NOW = Date.UTC(2024, 0, 2);

it.each([
  ['seconds', NOW / 1_000, 'epoch-s'],
  ['microseconds', NOW * 1_000, 'epoch-us'],
  ['nanoseconds', NOW * 1_000_000, 'epoch-ns'],
])('asks whether times are in %s, and says how to say so', (name, ts, format) => {
  expect(unitHint(ts)).toBe(`are the times in ${name}? Then say \`--time ${format}\` (option \`time: ${format}\`)`);
});

it.each([NOW, 0, Date.UTC(1975, 0), Date.UTC(1960, 0), Number.NaN])('asks nothing about %p', (ts) => {
  expect(unitHint(ts)).toBeUndefined();
});

it.each([
  ['milliseconds', NOW * 1_000, 'epoch-s', 'epoch-ms'],
  ['microseconds', NOW * 1_000_000, 'epoch-s', 'epoch-us'],
  ['milliseconds', NOW / 1_000, 'epoch-us', 'epoch-ms'],
])('asks of times read in another unit whether they are in %s', (name, ts, read, format) => {
  expect(unitHint(ts, read)).toContain(`are the times in ${name}? Then say \`--time ${format}\``);
});

it('asks nothing about texts', () => {
  expect(unitHint(NOW * 1_000, 'iso')).toBeUndefined();
});
