import { describe, expect, it } from '@jest/globals';
import { tellOfWaiting } from './start-waits.js';

describe('tellOfWaiting', () => {
  it('tells of a cause once in a row of tries, and again in the next row', () => {
    const told: string[] = [];
    const onWaiting = tellOfWaiting((message) => told.push(message));
    const away = new Error('no login now');
    for (const waitMs of [1_000, 2_000, 4_000]) onWaiting(away, waitMs);
    expect(told).toHaveLength(1);
    onWaiting(new Error('no line'), 8_000);
    expect(told).toHaveLength(2);
    for (const waitMs of [1_000, 2_000]) onWaiting(new Error('no line'), waitMs);
    expect(told).toHaveLength(3);
    expect(told[2]).toContain('no line');
  });
});
