import { describe, expect, it } from '@jest/globals';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import { AAPL, aGateway, aLimit, SUNDAY } from '../gateway-bench.fixture.js';

const QUOTE = { bid: 199.99, ask: 200.01, bidSize: 500, askSize: 500 };

function aQuotedGateway(...args: Parameters<typeof aGateway>) {
  const bench = aGateway(...args);
  bench.gateway.quote('AAPL', QUOTE);
  return bench;
}

describe('the sequences of orders', () => {
  it('fills a market order as the real gateway does', () => {
    const { client } = aQuotedGateway();
    client.place(AAPL, { orderRef: 'tag' });
    expect(client.story()).toEqual([
      'openOrder PreSubmitted',
      'orderStatus PreSubmitted',
      'execDetails',
      'openOrder Filled',
      'orderStatus Filled',
      'openOrder Filled',
      'commissionReport',
    ]);
    const [, first, second] = client.of('openOrder').map(({ state }) => state);
    expect(first?.commission).toBe(UNSET_DOUBLE);
    expect(second).toMatchObject({ commission: 1, commissionCurrency: 'USD', status: 'Filled' });
    expect(client.last('execDetails')).toMatchObject({
      requestId: -1,
      execution: {
        shares: 100,
        price: 200.01,
        side: 'BOT',
        orderRef: 'tag',
        cumQty: 100,
        avgPrice: 200.01,
        exchange: 'NASDAQ',
      },
    });
    expect(client.last('execDetails')?.execution.execId).toMatch(/^[0-9a-f]{8}\.[0-9a-f]{8}\.01\.01$/);
    expect(client.last('commissionReport')?.realizedPnl).toBe(UNSET_DOUBLE);
  });

  it('lets a limit order rest, tells it as often as asked, and fills it at its limit', () => {
    const { client, gateway } = aQuotedGateway({ restingCopies: 3 });
    client.place(AAPL, aLimit(199.5));
    expect(client.story()).toEqual([
      'openOrder PreSubmitted',
      'orderStatus PreSubmitted',
      ...Array.from({ length: 3 }, () => ['openOrder Submitted', 'orderStatus Submitted']).flat(),
    ]);
    client.clear();
    gateway.quote('AAPL', { bid: 199.4, ask: 199.45, askSize: 40 });
    expect(client.story()).toEqual(['execDetails', 'openOrder Submitted', 'orderStatus Submitted', 'commissionReport']);
    expect(client.last('orderStatus')).toMatchObject({
      filled: 40,
      remaining: 60,
      avgFillPrice: 199.5,
      lastFillPrice: 199.5,
    });
    gateway.quote('AAPL', { askSize: 500 });
    expect(client.last('orderStatus')).toMatchObject({ status: 'Filled', filled: 100, remaining: 0 });
    expect(client.last('execDetails')?.execution).toMatchObject({ shares: 60, cumQty: 100, lastLiquidity: 1 });
  });

  it('cancels: the status, then 202', () => {
    const { client } = aQuotedGateway();
    const orderId = client.place(AAPL, aLimit(190));
    client.clear();
    client.ask({ kind: 'cancelOrder', orderId });
    expect(client.story()).toEqual(['orderStatus Cancelled', 'error 202']);
    client.ask({ kind: 'cancelOrder', orderId });
    client.ask({ kind: 'cancelOrder', orderId: 999 });
    expect(client.codes()).toEqual([202, 10148, 10147]);
  });

  it('takes its time for a cancel where told to, and refuses a second one meanwhile', () => {
    const { client, clock } = aQuotedGateway({ cancelMs: 500 });
    const orderId = client.place(AAPL, aLimit(190));
    client.clear();
    client.ask({ kind: 'cancelOrder', orderId });
    client.ask({ kind: 'cancelOrder', orderId });
    clock.advance(500);
    expect(client.story()).toEqual(['orderStatus PendingCancel', 'error 161', 'orderStatus Cancelled', 'error 202']);
  });

  it('changes an order under its id, and keeps the old values where the change is wrong', () => {
    const { client, gateway } = aQuotedGateway();
    const orderId = client.place(AAPL, aLimit(190));
    client.clear();
    client.place(AAPL, { ...aLimit(191), orderId });
    expect(client.story()).toEqual(['openOrder Submitted', 'orderStatus Submitted']);
    expect(client.last('openOrder')?.state.order.lmtPrice).toBe(191);
    client.place(AAPL, { ...aLimit(191.005), orderId });
    client.place(AAPL, { ...aLimit(191), action: 'SELL', orderId });
    expect(client.codes()).toEqual([110, 105]);
    gateway.quote('AAPL', { bid: 190.9, ask: 190.95 });
    expect(client.last('execDetails')?.execution.price).toBe(191);
    client.place(AAPL, { ...aLimit(192), orderId });
    expect(client.codes().at(-1)).toBe(104);
  });

  it('refuses with the error alone, or with an order that is Inactive', () => {
    const { client } = aQuotedGateway({ maxOrderSize: 1000 });
    client.place(AAPL, aLimit(190.005));
    client.place({ ...AAPL, symbol: 'NONE' }, {});
    client.place(AAPL, { totalQuantity: 0 });
    expect(client.story()).toEqual(['error 110', 'error 200', 'error 434']);
    client.clear();
    client.place(AAPL, { totalQuantity: 2000 });
    expect(client.story()).toEqual(['error 201', 'openOrder Inactive', 'orderStatus Inactive']);
    client.place(AAPL, { orderId: 2 });
    expect(client.codes().at(-1)).toBe(103);
  });

  it('previews with one openOrder and leaves no order and no used id', () => {
    const { client, gateway } = aQuotedGateway();
    client.place(AAPL, { ...aLimit(200), whatIf: true });
    expect(client.story()).toEqual(['openOrder PreSubmitted']);
    expect(client.last('openOrder')?.state).toMatchObject({
      initMarginChange: '10000.00',
      commission: 1,
      order: { whatIf: true },
    });
    expect(gateway.truth().orders).toEqual([]);
    client.place(AAPL, { ...aLimit(200.001), whatIf: true });
    expect(client.codes()).toEqual([110]);
  });

  it('holds a market order until the opening', () => {
    const { client, clock } = aGateway({ hours: 'exchange' }, SUNDAY);
    client.place(AAPL, {});
    expect(client.story()).toEqual(['openOrder PreSubmitted', 'orderStatus PreSubmitted', 'error 399']);
    expect(client.of('error')[0]?.message).toContain('until 20260713 09:30:00 US/Eastern');
    clock.moveTo(Date.UTC(2026, 6, 13, 13, 30));
    expect(client.last('orderStatus')?.status).toBe('Filled');
  });
});
