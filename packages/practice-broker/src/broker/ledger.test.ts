import { describe, expect, it } from '@jest/globals';
import { toMoney } from '@bookrunner/sdk';
import { anInstrument } from '@bookrunner/sdk/testing';
import fc from 'fast-check';
import { type Execution, Ledger } from './ledger.js';

const FINE = anInstrument({ lotStep: 0.001, quantityDecimals: 4, minQty: 0.001 });

function ledgerOf(settlement: 'cash' | 'margin'): Ledger {
  const account = { id: 'practice', currency: 'USD', cash: 1_000, settlement };
  return new Ledger(account, new Map([[FINE.symbol, FINE]]));
}

let count = 0;
function execution(fields: Partial<Execution>): Execution {
  count += 1;
  return {
    ...{ orderId: 'o', executionId: `E-${count}`, symbol: FINE.symbol, side: 'buy', qty: 0.0004, price: 100 },
    ...{ fee: 0.00000005, feeCurrency: 'BNB', liquidity: 'taker', ts: 1, tag: '', account: 'practice' },
    ...{ venueOrderId: 'v', state: 'booked' },
    ...fields,
  };
}

const trade = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  qty: fc.integer({ min: 1, max: 50 }).map((n) => (n * 4) / 10_000),
  price: fc.integer({ min: 1, max: 4_000 }).map((n) => n / 4),
});

describe('an account', () => {
  it('that is settled on margin pays for no position, and has what it realised', () => {
    const ledger = ledgerOf('margin');
    ledger.book(execution({ qty: 0.0008, price: 100 }));
    expect(ledger.balances()).toEqual({ USD: 1_000, BNB: -0.00000005 });
    ledger.book(execution({ side: 'sell', price: 110 }));
    expect([ledger.cash, ledger.positions()]).toEqual([1_000.004, [expect.objectContaining({ qty: 0.0004 })]]);
    expect(ledger.state(1, () => 120)).toMatchObject({ cash: 1_000.004, equity: 1_000.012 });
    expect(ledger.states(1, () => 120)[1]).toMatchObject({ currency: 'BNB', cash: -0.0000001, margin: 0 });
  });

  it('has the same cash on margin as without, to the last unit, once it is flat', () => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 20 }), (trades) => {
        const [paid, margin] = [ledgerOf('cash'), ledgerOf('margin')];
        const book = (fields: Partial<Execution>): void => {
          for (const ledger of [paid, margin]) ledger.book(execution(fields));
        };
        for (const fields of trades) book(fields);
        const qty = paid.positions()[0]?.qty ?? 0;
        if (qty !== 0) book({ side: qty > 0 ? 'sell' : 'buy', qty: Math.abs(qty), price: 50 });
        expect(margin.positions()).toEqual([]);
        expect(margin.balances()).toEqual(paid.balances());
        expect(toMoney(margin.balances()['BNB'] ?? 0)).toBe(-5n * toMoney(0.00000001) * BigInt(paid.executions.length));
      }),
    );
  });

  it('forgets what was changed or taken back, fees included', () => {
    for (const settlement of ['cash', 'margin'] as const) {
      const ledger = ledgerOf(settlement);
      const booked = execution({ qty: 0.0008 });
      ledger.book(booked);
      ledger.amend(booked.executionId, { qty: 0.0004 });
      ledger.amend(booked.executionId, { state: 'busted' });
      expect([ledger.cash, ledger.positions(), ledger.balances()]).toEqual([1_000, [], { USD: 1_000 }]);
    }
  });
});
