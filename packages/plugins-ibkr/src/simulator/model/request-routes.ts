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
    ...accountRoutes(parts),
  } as unknown as RequestRoutes;
}

function orderRoutes({ intake, cancels, queries }: GatewayParts) {
  return {
    placeOrder: (client, { contract, order }) => intake.place(client, contract, order),
    cancelOrder: (client, { orderId }) => cancels.cancel(client, orderId),
    globalCancel: () => cancels.cancelAll(),
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

function dataRoutes({ marketData }: GatewayParts) {
  return {
    requestMarketDataType: (client, { type }) => marketData.want(client, type),
    requestMarketData: (client, request) => marketData.subscribe(client, request),
    cancelMarketData: (client, { requestId }) => marketData.cancel(client, requestId),
  } satisfies Partial<RequestRoutes>;
}

function accountRoutes({ positionDesk }: GatewayParts) {
  return {
    requestPositions: (client) => positionDesk.subscribe(client),
    cancelPositions: (client) => positionDesk.cancel(client),
    requestPositionsMulti: (client, request) => positionDesk.subscribeMulti(client, request),
    cancelPositionsMulti: (client, { requestId }) => positionDesk.cancelMulti(client, requestId),
  } satisfies Partial<RequestRoutes>;
}
