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
import { brokerError } from './broker-errors.js';

const NOT_OPEN = {
  kind: 'refused',
  reason: 'BROKER_NOT_OPEN',
  message: 'The venue is not open: nothing was sent.',
} as const;

/** A venue as a session holds it, whichever instance it is: to be opened again it is made anew. Nothing leaves while it is not open. */
export class ReopenableVenue implements Venue {
  readonly #make: () => Venue;
  #venue: Venue;
  #wasOpened = false;
  /** Opened, or about to be, and not given up. */
  #isWanted = false;
  #isOpen = false;
  readonly accountIds?: NonNullable<Venue['accountIds']>;
  readonly resolve?: NonNullable<Venue['resolve']>;
  readonly replace?: NonNullable<Venue['replace']>;

  constructor(venue: Venue, make: () => Venue) {
    this.#venue = venue;
    this.#make = make;
    if (venue.accountIds !== undefined) this.accountIds = () => this.#venue.accountIds?.() ?? [];
    if (venue.resolve !== undefined) {
      this.resolve = (instrument: Instrument) => (this.#venue as Required<Venue>).resolve(instrument);
    }
    if (venue.replace !== undefined) {
      this.replace = async (order: OrderRef, change: OrderChange) =>
        this.#isOpen ? ((await this.#venue.replace?.(order, change)) ?? NOT_OPEN) : NOT_OPEN;
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
    if (this.#isWanted && venue === this.#venue) this.#isOpen = true;
    // It took so long that it was given up meanwhile: nobody else would close it.
    else await venue.close();
  }
  close(): Promise<void> {
    this.#isWanted = false;
    this.#isOpen = false;
    return this.#venue.close();
  }
  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    return this.#isOpen ? this.#venue.submit(group) : Promise.resolve(NOT_OPEN);
  }
  cancel(order: OrderRef): Promise<CancelOutcome> {
    return this.#isOpen ? this.#venue.cancel(order) : Promise.resolve(NOT_OPEN);
  }
  /** Errors: BROKER_NOT_OPEN, and those of the venue. */
  snapshot(): Promise<VenueSnapshot> {
    if (this.#isOpen) return this.#venue.snapshot();
    return Promise.reject(brokerError('BROKER_NOT_OPEN', 'The venue is not open.'));
  }
}
