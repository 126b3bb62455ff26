// What several messages of the gateway carry: orders and their state, contract details, executions, bars.
import type { WireContract, WireTag } from './contract.js';
import type { WireOrder } from './requests.js';

/** Where an order stands. Inactive is not always dead: it may be held. */
export type WireOrderStatus =
  | 'PendingSubmit'
  | 'ApiPending'
  | 'PreSubmitted'
  | 'Submitted'
  | 'PendingCancel'
  | 'ApiCancelled'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive';

/** An order and its state: openOrder and, without an order id on the wire, completedOrder. */
export interface WireOrderState {
  readonly contract: WireContract;
  readonly order: WireOrder;
  readonly clientId: number;
  readonly permId: number;
  readonly status: WireOrderStatus;
  /** What a what-if preview and a filled order say; empty texts and UNSET_DOUBLE where not given. */
  readonly initMarginBefore: string;
  readonly maintMarginBefore: string;
  readonly equityWithLoanBefore: string;
  readonly initMarginChange: string;
  readonly maintMarginChange: string;
  readonly equityWithLoanChange: string;
  readonly initMarginAfter: string;
  readonly maintMarginAfter: string;
  readonly equityWithLoanAfter: string;
  readonly commission: number;
  readonly minCommission: number;
  readonly maxCommission: number;
  readonly commissionCurrency: string;
  readonly warningText: string;
  /** The real gateway writes `None` where no delta-neutral order is; eight more fields follow then. */
  readonly deltaNeutralOrderType: '' | 'None';
}

/** What a contract is, for one listing. */
export interface WireContractDetails {
  readonly contract: WireContract;
  /** yyyymmdd; on servers from 182 on. */
  readonly lastTradeDate: string;
  readonly marketName: string;
  readonly minTick: number;
  readonly orderTypes: string;
  readonly validExchanges: string;
  readonly priceMagnifier: number;
  readonly underConId: number;
  readonly longName: string;
  readonly contractMonth: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  readonly timeZoneId: string;
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly securityIds: readonly WireTag[];
  readonly underSymbol: string;
  readonly underSecType: string;
  /** In the order of validExchanges. */
  readonly marketRuleIds: string;
  readonly realExpirationDate: string;
  readonly stockType: string;
  readonly minSize: number;
  readonly sizeIncrement: number;
  readonly suggestedSizeIncrement: number;
}

/** One execution. */
export interface WireExecution {
  readonly orderId: number;
  readonly contract: WireContract;
  /** `aaaaaaaa.bbbbbbbb.cc.dd`; a correction differs behind the last period. */
  readonly execId: string;
  readonly time: string;
  readonly account: string;
  readonly exchange: string;
  readonly side: 'BOT' | 'SLD';
  readonly shares: number;
  readonly price: number;
  readonly permId: number;
  readonly clientId: number;
  readonly liquidation: boolean;
  readonly cumQty: number;
  readonly avgPrice: number;
  readonly orderRef: string;
  readonly modelCode: string;
  /** 0 none, 1 added, 2 removed, 3 routed out. */
  readonly lastLiquidity: number;
  readonly pendingPriceRevision: boolean;
}

/** One bar of history. Volume and wap are -1 where there were no trades. */
export interface WireBar {
  /** `20230413`, `20230413 09:30:00 US/Eastern`, or epoch seconds. */
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly wap: number;
  readonly count: number;
}
