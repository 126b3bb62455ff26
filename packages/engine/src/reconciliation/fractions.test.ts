// Quantities finer than a lot, fees in a currency of their own, positions that are not paid for: sums are right to the last unit.
import { describe, expect, it } from '@jest/globals';
import { type Money, toMoney } from '@bookrunner/sdk';
import fc from 'fast-check';
import type { BrokerBench } from './broker-bench.fixture.js';
import { fine, rough, runs, settle, step, take } from './broker-steps.fixture.js';

/** What books and suspense hold and have, exactly, against the broker. */
function sums({ scene, reconciler, broker }: BrokerBench, isMarginSettled = false) {
  const books = scene.kernel.parts.portfolio.books;
  const [account] = reconciler.watches[0]?.accounts ?? [];
  const all = [...new Set([...books, ...(account === undefined ? [] : [account.book])])];
  const cash = (currency: string): Money =>
    all.reduce((sum, book) => sum + book.cash(currency) + (isMarginSettled ? book.costIn(currency) : 0n), 0n);
  const state = scene.slot.state;
  return {
    ours: {
      units: scene.slots.reduce((sum, slot) => sum + slot.heldScaled, 0),
      USD: cash('USD'),
      BNB: cash('BNB'),
    },
    theirs: {
      units: state.scaled(broker.positions.get('AAA') ?? 0),
      // As it is told: what a broker realises at average cost has no end of decimals.
      USD: toMoney(broker.cash),
      BNB: broker.cashIn('BNB'),
    },
  };
}

function expectEqual(bench: BrokerBench, isMarginSettled = false): void {
  const { ours, theirs } = sums(bench, isMarginSettled);
  expect(ours).toEqual(theirs);
}

/** An entry of 0.01 at a limit, filled by 0.0096. */
function filledInPart(protect = {}): BrokerBench {
  const bench = fine();
  bench.ready();
  bench.scene.answers[0] = { units: 0.01, entry: { limit: 99, tif: 'GTC' }, protect };
  bench.scene.bars(100);
  bench.pump();
  const [id] = bench.broker.open.keys();
  for (let n = 0; n < 24; n++) bench.broker.fill(id as string, 0.0004);
  bench.pump();
  expect(bench.scene.held()).toBe(0.0096);
  return bench;
}

describe('a position between two lots', () => {
  it('is left by whole lots, and what is less than one stays without an alarm', () => {
    const bench = filledInPart();
    bench.bar(0);
    bench.bar(0);
    expect([bench.scene.held(), bench.truth]).toEqual([0.0006, 0.0006]);
    expect(bench.scene.codes().filter((code) => code === 'ORDER_REJECTED')).toEqual([]);
    expect([...bench.scene.kernel.parts.desk.live()]).toEqual([]);
    expectEqual(bench);
    // The next entry comes on top of it, in whole lots again.
    bench.bar(0.1);
    expect([bench.scene.held(), bench.truth]).toEqual([0.0096, 0.0096]);
  });

  it('is protected by whole lots, resized with it, and never by more than there is', () => {
    const bench = filledInPart({ stop: 90, takeProfit: 120 });
    const protection = () =>
      [...bench.broker.open.values()].filter(({ orderType, limitPrice }) => orderType === 'stop' || limitPrice === 120);
    expect(protection().map(({ leavesQty }) => leavesQty)).toEqual([0.009, 0.009]);
    expect(bench.scene.codes()).not.toContain('ORDER_REJECTED');
    const [entry] = [...bench.broker.open.values()].filter(({ limitPrice }) => limitPrice === 99);
    bench.broker.fill(entry?.clientOrderId as string, 0.0004);
    bench.pump();
    expect(protection().map(({ leavesQty }) => leavesQty)).toEqual([0.01, 0.01]);
    const target = protection().find(({ limitPrice }) => limitPrice === 120);
    // What one of the pair has taken the broker takes off the other.
    for (let n = 0; n < 7; n++) bench.broker.fill(target?.clientOrderId as string, 0.0004);
    bench.pump();
    expect(bench.scene.held()).toBe(0.0072);
    expect(protection().map(({ leavesQty }) => leavesQty)).toEqual([0.007, 0.0072]);
    bench.bar(0);
    bench.bar(0);
    expect([bench.scene.held(), bench.broker.open.size]).toEqual([0.0002, 0]);
    expect(bench.scene.codes().filter((code) => /REJECTED|NOT_CHANGED|PROTECTION_ENDED/.test(code))).toEqual([]);
    expectEqual(bench);
  });

  it('is closed by whole lots where a halt lets no more of a reversal through', () => {
    const bench = filledInPart();
    bench.scene.answers[0] = { units: -0.05 };
    bench.scene.command('halt');
    bench.scene.bars(100);
    bench.pump();
    expect([bench.scene.held(), bench.truth]).toEqual([0.0006, 0.0006]);
    expect(bench.scene.codes()).not.toContain('ORDER_REJECTED');
  });

  it('does not keep a panic open, which says what stays', () => {
    const bench = filledInPart({ stop: 90 });
    bench.scene.command('panic');
    bench.pass(30_000);
    expect([bench.truth, bench.broker.open.size]).toEqual([0.0006, 0]);
    const complete = bench.scene.notices.find(({ code }) => code === 'PANIC_COMPLETE');
    expect(complete?.message).toContain('0.0006 AAA');
  });
});

