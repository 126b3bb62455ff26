import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '@bookrunner/sdk';
import { OpenFees } from './open-fees.js';
import { anExecution } from './order-state.fixture.js';

const ES = { conId: 7, secType: 'FUT' as never, currency: 'USD' };
const NOW = 10 * DAY_MS;

class Bench {
  readonly fees = new OpenFees();
  #count = 0;

  /** Signed units, and what they cost; undefined where IB has not said. Returns the id. */
  trade(qty: number, fee: number | undefined, ts = NOW): string {
    this.#count += 1;
    const executionId = `${this.#count}.01`;
    const side = qty > 0 ? 'buy' : 'sell';
    const told = { executionId, side, qty: Math.abs(qty), contract: ES, account: 'DU1', ts } as const;
    this.fees.onExecution(anExecution(told), NOW);
    if (fee !== undefined) this.fees.onFee({ executionId, fee, currency: 'USD' });
    return executionId;
  }

  of(qty: number): number | undefined {
    return this.fees.of({ account: 'DU1', conId: 7, qty }, NOW);
  }
}

describe('Commissions of an open position', () => {
  it('are those that opened it; what is closed takes its share with it', () => {
    const bench = new Bench();
    bench.trade(4, 8);
    expect(bench.of(4)).toBe(8);
    bench.trade(-1, 2);
    expect(bench.of(3)).toBe(6);
    // Sold out and sold short in one: half of it closes, half of it opens.
    bench.trade(-6, 12);
    expect(bench.of(-3)).toBe(6);
    bench.trade(3, 6);
    expect(bench.of(0)).toBe(0);
  });

  it('are not known where a part of the position is from before, until that is closed', () => {
    const bench = new Bench();
    bench.trade(2, 4);
    expect(bench.of(5)).toBeUndefined();
    bench.trade(-5, 10);
    bench.trade(1, 2);
    expect(bench.of(1)).toBe(2);
  });

  it('are not known while IB has not told one of them, nor in another currency', () => {
    const bench = new Bench();
    const executionId = bench.trade(2, undefined);
    expect(bench.of(2)).toBeUndefined();
    bench.fees.onFee({ executionId, fee: 4, currency: 'EUR' });
    expect(bench.of(2)).toBeUndefined();
    bench.fees.onFee({ executionId, fee: 4, currency: 'USD' });
    expect(bench.of(2)).toBe(4);
  });

  it('are the same where executions are told again, and follow their corrections', () => {
    const bench = new Bench();
    const executionId = bench.trade(2, 4);
    const again = { executionId, qty: 2, contract: ES, account: 'DU1', ts: NOW };
    bench.fees.onExecution(anExecution(again), NOW);
    expect(bench.of(2)).toBe(4);
    bench.fees.onExecution(anExecution({ ...again, revision: 2, qty: 3 }), NOW);
    expect(bench.of(3)).toBe(4);
  });

  it('of what was flat long ago are forgotten, and nothing else is', () => {
    const bench = new Bench();
    bench.trade(1, 2, NOW - 5 * DAY_MS);
    bench.trade(-1, 2, NOW - 5 * DAY_MS);
    bench.trade(3, 6, NOW - 4 * DAY_MS);
    expect(bench.of(3)).toBe(6);
    expect(bench.of(3)).toBe(6);
  });

  it('are known whatever else is traded, and when they come before their execution', () => {
    const bench = new Bench();
    bench.fees.onFee({ executionId: '1.01', fee: 4, currency: 'USD' });
    bench.trade(2, undefined);
    for (let i = 0; i < 50_000; i++) bench.fees.onFee({ executionId: `stock ${i}`, fee: 1, currency: 'USD' });
    expect(bench.of(2)).toBe(4);
    const late = bench.trade(2, undefined);
    expect(bench.of(4)).toBeUndefined();
    for (let i = 0; i < 50_000; i++) bench.fees.onFee({ executionId: `bond ${i}`, fee: 1, currency: 'USD' });
    bench.fees.onFee({ executionId: late, fee: 4, currency: 'USD' });
    expect(bench.of(4)).toBe(8);
  });

  it('of contracts that are paid for are nobody’s question', () => {
    const bench = new Bench();
    bench.fees.onExecution(anExecution({ contract: { conId: 8, secType: 'STK' as never }, account: 'DU1' }), NOW);
    expect(bench.fees.of({ account: 'DU1', conId: 8, qty: 100 }, NOW)).toBeUndefined();
  });
});
