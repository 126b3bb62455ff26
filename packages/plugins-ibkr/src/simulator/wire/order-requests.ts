// Layouts of what a client asks about the session, orders, accounts and contracts.
import { FLAG, INTEGER, TEXT, WORDS } from './codecs.js';
import { field, fixed, since, version, within } from './layout.js';
import { PLACE_ORDER } from './place-order.js';
import type { RequestLayouts } from './request-layout.js';
import { account, askedContract, requestId } from './shared-items.js';
import type { RequestKind } from './requests.js';

const model = field('model', TEXT);
const conId = field('conId', INTEGER);

/** Who cancels, for regulators; three other fields were there for a few versions. */
const canceller = [
  since({ from: 187, below: 190 }, fixed('rfqText'), fixed('rfqText'), fixed('rfqNumber')),
  since(192, fixed('extOperator'), fixed('manualOrderIndicator', '2147483647')),
] as const;

type MarketRequest = Extract<
  RequestKind,
  `${string}${'Market' | 'Historical' | 'TickByTick' | 'RealTime' | 'Head'}${string}`
>;

export const ORDER_REQUESTS: RequestLayouts<
  Exclude<RequestKind, Exclude<MarketRequest, 'requestMarketRule'> | 'unsupported'>
> = {
  ...PLACE_ORDER,
  startApi: [71, version(2), field('clientId', INTEGER), field('optionalCapabilities', TEXT)],
  cancelOrder: [
    4,
    since({ below: 192 }, version(1)),
    field('orderId', INTEGER),
    fixed('manualOrderCancelTime'),
    ...canceller,
  ],
  globalCancel: [
    58,
    since({ below: 192 }, version(1)),
    since(192, fixed('extOperator'), fixed('manualOrderIndicator')),
  ],
  requestIds: [8, version(1), fixed('count', '1')],
  requestManagedAccounts: [17, version(1)],
  requestCurrentTime: [49, version(1)],
  setServerLogLevel: [14, version(1), field('level', INTEGER)],
  requestContractDetails: [
    9,
    version(8),
    requestId,
    askedContract,
    field('includeExpired', FLAG),
    field('securityIdType', TEXT),
    field('securityId', TEXT),
    fixed('issuerId'),
  ],
  requestExecutions: [
    7,
    version(3),
    requestId,
    within(
      'filter',
      field('clientId', INTEGER),
      field('account', TEXT),
      field('time', TEXT),
      field('symbol', TEXT),
      field('secType', TEXT),
      field('exchange', TEXT),
      field('side', TEXT),
    ),
  ],
  requestOpenOrders: [5, version(1)],
  requestAllOpenOrders: [16, version(1)],
  requestAutoOpenOrders: [15, version(1), field('autoBind', FLAG)],
  requestCompletedOrders: [99, field('apiOnly', FLAG)],
  requestPositions: [61, version(1)],
  cancelPositions: [64, version(1)],
  requestPositionsMulti: [74, version(1), requestId, account, model],
  cancelPositionsMulti: [75, version(1), requestId],
  requestAccountSummary: [62, version(1), requestId, field('group', TEXT), field('tags', WORDS)],
  cancelAccountSummary: [63, version(1), requestId],
  requestAccountUpdates: [6, version(2), field('subscribe', FLAG), account],
  requestAccountUpdatesMulti: [76, version(1), requestId, account, model, field('ledgerAndNlv', FLAG)],
  cancelAccountUpdatesMulti: [77, version(1), requestId],
  requestPnl: [92, requestId, account, model],
  cancelPnl: [93, requestId],
  requestPnlSingle: [94, requestId, account, model, conId],
  cancelPnlSingle: [95, requestId],
  requestMarketRule: [91, field('marketRuleId', INTEGER)],
  requestMatchingSymbols: [81, requestId, field('pattern', TEXT)],
  requestOptionChain: [78, requestId, field('symbol', TEXT), field('exchange', TEXT), field('secType', TEXT), conId],
  requestSmartComponents: [83, requestId, field('bboExchange', TEXT)],
};
