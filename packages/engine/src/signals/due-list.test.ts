import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DueList } from './due-list.js';
import type { StrategyRunner } from './strategy-runner.js';

/** As far as the list knows one. */
function runnerAt(index: number): StrategyRunner {
  return { index, isDue: false, nextDue: undefined } as unknown as StrategyRunner;
}

/** Walks the chain as the stage does. */
function taken(due: DueList): readonly number[] {
  const seen: number[] = [];
  for (let runner = due.take(); runner !== undefined;) {
    const next: StrategyRunner | undefined = runner.nextDue;
    runner.nextDue = undefined;
    runner.isDue = false;
    seen.push(runner.index);
    runner = next;
  }
  return seen;
}

it('gives who was added since it was last taken, once each, as they are declared', () => {
  const instants = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 10 }), { maxLength: 6 });
  fc.assert(
    fc.property(instants, (rounds) => {
      const runners = Array.from({ length: 10 }, (_, index) => runnerAt(index));
      const due = new DueList();
      for (const indexes of rounds) {
        for (const index of indexes) due.add(runners[index]!);
        expect(runners.filter(({ isDue }) => isDue).length).toBe(indexes.length);
        expect(taken(due)).toEqual(indexes.toSorted((a, b) => a - b));
        expect(taken(due)).toEqual([]);
      }
    }),
  );
});

it('takes up again who was due', () => {
  const runners = [0, 1, 2].map(runnerAt);
  runners[0]!.isDue = true;
  runners[2]!.isDue = true;
  const due = new DueList();
  due.resume(runners);
  expect(taken(due)).toEqual([0, 2]);
});
