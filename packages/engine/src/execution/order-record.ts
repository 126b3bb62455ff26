import {
  buildTag,
  fromScaled,
  type EpochMs,
  type Instrument,
  type Order,
  type OrderChange,
  type OrderPurpose,
  type OrderStatus,
  type OrderType,
  type Side,
  type TimeInForce,
} from '@bookrunner/sdk';
import { formatOrderId } from './order-id.js';
import { ORDER_STATUSES } from './order-state.js';

/** What an order belongs to and who sent it; shared by all orders of one strategy and instrument. */
export interface OrderOwner {
  readonly runEpoch: string;
  readonly strategy: string;
  readonly book: string;
  readonly account: string;
  readonly instrument: Instrument;
  readonly instrumentIndex: number;
}

/** What an order is to be. Prices not used are NaN. */
export interface OrderTicket {
  readonly side: Side;
  readonly qtyScaled: number;
  readonly orderType: OrderType;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly trail: number;
  readonly tif: TimeInForce;
  readonly expiresAt: EpochMs;
  readonly purpose: OrderPurpose;
}

/** What is not known yet. A name of the module is read in one step, `Number.NaN` in two, and the constructor has to be short to be inlined. */
const UNKNOWN = Number.NaN;

// Places of statuses: to compare numbers is less than to look for a text.
const PENDING = ORDER_STATUSES.indexOf('pending');
const FILLED = ORDER_STATUSES.indexOf('filled');
const UNKNOWN_STATUS = ORDER_STATUSES.indexOf('unknown');

/** An order nobody has said anything of. */
const BLANK: OrderTicket = {
  side: 'buy',
  qtyScaled: 0,
  orderType: 'market',
  limitPrice: Number.NaN,
  stopPrice: Number.NaN,
  trail: Number.NaN,
  tif: 'DAY',
  expiresAt: Number.NaN,
  purpose: 'entry',
};

/**
 * One order as the kernel keeps it and the venue sees it. Numbers identify it inside the process; the texts a broker needs are
 * made on demand, so that a backtest never builds them. Only the kernel changes it.
 */
export class OrderRecord implements Order {
  declare readonly owner: OrderOwner;
  /** Counter of the run, from 1. */
  declare readonly sequence: number;
  declare side: Side;
  /** Ordered quantity as an integer at the instrument's `quantityDecimals`. */
  declare qtyScaled: number;
  /** Filled quantity at the same scale. */
  declare filledScaled: number;
  declare orderType: OrderType;
  declare limitPrice: number;
  declare stopPrice: number;
  declare trail: number;
  declare tif: TimeInForce;
  declare expiresAt: EpochMs;
  declare purpose: OrderPurpose;
  /** Sequence shared by orders that cancel each other; 0 for none. */
  declare ocoSequence: number;
  /** Sequence of the parent order of a bracket; 0 for none. */
  declare parentSequence: number;
  /** When it was made, or came to light where it was made by a session of which nothing is known here. */
  declare createdTs: EpochMs;
  /** Price it asked for when it was made, the mark for a market order; NaN where none was known. */
  declare decisionPrice: number;
  declare tradingDay: number;
  /** Place of its status among {@link ORDER_STATUSES}: the order state machine, which alone changes it, goes from place to place. */
  declare statusPlace: number;
  declare venueOrderId: string;
  /** It is to go whatever its slot wants: a cancel of it that was lost or refused is asked for again. */
  declare isTakenBack: boolean;
  /** The change that was asked for and has not been answered. */
  declare asked: OrderChange | undefined;

  // Fields are set here and not where they are declared: V8 runs those of a class as a function of their own, for every order. The ticket is read
  // before the first of them is set: between two, V8 would ask each time what a ticket is.
  constructor(owner: OrderOwner, sequence: number, ticket: OrderTicket = BLANK) {
    const { side, qtyScaled, orderType, limitPrice, stopPrice, trail, tif, expiresAt, purpose } = ticket;
    this.owner = owner;
    this.sequence = sequence;
    this.side = side;
    this.qtyScaled = qtyScaled;
    this.filledScaled = 0;
    this.orderType = orderType;
    this.limitPrice = limitPrice;
    this.stopPrice = stopPrice;
    this.trail = trail;
    this.tif = tif;
    this.expiresAt = expiresAt;
    this.purpose = purpose;
    this.ocoSequence = 0;
    this.parentSequence = 0;
    this.createdTs = UNKNOWN;
    this.decisionPrice = UNKNOWN;
    this.tradingDay = 0;
    this.statusPlace = PENDING;
    this.venueOrderId = '';
    this.isTakenBack = false;
    this.asked = undefined;
  }

  /** Where it stands. */
  get status(): OrderStatus {
    return ORDER_STATUSES[this.statusPlace] as OrderStatus;
  }
  set status(status: OrderStatus) {
    const place = ORDER_STATUSES.indexOf(status);
    // From a state that was damaged: without a place it would be moved as if it stood elsewhere.
    if (place < 0) throw new TypeError(`An order cannot be '${status}'.`);
    this.statusPlace = place;
  }
  get isFilled(): boolean {
    return this.statusPlace === FILLED;
  }
  /** Nobody knows whether it got to its venue. */
  get isUnknown(): boolean {
    return this.statusPlace === UNKNOWN_STATUS;
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
