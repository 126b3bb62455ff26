import type { EpochMs } from '@bookrunner/sdk';
import type { VenueOrder } from './venue-order.js';

/**
 * Orders by what names them. An orderRef and a permId name one for life; an order id only within a session, since a gateway that was
 * reset gives the ids of one order to others.
 */
export class OrderIndex {
  readonly #byId = new Map<string, VenueOrder>();
  readonly #byPermId = new Map<number, VenueOrder>();
  readonly #byOrderId = new Map<number, VenueOrder>();

  get all(): readonly VenueOrder[] {
    return [...this.#byId.values()];
  }

  add(order: VenueOrder): void {
    this.#byId.set(order.id, order);
  }

  remove(order: VenueOrder): void {
    this.#byId.delete(order.id);
    for (const [orderId, known] of this.#byOrderId) if (known === order) this.#byOrderId.delete(orderId);
  }

  /**
   * Forgets orders that were last heard of before an instant, and are over: they said so, or a whole list of open orders that was asked for
   * at `listedAt` did not show them. Returns them.
   */
  sweep(before: EpochMs, listedAt: EpochMs): ReadonlySet<VenueOrder> {
    const isGone = ({ state, heardAt }: VenueOrder): boolean =>
      heardAt < before && (state.isOver || heardAt < listedAt);
    const gone = new Set(this.all.filter(isGone));
    for (const order of gone) this.remove(order);
    for (const [permId, order] of this.#byPermId) if (gone.has(order)) this.#byPermId.delete(permId);
    return gone;
  }

  find(id: string): VenueOrder | undefined {
    return this.#byId.get(id);
  }

  byPermId(permId: number): VenueOrder | undefined {
    return permId === 0 ? undefined : this.#byPermId.get(permId);
  }

  /** Of this session. */
  byOrderId(orderId: number): VenueOrder | undefined {
    return this.#byOrderId.get(orderId);
  }

  namePermId(permId: number, order: VenueOrder): void {
    if (permId !== 0) this.#byPermId.set(permId, order);
  }

  nameOrderId(orderId: number, order: VenueOrder): void {
    if (orderId !== 0) this.#byOrderId.set(orderId, order);
  }

  forgetOrderIds(): void {
    this.#byOrderId.clear();
  }
}
