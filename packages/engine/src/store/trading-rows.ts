// What the store holds of trading. Quantities, prices and money are exact decimal texts; what is not known is null.
import type {
  CommandName,
  Currency,
  EpochMs,
  Liquidity,
  OrderPurpose,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
  TradingDay,
} from '@bookrunner/sdk';
import type { DecimalText } from './decimal-text.js';

/** The history a row belongs to: `live`, `paper`, or the id of a finished run. Runs never mix in a query. */
export type RunName = string;

/** The run that queries read unless told otherwise. */
export const LIVE_RUN: RunName = 'live';

/** One order as it stands. Key: run, account, client order id. */
export interface StoredOrder {
  readonly run: RunName;
  readonly account: string;
  readonly clientOrderId: string;
  /** Empty until the venue gave one. */
  readonly venueOrderId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly book: string;
  /** `STRATEGY|BOOK|YYYYMMDD`. */
  readonly tag: string;
  readonly tradingDay: TradingDay;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly purpose: OrderPurpose;
  /** Unsigned units. */
  readonly qty: DecimalText;
  readonly limitPrice: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  readonly trail: DecimalText | null;
  readonly expiresAt: EpochMs | null;
  /** Empty for none. */
  readonly ocoGroup: string;
  readonly parentId: string;
  readonly createdTs: EpochMs;
  readonly status: OrderStatus;
  readonly filledQty: DecimalText;
  readonly avgFillPrice: DecimalText | null;
  readonly updatedTs: EpochMs;
  /** When it became final; null while it is open. */
  readonly endedTs: EpochMs | null;
  /** Why it was rejected, cancelled or expired; empty otherwise. */
  readonly reason: string;
  /** Journal offset of the last change. A lower one never overwrites a higher. */
  readonly revision: bigint;
}

/** Whether an execution stands as first reported, was corrected by the venue, or was taken back. */
export type FillStatus = 'booked' | 'corrected' | 'busted';

/** One execution. Key: run, account, execution id. */
export interface StoredFill {
  readonly run: RunName;
  readonly account: string;
  readonly executionId: string;
  readonly orderId: string;
  readonly ts: EpochMs;
  /** Place in the order of events: the journal offset, or the recorded sequence of a run. */
  readonly sequence: bigint;
  readonly symbol: string;
  readonly strategy: string;
  readonly book: string;
  readonly tag: string;
  readonly tradingDay: TradingDay;
  readonly side: Side;
  /** Unsigned units. */
  readonly qty: DecimalText;
  readonly price: DecimalText;
  /** The mark when a market order was made, the level of another order at this fill. */
  readonly referencePrice: DecimalText | null;
  /** As booked, in `feeCurrency`; negative is a rebate. */
  readonly fee: DecimalText;
  readonly feeCurrency: Currency;
  readonly liquidity: Liquidity;
  /** Profit it realised before its fee, in the book's currency. */
  readonly realised: DecimalText | null;
  readonly status: FillStatus;
  /** Journal offset of the last change: a commission or a correction may come later. */
  readonly revision: bigint;
}

/** One ledger line. Key: run, account, book, strategy, symbol. */
export interface StoredPosition {
  readonly run: RunName;
  readonly account: string;
  readonly book: string;
  readonly strategy: string;
  readonly symbol: string;
  /** Signed units. */
  readonly qty: DecimalText;
  /** Money paid (positive) or received for what is held, in the quote currency: a total, so that nothing is rounded. */
  readonly cost: DecimalText;
  readonly avgPrice: DecimalText | null;
  readonly realised: DecimalText;
  readonly fees: DecimalText;
  readonly unrealised: DecimalText | null;
  readonly markPrice: DecimalText | null;
  readonly updatedTs: EpochMs;
  readonly revision: bigint;
}

/** A price at which positions were valued. Key: run, symbol, instant. */
export interface StoredMark {
  readonly run: RunName;
  readonly symbol: string;
  readonly ts: EpochMs;
  readonly price: DecimalText;
}

/** What a book was worth, in its currency. Key: run, book, instant; the book is empty for a whole run. */
export interface StoredEquity {
  readonly run: RunName;
  readonly book: string;
  readonly ts: EpochMs;
  readonly currency: Currency;
  readonly equity: DecimalText;
  /** Lowest and highest since the row before, where one row stands for many marks. */
  readonly low: DecimalText | null;
  readonly high: DecimalText | null;
  readonly cash: DecimalText | null;
  /** Unsigned market value held. */
  readonly exposed: DecimalText | null;
  /** Deepest fall from the running peak since the row before, as a share of the peak. */
  readonly drawdown: number | null;
}

/** What became of a command. */
export type CommandOutcome = 'accepted' | 'refused' | 'failed';

/** One command of a person, for the audit. Key: run, sequence. `args` are plain JSON without secrets. */
export interface StoredCommand {
  readonly run: RunName;
  /** Journal offset. */
  readonly sequence: bigint;
  readonly ts: EpochMs;
  readonly name: CommandName;
  readonly args: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly outcome: CommandOutcome;
  /** What the person was told. */
  readonly message: string;
}

/** How far a projection of the journal has come. Key: its name. */
export interface StoredOffset {
  readonly projection: string;
  /** Offset of the last journal entry that is stored. */
  readonly offset: bigint;
}
