import { moneyToNumber } from '@bookrunner/sdk';
import type { EpochMs, Money } from '@bookrunner/sdk';
import type { WireContract } from '../../wire/contract.js';
import type { WireOrderStatus } from '../../wire/messages.js';
import type { WireOrder } from '../../wire/requests.js';
import { sizeGrid, valueOf } from '../accounts/amounts.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';

/** One leg of a combination. */
export interface ComboLeg {
  readonly instrument: InstrumentDefinition;
  readonly ratio: number;
  readonly isBuy: boolean;
}

/** What an order trades. */
export interface OrderSubject {
  readonly instrument: InstrumentDefinition;
  readonly contract: WireContract;
  /** Of a BAG; empty otherwise. */
  readonly legs: readonly ComboLeg[];
}

/** Who placed an order and under which names. */
export interface OrderNames {
  /** 0 for one made by hand in TWS as well. */
  readonly clientId: number;
  /** 0 for one made by hand until it is bound. */
  readonly orderId: number;
  readonly permId: number;
}

/** Increments and their price. */
export interface FillTerms {
  readonly lots: number;
  readonly price: number;
}

/** An order as the gateway keeps it. `lots` are increments of the instrument. */
export class OrderRecord {
  readonly subject: OrderSubject;
  readonly clientId: number;
  orderId: number;
  readonly permId: number;
  readonly account: string;
  readonly placedAt: EpochMs;
  /** Priority in time; a change that worsens the place in the queue renews it. */
  sequence: number;
  terms: WireOrder;
  status: WireOrderStatus = 'PendingSubmit';
  totalLots: number;
  filledLots = 0;
  lastFillPrice = 0;
  /** The stop that a trailing order has now; NaN where none. */
  stopPrice: number;
  isTriggered: boolean;
  /** False until it, or a child of it, is transmitted. */
  isTransmitted = false;
  isLocating = false;
  /** While it is Inactive and lives: what orderStatus says of that, maybe nothing. Undefined where it was refused. */
  heldFor: string | undefined;
  /** Had its first chance to trade against the market as it was. */
  hasRested = false;
  parent: OrderRecord | undefined;
  commission: Money = 0n;
  commissionCurrency = '';
  /** The commission has been told: openOrder says it from then on. */
  isCommissionTold = false;
  completedAt: EpochMs = Number.NaN;
  readonly timers: (() => void)[] = [];
  #value: Money = 0n;

  constructor(
    subject: OrderSubject,
    names: OrderNames,
    order: { readonly terms: WireOrder; readonly lots: number; readonly now: EpochMs },
  ) {
    this.subject = subject;
    this.clientId = names.clientId;
    this.orderId = names.orderId;
    this.permId = names.permId;
    this.account = order.terms.account;
    this.terms = order.terms;
    this.totalLots = order.lots;
    this.placedAt = order.now;
    this.sequence = names.permId;
    this.stopPrice = firstStop(order.terms);
    this.isTriggered = !hasTrigger(order.terms.orderType);
  }

  get instrument(): InstrumentDefinition {
    return this.subject.instrument;
  }

  get isBuy(): boolean {
    return this.terms.action === 'BUY';
  }

  get isManual(): boolean {
    return this.clientId === 0 && this.orderId <= 0;
  }

  /** Not filled, cancelled or refused. */
  get isLive(): boolean {
    return LIVE.has(this.status) || this.isHeld;
  }

  /** Inactive, and may work again. */
  get isHeld(): boolean {
    return this.status === 'Inactive' && this.heldFor !== undefined;
  }

  get remainingLots(): number {
    return Math.max(0, this.totalLots - this.filledLots);
  }

  units(lots: number): number {
    return sizeGrid(this.instrument).toValue(lots);
  }

  /** Increments of so many units, rounded down. */
  lotsOf(units: number): number {
    return sizeGrid(this.instrument).toSteps(units, 'down');
  }

  /** 0 while nothing is filled. */
  get averagePrice(): number {
    if (this.filledLots === 0) return 0;
    const { multiplier = 1, priceMagnifier = 1 } = this.instrument;
    const average = (moneyToNumber(this.#value) * priceMagnifier) / (this.units(this.filledLots) * multiplier);
    // Sums of doubles leave dust; no price has more than eight decimals.
    return Math.round(average * 1e8) / 1e8;
  }

  /** Books units filled; the order ends with the last one. */
  addFill(lots: number, price: number): void {
    this.filledLots += lots;
    this.lastFillPrice = price;
    this.#value += valueOf(this.instrument, lots, price);
    if (this.remainingLots === 0) this.status = 'Filled';
  }

  /** New terms; the price in the queue and the filled units stay. */
  change(terms: WireOrder): void {
    const isOtherTrigger = terms.orderType !== this.terms.orderType || terms.auxPrice !== this.terms.auxPrice;
    this.terms = terms;
    this.totalLots = sizeGrid(this.instrument).toSteps(terms.totalQuantity);
    if (!isOtherTrigger) return;
    this.stopPrice = firstStop(terms);
    this.isTriggered = !hasTrigger(terms.orderType);
  }

  /** A correction put another fill in the place of one; a bust puts one of nothing there. The status stays. */
  correctFill(before: FillTerms, after: FillTerms): void {
    this.filledLots += after.lots - before.lots;
    this.#value +=
      valueOf(this.instrument, after.lots, after.price) - valueOf(this.instrument, before.lots, before.price);
  }

  /** Leaves no timer behind. */
  stopTimers(): void {
    for (const stop of this.timers.splice(0)) stop();
  }

  /** Markets whose prices concern the order. */
  get instruments(): readonly InstrumentDefinition[] {
    const { legs } = this.subject;
    return legs.length > 0 ? legs.map(({ instrument }) => instrument) : [this.instrument];
  }
}

const LIVE = new Set<WireOrderStatus>(['PendingSubmit', 'ApiPending', 'PreSubmitted', 'Submitted', 'PendingCancel']);

/** Whether an order type waits for a price before it goes to the market. */
export function hasTrigger(orderType: string): boolean {
  return ['STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT'].includes(orderType);
}

function firstStop({ orderType, auxPrice, trailStopPrice }: WireOrder): number {
  const price = orderType.startsWith('TRAIL') ? trailStopPrice : auxPrice;
  return hasTrigger(orderType) && price < Number.MAX_VALUE ? price : Number.NaN;
}
