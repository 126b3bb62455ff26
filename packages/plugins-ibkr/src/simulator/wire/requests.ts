// What a client asks of the gateway, decoded. One member per message of the TWS API that the simulator knows; numbers not given are
// UNSET_DOUBLE or UNSET_INTEGER, texts not given are empty.
import type { WireComboLeg, WireContract, WireTag } from './contract.js';

/** An order as a client places it. Quantities are units; prices not used are UNSET_DOUBLE. */
export interface WireOrder {
  readonly orderId: number;
  readonly action: 'BUY' | 'SELL' | 'SSHORT';
  readonly totalQuantity: number;
  /** MKT, LMT, STP, STP LMT, TRAIL, TRAIL LIMIT, MIT, LIT, MOC, LOC, REL, PEG MID, … */
  readonly orderType: string;
  readonly lmtPrice: number;
  readonly auxPrice: number;
  /** DAY where the client leaves it empty. */
  readonly tif: string;
  readonly ocaGroup: string;
  /** 1 cancel with block, 2 reduce with block, 3 reduce without block; 0 not given. */
  readonly ocaType: number;
  readonly account: string;
  readonly orderRef: string;
  /** False holds the order at the gateway: nobody sees it. */
  readonly transmit: boolean;
  /** 0 for none. */
  readonly parentId: number;
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly displaySize: number;
  readonly allOrNone: boolean;
  readonly minQty: number;
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  readonly trailStopPrice: number;
  readonly trailingPercent: number;
  readonly cashQty: number;
  readonly whatIf: boolean;
  readonly modelCode: string;
  readonly algoStrategy: string;
  readonly algoParameters: readonly WireTag[];
  readonly comboLegs: readonly WireComboLeg[];
  readonly smartComboRouting: readonly WireTag[];
  /** Prices of the legs, where the client gives them. */
  readonly comboLegPrices?: readonly number[];
  readonly conditions?: readonly WireCondition[];
  /** Whether conditions hold outside of regular hours, and whether they cancel the order instead of activating it. */
  readonly conditionsIgnoreRth?: boolean;
  readonly conditionsCancelOrder?: boolean;
  /** Attributes that the gateway keeps and gives back but does not act on, by name, as their fields stand. Left out where empty. */
  readonly further?: Readonly<Record<string, string>>;
}

/** A condition of an order. */
export interface WireCondition {
  /** 1 price, 3 time, 4 margin, 5 execution, 6 volume, 7 percent change. */
  readonly type: number;
  /** `a` and, `o` or: how it is joined with the next one. */
  readonly conjunction: string;
  /** What its type needs, as the fields stand. */
  readonly values: readonly string[];
}

/** Which executions are asked for; empty texts and clientId 0 mean all. */
export interface ExecutionFilter {
  readonly clientId: number;
  readonly account: string;
  /** `yyyymmdd hh:mm:ss` with or without zone, or `yyyymmdd-hh:mm:ss` in UTC. */
  readonly time: string;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly side: string;
}

