import { describe, expect, it } from '@jest/globals';
import { aContract, AAPL, aGateway, aLimit, aMarket, anOrder, SUNDAY } from '../gateway-bench.fixture.js';

describe('kinds of orders', () => {
  it('waits with a stop until it is reached, and says why it is held', () => {
    const { client, quote, status } = aMarket();
    const id = client.place(AAPL, { orderType: 'STP', auxPrice: 100.5 });
    expect(status(id)).toMatchObject({ status: 'PreSubmitted', whyHeld: 'trigger' });
    quote(100.4);
    expect(status(id)?.status).toBe('PreSubmitted');
    quote(100.6);
    expect(status(id)).toMatchObject({ status: 'Filled', avgFillPrice: 100.62, whyHeld: '' });
  });

  it('turns a stop-limit into a limit, and lets a trade set a stop off', () => {
    const { client, quote, status, gateway } = aMarket();
    const id = client.place(AAPL, { action: 'SELL', orderType: 'STP LMT', auxPrice: 99.5, lmtPrice: 99.4 });
    gateway.trade('AAPL', 99.45, 10);
    expect(status(id)?.status).toBe('Filled');
    const low = client.place(AAPL, { action: 'SELL', orderType: 'STP LMT', auxPrice: 99.5, lmtPrice: 99.4 });
    quote(99);
    expect(status(low)?.status).toBe('Submitted');
    quote(99.4);
    expect(status(low)).toMatchObject({ status: 'Filled', avgFillPrice: 99.4 });
  });

  it('trails by an amount and by a percentage', () => {
    const { client, quote, status } = aMarket();
    const byAmount = client.place(AAPL, { action: 'SELL', orderType: 'TRAIL', auxPrice: 1 });
    const byPercent = client.place(AAPL, {
      action: 'SELL',
      orderType: 'TRAIL',
      trailingPercent: 2,
      trailStopPrice: 97,
    });
    quote(103);
    quote(102.01);
    expect(status(byAmount)?.status).toBe('PreSubmitted');
    quote(101.99);
    expect(status(byAmount)).toMatchObject({ status: 'Filled', avgFillPrice: 101.99 });
    expect(status(byPercent)?.status).toBe('PreSubmitted');
    client.clear();
    client.ask({ kind: 'requestOpenOrders' });
    expect(client.last('openOrder')?.state.order.trailStopPrice).toBe(100.94);
    quote(100.9);
    expect(status(byPercent)?.status).toBe('Filled');
  });

  it('touches: MIT and LIT', () => {
    const { client, quote, status } = aMarket();
    const market = client.place(AAPL, { orderType: 'MIT', auxPrice: 99.5 });
    const limit = client.place(AAPL, { orderType: 'LIT', auxPrice: 99.5, lmtPrice: 99.3 });
    quote(99.4);
    expect([status(market)?.status, status(limit)?.status]).toEqual(['Filled', 'Submitted']);
    quote(99.2);
    expect(status(limit)).toMatchObject({ status: 'Filled', avgFillPrice: 99.3 });
  });

  it('fills IOC what it can, FOK all or nothing, and holds all-or-none', () => {
    const { client, quote, status } = aMarket();
    quote(100, { askSize: 60 });
    const ioc = client.place(AAPL, aLimit(100.02, { tif: 'IOC', totalQuantity: 50 }));
    const rest = client.place(AAPL, aLimit(100.02, { tif: 'IOC', totalQuantity: 50 }));
    expect(status(ioc)?.status).toBe('Filled');
    expect(status(rest)).toMatchObject({ status: 'Cancelled', filled: 10 });
    quote(100, { askSize: 60 });
    const fok = client.place(AAPL, aLimit(100.02, { tif: 'FOK', totalQuantity: 61 }));
    expect(status(fok)).toMatchObject({ status: 'Cancelled', filled: 0 });
    const all = client.place(AAPL, aLimit(100.02, { allOrNone: true, totalQuantity: 61 }));
    expect(status(all)?.status).toBe('Submitted');
    quote(100, { askSize: 61 });
    expect(status(all)?.status).toBe('Filled');
  });

  it('ends DAY orders with the day and GTD orders at their time, and keeps GTC', () => {
    const { client, clock, status } = aMarket();
    const day = client.place(AAPL, aLimit(90));
    const gtc = client.place(AAPL, aLimit(90, { tif: 'GTC' }));
    const gtd = client.place(AAPL, aLimit(90, { tif: 'GTD', goodTillDate: '20260714 10:30:00' }));
    clock.advance(30 * 60_000);
    expect(status(gtd)?.status).toBe('Cancelled');
    expect(status(day)?.status).toBe('Submitted');
    clock.advance(24 * 3_600_000);
    expect([status(day)?.status, status(gtc)?.status]).toEqual(['Cancelled', 'Submitted']);
  });

  it('starts at goodAfterTime', () => {
    const { client, clock, status } = aMarket();
    const id = client.place(AAPL, { goodAfterTime: '20260714 10:05:00 US/Eastern' });
    expect(status(id)?.status).toBe('PreSubmitted');
    clock.advance(5 * 60_000);
    expect(status(id)?.status).toBe('Filled');
  });

  it('trades MOC and LOC at the close and OPG at the open, or never', () => {
    const { client, clock, status, quote } = aMarket({ hours: 'exchange' });
    const moc = client.place(AAPL, { orderType: 'MOC' });
    const loc = client.place(AAPL, { orderType: 'LOC', lmtPrice: 99 });
    quote(100.2);
    expect(status(moc)?.status).toBe('PreSubmitted');
    clock.moveTo(Date.UTC(2026, 6, 14, 20));
    expect([status(moc)?.status, status(loc)?.status]).toEqual(['Filled', 'Cancelled']);
    const opg = client.place(AAPL, { tif: 'OPG' });
    expect(status(opg)?.status).toBe('PreSubmitted');
    clock.moveTo(Date.UTC(2026, 6, 15, 13, 30));
    expect(status(opg)?.status).toBe('Filled');
  });

  it('heeds hours: a limit trades outside them only where told to, and outsideRth on a market order is ignored', () => {
    const { client, gateway, status, clock } = aMarket({ hours: 'exchange' });
    clock.moveTo(Date.UTC(2026, 6, 14, 21));
    const inside = client.place(AAPL, aLimit(101));
    const outside = client.place(AAPL, aLimit(101, { outsideRth: true }));
    const market = client.place(AAPL, { outsideRth: true });
    expect([inside, outside, market].map((id) => status(id)?.status)).toEqual([
      'PreSubmitted',
      'Filled',
      'PreSubmitted',
    ]);
    expect(client.codes()).toEqual([399, 2109, 399]);
    clock.moveTo(Date.UTC(2026, 6, 15, 13, 30));
    gateway.quote('AAPL', { ask: 100.5 });
    expect([inside, market].map((id) => status(id)?.status)).toEqual(['Filled', 'Filled']);
  });

  it('cancels an IOC order at once while the market is closed', () => {
    const { client } = aGateway({ hours: 'exchange' }, SUNDAY);
    client.place(AAPL, { tif: 'IOC' });
    expect(client.last('orderStatus')?.status).toBe('Cancelled');
  });

  it('stands still while the market is halted or has no quote', () => {
    const { client, gateway, status } = aMarket();
    gateway.halt('AAPL', 1);
    const id = client.place(AAPL, {});
    expect(status(id)?.filled).toBe(0);
    gateway.halt('AAPL', 0);
    expect(status(id)?.status).toBe('Filled');
    gateway.quote('AAPL', { ask: -1 });
    const other = client.place(AAPL, {});
    expect(status(other)?.status).toBe('Submitted');
    gateway.quote('AAPL', { ask: 101 });
    expect(status(other)).toMatchObject({ status: 'Filled', avgFillPrice: 101 });
  });

  it('matches the better price first, then the older order, out of one quoted size', () => {
    const { client, gateway, status } = aMarket();
    const older = client.place(AAPL, aLimit(99));
    const younger = client.place(AAPL, aLimit(99));
    const better = client.place(AAPL, aLimit(99.1));
    gateway.quote('AAPL', { bid: 98.8, ask: 98.9, askSize: 150 });
    expect([older, younger, better].map((id) => status(id)?.filled)).toEqual([50, 0, 100]);
  });

  it('takes fractions of shares, money for crypto, and refuses what is off the grid', () => {
    const { client, gateway, status } = aMarket();
    const id = client.place(AAPL, { totalQuantity: 0.5 });
    expect(status(id)).toMatchObject({ status: 'Filled', filled: 0.5 });
    const btc = aContract({ symbol: 'BTC', secType: 'CRYPTO', exchange: 'PAXOS' });
    gateway.quote('BTC', { bid: 49_999.75, ask: 50_000, askSize: 10 });
    client.place(btc, { totalQuantity: 1 });
    const cash = client.place(btc, { totalQuantity: 0, cashQty: 1000, tif: 'IOC' });
    expect(client.codes()).toEqual([201]);
    expect(status(cash)).toMatchObject({ status: 'Filled', filled: 0.02 });
    const whole = aMarket({ fractionalShares: false });
    whole.client.place(AAPL, { totalQuantity: 0.5 });
    whole.client.place(AAPL, { totalQuantity: 0.000_05 });
    whole.client.place(AAPL, { totalQuantity: 10, orderType: 'PEG MID' });
    whole.client.place(AAPL, { totalQuantity: 0, cashQty: 100 });
    expect(whole.client.codes()).toEqual([10243, 10243, 387, 10244]);
  });

  it('fills combinations at the sum of their legs: one summary and a leg each', () => {
    const { client, gateway } = aMarket();
    gateway.quote('MSFT', { bid: 300, ask: 300.05, bidSize: 500, askSize: 500 });
    const bag = aContract({ symbol: 'AAPL,MSFT', secType: 'BAG' });
    const comboLegs = [
      { conId: 265_598, ratio: 1, action: 'BUY', exchange: 'SMART' },
      { conId: 272_093, ratio: 2, action: 'SELL', exchange: 'SMART' },
    ];
    client.ask({ kind: 'requestPositions' });
    client.ask({
      kind: 'placeOrder',
      contract: bag,
      order: anOrder({ totalQuantity: 10, comboLegs, orderType: 'LMT', lmtPrice: -499.9 }),
    });
    const executions = client.of('execDetails').map(({ execution }) => execution);
    expect(executions.map(({ contract, side, shares, price }) => [contract.secType, side, shares, price])).toEqual([
      ['BAG', 'BOT', 10, -499.98],
      ['STK', 'BOT', 10, 100.02],
      ['STK', 'SLD', 20, 300],
    ]);
    expect(client.last('orderStatus')).toMatchObject({ status: 'Filled', avgFillPrice: -499.98 });
    expect(client.of('commissionReport')).toHaveLength(2);
    expect(gateway.truth().positions.map(({ symbol, qty }) => [symbol, qty])).toEqual([
      ['AAPL', 10],
      ['MSFT', -20],
    ]);
  });

  it('refuses what it would not act on: conditions', () => {
    const { client } = aMarket();
    client.place(AAPL, { conditions: [{ type: 3, conjunction: 'a', values: ['1', '20300101 00:00:00'] }] });
    expect(client.story()).toEqual(['error 201', 'openOrder Inactive', 'orderStatus Inactive']);
  });

  it('limits active orders per contract, side and account', () => {
    const { client } = aMarket({ activeOrderLimit: 3 });
    for (let i = 0; i < 4; i += 1) client.place(AAPL, aLimit(90));
    client.place(AAPL, aLimit(110, { action: 'SELL' }));
    expect(client.codes()).toEqual([201]);
    expect(client.last('orderStatus')?.status).toBe('Submitted');
  });

  it('holds a short sale until shares are located', () => {
    const { client, gateway, status } = aMarket({ hardToBorrow: ['AAPL'] });
    const id = client.place(AAPL, { action: 'SELL' });
    expect(status(id)).toMatchObject({ status: 'PreSubmitted', whyHeld: 'locate' });
    expect(client.codes()).toEqual([404]);
    gateway.knobs.locateShares('AAPL');
    expect(status(id)?.status).toBe('Filled');
  });
});
