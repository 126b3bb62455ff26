import { describe, expect, it } from '@jest/globals';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import { AAPL, aGateway, aLimit, EURUSD, VOD } from '../gateway-bench.fixture.js';
import type { TestClient } from '../gateway-bench.fixture.js';
import type { SimulatorOptions } from '../simulator-options.js';

function aMarket(options: SimulatorOptions = {}) {
  const bench = aGateway(options);
  bench.gateway.quote('AAPL', { bid: 100, ask: 100, bidSize: 1000, askSize: 1000 });
  bench.gateway.quote('EUR.USD', { bid: 1.2, ask: 1.2, bidSize: 1e6, askSize: 1e6 });
  return bench;
}

function valuesOf(client: TestClient, currency: string): Record<string, string> {
  const rows = client.of('accountValue').filter((row) => row.currency === currency);
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

describe('positions', () => {
  it('tells a snapshot of all accounts, its end, and every change down to zero', () => {
    const { client } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2' }] });
    client.place(AAPL, { account: 'DU1' });
    client.place(AAPL, { account: 'DU2', action: 'SELL', totalQuantity: 10 });
    client.clear();
    client.ask({ kind: 'requestPositions' });
    expect(client.of('position').map(({ account, position, avgCost }) => [account, position, avgCost])).toEqual([
      ['DU1', 100, 100.01],
      ['DU2', -10, 99.9],
    ]);
    expect(client.last('position')?.contract).toMatchObject({ exchange: 'NASDAQ', conId: 265_598 });
    expect(client.story().at(-1)).toBe('positionEnd');
    client.place(AAPL, { account: 'DU1', action: 'SELL' });
    expect(client.last('position')).toMatchObject({ account: 'DU1', position: 0, avgCost: 0 });
    client.ask({ kind: 'cancelPositions' });
    const before = client.of('position').length;
    client.place(AAPL, { account: 'DU1' });
    expect(client.of('position')).toHaveLength(before);
  });

  it('shows currencies twice: as a position and as cash', () => {
    const { client } = aMarket();
    client.place(EURUSD, { totalQuantity: 10_000 });
    client.ask({ kind: 'requestPositions' });
    expect(client.last('position')).toMatchObject({
      position: 10_000,
      contract: { secType: 'CASH', symbol: 'EUR', exchange: '' },
    });
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: '' });
    expect(valuesOf(client, 'EUR')).toMatchObject({ CashBalance: '10000.00', ExchangeRate: '1.20' });
    expect(valuesOf(client, 'USD')).toMatchObject({ CashBalance: '987999.00', NetLiquidation: '999999.00' });
  });

  it('tells multi positions under a request id, of one account or all', () => {
    const { client } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2' }] });
    client.place(AAPL, { account: 'DU2' });
    client.ask({ kind: 'requestPositionsMulti', requestId: 3, account: 'DU1', model: '' });
    client.ask({ kind: 'requestPositionsMulti', requestId: 4, account: '', model: '' });
    expect(client.of('positionMulti').map(({ requestId, account }) => [requestId, account])).toEqual([[4, 'DU2']]);
    client.place(AAPL, { account: 'DU1' });
    expect(client.of('positionMulti').map(({ requestId }) => requestId)).toEqual([4, 3, 4]);
    client.ask({ kind: 'cancelPositionsMulti', requestId: 3 });
    client.place(AAPL, { account: 'DU1' });
    expect(client.of('positionMulti').map(({ requestId }) => requestId)).toEqual([4, 3, 4, 4]);
  });
});

describe('account updates', () => {
  it('tells everything, the end, and then with each position and every three minutes what changed', () => {
    const { client, clock, gateway } = aMarket();
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU1234567' });
    expect(client.last('accountDownloadEnd')).toEqual({ kind: 'accountDownloadEnd', account: 'DU1234567' });
    expect(valuesOf(client, 'BASE')).toMatchObject({ CashBalance: '1000000.00', Currency: 'BASE' });
    expect(client.last('accountUpdateTime')?.time).toBe('10:00');
    client.clear();
    client.place(AAPL, {});
    expect(valuesOf(client, 'USD')).toMatchObject({ StockMarketValue: '10000.00', CashBalance: '989999.00' });
    expect(client.last('portfolioValue')).toMatchObject({
      position: 100,
      marketPrice: 100,
      marketValue: 10_000,
      avgCost: 100.01,
      unrealizedPnl: -1,
    });
    client.clear();
    gateway.quote('AAPL', { bid: 101, ask: 101 });
    expect(client.messages).toEqual([]);
    clock.advance(180_000);
    expect(valuesOf(client, 'USD')).toMatchObject({ NetLiquidation: '1000099.00', UnrealizedPnL: '99.00' });
    expect(valuesOf(client, 'USD')).not.toHaveProperty('CashBalance');
    expect(client.last('accountUpdateTime')?.time).toBe('10:03');
    client.place(AAPL, { action: 'SELL' });
    expect(client.last('portfolioValue')).toMatchObject({ position: 0, realizedPnl: 98 });
    client.ask({ kind: 'requestAccountUpdates', subscribe: false, account: '' });
    expect(clock.pendingCalls).toBe(0);
  });

  it('serves one account at a time: 2100 for who changes, 2101 for who comes second', () => {
    const { client, connect } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2' }] });
    const other = connect(2);
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU1' });
    other.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU2' });
    expect(other.codes()).toEqual([2101]);
    other.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU1' });
    expect(other.last('accountDownloadEnd')?.account).toBe('DU1');
    other.ask({ kind: 'requestAccountUpdates', subscribe: false, account: 'DU1' });
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU2' });
    expect(client.codes()).toEqual([2100]);
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: 'DU9' });
    expect(client.codes()).toEqual([2100, 321]);
  });

  it('values pounds as pounds, not pence, and converts them', () => {
    const { client, gateway } = aMarket();
    gateway.quote('GBP.USD', { bid: 1.3, ask: 1.3 });
    gateway.quote(141_128, { bid: 72, ask: 72, askSize: 5000 });
    client.place(VOD, { totalQuantity: 1000 });
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: '' });
    expect(client.last('portfolioValue')).toMatchObject({ marketPrice: 0.72, marketValue: 720 });
    expect(valuesOf(client, 'GBP')).toMatchObject({ CashBalance: '-725.00', StockMarketValue: '720.00' });
    expect(valuesOf(client, 'BASE')).toMatchObject({ StockMarketValue: '936.00' });
  });

  it('has multi updates under a request id', () => {
    const { client, clock } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2' }] });
    client.ask({ kind: 'requestAccountUpdatesMulti', requestId: 6, account: 'DU2', model: '', ledgerAndNlv: true });
    expect(client.story().at(-1)).toBe('accountUpdateMultiEnd');
    const keys = new Set(client.of('accountUpdateMulti').map(({ key }) => key));
    expect([keys.has('NetLiquidation'), keys.has('CashBalance'), keys.has('BuyingPower')]).toEqual([true, true, false]);
    client.clear();
    client.place(AAPL, { account: 'DU2' });
    expect(client.of('accountUpdateMulti').map(({ account }) => account)).toContain('DU2');
    client.ask({ kind: 'cancelAccountUpdatesMulti', requestId: 6 });
    expect(clock.pendingCalls).toBe(0);
  });
});

