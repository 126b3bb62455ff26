// Orders that the gateway holds until the last of their family is there: what it never gets, it waits for without a word to anybody.
import type { VenueOrder } from './venue-order.js';

/** An order as it was sent. */
export interface SentOrder {
  readonly order: VenueOrder;
  readonly orderId: number;
  /** Id of the parent of all in its family; its own where it is that, or has none. */
  readonly family: string;
}

type Family = readonly SentOrder[];

/** Parents with their children as far as they were written. The last order of a family sends the others off. */
export class HeldFamilies {
  readonly #families = new Set<Family>();

  /** Takes a group of which so many were written, each of its families by itself: a whole one is none the worse for another. */
  keep(group: readonly SentOrder[], written: number): void {
    for (const known of this.#families) if (!known.some(isHeld)) this.#families.delete(known);
    for (const name of new Set(group.map(({ family }) => family))) {
      const family = group.filter((one) => one.family === name);
      const left = group.slice(0, written).filter((one) => one.family === name);
      const isAlone = family.length === 1 && family[0]?.order.id === name;
      if (left.length < family.length || !isAlone) this.#families.add(left);
    }
  }

  /**
   * What an order leaves held that was to send its family off and is over instead, children first. One click in TWS, or a later child, would
   * send the entry off without what protects it. None whose cancel is under way, or that this session has not named yet.
   */
  heldBy(ended: VenueOrder): readonly VenueOrder[] {
    const family = [...this.#families].find((orders) => orders.at(-1)?.order === ended) ?? [];
    const held = hasFilled(family) ? [] : family.filter(isHeld);
    const isToCancel = ({ state }: VenueOrder): boolean =>
      !state.requests.isCancelAsked && state.permIds.orderIds.length > 0;
    return held
      .map(({ order }) => order)
      .filter(isToCancel)
      .toReversed();
  }

  /** Ids that may be held, of each family, children first: to be asked once all that works was told after a loss of the connection. */
  takeHeldIds(): readonly (readonly number[])[] {
    const held = [...this.#families].map((family) => {
      const last = family.at(-1)?.order.state;
      if (hasFilled(family)) return [];
      if (last?.isAnswered === false) return family;
      // One that works has sent the others off.
      return last?.isOver === true ? family.filter(isHeld) : [];
    });
    this.#families.clear();
    return held.map((family) => family.map(({ orderId }) => orderId).toReversed());
  }
}

/** The gateway may have it, IB has not. */
function isHeld({ order }: SentOrder): boolean {
  return order.state.phase === 'sent' || order.state.phase === 'reached';
}

/** What was filled of a family is protected by the rest of it. */
function hasFilled(family: Family): boolean {
  return family.some(({ order }) => order.state.hasFilled);
}
