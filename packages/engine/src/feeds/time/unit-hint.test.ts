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
