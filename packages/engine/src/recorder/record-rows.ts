// Rows of the retained records with every name resolved: what reports, files and the command line show.
import type {
  EpochMs,
  Liquidity,
  OrderPurpose,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
  TradingDay,
} from '@bookrunner/sdk';

/** One execution. */
export interface FillRow {
  readonly ts: EpochMs;
  /** Place in the run's event order. */
  readonly recordedSequence: number;
  readonly orderId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly book: string;
  /** `STRATEGY|BOOK|YYYYMMDD`. */
  readonly tag: string;
  readonly tradingDay: TradingDay;
  readonly side: Side;
  /** Unsigned units. */
  readonly qty: number;
  readonly price: number;
  /** What slippage is measured against: the mark when a market order was made, the level of another order at this fill; null where not known. */
  readonly referencePrice: number | null;
  /** As booked, in `feeCurrency`; negative is a rebate. */
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** Profit this fill realised, before its fee, in the book's currency. */
  readonly realised: number;
  /** Index of the bar the fill happened in; null where there are no bars. */
  readonly barIndex: number | null;
}

/** One order as it ended, or as it stood at the end of the run. Prices not used are null. */
export interface OrderRow {
  /** When it came to light, for an order of a session that the journal does not have. */
  readonly createdTs: EpochMs;
  readonly orderId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly book: string;
  readonly tag: string;
  readonly tradingDay: TradingDay;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
  readonly qty: number;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly status: OrderStatus;
  readonly filledQty: number;
  /** Null where nothing filled. */
  readonly avgFillPrice: number | null;
  /** When it became final; null for an order still open. */
  readonly endedTs: EpochMs | null;
  /** Why it was rejected, cancelled or expired; empty otherwise. */
  readonly reason: string;
}

/** One closed trade: from flat to flat, or to a flip, of one strategy in one instrument. */
export interface TradeRow {
  readonly openTs: EpochMs;
  readonly closeTs: EpochMs;
  readonly symbol: string;
  readonly strategy: string;
  readonly book: string;
  readonly side: Side;
  /** Largest unsigned units held. */
  readonly qty: number;
  /** Money paid and received for the units closed, unsigned, in the book's currency. */
  readonly entryValue: number;
  readonly exitValue: number;
  readonly fees: number;
  /** After fees. */
  readonly pnl: number;
}

/** One thing the operator was told. */
export interface NoticeRow {
  readonly ts: EpochMs;
  readonly level: 'info' | 'warning' | 'alarm';
  readonly code: string;
  readonly message: string;
  /** Strategy, book, instrument or feed concerned; empty for the engine as a whole. */
  readonly subject: string;
}
