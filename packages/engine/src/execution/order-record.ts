import {
  buildTag,
  fromScaled,
  type EpochMs,
  type Instrument,
  type Order,
  type OrderPurpose,
  type OrderStatus,
  type OrderType,
  type Side,
  type TimeInForce,
} from '@bookrunner/sdk';
import { formatOrderId } from './order-id.js';

/** What an order belongs to and who sent it; shared by all orders of one strategy and instrument. */
export interface OrderOwner {
  readonly runEpoch: string;
  readonly strategy: string;
  readonly book: string;
  readonly account: string;
  readonly instrument: Instrument;
  readonly instrumentIndex: number;
}

/**
 * One order as the kernel keeps it and the venue sees it. Numbers identify it inside the process; the texts a broker needs are
 * made on demand, so that a backtest never builds them. Only the kernel changes it.
 */
export class OrderRecord implements Order {
  readonly owner: OrderOwner;
  /** Counter of the run, from 1. */
  readonly sequence: number;
  side: Side = 'buy';
  /** Ordered quantity as an integer at the instrument's `quantityDecimals`. */
  qtyScaled = 0;
  /** Filled quantity at the same scale. */
  filledScaled = 0;
  orderType: OrderType = 'market';
  limitPrice = Number.NaN;
  stopPrice = Number.NaN;
  trail = Number.NaN;
  tif: TimeInForce = 'DAY';
  expiresAt: EpochMs = Number.NaN;
  purpose: OrderPurpose = 'entry';
  /** Sequence shared by orders that cancel each other; 0 for none. */
  ocoSequence = 0;
  /** Sequence of the parent order of a bracket; 0 for none. */
  parentSequence = 0;
  createdTs: EpochMs = 0;
  /** Price it asked for, the mark for a market order: what slippage is measured against; NaN where none was known. */
  decisionPrice = Number.NaN;
  tradingDay = 0;
  /** Where it stands; changed by the order state machine only. */
  status: OrderStatus = 'pending';
  venueOrderId = '';

  constructor(owner: OrderOwner, sequence: number) {
    this.owner = owner;
    this.sequence = sequence;
  }

  get clientOrderId(): string {
    return formatOrderId(this.owner.runEpoch, this.sequence);
  }
  get symbol(): string {
    return this.owner.instrument.symbol;
  }
  get instrumentIndex(): number {
    return this.owner.instrumentIndex;
  }
  get account(): string {
    return this.owner.account;
  }
  get tag(): string {
    return buildTag(this.owner.strategy, this.owner.book, this.tradingDay);
  }
  get ocoGroup(): string {
    return this.ocoSequence === 0 ? '' : formatOrderId(this.owner.runEpoch, this.ocoSequence);
  }
  get parentId(): string {
    return this.parentSequence === 0 ? '' : formatOrderId(this.owner.runEpoch, this.parentSequence);
  }
  /** +1 for a buy, -1 for a sell. */
  get direction(): 1 | -1 {
    return this.side === 'buy' ? 1 : -1;
  }
  get qty(): number {
    return fromScaled(this.qtyScaled, this.owner.instrument.quantityDecimals);
  }
  get filledQty(): number {
    return fromScaled(this.filledScaled, this.owner.instrument.quantityDecimals);
  }
  /** Units not yet filled. */
  get leavesQty(): number {
    return fromScaled(this.qtyScaled - this.filledScaled, this.owner.instrument.quantityDecimals);
  }
}
