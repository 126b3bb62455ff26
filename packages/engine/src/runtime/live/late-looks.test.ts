import { describe, expect, it } from '@jest/globals';
import { LATE_LOOKS_MOST, LateLooks } from './late-looks.js';

describe('looks for silent feeds', () => {
  it('are put off where the process was busy, and not where it was in time', () => {
    const looks = new LateLooks(500);
    expect(looks.isPutOff(1_000, 1_500)).toBe(false);
    expect(looks.isPutOff(1_500, 2_001)).toBe(true);
    expect(looks.isPutOff(2_002, 2_003)).toBe(false);
  });

  it('come now and then in a process that is never in time', () => {
    const looks = new LateLooks(500);
    const put = Array.from({ length: 2 * (LATE_LOOKS_MOST + 1) }, (_, n) => looks.isPutOff(n * 1_000, n * 1_000 + 600));
    expect(put.filter((isPutOff) => !isPutOff)).toHaveLength(2);
    expect(put[LATE_LOOKS_MOST]).toBe(false);
  });
});
