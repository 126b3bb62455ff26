import { describe, expect, it } from '@jest/globals';
import { type Difference, type DifferenceCause, noticesOfDifferences } from './difference.js';

function differences(cause: DifferenceCause, count: number, isOpen = false): readonly Difference[] {
  return Array.from({ length: count }, (_, n) => {
    return { cause, account: 'main', symbol: 'AAA', evidence: `execution ${n}`, action: 'booked', isOpen };
  });
}

function told(all: readonly Difference[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code, level } of noticesOfDifferences(all, 'ib', 5)) {
    counts[`${code} ${level}`] = (counts[`${code} ${level}`] ?? 0) + 1;
  }
  return counts;
}

describe('what a person is told of the differences of one answer', () => {
  it('is each of them, as long as they are few', () => {
    expect(told(differences('missed-execution', 10))).toEqual({ 'BROKER_DIFFERS warning': 10 });
  });

  it('is the first ten of a kind, and how many more there are', () => {
    expect(told(differences('missed-execution', 163))).toEqual({
      ...{ 'BROKER_DIFFERS warning': 10, 'BROKER_DIFFERS info': 153, 'BROKER_DIFFERS_MORE warning': 1 },
    });
    const more = noticesOfDifferences(differences('missed-execution', 163), 'ib', 5).at(-1);
    expect(more?.message).toContain("153 more of 'missed-execution'");
  });

  it('is everything that asks for a person, however many', () => {
    expect(told([...differences('position', 30, true), ...differences('order-gone', 2)])).toEqual({
      ...{ 'SYMBOL_FROZEN alarm': 30, 'BROKER_DIFFERS warning': 2 },
    });
  });
});
