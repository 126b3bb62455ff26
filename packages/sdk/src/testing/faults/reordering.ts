import type { Parcel } from './transit.js';

interface HeldBack {
  readonly parcel: Parcel;
  /** How many have still to overtake it. */
  remaining: number;
}

/** What waits until others have overtaken it; each is also a parcel that arrives by the clock if nothing comes to overtake it. */
export class Reordering {
  #held: HeldBack[] = [];

  holdBack(parcel: Parcel, count: number): void {
    this.#held.push({ parcel, remaining: count });
  }

  /** Tells that one has passed; what was held back long enough arrives behind it. */
  onePassed(): void {
    const due: Parcel[] = [];
    for (const item of this.#held) {
      item.remaining -= 1;
      if (item.remaining <= 0) due.push(item.parcel);
    }
    this.#held = this.#held.filter((item) => item.remaining > 0);
    for (const parcel of due) parcel.hurry();
  }

  clear(): void {
    this.#held = [];
  }
}
