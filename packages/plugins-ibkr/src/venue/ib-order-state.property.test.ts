import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anExecution, StateBench } from './order-state.fixture.js';

type Message = (bench: StateBench) => void;

const WHOLE: Readonly<Record<string, Message>> = {
  execution: (bench) => bench.execution({ cumQty: 100 }),
  status: (bench) => bench.status('Filled', { filled: 100 }),
  openOrder: (bench) => bench.openOrder('Filled'),
  commission: (bench) => bench.fee(),
};

function orders<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Plays messages, the clock moving on by some time after each. */
function play(messages: readonly Message[], waits: readonly number[] = []): StateBench {
  const bench = new StateBench();
  messages.forEach((message, i) => {
    message(bench);
    bench.clock.advance(waits[i] ?? 0);
  });
  bench.settle();
  return bench;
}

/** The register keeps a commission that comes before its execution; a state by itself would not know of what it is. */
function withEarlyFees(names: readonly string[]): readonly Message[] {
  const isEarly = names.indexOf('commission') < names.indexOf('execution');
  return names.map((name) => {
    if (name !== 'execution' || !isEarly) return WHOLE[name] as Message;
    return (bench) => {
      const fee = { executionId: anExecution().executionId, fee: 1.25, currency: 'USD' };
      bench.state.onExecution(anExecution({ cumQty: 100 }), fee);
    };
  });
}

describe('an order of which the gateway speaks in any order', () => {
  const names = Object.keys(WHOLE);
  const expected = play(withEarlyFees(names)).outcome();

  it('ends filled, accepted once, with its commission', () => {
    const fill = ['0000e0d5.6596b0b1.01.01', { qty: 100, price: 50, fee: 1.25, currency: 'USD' }];
    expect(expected).toEqual({
      ...{ phase: 'over', leavesQty: 0, venueOrderId: '900001' },
      ...{ fills: [fill], rest: ['accepted'], alarms: [] },
    });
  });

  it.each(orders(names))('ends the same: %s, %s, %s, %s, each one to three times', (...order) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(400), { minLength: 12, maxLength: 12 }),
        (copies, waits) => {
          const told = order.flatMap((name, i) => Array.from({ length: copies[i] as number }, () => name));
          expect(play(withEarlyFees(told), waits).outcome()).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('partial fills in any order, repeated, corrected and with their own commissions', () => {
  interface Part {
    readonly qty: number;
    readonly revised: number;
    readonly copies: number;
    readonly hasFee: boolean;
  }
  const part: fc.Arbitrary<Part> = fc.record({
    qty: fc.integer({ min: 1, max: 40 }),
    revised: fc.constantFrom(0, 0, 1, 2),
    copies: fc.integer({ min: 1, max: 3 }),
    hasFee: fc.boolean(),
  });

  it('come to the same fills, the same rest and one final report', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.gen(), (parts, isCancelled, gen) => {
        const qty = parts.reduce((sum, one) => sum + one.qty, 0) + (isCancelled ? 7 : 0);
        const messages = parts.flatMap((one, i) => messagesOf(one, i));
        const filled = parts.reduce((sum, one) => sum + one.qty, 0);
        messages.push(
          (bench) => bench.openOrder('Submitted'),
          (bench) => bench.status('Submitted', { filled: 0 }),
          (bench) => bench.status('PreSubmitted', { filled: 0 }),
          (bench) => bench.status(isCancelled ? 'Cancelled' : 'Filled', { filled }),
        );
        const shuffled = gen(fc.shuffledSubarray, messages, { minLength: messages.length });
        const waits = gen(fc.array, fc.nat(60), { minLength: 30, maxLength: 30 });
        const bench = new StateBench({ qty });
        shuffled.forEach((message, i) => {
          message(bench);
          bench.clock.advance(waits[i] ?? 0);
        });
        bench.settle();
        check(bench, parts, isCancelled);
      }),
    );
  });

  function idOf(i: number): string {
    return `0000e0d5.0000000${i}.01.01`;
  }

  /** Price of the last revision: that is what stays, whichever came last. */
  function messagesOf({ qty, revised, copies, hasFee }: Part, i: number): Message[] {
    const revisions = Array.from({ length: revised + 1 }, (_, n) => n + 1);
    const told = revisions.flatMap((revision) =>
      Array.from({ length: copies }, (): Message => {
        return (bench) => bench.execution({ executionId: idOf(i), qty, revision, price: 50 + revision });
      }),
    );
    const fees = Array.from({ length: hasFee ? copies : 0 }, (): Message => {
      return (bench) => bench.fee({ executionId: idOf(i), fee: i - 0.5 });
    });
    return [...told, ...fees];
  }

  function check(bench: StateBench, parts: readonly Part[], isCancelled: boolean): void {
    const { fills, rest, phase, leavesQty } = bench.outcome() as {
      readonly fills: readonly (readonly [string, { readonly qty: number; readonly price: number }])[];
      readonly rest: readonly string[];
      readonly phase: string;
      readonly leavesQty: number;
    };
    expect(fills.map(([id, { qty, price }]) => [id, qty, price])).toEqual(
      parts.map(({ qty, revised }, i) => [idOf(i), qty, 51 + revised]),
    );
    expect(phase).toBe('over');
    expect(leavesQty).toBe(isCancelled ? 7 : 0);
    expect(rest.filter((kind) => kind === 'accepted').length).toBe(bench.kinds.includes('accepted') ? 1 : 0);
    expect(rest.filter((kind) => kind === 'cancelled')).toHaveLength(isCancelled ? 1 : 0);
    const firstFill = bench.kinds.indexOf('filled');
    expect(bench.kinds.indexOf('accepted')).toBeLessThan(firstFill);
    if (isCancelled) expect(bench.kinds.lastIndexOf('filled')).toBeLessThan(bench.kinds.indexOf('cancelled'));
    expect(bench.alarms).toEqual([]);
  }
});