/** A request; `requestId` is the client's ticker or request id. */
export type ClientRequest =
  | { readonly kind: 'startApi'; readonly clientId: number; readonly optionalCapabilities: string }
  | { readonly kind: 'placeOrder'; readonly contract: WireContract; readonly order: WireOrder }
  | { readonly kind: 'cancelOrder'; readonly orderId: number }
  | { readonly kind: 'globalCancel' }
  | { readonly kind: 'requestIds' }
  | { readonly kind: 'requestManagedAccounts' }
  | { readonly kind: 'requestCurrentTime' }
  | { readonly kind: 'setServerLogLevel'; readonly level: number }
  | { readonly kind: 'requestMarketDataType'; readonly type: number }
  | {
      readonly kind: 'requestMarketData';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly genericTicks: readonly string[];
      readonly snapshot: boolean;
      readonly regulatorySnapshot: boolean;
    }
  | { readonly kind: 'cancelMarketData'; readonly requestId: number }
  | {
      readonly kind: 'requestContractDetails';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly includeExpired: boolean;
      readonly securityIdType: string;
      readonly securityId: string;
    }
  | {
      readonly kind: 'requestHistoricalData';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly includeExpired: boolean;
      /** Empty means now. */
      readonly endDateTime: string;
      readonly barSize: string;
      readonly duration: string;
      readonly useRth: boolean;
      readonly whatToShow: string;
      /** 1 text in the gateway's zone, 2 epoch seconds. */
      readonly formatDate: number;
      readonly keepUpToDate: boolean;
    }
  | { readonly kind: 'cancelHistoricalData'; readonly requestId: number }
  | {
      readonly kind: 'requestHistoricalTicks';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly startDateTime: string;
      readonly endDateTime: string;
      readonly count: number;
      /** TRADES, BID_ASK or MIDPOINT. */
      readonly whatToShow: string;
      readonly useRth: boolean;
      readonly ignoreSize: boolean;
    }
  | {
      readonly kind: 'requestTickByTick';
      readonly requestId: number;
      readonly contract: WireContract;
      /** Last, AllLast, BidAsk or MidPoint. */
      readonly tickType: string;
      readonly count: number;
      readonly ignoreSize: boolean;
    }
  | { readonly kind: 'cancelTickByTick'; readonly requestId: number }
  | {
      readonly kind: 'requestRealTimeBars';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly whatToShow: string;
      readonly useRth: boolean;
    }
  | { readonly kind: 'cancelRealTimeBars'; readonly requestId: number }
  | {
      readonly kind: 'requestHeadTimestamp';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly useRth: boolean;
      readonly whatToShow: string;
      readonly formatDate: number;
    }
  | { readonly kind: 'cancelHeadTimestamp'; readonly requestId: number }
  | {
      readonly kind: 'requestMarketDepth';
      readonly requestId: number;
      readonly contract: WireContract;
      readonly rows: number;
      readonly isSmart: boolean;
    }
  | { readonly kind: 'cancelMarketDepth'; readonly requestId: number }
  | { readonly kind: 'requestExecutions'; readonly requestId: number; readonly filter: ExecutionFilter }
  | { readonly kind: 'requestOpenOrders' }
  | { readonly kind: 'requestAllOpenOrders' }
  | { readonly kind: 'requestAutoOpenOrders'; readonly autoBind: boolean }
  | { readonly kind: 'requestCompletedOrders'; readonly apiOnly: boolean }
  | { readonly kind: 'requestPositions' }
  | { readonly kind: 'cancelPositions' }
  | {
      readonly kind: 'requestPositionsMulti';
      readonly requestId: number;
      readonly account: string;
      readonly model: string;
    }
  | { readonly kind: 'cancelPositionsMulti'; readonly requestId: number }
  | {
      readonly kind: 'requestAccountSummary';
      readonly requestId: number;
      readonly group: string;
      readonly tags: readonly string[];
    }
  | { readonly kind: 'cancelAccountSummary'; readonly requestId: number }
  | { readonly kind: 'requestAccountUpdates'; readonly subscribe: boolean; readonly account: string }
  | {
      readonly kind: 'requestAccountUpdatesMulti';
      readonly requestId: number;
      readonly account: string;
      readonly model: string;
      readonly ledgerAndNlv: boolean;
    }
  | { readonly kind: 'cancelAccountUpdatesMulti'; readonly requestId: number }
  | { readonly kind: 'requestPnl'; readonly requestId: number; readonly account: string; readonly model: string }
  | { readonly kind: 'cancelPnl'; readonly requestId: number }
  | {
      readonly kind: 'requestPnlSingle';
      readonly requestId: number;
      readonly account: string;
      readonly model: string;
      readonly conId: number;
    }
  | { readonly kind: 'cancelPnlSingle'; readonly requestId: number }
  | { readonly kind: 'requestMarketRule'; readonly marketRuleId: number }
  | { readonly kind: 'requestMatchingSymbols'; readonly requestId: number; readonly pattern: string }
  | {
      readonly kind: 'requestOptionChain';
      readonly requestId: number;
      readonly symbol: string;
      readonly exchange: string;
      readonly secType: string;
      readonly conId: number;
    }
  | { readonly kind: 'requestSmartComponents'; readonly requestId: number; readonly bboExchange: string }
  /** What TWS knows and the simulator does not: news, scanners, options models. `requestId` is -1 where it has none. */
  | { readonly kind: 'unsupported'; readonly name: string; readonly requestId: number };

/** Name of a request. */
export type RequestKind = ClientRequest['kind'];
