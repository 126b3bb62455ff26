// By which ids IB knows an order. One change can make two orders of one: both then live under one orderRef.

/** One order at IB. */
export interface PermId {
  /** 0 as long as IB has given none. */
  readonly permId: number;
  readonly isLive: boolean;
  /** The id by which this session may change or cancel it; NaN where it cannot. */
  readonly orderId: number;
}

/** The ids of one order, the first one first. */
export class PermIds {
  readonly #known: PermId[] = [];

  get live(): readonly PermId[] {
    return this.#known.filter(({ isLive }) => isLive);
  }

  /** One change has made two orders of it, whatever became of them. */
  get isTwice(): boolean {
    return this.#known.length > 1;
  }

  /** The venue's id; empty as long as there is none. */
  get venueOrderId(): string {
    const known = this.live[0] ?? this.#known[0];
    return known === undefined || known.permId === 0 ? '' : String(known.permId);
  }

  /** Ids that a cancel has to name: those of what lives, else those known. */
  get orderIds(): readonly number[] {
    const candidates = this.live.length > 0 ? this.live : this.#known;
    return [...new Set(candidates.map(({ orderId }) => orderId))].filter((orderId) => !Number.isNaN(orderId));
  }

  has(permId: number): boolean {
    return this.#known.some((known) => known.permId === permId);
  }

  /** Sent, or seen, under this id in this session. */
  sent(orderId: number): void {
    if (this.#known.length === 0) this.#known.push({ permId: 0, isLive: true, orderId });
    else this.#known.forEach((known, i) => (this.#known[i] = { ...known, orderId }));
  }

  /** `isLive` undefined where nothing is said of it. True where this is a second one. */
  saw(permId: number, isLive: boolean | undefined, orderId = Number.NaN): boolean {
    if (permId === 0) return false;
    const at = this.#known.findIndex((known) => known.permId === permId || known.permId === 0);
    const known = this.#known[at];
    if (known === undefined) {
      this.#known.push({
        permId,
        isLive: isLive ?? true,
        orderId: Number.isNaN(orderId) ? this.#firstOrderId() : orderId,
      });
      return this.#known.length > 1;
    }
    // What is dead stays so, whatever comes late.
    const stays = known.permId === 0 || known.isLive;
    const id = Number.isNaN(orderId) ? known.orderId : orderId;
    this.#known[at] = { permId, isLive: stays && (isLive ?? known.isLive), orderId: id };
    return false;
  }

  end(): void {
    this.#known.forEach((known, i) => (this.#known[i] = { ...known, isLive: false }));
  }

  /** Another session: ids of the old one say nothing there. */
  forgetOrderIds(): void {
    this.#known.forEach((known, i) => (this.#known[i] = { ...known, orderId: Number.NaN }));
  }

  #firstOrderId(): number {
    return this.#known[0]?.orderId ?? Number.NaN;
  }
}
