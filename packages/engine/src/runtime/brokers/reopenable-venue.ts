import type {
  CancelOutcome,
  Instrument,
  Order,
  OrderChange,
  OrderRef,
  SubmitOutcome,
  Venue,
  VenueSink,
  VenueSnapshot,
} from '@bookrunner/sdk';

/** A venue as a session holds it, whichever instance it is: to be opened again it is made anew. */
export class ReopenableVenue implements Venue {
  readonly #make: () => Venue;
  #venue: Venue;
  #wasOpened = false;
  /** Opened, or about to be, and not given up. */
  #isWanted = false;
  readonly accountIds?: NonNullable<Venue['accountIds']>;
  readonly resolve?: NonNullable<Venue['resolve']>;
  readonly replace?: NonNullable<Venue['replace']>;

  constructor(venue: Venue, make: () => Venue) {
    this.#venue = venue;
    this.#make = make;
    const now = (): Required<Venue> => this.#venue as Required<Venue>;
    if (venue.accountIds !== undefined) this.accountIds = () => now().accountIds();
    if (venue.resolve !== undefined) this.resolve = (instrument: Instrument) => now().resolve(instrument);
    if (venue.replace !== undefined) {
      this.replace = (order: OrderRef, change: OrderChange) => now().replace(order, change);
    }
  }

  get capabilities() {
    return this.#venue.capabilities;
  }
  async open(sink: VenueSink): Promise<void> {
    if (this.#wasOpened) this.#venue = this.#make();
    this.#wasOpened = true;
    this.#isWanted = true;
    const venue = this.#venue;
    await venue.open(sink);
    // It took so long that it was given up meanwhile: nobody else would close it.
    if (!this.#isWanted || venue !== this.#venue) await venue.close();
  }
  close(): Promise<void> {
    this.#isWanted = false;
    return this.#venue.close();
  }
  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    return this.#venue.submit(group);
  }
  cancel(order: OrderRef): Promise<CancelOutcome> {
    return this.#venue.cancel(order);
  }
  snapshot(): Promise<VenueSnapshot> {
    return this.#venue.snapshot();
  }
}
