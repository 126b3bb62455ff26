import { describe, expect, it } from '@jest/globals';
import { encodeMessage } from './encode-message.js';
import type { EncodedKind } from './encode-message.js';
import { encodeRequest } from './layout-reading.fixture.js';
import type { RequestKind } from './requests.js';
import { BAR, CONTRACT, DETAILS, MESSAGES, ORDER_STATE, REQUESTS } from './wire-samples.fixture.js';

/** Fields with the message number, at 193 and at 178; lists have one element. */
const MESSAGE_FIELDS: Readonly<Record<EncodedKind, number | readonly [number, number]>> = {
  nextValidId: 3,
  managedAccounts: 3,
  currentTime: 3,
  error: 6,
  contractDetails: [42, 40],
  contractDetailsEnd: 3,
  marketRule: 5,
  tickPrice: 7,
  tickSize: 5,
  tickString: 5,
  tickGeneric: 5,
  tickOptionComputation: 12,
  tickRequestParameters: 5,
  marketDataType: 4,
  tickSnapshotEnd: 3,
  rerouteMarketData: 4,
  marketDepth: 8,
  marketDepthL2: 10,
  tickByTickLast: 9,
  tickByTickBidAsk: 9,
  tickByTickMidPoint: 5,
  historicalData: 13,
  historicalDataUpdate: 10,
  historicalTicks: 8,
  historicalTicksBidAsk: 10,
  historicalTicksLast: 10,
  realTimeBar: 11,
  headTimestamp: 3,
  orderStatus: 12,
  openOrder: [133, 127],
  openOrderEnd: 2,
  completedOrder: [98, 96],
  completedOrdersEnd: 1,
  orderBound: 4,
  execDetails: 32,
  execDetailsEnd: 3,
  commissionReport: 8,
  position: 16,
  positionEnd: 2,
  positionMulti: 18,
  positionMultiEnd: 3,
  accountSummary: 7,
  accountSummaryEnd: 3,
  accountValue: 6,
  portfolioValue: 20,
  accountUpdateTime: 3,
  accountDownloadEnd: 3,
  accountUpdateMulti: 8,
  accountUpdateMultiEnd: 3,
  pnl: 5,
  pnlSingle: 7,
  symbolSamples: 13,
  optionChain: 11,
  optionChainEnd: 2,
  smartComponents: 6,
};

const REQUEST_FIELDS: Readonly<Record<Exclude<RequestKind, 'unsupported'>, number | readonly [number, number]>> = {
  startApi: 4,
  placeOrder: [118, 114],
  cancelOrder: [5, 4],
  globalCancel: [3, 2],
  requestIds: 3,
  requestManagedAccounts: 2,
  requestCurrentTime: 2,
  setServerLogLevel: 3,
  requestMarketDataType: 3,
  requestMarketData: 20,
  cancelMarketData: 3,
  requestContractDetails: 19,
  requestHistoricalData: 23,
  cancelHistoricalData: 3,
  requestHistoricalTicks: 22,
  requestTickByTick: 17,
  cancelTickByTick: 2,
  requestRealTimeBars: 19,
  cancelRealTimeBars: 3,
  requestHeadTimestamp: 18,
  cancelHeadTimestamp: 2,
  requestMarketDepth: 18,
  cancelMarketDepth: 4,
  requestExecutions: 10,
  requestOpenOrders: 2,
  requestAllOpenOrders: 2,
  requestAutoOpenOrders: 3,
  requestCompletedOrders: 2,
  requestPositions: 2,
  cancelPositions: 2,
  requestPositionsMulti: 5,
  cancelPositionsMulti: 3,
  requestAccountSummary: 5,
  cancelAccountSummary: 3,
  requestAccountUpdates: 4,
  requestAccountUpdatesMulti: 6,
  cancelAccountUpdatesMulti: 3,
  requestPnl: 4,
  cancelPnl: 2,
  requestPnlSingle: 5,
  cancelPnlSingle: 2,
  requestMarketRule: 2,
  requestMatchingSymbols: 3,
  requestOptionChain: 6,
  requestSmartComponents: 3,
};

