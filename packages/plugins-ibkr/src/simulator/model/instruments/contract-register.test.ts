import { describe, expect, it } from '@jest/globals';
import { aContract, AAPL, aGateway, ES, OPEN_TIME, VOD } from '../gateway-bench.fixture.js';
import type { TestClient } from '../gateway-bench.fixture.js';
import { defaultInstruments } from './default-instruments.js';
import type { WireContract } from '../../wire/contract.js';

function details(client: TestClient, contract: WireContract, includeExpired = false) {
  client.clear();
  client.ask({
    kind: 'requestContractDetails',
    requestId: 7,
    contract,
    includeExpired,
    securityIdType: '',
    securityId: '',
  });
  return client.of('contractDetails').map((message) => message.details);
}

describe('contract details', () => {
  it('answers one row for one exchange, and the end', () => {
    const { client } = aGateway();
    const [row, ...others] = details(client, AAPL);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      contract: {
        conId: 265_598,
        exchange: 'SMART',
        primaryExchange: 'NASDAQ',
        localSymbol: 'AAPL',
        tradingClass: 'NMS',
      },
      minTick: 0.0001,
      sizeIncrement: 0.0001,
      timeZoneId: 'US/Eastern',
    });
    expect(row?.marketRuleIds.split(',')).toHaveLength(row!.validExchanges.split(',').length);
    expect(client.last('contractDetailsEnd')).toEqual({ kind: 'contractDetailsEnd', requestId: 7 });
  });

  it('answers a row per listing where no exchange is named', () => {
    const { client } = aGateway();
    const rows = details(client, aContract({ conId: 265_598, exchange: '' }));
    expect(rows.map(({ contract }) => contract.exchange)).toEqual(rows[0]?.validExchanges.split(','));
  });

  it('answers all contracts that an ambiguous description fits, and refuses one in an order', () => {
    const { client } = aGateway();
    const ambiguous = aContract({ symbol: 'VOD', currency: '', exchange: 'SMART' });
    expect(details(client, ambiguous).map(({ contract }) => contract.currency)).toEqual(['GBP', 'USD']);
    client.place(ambiguous, {});
    expect(client.last('error')).toMatchObject({ code: 200, message: expect.stringContaining('ambiguous') });
  });

  it('answers 200 for what it does not know', () => {
    const { client } = aGateway();
    expect(details(client, aContract({ symbol: 'NONE' }))).toEqual([]);
    expect(details(client, aContract({ exchange: 'LSE' }))).toEqual([]);
    expect(client.story()).toEqual(['error 200']);
  });

  it('writes the expiry of a future with its time, lists those to come, and those past only when asked', () => {
    const { client } = aGateway();
    const month = aContract({ symbol: 'ES', secType: 'FUT', exchange: 'CME' });
    const [september, december, ...rest] = details(client, month);
    expect(september?.contract.lastTradeDateOrContractMonth).toBe('20260918 08:30 US/Central');
    expect(september).toMatchObject({
      lastTradeDate: '20260918',
      realExpirationDate: '20260918',
      contractMonth: '202609',
    });
    expect(september?.contract).toMatchObject({ multiplier: '50', localSymbol: 'ESU6' });
    expect(december?.lastTradeDate).toBe('20261218');
    expect(details(client, month, true)).toHaveLength(rest.length + 3);
    expect(details(client, ES)).toHaveLength(1);
  });

  it('tells stocks of one symbol apart by their primary exchange, which is the first where none is said', () => {
    const apple = defaultInstruments(OPEN_TIME).find(({ conId }) => conId === 265_598)!;
    const { primaryExchange: _listing, ...unlisted } = apple;
    const own = { ...unlisted, conId: 4711, exchanges: ['SMART', 'NYSE'] };
    const { client } = aGateway({ instruments: [own] });
    const ids = (primaryExchange: string) =>
      details(client, aContract({ primaryExchange })).map(({ contract }) => contract.conId);
    expect([ids(''), ids('NASDAQ'), ids('NYSE')]).toEqual([[265_598, 4711], [265_598], [4711]]);
    client.place(aContract({ primaryExchange: 'NYSE' }), { totalQuantity: 10 });
    expect(client.last('execDetails')?.execution.contract).toMatchObject({ conId: 4711, exchange: 'NYSE' });
  });

  it('finds currencies, options and crypto by their own words', () => {
    const { client, gateway } = aGateway();
    const [pair] = details(
      client,
      aContract({ symbol: '', localSymbol: 'USD.JPY', secType: 'CASH', exchange: 'IDEALPRO', currency: '' }),
    );
    expect(pair?.contract).toMatchObject({ symbol: 'USD', currency: 'JPY', conId: 15_016_059 });
    const calls = aContract({ secType: 'OPT', lastTradeDateOrContractMonth: '20260717', strike: 200, right: 'CALL' });
    expect(details(client, calls)).toHaveLength(1);
    expect(details(client, { ...calls, right: '?' })).toHaveLength(2);
    expect(details(client, aContract({ symbol: 'BTC', secType: 'CRYPTO', exchange: 'PAXOS' }))).toHaveLength(1);
    expect(gateway.contracts.find('EUR.USD').conId).toBe(12_087_792);
    expect(() => gateway.contracts.find('NONE')).toThrow(expect.objectContaining({ code: 'SIMULATOR_UNKNOWN' }));
  });

  it('knows the price bands of a rule, and pence', () => {
    const { client } = aGateway();
    const [row] = details(client, VOD);
    expect(row).toMatchObject({ priceMagnifier: 100, minTick: 0.01, timeZoneId: 'GB-Eire' });
    const marketRuleId = Number(row?.marketRuleIds.split(',')[0]);
    client.ask({ kind: 'requestMarketRule', marketRuleId });
    expect(client.last('marketRule')?.increments).toEqual([
      { lowEdge: 0, increment: 0.01 },
      { lowEdge: 50, increment: 0.02 },
      { lowEdge: 100, increment: 0.05 },
    ]);
    client.place(VOD, { orderType: 'LMT', lmtPrice: 72.41, totalQuantity: 10 });
    client.place(VOD, { orderType: 'LMT', lmtPrice: 49.01, totalQuantity: 10 });
    expect(client.codes()).toEqual([110]);
    client.ask({ kind: 'requestMarketRule', marketRuleId: 9999 });
    expect(client.codes()).toEqual([110, 321]);
  });

  it('says when it trades', () => {
    const { client } = aGateway({}, OPEN_TIME);
    const [row] = details(client, AAPL);
    expect(row?.liquidHours).toContain('20260714:0930-20260714:1600');
    expect(row?.tradingHours).toContain('20260714:0400-20260714:2000');
    expect(row?.liquidHours).toContain('20260718:CLOSED');
    const [future] = details(client, ES);
    expect(future?.liquidHours).toContain('20260713:1700-20260714:1600');
  });

  it('samples symbols, lists the chain and the smart exchanges', () => {
    const { client } = aGateway();
    client.ask({ kind: 'requestMatchingSymbols', requestId: 1, pattern: 'apple' });
    expect(client.last('symbolSamples')?.contracts).toMatchObject([
      { contract: { conId: 265_598 }, derivativeSecTypes: ['OPT', 'CFD'] },
    ]);
    client.ask({
      kind: 'requestOptionChain',
      requestId: 2,
      symbol: 'AAPL',
      exchange: '',
      secType: 'STK',
      conId: 265_598,
    });
    const chain = client.of('optionChain');
    expect(chain.map(({ exchange }) => exchange)).toContain('SMART');
    expect(chain[0]).toMatchObject({
      multiplier: '100',
      strikes: [190, 200, 210],
      expirations: ['20260717', '20260821'],
    });
    client.ask({ kind: 'requestSmartComponents', requestId: 3, bboExchange: '9c0001' });
    expect(client.story().slice(-2)).toEqual(['optionChainEnd', 'smartComponents']);
  });
});
