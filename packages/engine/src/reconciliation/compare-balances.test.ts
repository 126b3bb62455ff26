import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AccountState } from '@bookrunner/sdk';
import { reconciliationViews } from '../runtime/reconciliation-views.js';
import { BrokerBench } from './broker-bench.fixture.js';
import type { BalanceLine } from './difference.js';

const CENT = 0.01;
/** Between two questions, and a little more. */
const ROUND_MS = 61_000;

/** A broker that tells cash in whole steps: the nearest one, or what is left when the rest is cut off. */
function rounding(bench: BrokerBench, cashStep: number, round: (steps: number) => number = Math.round): BrokerBench {
  const told = (state: AccountState): AccountState => ({
    ...state,
    cash: Number((round(Number((state.cash / cashStep).toFixed(8))) * cashStep).toFixed(8)),
    cashStep,
  });
  bench.broker.spoil = ({ accounts, ...rest }) => ({
    ...rest,
    accounts: { ...accounts, items: accounts.items.map(told) },
  });
  return bench;
}

function cashOf(bench: BrokerBench): BalanceLine {
  return bench.reconciler.reports()[0]!.balances.find(({ kind }) => kind === 'cash')!;
}

function causes(bench: BrokerBench): readonly string[] {
  return bench.reconciler.reports()[0]!.differences.map(({ cause }) => cause);
}

describe('cash that a broker rounds', () => {
  it('is the books’ where no more than the rounding is between them, and nothing is moved', () => {
    const bench = rounding(new BrokerBench({ cash: 1_250_000 }), CENT);
    bench.broker.fee = 0.001_23;
    bench.ready();
    bench.bar(1);
    for (let i = 0; i < 3; i++) {
      bench.broker.trade('buy', 1);
      bench.pass(ROUND_MS);
      expect(cashOf(bench)).toMatchObject({ suspense: expect.any(Number), difference: 0 });
      expect(causes(bench)).not.toContain('cash');
    }
  });

  it('that moved by more is moved in whole steps: what rounding leaves is not', () => {
    const bench = rounding(new BrokerBench({ cash: 1_000_000.004 }), CENT);
    bench.ready();
    bench.bar(1);
    const { suspense } = cashOf(bench);
    bench.broker.cash += 12.344;
    bench.pass(ROUND_MS);
    const evidence = bench.reconciler.reports()[0]!.differences.map((one) => one.evidence);
    expect(evidence).toEqual(['the broker has 12.35 USD that no trade explains']);
    expect(cashOf(bench).suspense).toBe(Number((suspense + 12.35).toFixed(2)));
    expect(cashOf(bench).difference).toBe(0);
  });

  it('in a currency without cents has its own step', () => {
    const bench = rounding(new BrokerBench({ cash: 1_000_000 }), 1);
    bench.ready();
    bench.bar(1);
    bench.broker.cash += 0.4;
    bench.pass(ROUND_MS);
    expect(causes(bench)).toEqual([]);
    bench.broker.cash += 1.2;
    bench.pass(ROUND_MS);
    expect(causes(bench)).toEqual(['cash']);
  });

  it.each([
    ['rounds', Math.round],
    ['cuts off', Math.trunc],
  ])('that %s never differs by what that can do, whatever is traded at whatever fee', (_how, round) => {
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 1e6);
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 5 }), (fees) => {
        const bench = rounding(new BrokerBench({ cash: 1_000_000 }), CENT, round);
        bench.ready();
        bench.bar(1);
        for (const fee of fees) {
          bench.broker.fee = fee;
          bench.broker.trade('buy', 1);
          bench.pass(ROUND_MS);
          const { books, suspense, broker, difference } = cashOf(bench);
          expect(difference).toBe(0);
          expect(Math.abs(broker - books - suspense)).toBeLessThanOrEqual(CENT + 1e-9);
          expect(causes(bench)).not.toContain('cash');
        }
      }),
      { numRuns: 30 },
    );
  });
});

it('the report shows differences as they are, and no dust of the numbers that show them', () => {
  const bench = new BrokerBench({ cash: 7_654_321.123_456_78 });
  bench.broker.fee = 0.000_123_45;
  bench.ready();
  bench.bar(1);
  for (let i = 0; i < 20; i++) {
    bench.broker.trade('buy', 1);
    bench.pass(ROUND_MS);
    const [view] = reconciliationViews(bench.scene.kernel, []);
    for (const { difference } of view!.balances) expect(difference).toBe(0);
  }
});
