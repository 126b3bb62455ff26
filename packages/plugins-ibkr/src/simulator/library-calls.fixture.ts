// Every call of the library that the simulator answers or refuses, and what the model is told of it.
import {
  BarSizeSetting,
  DurationUnit,
  OptionType,
  OrderAction,
  SecType,
  TickByTickDataType,
  WhatToShow,
} from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import { BAG, HEDGED, STOCK } from './library-orders.fixture.js';

const NUMBERS = { requestId: 11 };
const asked = { contract: { conId: 265_598, symbol: 'AAPL', primaryExchange: 'NASDAQ' } };

/** A call, and what the model is told. */
export type Call = readonly [title: string, call: (api: IBApi) => unknown, expected: object];

export const QUESTIONS: readonly Call[] = [
  [
    'reqMktData',
    (api) => api.reqMktData(11, STOCK, '233,236', false, true),
    { kind: 'requestMarketData', ...asked, genericTicks: ['233', '236'], regulatorySnapshot: true },
  ],
  [
    'reqMktData of legs',
    (api) => api.reqMktData(11, BAG, '', true, false),
    { kind: 'requestMarketData', genericTicks: [], snapshot: true },
  ],
  [
    'reqMktData hedged',
    (api) => api.reqMktData(11, HEDGED, null, false, false),
    { kind: 'requestMarketData', ...NUMBERS },
  ],
  ['cancelMktData', (api) => api.cancelMktData(11), { kind: 'cancelMarketData', ...NUMBERS }],
  [
    'reqContractDetails',
    (api) => api.reqContractDetails(11, { ...STOCK, includeExpired: true, secIdType: 'ISIN', secId: 'US0378331005' }),
    { kind: 'requestContractDetails', ...asked, includeExpired: true, securityIdType: 'ISIN' },
  ],
  [
    'reqHistoricalData',
    (api) =>
      api.reqHistoricalData(
        11,
        STOCK,
        '20230413 16:31:22',
        '2 D',
        BarSizeSetting.MINUTES_ONE,
        WhatToShow.TRADES,
        true,
        2,
        true,
      ),
    {
      kind: 'requestHistoricalData',
      ...asked,
      endDateTime: '20230413 16:31:22',
      duration: '2 D',
      barSize: '1 min',
      whatToShow: 'TRADES',
      useRth: true,
      formatDate: 2,
      keepUpToDate: true,
    },
  ],
  [
    'reqHistoricalData of legs',
    (api) => api.reqHistoricalData(11, BAG, '', '2 D', BarSizeSetting.DAYS_ONE, WhatToShow.MIDPOINT, 0, 1, false),
    { kind: 'requestHistoricalData', useRth: false, formatDate: 1, keepUpToDate: false },
  ],
  ['cancelHistoricalData', (api) => api.cancelHistoricalData(11), { kind: 'cancelHistoricalData', ...NUMBERS }],
  [
    'reqHistoricalTicks',
    (api) => api.reqHistoricalTicks(11, STOCK, '20230413 16:31:22', undefined, 1000, WhatToShow.BID_ASK, 1, true),
    {
      kind: 'requestHistoricalTicks',
      ...asked,
      startDateTime: '20230413 16:31:22',
      count: 1000,
      whatToShow: 'BID_ASK',
      useRth: true,
      ignoreSize: true,
    },
  ],
  [
    'reqTickByTickData',
    (api) => api.reqTickByTickData(11, STOCK, TickByTickDataType.BidAsk, 5, true),
    { kind: 'requestTickByTick', ...asked, tickType: 'BidAsk', count: 5, ignoreSize: true },
  ],
  ['cancelTickByTickData', (api) => api.cancelTickByTickData(11), { kind: 'cancelTickByTick', ...NUMBERS }],
  [
    'reqRealTimeBars',
    (api) => api.reqRealTimeBars(11, STOCK, 5, WhatToShow.TRADES, true),
    { kind: 'requestRealTimeBars', ...asked, whatToShow: 'TRADES', useRth: true },
  ],
  ['cancelRealTimeBars', (api) => api.cancelRealTimeBars(11), { kind: 'cancelRealTimeBars', ...NUMBERS }],
  [
    'reqHeadTimestamp',
    (api) => api.reqHeadTimestamp(11, STOCK, WhatToShow.TRADES, true, 2),
    { kind: 'requestHeadTimestamp', ...asked, formatDate: 2 },
  ],
  ['cancelHeadTimestamp', (api) => api.cancelHeadTimestamp(11), { kind: 'cancelHeadTimestamp', ...NUMBERS }],
  [
    'reqMktDepth',
    (api) => api.reqMktDepth(11, STOCK, 10, true),
    { kind: 'requestMarketDepth', ...asked, rows: 10, isSmart: true },
  ],
  ['cancelMktDepth', (api) => api.cancelMktDepth(11, true), { kind: 'cancelMarketDepth', ...NUMBERS }],
  [
    'reqExecutions',
    (api) =>
      api.reqExecutions(11, { clientId: '7', acctCode: 'DU1234567', time: '20250820-09:30:00', side: OrderAction.BUY }),
    {
      kind: 'requestExecutions',
      ...NUMBERS,
      filter: { clientId: 7, account: 'DU1234567', time: '20250820-09:30:00', symbol: '', side: 'BUY' },
    },
  ],
  ['reqOpenOrders', (api) => api.reqOpenOrders(), { kind: 'requestOpenOrders' }],
  ['reqAllOpenOrders', (api) => api.reqAllOpenOrders(), { kind: 'requestAllOpenOrders' }],
  ['reqAutoOpenOrders', (api) => api.reqAutoOpenOrders(true), { kind: 'requestAutoOpenOrders', autoBind: true }],
  ['reqCompletedOrders', (api) => api.reqCompletedOrders(true), { kind: 'requestCompletedOrders', apiOnly: true }],
  ['reqMarketDataType', (api) => api.reqMarketDataType(3), { kind: 'requestMarketDataType', type: 3 }],
  ['reqPositions', (api) => api.reqPositions(), { kind: 'requestPositions' }],
  ['cancelPositions', (api) => api.cancelPositions(), { kind: 'cancelPositions' }],
  [
    'reqPositionsMulti',
    (api) => api.reqPositionsMulti(11, 'DU1234567', null),
    { kind: 'requestPositionsMulti', ...NUMBERS, account: 'DU1234567', model: '' },
  ],
  ['cancelPositionsMulti', (api) => api.cancelPositionsMulti(11), { kind: 'cancelPositionsMulti', ...NUMBERS }],
  [
    'reqAccountSummary',
    (api) => api.reqAccountSummary(11, 'All', 'NetLiquidation,BuyingPower'),
    { kind: 'requestAccountSummary', group: 'All', tags: ['NetLiquidation', 'BuyingPower'] },
  ],
  ['cancelAccountSummary', (api) => api.cancelAccountSummary(11), { kind: 'cancelAccountSummary', ...NUMBERS }],
  [
    'reqAccountUpdates',
    (api) => api.reqAccountUpdates(true, 'DU1234567'),
    { kind: 'requestAccountUpdates', subscribe: true, account: 'DU1234567' },
  ],
  [
    'reqAccountUpdatesMulti',
    (api) => api.reqAccountUpdatesMulti(11, 'DU1234567', 'M', true),
    { kind: 'requestAccountUpdatesMulti', account: 'DU1234567', model: 'M', ledgerAndNlv: true },
  ],
  [
    'cancelAccountUpdatesMulti',
    (api) => api.cancelAccountUpdatesMulti(11),
    { kind: 'cancelAccountUpdatesMulti', ...NUMBERS },
  ],
  ['reqPnL', (api) => api.reqPnL(11, 'DU1234567'), { kind: 'requestPnl', account: 'DU1234567', model: '' }],
  ['cancelPnL', (api) => api.cancelPnL(11), { kind: 'cancelPnl', ...NUMBERS }],
  [
    'reqPnLSingle',
    (api) => api.reqPnLSingle(11, 'DU1234567', '', 265_598),
    { kind: 'requestPnlSingle', conId: 265_598 },
  ],
  ['cancelPnLSingle', (api) => api.cancelPnLSingle(11), { kind: 'cancelPnlSingle', ...NUMBERS }],
  ['reqMarketRule', (api) => api.reqMarketRule(26), { kind: 'requestMarketRule', marketRuleId: 26 }],
  [
    'reqMatchingSymbols',
    (api) => api.reqMatchingSymbols(11, 'aapl'),
    { kind: 'requestMatchingSymbols', pattern: 'aapl' },
  ],
  [
    'reqSecDefOptParams',
    (api) => api.reqSecDefOptParams(11, 'AAPL', '', SecType.STK, 265_598),
    { kind: 'requestOptionChain', symbol: 'AAPL', secType: 'STK', conId: 265_598 },
  ],
  [
    'reqSmartComponents',
    (api) => api.reqSmartComponents(11, '9c0001'),
    { kind: 'requestSmartComponents', bboExchange: '9c0001' },
  ],
  ['cancelOrder', (api) => api.cancelOrder(5), { kind: 'cancelOrder', orderId: 5 }],
  ['cancelOrder at a time', (api) => api.cancelOrder(5, '20250820-09:30:00'), { kind: 'cancelOrder', orderId: 5 }],
  [
    'reqGlobalCancel',
    (api) =>
      api.reqGlobalCancel({
        manualOrderCancelTime: undefined,
        extOperator: '',
        manualOrderIndicator: undefined,
      } as never),
    { kind: 'globalCancel' },
  ],
];

