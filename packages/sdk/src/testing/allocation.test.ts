import { afterEach, expect, it, jest } from '@jest/globals';
import { measureAllocation } from './allocation.js';

const CALLS = 64;
const kept: (readonly number[])[] = Array.from({ length: CALLS }, () => []);
const wasteful = (): void => {
  for (let i = 0; i < CALLS; i += 1) kept[i] = Array.from({ length: 8 }, (_, k) => k + i + 0.5);
};

afterEach(() => {
  jest.restoreAllMocks();
});

it('finds what allocates', async () => {
  expect(await measureAllocation(wasteful, CALLS)).toMatchObject({ allocates: true });
});

it('is not misled by a collector that frees as much as is allocated, once', async () => {
  const usage = process.memoryUsage();
  let asked = 0;
  // The fifth measurement finds no growth.
  const heapUsed = (): number => (asked++ === 9 ? 9 * 1e6 : asked * 1e6);
  jest.spyOn(process, 'memoryUsage').mockImplementation(() => ({ ...usage, heapUsed: heapUsed() }));
  const { bytes, allocates } = await measureAllocation(() => {}, CALLS);
  expect([bytes, allocates]).toEqual([1e6 / (40 * CALLS), true]);
});

it('does not blame what does not allocate', async () => {
  const sums = new Float64Array(CALLS);
  const round = (): void => {
    for (let i = 0; i < CALLS; i += 1) sums[i] = (sums[i] as number) * 0.5 + i;
  };
  expect(await measureAllocation(round, CALLS)).toMatchObject({ allocates: false });
});
