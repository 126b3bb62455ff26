/**
 * The venue's order ids as they are told outside. After a rollback the venue's counter is behind: orders get ids again that others
 * had before.
 */
export class VenueOrderIds {
  /** Ids of the venue in the order they came up. */
  readonly #issued: string[] = [];
  readonly #told = new Map<string, string>();
  #lag = 0;

  /** The id told for one of a report, which may be new. */
  ofReport(venueOrderId: string): string {
    const known = this.#told.get(venueOrderId);
    if (known !== undefined) return known;
    this.#issued.push(venueOrderId);
    const told = this.#issued[this.#issued.length - 1 - this.#lag]!;
    this.#told.set(venueOrderId, told);
    return told;
  }

  /** The id told for one of a snapshot; one never reported is told as it is. */
  ofSnapshot(venueOrderId: string): string {
    return this.#told.get(venueOrderId) ?? venueOrderId;
  }

  /** Puts the counter back by so many ids, at most to the first; answers by how many. */
  rollBack(count: number): number {
    const possible = Math.min(Math.trunc(count), this.#issued.length - this.#lag);
    this.#lag += possible;
    return possible;
  }
}
