// What the gateway says, before it is encoded. One member per message of the TWS API that the simulator sends. Numbers that are
// unset are UNSET_DOUBLE or UNSET_INTEGER; times are texts as the wire has them, or epoch seconds where the wire has those.
import type { WireContract } from './contract.js';
import type { WireBar, WireContractDetails, WireExecution, WireOrderState, WireOrderStatus } from './message-parts.js';

export type { WireBar, WireContractDetails, WireExecution, WireOrderState, WireOrderStatus } from './message-parts.js';

/** A message to a client. */
export type ServerMessage =
  | { readonly kind: 'nextValidId'; readonly orderId: number }
  | { readonly kind: 'managedAccounts'; readonly accounts: readonly string[] }
  | { readonly kind: 'currentTime'; readonly epochSeconds: number }
  | {
      readonly kind: 'error';
      /** Request or order id; -1 for what concerns the connection. */
      readonly id: number;
      readonly code: number;
      readonly message: string;
      readonly advancedOrderRejectJson?: string;
    }
  | { readonly kind: 'contractDetails'; readonly requestId: number; readonly details: WireContractDetails }
  | { readonly kind: 'contractDetailsEnd'; readonly requestId: number }
  | {
      readonly kind: 'marketRule';
      readonly marketRuleId: number;
      readonly increments: readonly { readonly lowEdge: number; readonly increment: number }[];
    }
  | {
      readonly kind: 'tickPrice';
      readonly requestId: number;
      readonly tickType: number;
      readonly price: number;
      readonly size: number;
      readonly attributes: number;
    }
  | { readonly kind: 'tickSize'; readonly requestId: number; readonly tickType: number; readonly size: number }
  | { readonly kind: 'tickString'; readonly requestId: number; readonly tickType: number; readonly value: string }
  | { readonly kind: 'tickGeneric'; readonly requestId: number; readonly tickType: number; readonly value: number }
  | {
      readonly kind: 'tickOptionComputation';
      readonly requestId: number;
      readonly tickType: number;
      readonly attribute: number;
      readonly impliedVolatility: number;
      readonly delta: number;
      readonly optionPrice: number;
      readonly pvDividend: number;
      readonly gamma: number;
      readonly vega: number;
      readonly theta: number;
      readonly underlyingPrice: number;
    }
  | {
      readonly kind: 'tickRequestParameters';
      readonly requestId: number;
      readonly minTick: number;
      readonly bboExchange: string;
      readonly snapshotPermissions: number;
    }
  | { readonly kind: 'marketDataType'; readonly requestId: number; readonly type: number }
  | { readonly kind: 'tickSnapshotEnd'; readonly requestId: number }
  | {
      readonly kind: 'rerouteMarketData';
      readonly requestId: number;
      readonly conId: number;
      readonly exchange: string;
    }
  | {
      readonly kind: 'marketDepth';
      readonly requestId: number;
      readonly position: number;
      readonly operation: number;
      readonly side: number;
      readonly price: number;
      readonly size: number;
    }
  | {
      readonly kind: 'marketDepthL2';
      readonly requestId: number;
      readonly position: number;
      readonly marketMaker: string;
      readonly operation: number;
      readonly side: number;
      readonly price: number;
      readonly size: number;
      readonly isSmartDepth: boolean;
    }
  | {
      readonly kind: 'tickByTickLast';
      readonly requestId: number;
      readonly tickType: 1 | 2;
      readonly epochSeconds: number;
      readonly price: number;
      readonly size: number;
      readonly mask: number;
      readonly exchange: string;
      readonly specialConditions: string;
    }
  | {
      readonly kind: 'tickByTickBidAsk';
      readonly requestId: number;
      readonly epochSeconds: number;
      readonly bid: number;
      readonly ask: number;
      readonly bidSize: number;
      readonly askSize: number;
      readonly mask: number;
    }
  | {
      readonly kind: 'tickByTickMidPoint';
      readonly requestId: number;
      readonly epochSeconds: number;
      readonly midPoint: number;
    }
  | {
      readonly kind: 'historicalData';
      readonly requestId: number;
      readonly start: string;
      readonly end: string;
      readonly bars: readonly WireBar[];
    }
  | { readonly kind: 'historicalDataUpdate'; readonly requestId: number; readonly bar: WireBar }
  | {
      readonly kind: 'historicalTicks';
      readonly requestId: number;
      readonly ticks: readonly { readonly epochSeconds: number; readonly price: number; readonly size: number }[];
      readonly done: boolean;
    }
  | {
      readonly kind: 'historicalTicksBidAsk';
      readonly requestId: number;
      readonly ticks: readonly {
        readonly epochSeconds: number;
        readonly mask: number;
        readonly bid: number;
        readonly ask: number;
        readonly bidSize: number;
        readonly askSize: number;
      }[];
      readonly done: boolean;
    }
  | {
      readonly kind: 'historicalTicksLast';
      readonly requestId: number;
      readonly ticks: readonly {
        readonly epochSeconds: number;
        readonly mask: number;
        readonly price: number;
        readonly size: number;
        readonly exchange: string;
        readonly specialConditions: string;
      }[];
      readonly done: boolean;
    }
  | {
      readonly kind: 'realTimeBar';
      readonly requestId: number;
      readonly epochSeconds: number;
      readonly bar: Omit<WireBar, 'date'>;
    }
  | { readonly kind: 'headTimestamp'; readonly requestId: number; readonly timestamp: string }
  | {
      readonly kind: 'orderStatus';
      readonly orderId: number;
      readonly status: WireOrderStatus;
      readonly filled: number;
      readonly remaining: number;
      readonly avgFillPrice: number;
      readonly permId: number;
      readonly parentId: number;
      readonly lastFillPrice: number;
      readonly clientId: number;
      readonly whyHeld: string;
      readonly mktCapPrice: number;
    }
  | { readonly kind: 'openOrder'; readonly state: WireOrderState }
  | { readonly kind: 'openOrderEnd' }
  | {
      readonly kind: 'completedOrder';
      readonly state: WireOrderState;
      readonly filledQuantity: number;
      readonly completedTime: string;
      readonly completedStatus: string;
    }
  | { readonly kind: 'completedOrdersEnd' }
  | { readonly kind: 'orderBound'; readonly permId: number; readonly clientId: number; readonly orderId: number }
  | {
      readonly kind: 'execDetails';
      /** -1 where nobody asked. */ readonly requestId: number;
      readonly execution: WireExecution;
    }
  | { readonly kind: 'execDetailsEnd'; readonly requestId: number }
  | {
      readonly kind: 'commissionReport';
      readonly execId: string;
      readonly commission: number;
      readonly currency: string;
      readonly realizedPnl: number;
    }
  | {
      readonly kind: 'position';
      readonly account: string;
      readonly contract: WireContract;
      readonly position: number;
      readonly avgCost: number;
    }
  | { readonly kind: 'positionEnd' }
  | {
      readonly kind: 'positionMulti';
      readonly requestId: number;
      readonly account: string;
      readonly contract: WireContract;
      readonly position: number;
      readonly avgCost: number;
      readonly model: string;
    }
  | { readonly kind: 'positionMultiEnd'; readonly requestId: number }
  | {
      readonly kind: 'accountSummary';
      readonly requestId: number;
      readonly account: string;
      readonly tag: string;
      readonly value: string;
      readonly currency: string;
    }
  | { readonly kind: 'accountSummaryEnd'; readonly requestId: number }
  | {
      readonly kind: 'accountValue';
      readonly key: string;
      readonly value: string;
      readonly currency: string;
      readonly account: string;
    }
  | {
      readonly kind: 'portfolioValue';
      readonly contract: WireContract;
      readonly position: number;
      readonly marketPrice: number;
      readonly marketValue: number;
      readonly avgCost: number;
      readonly unrealizedPnl: number;
      readonly realizedPnl: number;
      readonly account: string;
    }
  | { readonly kind: 'accountUpdateTime'; readonly time: string }
  | { readonly kind: 'accountDownloadEnd'; readonly account: string }
  | {
      readonly kind: 'accountUpdateMulti';
      readonly requestId: number;
      readonly account: string;
      readonly model: string;
      readonly key: string;
      readonly value: string;
      readonly currency: string;
    }
  | { readonly kind: 'accountUpdateMultiEnd'; readonly requestId: number }
  | {
      readonly kind: 'pnl';
      readonly requestId: number;
      readonly daily: number;
      readonly unrealized: number;
      readonly realized: number;
    }
  | {
      readonly kind: 'pnlSingle';
      readonly requestId: number;
      readonly position: number;
      readonly daily: number;
      readonly unrealized: number;
      readonly realized: number;
      readonly value: number;
    }
  | {
      readonly kind: 'symbolSamples';
      readonly requestId: number;
      readonly contracts: readonly {
        readonly contract: WireContract;
        readonly derivativeSecTypes: readonly string[];
      }[];
    }
  | {
      readonly kind: 'optionChain';
      readonly requestId: number;
      readonly exchange: string;
      readonly underlyingConId: number;
      readonly tradingClass: string;
      readonly multiplier: string;
      readonly expirations: readonly string[];
      readonly strikes: readonly number[];
    }
  | { readonly kind: 'optionChainEnd'; readonly requestId: number }
  | {
      readonly kind: 'smartComponents';
      readonly requestId: number;
      readonly components: readonly { readonly bit: number; readonly exchange: string; readonly letter: string }[];
    }
  /** Fields as they stand: what no client knows, for tests of those who have to survive it. */
  | { readonly kind: 'raw'; readonly fields: readonly string[] };

/** Name of a message. */
export type MessageKind = ServerMessage['kind'];
