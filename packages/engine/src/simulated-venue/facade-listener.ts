import type { EpochMs, Fill, Instrument, Order, OrderRef, VenueReport, VenueSink } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import { formatExecutionId } from './execution-log.js';
import type { LiquidationListener, VenueLiquidation } from './liquidation-listener.js';
import type { VenueFill } from './venue-listener.js';

/** Turns the core's calls into the reports of the SDK's venue interface. */
export class FacadeListener implements LiquidationListener {
  /** Where reports go; undefined while the venue is not open. */
  sink: VenueSink | undefined;
  /** Something has changed cash or positions since this was last set to false. */
  hasBooked = false;
  private readonly instruments: readonly Instrument[];

  constructor(instruments: readonly Instrument[]) {
    this.instruments = instruments;
  }

  accepted(order: OrderRecord, ts: EpochMs): void {
    this.#report({ kind: 'accepted', ...refOf(order), ts });
  }

  rejected(order: OrderRecord, ts: EpochMs, reason: string, message: string): void {
    this.#report({ kind: 'rejected', ...refOf(order), ts, reason, message });
  }

  filled(order: OrderRecord, ts: EpochMs, fill: VenueFill): void {
    this.hasBooked = true;
    this.#report({ kind: 'filled', ...refOf(order), ts, fill: toFill(order, ts, fill), leavesQty: fill.leavesQty });
  }

  cancelled(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#report({ kind: 'cancelled', ...refOf(order), ts, reason });
  }

  expired(order: OrderRecord, ts: EpochMs): void {
    this.#report({ kind: 'expired', ...refOf(order), ts });
  }

  replaced(
    order: OrderRecord,
    ts: EpochMs,
    change: { readonly qty: number; readonly limitPrice: number; readonly stopPrice: number },
  ): void {
    const { qty, limitPrice, stopPrice } = change;
    this.#report({ kind: 'replaced', ...refOf(order), ts, qty, limitPrice, stopPrice });
  }

  cancelRejected(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#report({ kind: 'cancel-rejected', ...refOf(order), ts, reason });
  }

  replaceRejected(order: OrderRecord, ts: EpochMs, reason: string): void {
    this.#report({ kind: 'replace-rejected', ...refOf(order), ts, reason });
  }

  cash(): void {
    this.hasBooked = true;
  }

  /** An execution without an order of ours comes as a fill of an order without an id, as from a broker. */
  liquidated({ instrumentIndex, side, fill }: VenueLiquidation, ts: EpochMs): void {
    this.hasBooked = true;
    const symbol = this.instruments[instrumentIndex]!.symbol;
    const order = { clientOrderId: '', symbol, side, tag: '' };
    this.#report({ kind: 'filled', clientOrderId: '', symbol, ts, fill: toFill(order, ts, fill), leavesQty: 0 });
  }

  #report(report: VenueReport): void {
    this.sink?.report(report);
  }
}

function refOf(order: OrderRecord): OrderRef & { venueOrderId: string } {
  return { clientOrderId: order.clientOrderId, symbol: order.symbol, venueOrderId: order.venueOrderId };
}

function toFill(order: Pick<Order, 'clientOrderId' | 'symbol' | 'side' | 'tag'>, ts: EpochMs, fill: VenueFill): Fill {
  const { qty, price, fee, feeCurrency, liquidity } = fill;
  const executionId = formatExecutionId(fill.executionNumber);
  return {
    orderId: order.clientOrderId,
    executionId,
    symbol: order.symbol,
    side: order.side,
    qty,
    price,
    fee,
    feeCurrency,
    liquidity,
    ts,
    tag: order.tag,
  };
}
