import { describe, expect, it } from '@jest/globals';
import { moneyToNumber } from '@bookrunner/sdk';
import fc from 'fast-check';
import { AAPL, aGateway, aLimit, EURUSD } from '../gateway-bench.fixture.js';
import { defaultInstruments } from '../instruments/default-instruments.js';
import { CommissionModel } from './commission-model.js';
import type { ChargedPart } from './commission-model.js';

const INSTRUMENTS = defaultInstruments(Date.UTC(2026, 6, 14));
const named = (secType: string, symbol: string) =>
  INSTRUMENTS.find((item) => item.secType === secType && item.symbol === symbol)!;

/** What each of these parts of one order to buy shares of Apple was said to cost. */
function saidOf(parts: readonly number[], total: number): readonly number[] {
  const { client, gateway } = aGateway();
  gateway.quote('AAPL', { bid: 100, ask: 100.02 });
  const orderId = client.place(AAPL, aLimit(99, { totalQuantity: total }));
  for (const units of parts) gateway.knobs.fillOrder({ clientId: 1, orderId }, units);
  return client.of('commissionReport').map(({ commission }) => commission);
}

describe('CommissionModel', () => {
  it('charges the minimum once for an order, and its later parts what goes beyond it', () => {
    expect(saidOf([10, 10, 10], 30)).toEqual([1, 0, 0]);
    expect(saidOf([100, 100, 100, 100], 400)).toEqual([1, 0, 0.5, 0.5]);
    expect(saidOf([400], 400)).toEqual([2]);
  });

  it('charges each order its own minimum', () => {
    const { client, gateway } = aGateway();
    gateway.quote('AAPL', { bid: 100, ask: 100.02, askSize: 1000 });
    client.place(AAPL, { totalQuantity: 10 });
    client.place(AAPL, { totalQuantity: 10 });
    expect(client.of('commissionReport').map(({ commission }) => commission)).toEqual([1, 1]);
    expect(client.last('openOrder')?.state.commission).toBe(1);
  });

  it('has the minimum of currencies once as well', () => {
    const { client, gateway } = aGateway();
    gateway.quote('EUR.USD', { bid: 1.1, ask: 1.1001 });
    const orderId = client.place(EURUSD, aLimit(1.09, { totalQuantity: 60_000 }));
    for (const units of [20_000, 40_000]) gateway.knobs.fillOrder({ clientId: 1, orderId }, units);
    // 60,000 x 1.09 x 0.00002 comes to 1.308.
    expect(client.of('commissionReport').map(({ commission }) => commission)).toEqual([1, 0.308]);
  });

  it('asks for the minimum again where the part that paid it is taken back', () => {
    const { client, gateway } = aGateway();
    gateway.quote('AAPL', { bid: 100, ask: 100.02 });
    const orderId = client.place(AAPL, aLimit(99, { totalQuantity: 30 }));
    const [first] = gateway.knobs.fillOrder({ clientId: 1, orderId }, 10);
    gateway.knobs.bustExecution(first!);
    gateway.knobs.fillOrder({ clientId: 1, orderId }, 10);
    expect(client.last('commissionReport')?.commission).toBe(1);
    gateway.knobs.fillOrder({ clientId: 1, orderId }, 20);
    expect(client.last('openOrder')?.state).toMatchObject({ status: 'Filled', commission: 1 });
  });

  it('comes to the same for the parts of an order as for the whole, to the last digit', () => {
    const instrument = fc.constantFrom(named('STK', 'AAPL'), named('CASH', 'EUR'), named('OPT', 'AAPL'));
    const terms = fc.record({
      perUnit: fc.constantFrom(0.005, 0.0035, 0, -0.002),
      minimum: fc.constantFrom(0, 1, 2.5),
      ofValue: fc.constantFrom(0.00002, 0.0001),
    });
    const parts = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(instrument, terms, parts, (traded, given, sizes) => {
        const model = new CommissionModel(given);
        const charged: ChargedPart[] = [];
        for (const lots of sizes) {
          const units = { lots, price: 1.09 };
          charged.push({ ...units, commission: model.ofNext(traded, charged, units) });
        }
        const lots = sizes.reduce((sum, size) => sum + size, 0);
        const paid = charged.reduce((sum, { commission }) => sum + commission.amount, 0n);
        expect(paid).toBe(model.of(traded, { lots, price: 1.09 }).amount);
        expect(given.perUnit < 0 || charged.every(({ commission }) => commission.amount >= 0n)).toBe(true);
      }),
    );
  });

  it('has no minimum for rebates', () => {
    const model = new CommissionModel({ perUnit: -0.002 });
    expect(moneyToNumber(model.of(named('STK', 'AAPL'), { lots: 10_000, price: 100 }).amount)).toBeLessThan(0);
  });
});
