// Names of the TWS library as values of our own: its enums are only types here, so that listing plugins does not load it.
import type {
  BarSizeSetting,
  EventName,
  MarketDataType,
  OrderAction,
  OrderType,
  TickByTickDataType,
  WhatToShow,
} from '@stoqey/ib';

/** Events of the library that contracts, feed and venue listen to. */
export const TWS_EVENT = {
  error: 'error' as EventName.error,
  sent: 'sent' as EventName.sent,
  disconnected: 'disconnected' as EventName.disconnected,
  contractDetails: 'contractDetails' as EventName.contractDetails,
  bondContractDetails: 'bondContractDetails' as EventName.bondContractDetails,
  contractDetailsEnd: 'contractDetailsEnd' as EventName.contractDetailsEnd,
  marketRule: 'marketRule' as EventName.marketRule,
  tickPrice: 'tickPrice' as EventName.tickPrice,
  tickSize: 'tickSize' as EventName.tickSize,
  tickString: 'tickString' as EventName.tickString,
  tickGeneric: 'tickGeneric' as EventName.tickGeneric,
  marketDataType: 'marketDataType' as EventName.marketDataType,
  rerouteMktDataReq: 'rerouteMktDataReq' as EventName.rerouteMktDataReq,
  tickByTickAllLast: 'tickByTickAllLast' as EventName.tickByTickAllLast,
  tickByTickBidAsk: 'tickByTickBidAsk' as EventName.tickByTickBidAsk,
  historicalData: 'historicalData' as EventName.historicalData,
  historicalTicksBidAsk: 'historicalTicksBidAsk' as EventName.historicalTicksBidAsk,
  historicalTicksLast: 'historicalTicksLast' as EventName.historicalTicksLast,
  realtimeBar: 'realtimeBar' as EventName.realtimeBar,
  openOrder: 'openOrder' as EventName.openOrder,
  openOrderEnd: 'openOrderEnd' as EventName.openOrderEnd,
  orderStatus: 'orderStatus' as EventName.orderStatus,
  completedOrder: 'completedOrder' as EventName.completedOrder,
  completedOrdersEnd: 'completedOrdersEnd' as EventName.completedOrdersEnd,
  execDetails: 'execDetails' as EventName.execDetails,
  execDetailsEnd: 'execDetailsEnd' as EventName.execDetailsEnd,
  commissionReport: 'commissionReport' as EventName.commissionReport,
  position: 'position' as EventName.position,
  positionEnd: 'positionEnd' as EventName.positionEnd,
  accountUpdateMulti: 'accountUpdateMulti' as EventName.accountUpdateMulti,
  accountUpdateMultiEnd: 'accountUpdateMultiEnd' as EventName.accountUpdateMultiEnd,
};

/** What history and bars show. */
export const SHOWN = {
  trades: 'TRADES' as WhatToShow,
  aggregatedTrades: 'AGGTRADES' as WhatToShow,
  midpoint: 'MIDPOINT' as WhatToShow,
  bid: 'BID' as WhatToShow,
  ask: 'ASK' as WhatToShow,
  bidAsk: 'BID_ASK' as WhatToShow,
};

/** Kinds of tick-by-tick data. */
export const TICK_BY_TICK = {
  last: 'Last' as TickByTickDataType,
  allLast: 'AllLast' as TickByTickDataType,
  bidAsk: 'BidAsk' as TickByTickDataType,
};

/** Types of market data, as they are asked for and told. */
export const DATA_TYPE = {
  live: 1 as MarketDataType.REALTIME,
  frozen: 2 as MarketDataType.FROZEN,
  delayed: 3 as MarketDataType.DELAYED,
  delayedFrozen: 4 as MarketDataType.DELAYED_FROZEN,
};

/** A length of bars, such as `5 mins`. */
export function barSizeSetting(text: `${BarSizeSetting}`): BarSizeSetting {
  return text as BarSizeSetting;
}

/** Sides of an order. */
export const ORDER_ACTION = { buy: 'BUY' as OrderAction.BUY, sell: 'SELL' as OrderAction.SELL };

/** Kinds of orders. */
export const ORDER_TYPE = {
  market: 'MKT' as OrderType.MKT,
  limit: 'LMT' as OrderType.LMT,
  stop: 'STP' as OrderType.STP,
  stopLimit: 'STP LMT' as OrderType.STP_LMT,
  trail: 'TRAIL' as OrderType.TRAIL,
};