describe('an execution of 0.0004 with its fee in BNB', () => {
  it('is booked, corrected, charged and taken back to the last unit', () => {
    const bench = filledInPart();
    const { broker, scene } = bench;
    const bnb = (): Money => scene.book.cash('BNB');
    expect(bnb()).toBe(-24n * toMoney(0.00000000495, 8));
    broker.change(3, { qty: 0.0002, price: 98.5 });
    broker.charge(5, 0.00000003);
    broker.charge(5, 0.00000001);
    broker.change(7, 'busted');
    bench.pump();
    expect(scene.held()).toBe(0.009);
    bench.pass(130_000);
    expectEqual(bench);
    expect(bench.reconciler.reports()[0]?.differences).toEqual([]);
  });
});

describe('a fee in a currency that nothing converts', () => {
  it('is an alarm once a book: nobody knows what it is worth', () => {
    const bench = fine();
    bench.ready();
    bench.bar(1);
    bench.bar(0.5);
    const alarms = bench.scene.notices.filter(({ code }) => code === 'CURRENCY_WITHOUT_RATE');
    expect(alarms).toMatchObject([{ level: 'alarm', details: { book: 'CORE', currency: 'BNB' } }]);
    bench.scene.answer(1, 100, 1);
    bench.pump();
    expect(bench.scene.codes().filter((code) => code === 'CURRENCY_WITHOUT_RATE')).toHaveLength(2);
  });
});

describe.each([false, true])('books and suspense, where positions are not paid for: %s', (isMarginSettled) => {
  const numRuns = 400;

  it('add up to the broker in every currency, to the last unit, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(step, rough), { minLength: 1, maxLength: 40 }), (steps) => {
        const bench = fine({ isMarginSettled });
        bench.ready();
        for (const one of steps) take(bench, one);
        settle(bench);
        expectEqual(bench, isMarginSettled);
        for (const line of bench.reconciler.reports()[0]?.balances ?? []) {
          // An average cost is rounded at each fill, and a correction goes another way: what that leaves is no difference.
          expect(line.books + line.suspense).toBeCloseTo(line.broker, 7);
        }
        bench.scene.command('panic');
        bench.pass(90_000);
        expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
        expect([bench.broker.open.size, bench.scene.slots.every((slot) => slot.isFlat)]).toEqual([0, true]);
        expectEqual(bench, isMarginSettled);
      }),
      runs(numRuns),
    );
  });

  it('need no cash in suspense for what one strategy traded, since that explains all of it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ share: fc.constantFrom(-1, -0.3, 0, 0.5, 1), price: fc.integer({ min: 360, max: 440 }) }),
          {
            minLength: 1,
            maxLength: 15,
          },
        ),
        (bars) => {
          const bench = fine({ isMarginSettled, cash: 2_000_000 });
          bench.ready();
          for (const { share, price } of bars) {
            bench.broker.price = price / 4;
            bench.scene.answers[0] = share;
            bench.scene.bars(price / 4);
            bench.pump();
          }
          bench.pass(130_000);
          expectEqual(bench, isMarginSettled);
          const [account] = bench.reconciler.watches[0]?.accounts ?? [];
          expect([account?.book.cash('USD'), account?.book.cash('BNB')]).toEqual([0n, 0n]);
        },
      ),
      runs(numRuns),
    );
  });
});
