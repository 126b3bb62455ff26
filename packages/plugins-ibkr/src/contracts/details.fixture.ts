// Contracts as a gateway tells them, and a fake gateway that knows them.
import { type Contract, type ContractDetails, EventName, OptionType, type PriceIncrement, SecType } from '@stoqey/ib';
import type { FakeGateway } from './fake-gateway.fixture.js';

export const AAPL: ContractDetails = {
  contract: {
    ...{ conId: 265598, symbol: 'AAPL', secType: SecType.STK, exchange: 'SMART', primaryExch: 'NASDAQ' },
    ...{ currency: 'USD', localSymbol: 'AAPL', tradingClass: 'NMS', strike: 0, multiplier: 0 },
  },
  ...{ minTick: 0.0001, priceMagnifier: 1, validExchanges: 'SMART,AMEX,NASDAQ', marketRuleIds: '26,27,26' },
  ...{ timeZoneId: 'US/Eastern', longName: 'APPLE INC', minSize: 0.0001, sizeIncrement: 0.0001 },
};
export const VOD: ContractDetails = {
  contract: {
    ...{ conId: 39612, symbol: 'VOD', secType: SecType.STK, exchange: 'SMART', primaryExch: 'LSE', currency: 'GBP' },
    ...{ localSymbol: 'VOD', strike: 0, multiplier: 0 },
  },
  ...{ minTick: 0.01, priceMagnifier: 100, validExchanges: 'SMART,LSE', marketRuleIds: '98,98' },
  ...{ timeZoneId: 'GB-Eire', longName: 'VODAFONE GROUP PLC', minSize: 1, sizeIncrement: 1 },
};
export const EURUSD: ContractDetails = {
  contract: {
    ...{ conId: 12087792, symbol: 'EUR', secType: SecType.CASH, exchange: 'IDEALPRO', currency: 'USD' },
    ...{ localSymbol: 'EUR.USD', tradingClass: 'EUR.USD', strike: 0, multiplier: 0 },
  },
  ...{ minTick: 0.00005, priceMagnifier: 1, validExchanges: 'IDEALPRO', marketRuleIds: '239' },
  ...{ timeZoneId: 'US/Eastern', longName: 'European Monetary Union Euro', minSize: 1, sizeIncrement: 1 },
};
const future = (conId: number, localSymbol: string, day: string): ContractDetails => ({
  contract: {
    ...{ conId, symbol: 'ES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol, multiplier: 50 },
    // The library leaves the whole text in this field.
    ...{ lastTradeDateOrContractMonth: `${day} 08:30 US/Central`, tradingClass: 'ES', strike: 0 },
  },
  ...{ minTick: 0.25, priceMagnifier: 1, validExchanges: 'CME,QBALGO', marketRuleIds: '67,67' },
  ...{
    contractMonth: day.slice(0, 6),
    timeZoneId: 'US/Central',
    longName: 'E-mini S&P 500',
    minSize: 1,
    sizeIncrement: 1,
  },
});
export const ESU6 = future(495512563, 'ESU6', '20260918');
export const ESZ6 = future(515416632, 'ESZ6', '20261218');
export const CORN: ContractDetails = {
  contract: {
    ...{
      conId: 700,
      symbol: 'ZC',
      secType: SecType.FUT,
      exchange: 'CBOT',
      currency: 'USD',
      localSymbol: 'ZC   DEC 26',
    },
    ...{ lastTradeDateOrContractMonth: '20261214', multiplier: 5000, strike: 0, tradingClass: 'ZC' },
  },
  ...{ minTick: 0.25, priceMagnifier: 100, validExchanges: 'CBOT', marketRuleIds: '' },
  ...{ contractMonth: '202612', timeZoneId: 'US/Central', longName: 'Corn', minSize: 1, sizeIncrement: 1 },
};
export const CALL: ContractDetails = {
  contract: {
    ...{ conId: 800, symbol: 'AAPL', secType: SecType.OPT, exchange: 'SMART', currency: 'USD', strike: 200 },
    ...{ lastTradeDateOrContractMonth: '20261218', right: OptionType.Call, multiplier: 100, tradingClass: 'AAPL' },
    localSymbol: 'AAPL  261218C00200000',
  },
  ...{ minTick: 0.01, priceMagnifier: 1, validExchanges: 'SMART,CBOE', marketRuleIds: '32,109' },
  ...{ contractMonth: '202612', timeZoneId: 'US/Eastern', longName: 'APPLE INC', minSize: 1, sizeIncrement: 1 },
};
export const BTC: ContractDetails = {
  contract: {
    ...{ conId: 479624278, symbol: 'BTC', secType: SecType.CRYPTO, exchange: 'PAXOS', currency: 'USD' },
    ...{ localSymbol: 'BTC.USD', strike: 0, multiplier: 0 },
  },
  ...{ minTick: 0.25, priceMagnifier: 1, validExchanges: 'PAXOS', marketRuleIds: '2112' },
  ...{ timeZoneId: 'US/Eastern', longName: 'Bitcoin', minSize: 1e-8, sizeIncrement: 1e-8 },
};
export const ALL_CONTRACTS = [AAPL, VOD, EURUSD, ESU6, ESZ6, CORN, CALL, BTC];

/** Market rules by id, in IB's prices. */
export const MARKET_RULES: Readonly<Record<number, readonly PriceIncrement[]>> = {
  26: [
    { lowEdge: 0, increment: 0.0001 },
    { lowEdge: 1, increment: 0.01 },
  ],
  27: [{ lowEdge: 0, increment: 0.05 }],
  32: [
    { lowEdge: 0, increment: 0.01 },
    { lowEdge: 3, increment: 0.05 },
  ],
  67: [{ lowEdge: 0, increment: 0.25 }],
  98: [
    { lowEdge: 0, increment: 0.01 },
    { lowEdge: 50, increment: 0.02 },
    { lowEdge: 100, increment: 0.05 },
  ],
  239: [{ lowEdge: 0, increment: 0.00005 }],
  2112: [{ lowEdge: 0, increment: 0.25 }],
};

/** Makes a fake gateway answer for these contracts. */
export function knowsContracts(gateway: FakeGateway, all: readonly ContractDetails[] = ALL_CONTRACTS): void {
  gateway.answer('reqContractDetails', (id: number, wanted: Contract) => {
    const found = all.filter((details) => isAskedFor(details, wanted));
    if (found.length === 0) {
      gateway.error(id, 200, 'No security definition has been found for the request');
      return;
    }
    for (const details of found) gateway.emit(EventName.contractDetails, id, details);
    gateway.emit(EventName.contractDetailsEnd, id);
  });
  gateway.answer('reqMarketRule', (id: number) => gateway.emit(EventName.marketRule, id, MARKET_RULES[id] ?? []));
}

function isAskedFor(details: ContractDetails, wanted: Contract): boolean {
  const { contract } = details;
  const keys = ['conId', 'symbol', 'secType', 'currency', 'localSymbol', 'strike', 'right', 'multiplier'] as const;
  const expiry = wanted.lastTradeDateOrContractMonth ?? '';
  const isMonth = (contract.lastTradeDateOrContractMonth ?? '').startsWith(expiry);
  const isListed = wanted.exchange === undefined || (details.validExchanges ?? '').split(',').includes(wanted.exchange);
  return isMonth && isListed && keys.every((key) => wanted[key] === undefined || wanted[key] === contract[key]);
}
