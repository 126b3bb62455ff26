import type { Liquidity, Side } from '@bookrunner/sdk';
import { CASH_DECIMALS, type FeeProgress } from './fee-model.js';
import { formatExecutionId, type ExecutionLog } from './execution-log.js';
import type { Financing } from './financing.js';
import type { InstrumentSlot } from './instrument-slot.js';
import { hearsLiquidations } from './liquidation-listener.js';
import type { SimulatedVenueOptions } from './options.js';
import type { OrderLinks } from './order-links.js';
import type { RestingOrder } from './resting-order.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueListener } from './venue-listener.js';
import type { WorkingOrders } from './working-orders.js';

const CASH_POWER = 10 ** CASH_DECIMALS;

/** The parts of a venue that an execution touches. */
export interface ExecutionParts {
  readonly orders: WorkingOrders;
  readonly links: OrderLinks;
  readonly listener: VenueListener;
  readonly log: ExecutionLog;
  readonly financing: Financing;
}

/** Makes fills: how much, at which price, at which fee; books them and reports them. */
export class Executions {
  /** Number of the last execution, counting from 1. */
  executionNumber = 0;
  private readonly parts: ExecutionParts;
  private readonly volumeShare: number;
  private readonly isCrossing: boolean;
  // Reused: read during the call. What may be a fraction begins as a double, here and below: V8 goes on knowing of what class it is.
  private readonly execution = {
    executionNumber: 0,
    qty: Number.NaN,
    price: Number.NaN,
    fee: Number.NaN,
    feeCurrency: '',
    leavesQty: Number.NaN,
    liquidity: 'taker' as Liquidity,
  };
  // Price of the execution under way, as an integer at the instrument's `priceDecimals`.
  private priceScaled = Number.NaN;
  private readonly market = { volume: Number.NaN, spread: Number.NaN };
  private readonly liquidation = { account: '', instrumentIndex: 0, side: 'buy' as Side, fill: this.execution };
  private readonly noOrder = { feeQty: 0, feeValue: 0, feeCharged: 0, feeFillQty: 0, feeFillValue: 0 };

  constructor(options: SimulatedVenueOptions, parts: ExecutionParts) {
    this.parts = parts;
    this.volumeShare = options.volumeShare;
    this.isCrossing = options.fill === 'cross-spread';
  }

  /** Fills what it can of an order at a market price; an order that takes liquidity slips, never beyond its limit. */
  fill(resting: RestingOrder, price: number, isMaker: boolean): void {
    const { slot, direction } = resting;
    let qty = resting.active - resting.filled;
    if (this.volumeShare !== 0) qty = Math.min(qty, this.#capacity(slot, direction));
    if (resting.isFillOrKill && qty < resting.qty - resting.filled) return;
    const isShort = slot.isShortSaleForbidden && direction < 0 && qty > heldBy(resting);
    if (isShort) qty = heldBy(resting);
    if (qty > 0) {
      const slipped = isMaker || !slot.slips ? price : this.#slip(resting, qty, price);
      if (slot.isInRange) slot.last = price;
      this.execution.liquidity = isMaker ? 'maker' : 'taker';
      this.#execute(resting, qty, fillPrice(resting, slipped));
    }
    if (isShort) this.parts.links.cancel(resting, 'SHORT_SALE_FORBIDDEN');
  }

  /** The price at which an order fills that takes liquidity at another. */
  #slip(resting: RestingOrder, qty: number, price: number): number {
    const { slot, direction } = resting;
    return price + direction * this.#distance(slot, { direction, qty, price });
  }

