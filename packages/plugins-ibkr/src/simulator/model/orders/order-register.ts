import type { OrderRecord } from './order-record.js';

/** Every order ever taken, and the ids that clients have used up. */
export class OrderRegister {
  readonly #orders: OrderRecord[] = [];
  readonly #live = new Set<OrderRecord>();
  readonly #nextIds = new Map<number, number>();
  #lastPermId = 1_540_000_000;
  #lastBoundId = 0;

  get all(): readonly OrderRecord[] {
    return this.#orders;
  }

  /** Orders that may still trade, in the order they came. */
  get live(): readonly OrderRecord[] {
    return [...this.#live];
  }

  add(order: OrderRecord): void {
    this.#orders.push(order);
    this.#live.add(order);
  }

  /** An order that ended is kept, but no longer looked through. */
  retire(order: OrderRecord): void {
    this.#live.delete(order);
    order.stopTimers();
  }

  /** An order that was never transmitted leaves no trace. */
  forget(order: OrderRecord): void {
    this.retire(order);
    this.#orders.splice(this.#orders.indexOf(order), 1);
  }

  /** The latest order under a client's id; one that lives, where a split change left several. */
  find(clientId: number, orderId: number): OrderRecord | undefined {
    if (orderId === 0) return undefined;
    const named = this.#orders.filter((order) => order.clientId === clientId && order.orderId === orderId);
    return named.findLast(({ isLive }) => isLive) ?? named.at(-1);
  }

  /** The id a client's next order has to have at least. */
  nextId(clientId: number): number {
    return this.#nextIds.get(clientId) ?? 1;
  }

  /** An id is used up, whatever becomes of its order. */
  use(clientId: number, orderId: number): void {
    this.#nextIds.set(clientId, Math.max(this.nextId(clientId), orderId + 1));
  }

  /** Sets the next id, lower ones too: it was seen to go backwards. */
  setNextId(clientId: number, orderId: number): void {
    this.#nextIds.set(clientId, orderId);
  }

  nextPermId(): number {
    this.#lastPermId += 1;
    return this.#lastPermId;
  }

  /** The id under which client 0 may handle an order made by hand: below zero. */
  bind(order: OrderRecord): void {
    if (order.orderId !== 0) return;
    this.#lastBoundId -= 1;
    order.orderId = this.#lastBoundId;
  }
}
