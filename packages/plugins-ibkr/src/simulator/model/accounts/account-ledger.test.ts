import { describe, expect, it } from '@jest/globals';
import { moneyToNumber, toMoney } from '@bookrunner/sdk';
import fc from 'fast-check';
import { defaultInstruments } from '../instruments/default-instruments.js';
import { AccountLedger, averageCostOf, quantityOf } from './account-ledger.js';
import { sizeGrid, valueOf } from './amounts.js';

const INSTRUMENTS = defaultInstruments(Date.UTC(2026, 6, 14));
const named = (secType: string, symbol: string) =>
  INSTRUMENTS.find((item) => item.secType === secType && item.symbol === symbol)!;
const ES = named('FUT', 'ES');
const FREE = { amount: 0n, currency: 'USD' };

const trades = fc.array(
  fc.record({
    instrument: fc.constantFrom(
      named('STK', 'AAPL'),
      ES,
      named('CASH', 'EUR'),
      named('STK', 'VOD'),
      named('CRYPTO', 'BTC'),
      named('OPT', 'AAPL'),
    ),
    lots: fc.integer({ min: -500, max: 500 }).filter((lots) => lots !== 0),
    steps: fc.integer({ min: -50, max: 50 }),
    fee: fc.integer({ min: -300, max: 300 }),
    feeCurrency: fc.constantFrom('USD', 'EUR'),
  }),
  { maxLength: 40 },
);

describe('AccountLedger', () => {
  it('keeps cash = paid in − executions − commissions, exactly, with what margined instruments have open added back', () => {
    fc.assert(
      fc.property(trades, (script) => {
        const ledger = new AccountLedger('DU1', 'USD');
        const cash: Record<string, bigint> = {};
        const pay = (currency: string, amount: bigint): void => void (cash[currency] = (cash[currency] ?? 0n) + amount);
        for (const { instrument, lots, steps, fee, feeCurrency } of script) {
          const price =
            Math.round((instrument.startPrice + steps * instrument.priceIncrements[0]!.increment) * 1e8) / 1e8;
          const commission = { amount: toMoney(fee / 100), currency: feeCurrency };
          ledger.book({ instrument, lots, price, commission });
          pay(instrument.currency, -valueOf(instrument, lots, price));
          if (instrument.secType === 'CASH') pay(instrument.symbol, toMoney(sizeGrid(instrument).toValue(lots)));
          pay(feeCurrency, -commission.amount);
        }
        const future = ledger.holding(ES);
        pay('USD', future.cost);
        for (const [currency, amount] of Object.entries(ledger.cash)) expect(amount).toBe(cash[currency] ?? 0n);
        for (const { lots, cost, fees } of ledger.holdings) if (lots === 0) expect([cost, fees]).toEqual([0n, 0n]);
      }),
    );
  }, 60_000);

  it('realizes in sum what closed positions gained, commissions taken off', () => {
    fc.assert(
      fc.property(trades, (script) => {
        const ledger = new AccountLedger('DU1', 'USD');
        let total = 0n;
        for (const { lots, steps, fee } of script) {
          const commission = { amount: toMoney(fee / 100), currency: 'USD' };
          ledger.book({ instrument: ES, lots, price: 5000 + steps * 0.25, commission });
          total -= valueOf(ES, lots, 5000 + steps * 0.25) + commission.amount;
        }
        const { lots, cost, fees, realized } = ledger.holding(ES);
        expect(realized + (lots === 0 ? 0n : -cost - fees)).toBe(total);
      }),
    );
  }, 60_000);

  it('puts commissions and the multiplier into the average cost, and pence out of it', () => {
    const ledger = new AccountLedger('DU1', 'USD');
    ledger.book({ instrument: ES, lots: 2, price: 5000, commission: { amount: toMoney(4.5), currency: 'USD' } });
    expect(averageCostOf(ledger.holding(ES))).toBe(250_002.25);
    const vod = named('STK', 'VOD');
    ledger.book({ instrument: vod, lots: 1000, price: 72.4, commission: { amount: 0n, currency: 'GBP' } });
    expect(averageCostOf(ledger.holding(vod))).toBe(0.724);
    expect(moneyToNumber(ledger.cash['GBP']!)).toBe(-724);
  });

  it('says what an execution realized only where it closed something', () => {
    const ledger = new AccountLedger('DU1', 'USD');
    const trade = (lots: number, price: number) =>
      ledger.book({ instrument: ES, lots, price, commission: { ...FREE, amount: toMoney(2) } });
    expect(trade(2, 5000)).toBeUndefined();
    expect(moneyToNumber(trade(-3, 5001)!)).toBeCloseTo(2 * 50 - 2 - (2 * 2) / 3, 9);
    expect(quantityOf(ledger.holding(ES))).toBe(-1);
    expect(moneyToNumber(ledger.cash['USD']!)).toBe(100 - 4);
  });
});
