// A panic on an account that others trade on as well: it sells what the books have, and never more than the account holds.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokerBench } from './broker-bench.fixture.js';
import { makeBench, runs } from './broker-steps.fixture.js';

function shared(): BrokerBench {
  const bench = new BrokerBench({ isExclusive: false });
  bench.ready();
  bench.bar(1);
  expect([bench.scene.held(), bench.truth]).toEqual([100, 100]);
  return bench;
}

/** Least that the account held since an execution, seen from what it held then. */
function leastSince(bench: BrokerBench, place: number, held: number): number {
  let least = held;
  let now = held;
  for (const { side, qty } of bench.broker.executions.slice(place)) {
    now += side === 'buy' ? qty : -qty;
    least = Math.min(least, now);
  }
  return least;
}

/** Panics, and what the account held least from then on. */
function panic(bench: BrokerBench, ms = 60_000): number {
  const place = bench.broker.executions.length;
  const { truth } = bench;
  bench.scene.command('panic');
  bench.pass(ms);
  return leastSince(bench, place, truth);
}

describe('a panic on a shared account', () => {
  it('sells nothing that a person has sold by hand already, books that to the book, and says so', () => {
    const bench = shared();
    const fill = bench.broker.trade('sell', 100);
    bench.say('fill', fill);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([100, -100, 0]);
    expect(panic(bench)).toBe(0);
    expect([bench.scene.held(), bench.suspense, bench.truth]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).toEqual(expect.arrayContaining(['PANIC_SET_OFF', 'PANIC_COMPLETE']));
  });

  it('sells no more than is there where a part is in doubt, and the rest when it turns out to have been a report under way', () => {
    const bench = shared();
    // An exit of 30, of which only the broker knows yet.
    bench.broker.fate = () => 'unheard';
    bench.scene.answer(0.7, 100);
    bench.broker.spoil = (snapshot) => ({ ...snapshot, executions: { ...snapshot.executions, items: [] } });
    bench.pass(3_000);
    expect([bench.truth, bench.scene.held()]).toEqual([70, 100]);
    bench.broker.fate = () => 'through';
    bench.scene.command('panic');
    bench.pass(1_000);
    expect(bench.truth).toBeGreaterThanOrEqual(0);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(60_000);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it.each(['never seen', 'seen once', 'frozen'])(
    'sells no more than is there after a sale that nobody told of: %s',
    (known) => {
      const bench = shared();
      bench.broker.trade('sell', 30, 'AAA', false);
      if (known === 'seen once') {
        bench.scene.command('reconcile');
        bench.pump();
        expect(bench.reconciler.watches[0]?.doubts.size).toBe(1);
      }
      if (known === 'frozen') bench.pass(70_000);
      expect(panic(bench)).toBe(0);
      expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([0, 0, 0]);
      expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
    },
  );

  it('leaves alone what a person said belongs to somebody else: then the books sell all they have', () => {
    const bench = shared();
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    bench.scene.command('ignore', { symbol: 'AAA' });
    panic(bench);
    expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([-30, 0, -30]);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('of one book sells all of it where another book still has what others sold', () => {
    const bench = makeBench({ isExclusive: false });
    bench.ready();
    bench.scene.answers[1] = 1;
    bench.bar(1);
    const fill = bench.broker.trade('sell', 60);
    bench.say('fill', fill);
    expect(bench.truth).toBe(140);
    bench.scene.command('panic', { book: 'CORE' });
    bench.pass(60_000);
    expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([40, 0, 100, -60]);
  });

  it('of one book waits for the broker, whatever panic of another begins meanwhile', () => {
    const bench = makeBench({ isExclusive: false });
    bench.ready();
    bench.scene.answers[1] = 1;
    bench.bar(1);
    // Nobody told of it.
    bench.broker.trade('sell', 200, 'AAA', false);
    const place = bench.broker.executions.length;
    bench.scene.command('panic', { book: 'CORE' });
    bench.scene.command('panic', { book: 'OTHER' });
    // As any report or bar does.
    for (const slot of bench.scene.slots) bench.reconciler.parts.execution.evaluate(slot);
    bench.pass(60_000);
    expect(bench.broker.executions.slice(place)).toEqual([]);
    expect([bench.truth, bench.scene.held(0), bench.scene.held(1), bench.suspense]).toEqual([0, 0, 0, 0]);
  });

  it('goes on without an answer where the broker gives none for a while', () => {
    const bench = shared();
    bench.broker.spoil = () => undefined;
    bench.scene.command('panic');
    bench.pass(30_000);
    expect(bench.truth).toBe(0);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(60_000);
    expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
  });

  it('never holds less than nothing, whoever traded what before, and ends with its own books flat', () => {
    const trade = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      qty: fc.integer({ min: 1, max: 150 }),
      isTold: fc.boolean(),
      share: fc.constantFrom(undefined, 0, 0.4, 1),
      strategy: fc.constantFrom(0, 1),
      ms: fc.constantFrom(0, 500, 3_000, 70_000),
    });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 8 }), (trades) => {
        const bench = makeBench({ isExclusive: false });
        bench.ready();
        for (const { side, qty, isTold, share, strategy, ms } of trades) {
          if (share !== undefined) bench.bar(share, strategy);
          const fill = bench.broker.trade(side, qty, 'AAA', isTold);
          if (isTold) bench.say('fill', fill);
          bench.pass(ms);
        }
        const { truth } = bench;
        expect(panic(bench, 200_000)).toBeGreaterThanOrEqual(Math.min(0, truth));
        for (const slot of bench.scene.slots) if (slot.isOwn) expect(slot.heldScaled).toBe(0);
        expect(bench.total).toBe(bench.truth);
        expect(bench.scene.codes()).toContain('PANIC_COMPLETE');
      }),
      runs(300),
    );
  });
});