describe('account summary', () => {
  it('tells the tags asked for, account by account, and every three minutes what changed', () => {
    const { client, clock, gateway } = aMarket({ accounts: [{ id: 'DU1' }, { id: 'DU2', cash: { USD: 5 } }] });
    client.ask({ kind: 'requestAccountSummary', requestId: 1, group: 'All', tags: ['NetLiquidation', '$LEDGER:USD'] });
    expect(client.of('accountSummary').filter(({ tag }) => tag === 'NetLiquidation')).toMatchObject([
      { account: 'DU1', value: '1000000.00', currency: 'USD' },
      { account: 'DU2', value: '5.00' },
    ]);
    expect(client.of('accountSummary').some(({ tag }) => tag === 'CashBalance')).toBe(true);
    client.clear();
    gateway.knobs.deposit('DU2', 10, 'USD');
    clock.advance(180_000);
    expect(client.of('accountSummary').find(({ tag }) => tag === 'NetLiquidation')).toMatchObject({
      account: 'DU2',
      value: '15.00',
    });
  });

  it('serves two at a time', () => {
    const { client } = aMarket();
    for (const requestId of [1, 2, 3])
      client.ask({ kind: 'requestAccountSummary', requestId, group: 'All', tags: ['NetLiquidation'] });
    expect(client.last('error')).toMatchObject({ id: 3, code: 322 });
    client.ask({ kind: 'cancelAccountSummary', requestId: 1 });
    client.ask({ kind: 'requestAccountSummary', requestId: 3, group: 'All', tags: ['NetLiquidation'] });
    expect(client.of('accountSummaryEnd').map(({ requestId }) => requestId)).toEqual([1, 2, 3]);
  });
});

describe('profit and loss', () => {
  it('comes at once and every second in which it changed', () => {
    const { client, clock, gateway } = aMarket();
    client.place(AAPL, {});
    client.ask({ kind: 'requestPnl', requestId: 1, account: 'DU1234567', model: '' });
    client.ask({ kind: 'requestPnlSingle', requestId: 2, account: 'DU1234567', model: '', conId: 265_598 });
    client.ask({ kind: 'requestPnlSingle', requestId: 3, account: 'DU1234567', model: '', conId: 272_093 });
    expect(client.of('pnlSingle').map(({ position, value }) => [position, value])).toEqual([
      [100, 10_000],
      [0, UNSET_DOUBLE],
    ]);
    client.clear();
    clock.advance(3000);
    expect(client.messages).toEqual([]);
    gateway.quote('AAPL', { bid: 102, ask: 102 });
    clock.advance(1000);
    expect(client.last('pnl')).toMatchObject({ unrealized: 199, realized: 0, daily: 199 });
    client.place(AAPL, { ...aLimit(102), action: 'SELL' });
    clock.advance(1000);
    expect(client.last('pnl')).toMatchObject({ unrealized: 0, realized: 198 });
    for (const requestId of [1]) client.ask({ kind: 'cancelPnl', requestId });
    for (const requestId of [2, 3]) client.ask({ kind: 'cancelPnlSingle', requestId });
    expect(clock.pendingCalls).toBe(0);
  });

  it('leaves no timer behind when a client goes', () => {
    const { client, clock, gateway } = aMarket();
    client.ask({ kind: 'requestPnl', requestId: 1, account: 'DU1234567', model: '' });
    client.ask({ kind: 'requestAccountSummary', requestId: 2, group: 'All', tags: ['NetLiquidation'] });
    client.ask({ kind: 'requestAccountUpdates', subscribe: true, account: '' });
    client.ask({ kind: 'requestAccountUpdatesMulti', requestId: 3, account: '', model: '', ledgerAndNlv: false });
    expect(clock.pendingCalls).toBe(4);
    gateway.disconnect(client);
    expect(clock.pendingCalls).toBe(0);
  });
});
