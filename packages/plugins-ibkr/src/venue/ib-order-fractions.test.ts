import { describe, expect, it } from '@jest/globals';
import { anExecution, StateBench } from './order-state.fixture.js';

/** An order of another process: a part of it was filled on a day before this one. */
function adopted(qty: number, before: number): StateBench {
  const bench = new StateBench({ qty });
  bench.status('Submitted', { filled: before });
  bench.state.settleBefore();
  return bench;
}

describe('Fractions of units', () => {
  it('fill an order when they add up to it, whatever doubles make of the sum', () => {
    // 0.7 + 0.1 is 0.7999999999999999 in doubles.
    const bench = adopted(0.8, 0.7);
    bench.execution({ qty: 0.1, cumQty: 0.8 });
    bench.settle();
    expect([bench.state.phase, bench.state.leavesQty, bench.asked]).toEqual(['over', 0, 0]);
  });

  it('never make more of it than there is', () => {
    // 0.1 + 0.2 is 0.30000000000000004 in doubles.
    const bench = adopted(0.3, 0.1);
    expect(bench.state.leavesQty).toBe(0.2);
    bench.execution({ qty: 0.2, cumQty: 0.3 });
    expect(bench.alarms).toEqual([]);
  });
});

describe('An order that was not answered yet', () => {
  it.each([161, 10147, 10148, 104, 2102])('lives where a second cancel or change is refused with %p', (code) => {
    const bench = new StateBench();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.code(code);
    bench.code(code);
    expect(bench.kinds).toEqual(['cancel-rejected']);
    bench.status('Submitted');
    bench.execution(anExecution());
    bench.settle();
    expect(bench.kinds).toEqual(['cancel-rejected', 'accepted', 'filled']);
  });
});