  /** Closes what it can of a position at a market price, as a venue does after a margin call. */
  liquidate(account: VenueAccount, slot: InstrumentSlot, price: number): void {
    const { listener, log, orders } = this.parts;
    const position = account.positions[slot.index]!;
    const direction = position > 0 ? -1 : 1;
    const qty = Math.min(Math.abs(position), this.#capacity(slot, direction));
    if (qty === 0 || !hearsLiquidations(listener)) return;
    const distance = this.#distance(slot, { direction, qty, price });
    const priceScaled = slot.priceSteps(price + direction * distance, direction > 0 ? 'up' : 'down');
    Object.assign(this.noOrder, { feeQty: 0, feeValue: 0, feeCharged: 0 });
    this.execution.liquidity = 'taker';
    this.priceScaled = priceScaled;
    this.#book(slot, account, direction * qty);
    this.#charge(slot, account, this.noOrder);
    this.execution.leavesQty = Math.abs(account.positions[slot.index]!) / slot.quantityPower;
    const liquidation = this.liquidation;
    liquidation.account = account.name;
    liquidation.instrumentIndex = slot.index;
    liquidation.side = direction > 0 ? 'buy' : 'sell';
    const { qty: units, price: fillPrice, fee, feeCurrency, liquidity } = this.execution;
    log.addFill({
      orderId: '',
      executionId: formatExecutionId(this.executionNumber),
      symbol: slot.instrument.symbol,
      side: liquidation.side,
      qty: units,
      price: fillPrice,
      fee,
      feeCurrency,
      liquidity,
      ts: orders.now,
      tag: '',
    });
    listener.liquidated(liquidation, orders.now);
  }

  #execute(resting: RestingOrder, qty: number, priceScaled: number): void {
    const { orders, links, listener, log } = this.parts;
    const { account, slot } = resting;
    resting.filled += qty;
    this.priceScaled = priceScaled;
    this.#book(slot, account, resting.direction * qty);
    this.#charge(slot, account, resting);
    this.execution.leavesQty = (resting.qty - resting.filled) / slot.quantityPower;
    log.add(resting.order, orders.now, this.execution);
    listener.filled(resting.order, orders.now, this.execution);
    links.afterFill(resting, qty);
  }

  /** Moves position and cash, and fills in the fill except for its fee and what is left of the order. */
  #book(slot: InstrumentSlot, account: VenueAccount, signedQty: number): void {
    const fill = this.execution;
    const priceScaled = this.priceScaled;
    account.trade(slot, signedQty, priceScaled);
    slot.takenScaled += Math.abs(signedQty);
    if (slot.isFinanced && slot.nextRoll === Number.POSITIVE_INFINITY) this.parts.financing.schedule(slot);
    this.executionNumber += 1;
    fill.executionNumber = this.executionNumber;
    fill.qty = Math.abs(signedQty) / slot.quantityPower;
    fill.price = priceScaled / slot.pricePower;
    fill.feeCurrency = slot.instrument.quote;
  }

  #charge(slot: InstrumentSlot, account: VenueAccount, progress: FeeProgress): void {
    const fill = this.execution;
    progress.feeFillQty = fill.qty;
    progress.feeFillValue = Math.abs(fill.price) * fill.qty * slot.instrument.pointValue;
    progress.feeQty += progress.feeFillQty;
    progress.feeValue += progress.feeFillValue;
    const fee = slot.fees(progress, fill.liquidity === 'maker');
    progress.feeCharged += fee;
    if (fee !== 0) account.book(slot, -fee);
    fill.fee = fee / CASH_POWER;
  }

  /** Largest quantity that the volume of the bar or tick still allows, in whole lots. */
  #capacity(slot: InstrumentSlot, direction: 1 | -1): number {
    if (this.volumeShare === 0) return Number.POSITIVE_INFINITY;
    const volume = direction > 0 ? slot.buyVolume : slot.sellVolume;
    const capacity = slot.lotsWithin(volume * this.volumeShare) - slot.takenScaled;
    return capacity > 0 ? capacity : 0;
  }

  /** How far a fill that takes liquidity slips; where no quote is known, crossing the spread costs half the assumed one. */
  #distance(slot: InstrumentSlot, taking: { direction: 1 | -1; qty: number; price: number }): number {
    const quote = taking.direction > 0 ? slot.ask : slot.bid;
    const crossing = this.isCrossing && Number.isNaN(quote) ? slot.assumedSpread / 2 : 0;
    if (slot.slippage.isNone) return crossing;
    const market = this.market;
    market.volume = taking.direction > 0 ? slot.buyVolume : slot.sellVolume;
    market.spread = slot.spread;
    return crossing + slot.slippage.distance(taking.price, taking.qty / slot.quantityPower, market);
  }
}

/** A price on the grid of fill prices, rounded against the order and never beyond its limit. */
function fillPrice(resting: RestingOrder, price: number): number {
  const { slot, direction } = resting;
  const priceScaled = slot.priceSteps(price, direction > 0 ? 'up' : 'down');
  if (!resting.isLimited) return priceScaled;
  const limit = slot.priceSteps(resting.limitPrice);
  return direction * (priceScaled - limit) > 0 ? limit : priceScaled;
}

function heldBy(resting: RestingOrder): number {
  return Math.max(0, resting.account.positions[resting.slot.index]!);
}
