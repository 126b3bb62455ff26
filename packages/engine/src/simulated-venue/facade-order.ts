import { StepGrid, toScaled, type Instrument, type Order } from '@bookrunner/sdk';
import { OrderRecord } from '../execution/order-record.js';
import type { VenueReason } from './reasons.js';

/** A given order as the venue's core wants it; keeps the ids and the tag it came with. */
export class FacadeOrder extends OrderRecord {
  readonly #given: Order;

  constructor(given: Order, place: { instrument: Instrument; instrumentIndex: number; sequence: number }) {
    const { instrument, instrumentIndex, sequence } = place;
    super({ runEpoch: '', strategy: '', book: '', account: given.account, instrument, instrumentIndex }, sequence);
    this.#given = given;
    this.side = given.side;
    this.qtyScaled = toScaled(given.qty, instrument.quantityDecimals);
    this.orderType = given.orderType;
    this.limitPrice = given.limitPrice;
    this.stopPrice = given.stopPrice;
    this.trail = given.trail;
    this.tif = given.tif;
    this.expiresAt = given.expiresAt;
    this.purpose = given.purpose;
    this.createdTs = given.createdTs;
    this.venueOrderId = `sim-order-${sequence}`;
  }

  override get clientOrderId(): string {
    return this.#given.clientOrderId;
  }

  override get tag(): string {
    return this.#given.tag;
  }
}

/** Why a quantity cannot be held as an integer of the instrument's lots; undefined if it can. */
export function checkGivenQuantity(qty: number, instrument: Instrument): VenueReason | undefined {
  if (!(qty > 0)) return 'QUANTITY_TOO_SMALL';
  if (qty > instrument.maxQty || qty * 10 ** instrument.quantityDecimals > Number.MAX_SAFE_INTEGER) {
    return 'QUANTITY_TOO_LARGE';
  }
  return new StepGrid(instrument.lotStep).holds(qty) ? undefined : 'QUANTITY_NOT_LOT';
}
