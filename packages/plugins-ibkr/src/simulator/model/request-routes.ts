// Which part answers which request.
import type { ClientRequest, RequestKind } from '../wire/requests.js';
import type { GatewayClient, SessionRequest } from './gateway-model.js';
import type { GatewayParts } from './gateway-parts.js';

/** Requests that come to the model. */
export type ModelRequestKind = Exclude<RequestKind, SessionRequest>;

type Handler<K extends ModelRequestKind> = (
  client: GatewayClient,
  request: Extract<ClientRequest, { readonly kind: K }>,
) => void;

/** A handler for every kind of request. */
export type RequestRoutes = { readonly [K in ModelRequestKind]: Handler<K> };

/** The routes to the parts of a gateway. */
export function requestRoutes(parts: GatewayParts): RequestRoutes {
  return {
    ...orderRoutes(parts),
    ...contractRoutes(parts),
    ...dataRoutes(parts),
    ...historyRoutes(parts),
    ...positionRoutes(parts),
    ...accountRoutes(parts),
  };
}

function orderRoutes({ intake, cancels, queries }: GatewayParts) {
  return {
    placeOrder: (client, { contract, order }) => intake.place(client, contract, order),
    cancelOrder: (client, { orderId }) => cancels.cancel(client, orderId),
    globalCancel: (client) => cancels.cancelAll(client),
    requestOpenOrders: (client) => queries.openOrders(client),
    requestAllOpenOrders: (client) => queries.allOpenOrders(client),
    requestAutoOpenOrders: (client, { autoBind }) => queries.autoOpenOrders(client, autoBind),
    requestCompletedOrders: (client, { apiOnly }) => queries.completedOrders(client, apiOnly),
    requestExecutions: (client, { requestId, filter }) => queries.executions(client, requestId, filter),
  } satisfies Partial<RequestRoutes>;
}

function contractRoutes({ contractDesk }: GatewayParts) {
  return {
    requestContractDetails: (client, request) => contractDesk.details(client, request),
    requestMarketRule: (client, { marketRuleId }) => contractDesk.marketRule(client, marketRuleId),
    requestMatchingSymbols: (client, { requestId, pattern }) =>
      contractDesk.matchingSymbols(client, requestId, pattern),
    requestOptionChain: (client, request) => contractDesk.optionChain(client, request),
    requestSmartComponents: (client, { requestId }) => contractDesk.smartComponents(client, requestId),
  } satisfies Partial<RequestRoutes>;
}

function dataRoutes({ marketData, tickByTick, fiveSeconds, depth }: GatewayParts) {
  return {
    requestMarketDataType: (client, { type }) => marketData.want(client, type),
    requestMarketData: (client, request) => marketData.subscribe(client, request),
    cancelMarketData: (client, { requestId }) => marketData.cancel(client, requestId),
    requestTickByTick: (client, request) => tickByTick.subscribe(client, request),
    cancelTickByTick: (client, { requestId }) => tickByTick.cancel(client, requestId),
    requestRealTimeBars: (client, request) => fiveSeconds.subscribe(client, request),
    cancelRealTimeBars: (client, { requestId }) => fiveSeconds.cancel(client, requestId),
    requestMarketDepth: (client, request) => depth.subscribe(client, request),
    cancelMarketDepth: (client, { requestId }) => depth.cancel(client, requestId),
  } satisfies Partial<RequestRoutes>;
}

function historyRoutes({ history }: GatewayParts) {
  return {
    requestHistoricalData: (client, request) => history.bars(client, request),
    cancelHistoricalData: (client, { requestId }) => history.cancel(client, requestId),
    requestHistoricalTicks: (client, request) => history.ticks(client, request),
    requestHeadTimestamp: (client, request) => history.headTimestamp(client, request),
    // The answer has been given by the time somebody could cancel.
    cancelHeadTimestamp: () => undefined,
  } satisfies Partial<RequestRoutes>;
}

function positionRoutes({ positions }: GatewayParts) {
  return {
    requestPositions: (client) => positions.subscribe(client),
    cancelPositions: (client) => positions.cancel(client),
    requestPositionsMulti: (client, request) => positions.subscribeMulti(client, request),
    cancelPositionsMulti: (client, { requestId }) => positions.cancelMulti(client, requestId),
  } satisfies Partial<RequestRoutes>;
}

function accountRoutes({ summaries, accountUpdates, accountMulti, pnl }: GatewayParts) {
  return {
    requestAccountSummary: (client, { requestId, tags }) => summaries.subscribe(client, requestId, tags),
    cancelAccountSummary: (client, { requestId }) => summaries.cancel(client, requestId),
    requestAccountUpdates: (client, { subscribe, account }) =>
      subscribe ? accountUpdates.subscribe(client, account) : accountUpdates.cancel(client),
    requestAccountUpdatesMulti: (client, request) => accountMulti.subscribe(client, request),
    cancelAccountUpdatesMulti: (client, { requestId }) => accountMulti.cancel(client, requestId),
    requestPnl: (client, { requestId, account }) => pnl.subscribe(client, requestId, account),
    cancelPnl: (client, { requestId }) => pnl.cancel(client, requestId),
    requestPnlSingle: (client, { requestId, account, conId }) =>
      pnl.subscribeSingle(client, requestId, { account, conId }),
    cancelPnlSingle: (client, { requestId }) => pnl.cancel(client, requestId),
  } satisfies Partial<RequestRoutes>;
}