const at = (count: number | readonly [number, number]): readonly [number, number] =>
  typeof count === 'number' ? [count, count] : count;

describe('fields of every message', () => {
  it.each(Object.keys(MESSAGES) as EncodedKind[])('%s', (kind) => {
    const counts = [193, 178].map((version) => encodeMessage(MESSAGES[kind], version).length);
    expect(counts).toEqual(at(MESSAGE_FIELDS[kind]));
  });

  it.each(Object.keys(REQUESTS) as (keyof typeof REQUESTS)[])('%s', (kind) => {
    const counts = [193, 178].map((version) => encodeRequest(REQUESTS[kind], version).length);
    expect(counts).toEqual(at(REQUEST_FIELDS[kind]));
  });

  it.each([
    ['openOrder', 8],
    ['completedOrder', 4],
  ] as const)('%s has %d more where the gateway says None', (kind, more) => {
    for (const version of [193, 178]) {
      const plain = MESSAGES[kind];
      const none = { ...plain, state: { ...ORDER_STATE, deltaNeutralOrderType: 'None' } } as const;
      expect(encodeMessage(none, version).length - encodeMessage(plain, version).length).toBe(more);
    }
  });

  it('contractDetails of a fund has 17 more from 179 on', () => {
    const fund = { ...DETAILS, contract: { ...CONTRACT, secType: 'FUND' } };
    const counts = [193, 179, 178].map(
      (version) => encodeMessage({ kind: 'contractDetails', requestId: 1, details: fund }, version).length,
    );
    expect(counts).toEqual([59, 57, 40]);
  });
});

describe('what was recorded at a real gateway', () => {
  const lines = (text: string): string[] => text.split('|');
  const unset = '1.7976931348623157E308';

  it('openOrder of version 173', () => {
    const state = { ...ORDER_STATE, deltaNeutralOrderType: 'None' } as const;
    expect(encodeMessage({ kind: 'openOrder', state }, 173)).toEqual(
      lines(
        '5|5|265598|AAPL|STK||0|?||SMART|USD|AAPL|NMS|BUY|100|MKT|0.0|0.0|DAY||DU1234567||0||100|600745656|0|0|0||' +
          '600745656.0/DU1234567/100||||||||||0||-1|0||||||2147483647|0|0|0||3|0|0||0|0||0|None||0||||?|0|0||0|0||||||0|0|0|' +
          `2147483647|2147483647|||0||IB|0|0||0|0|PreSubmitted|${`${unset}|`.repeat(9)}|||||0|0|0|None|` +
          `${`${unset}|`.repeat(6)}0||||0|1|0|0|0|||0||100|0.02||`,
      ),
    );
  });

  it('orderStatus, execDetails, tick-by-tick, history', () => {
    expect(encodeMessage(MESSAGES.orderStatus, 193).join('|')).toBe('3|5|PreSubmitted|0|100|0|600745656|0|0|100||0');
    const old = { ...MESSAGES.execDetails.execution, time: '20250415  19:38:31', orderRef: '' };
    expect(encodeMessage({ kind: 'execDetails', requestId: -1, execution: old }, 173).join('|')).toBe(
      '11|-1|5|265598|AAPL|STK||0.0|||IEX|USD|AAPL|NMS|0000e0d5.67fe667b.01.01|20250415  19:38:31|DU1234567|IEX|BOT|100|201.94|' +
        '600745656|100|0|100|201.94|||||2',
    );
    expect(encodeMessage(MESSAGES.error, 193).join('|')).toBe('4|2|41|202|Order Canceled - reason:|');
    expect(encodeMessage({ kind: 'historicalDataUpdate', requestId: 1, bar: { ...BAR, count: -1 } }, 193)).toEqual(
      lines('90|1|-1|20230413|182.9|185.9|186.5|180.1|184.869|948837.22'),
    );
    expect(encodeMessage(MESSAGES.commissionReport, 193).slice(-3)).toEqual([unset, unset, '']);
  });
});