/** Calls for which the simulator has no answer but an error. */
export const UNSUPPORTED: readonly (readonly [name: string, call: (api: IBApi) => unknown])[] = [
  ['reqNewsBulletins', (api) => api.reqNewsBulletins(true)],
  ['cancelNewsBulletins', (api) => api.cancelNewsBulletins()],
  ['requestFA', (api) => api.requestFA(1)],
  ['replaceFA', (api) => api.replaceFA(11, 1, '<xml/>')],
  ['exerciseOptions', (api) => api.exerciseOptions(11, { ...STOCK, right: OptionType.Call }, 1, 1, 'DU1234567', 0)],
  ['reqScannerSubscription', (api) => api.reqScannerSubscription(11, {} as never, [], [])],
  ['cancelScannerSubscription', (api) => api.cancelScannerSubscription(11)],
  ['reqScannerParameters', (api) => api.reqScannerParameters()],
  ['reqFundamentalData', (api) => api.reqFundamentalData(11, STOCK, 'ReportsFinSummary', [])],
  ['cancelFundamentalData', (api) => api.cancelFundamentalData(11)],
  ['calculateImpliedVolatility', (api) => api.calculateImpliedVolatility(11, STOCK, 4.2, 200)],
  ['calculateOptionPrice', (api) => api.calculateOptionPrice(11, STOCK, 0.2, 200)],
  ['cancelCalculateImpliedVolatility', (api) => api.cancelCalculateImpliedVolatility(11)],
  ['cancelCalculateOptionPrice', (api) => api.cancelCalculateOptionPrice(11)],
  ['queryDisplayGroups', (api) => api.queryDisplayGroups(11)],
  ['subscribeToGroupEvents', (api) => api.subscribeToGroupEvents(11, 1)],
  ['updateDisplayGroup', (api) => api.updateDisplayGroup(11, '8314@SMART')],
  ['unsubscribeFromGroupEvents', (api) => api.unsubscribeFromGroupEvents(11)],
  ['reqSoftDollarTiers', (api) => api.reqSoftDollarTiers(11)],
  ['reqFamilyCodes', (api) => api.reqFamilyCodes()],
  ['reqMktDepthExchanges', (api) => api.reqMktDepthExchanges()],
  ['reqNewsArticle', (api) => api.reqNewsArticle(11, 'BRFG', 'a')],
  ['reqNewsProviders', (api) => api.reqNewsProviders()],
  ['reqHistoricalNews', (api) => api.reqHistoricalNews(11, 8314, 'BRFG', '', '', 10)],
  ['reqHistogramData', (api) => api.reqHistogramData(11, STOCK, true, 3, DurationUnit.DAY)],
  ['cancelHistogramData', (api) => api.cancelHistogramData(11)],
  ['reqWshMetaData', (api) => api.reqWshMetaData(11)],
  ['cancelWshMetaData', (api) => api.reqCancelWshMetaData(11)],
  ['reqWshEventData', (api) => api.reqWshEventData(11, 8314)],
  ['cancelWshEventData', (api) => api.reqCancelWshEventData(11)],
  ['reqUserInfo', (api) => api.reqUserInfo(11)],
];
