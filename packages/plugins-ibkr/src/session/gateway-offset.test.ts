import { expect, it } from '@jest/globals';
import { gatewayOffset } from './gateway-offset.js';

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0);

it.each([
  ['20261128 07:00:02 Eastern Standard Time', -5],
  ['20261128 11:59:58 GMT', 0],
  ['20261128 17:30:00 India Standard Time', 5.5],
  ['20261128-12:45:00', 0.75],
])('the wall clock of a gateway that says %s is %p hours ahead', (text, hours) => {
  expect(gatewayOffset(text, NOW)).toBe(hours * 3_600_000);
});

it.each(['', 'soon', '20250101 12:00:00 GMT'])('of %p nothing is known', (text) => {
  expect(gatewayOffset(text, NOW)).toBeUndefined();
});
