import { limitOf, tradePrice } from './order-pricing.js';
import type { Liquidity } from './liquidity.js';
import type { OrderRecord } from './order-record.js';

/** What matching needs of the desk. */
export interface MatchingHost {
  liquidityOf(order: OrderRecord): Liquidity;
  /** Increments that may trade now: 0 while the order waits. */
  tradableLots(order: OrderRecord): number;
  fill(
    order: OrderRecord,
    fill: { readonly lots: number; readonly price: number; readonly isAggressive: boolean },
  ): void;
}

/** Orders against quotes: the better price first, then the older order. */
export class MatchingBook {
  readonly #fillSize: 'quoted' | 'whole' | number;
  readonly #host: MatchingHost;
  readonly #orders = new Map<number, Set<OrderRecord>>();

  constructor(fillSize: 'quoted' | 'whole' | number, host: MatchingHost) {
    this.#fillSize = fillSize;
    this.#host = host;
  }

  add(order: OrderRecord): void {
    for (const { conId } of order.instruments) this.#at(conId).add(order);
  }

  remove(order: OrderRecord): void {
    for (const { conId } of order.instruments) this.#at(conId).delete(order);
  }

  /** Orders that a market concerns, first those that trade first. */
  of(conId: number): readonly OrderRecord[] {
    return [...this.#at(conId)].sort(byPriority);
  }

  /** Trades all that can trade now. */
  match(conId: number): void {
    const done = new Set<OrderRecord>();
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const order of this.of(conId)) {
        if (!done.has(order) && this.#tryFill(order)) isMoving = true;
        // Where a tick fills so many units, it does so once for each order.
        if (isMoving && typeof this.#fillSize === 'number') done.add(order);
      }
    }
  }

  /** A trade went through the limits of orders that rest: they had their turn first, and share what was traded. */
  tradeThrough(conId: number, price: number, size: number): void {
    let left = size;
    for (const order of this.of(conId)) {
      const limit = limitOf(order);
      const isThrough = order.isBuy ? price < limit : price > limit;
      if (!order.isLive || !order.hasRested || !isThrough || order.subject.legs.length > 0) continue;
      const lots = Math.min(this.#host.tradableLots(order), order.lotsOf(left));
      if (lots === 0 || lots < leastOf(order)) continue;
      left -= order.units(lots);
      this.#host.fill(order, { lots, price: limit, isAggressive: false });
    }
  }

  #tryFill(order: OrderRecord): boolean {
    const tradable = order.isLive ? this.#host.tradableLots(order) : 0;
    if (tradable === 0) return false;
    const liquidity = this.#host.liquidityOf(order);
    const price = tradePrice(order, liquidity);
    const isAggressive = !order.hasRested || Number.isNaN(limitOf(order));
    order.hasRested = true;
    if (Number.isNaN(price)) return false;
    const lots = Math.min(tradable, this.#most(order, liquidity));
    if (lots < leastOf(order)) return false;
    if (this.#fillSize === 'quoted') liquidity.take(order.isBuy, lots);
    this.#host.fill(order, { lots, price, isAggressive });
    return true;
  }

  #most(order: OrderRecord, liquidity: Liquidity): number {
    if (this.#fillSize === 'quoted') return liquidity.available(order.isBuy);
    const isWhole = this.#fillSize === 'whole';
    return isWhole ? order.remainingLots : order.lotsOf(this.#fillSize as number);
  }

  #at(conId: number): Set<OrderRecord> {
    let orders = this.#orders.get(conId);
    if (orders === undefined) this.#orders.set(conId, (orders = new Set()));
    return orders;
  }
}

/** Fewest increments that an order accepts of one fill. */
function leastOf(order: OrderRecord): number {
  const { tif, allOrNone, minQty } = order.terms;
  if (allOrNone || tif === 'FOK') return order.remainingLots;
  const isFirst = order.filledLots === 0 && minQty > 0 && minQty < 2_147_483_647;
  return Math.max(1, isFirst ? Math.min(order.remainingLots, order.lotsOf(minQty)) : 1);
}

function byPriority(a: OrderRecord, b: OrderRecord): number {
  return aggressionOf(b) - aggressionOf(a) || a.sequence - b.sequence;
}

/** Higher trades first; buyers and sellers take different sides and need no order between them. */
function aggressionOf(order: OrderRecord): number {
  const limit = limitOf(order);
  if (Number.isNaN(limit)) return Number.MAX_VALUE;
  return order.isBuy ? limit : -limit;
}
