import type { BarValues, EpochMs, OrderChange, OrderRef, Tick } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import type { JournalWriter } from './journal-writer.js';

/**
 * A venue that gets no request before it is on disk with everything before it, and whose own inputs are recorded, so that its
 * state can be made again.
 */
export class DurableVenue implements SynchronousVenue {
  readonly #venue: SynchronousVenue;
  readonly #journal: JournalWriter;

  constructor(venue: SynchronousVenue, journal: JournalWriter) {
    this.#venue = venue;
    this.#journal = journal;
  }

  get nextDeadline(): EpochMs {
    return this.#venue.nextDeadline;
  }

  submit(group: readonly OrderRecord[], now: EpochMs): boolean {
    this.#hand(now);
    return this.#venue.submit(group, now);
  }

  cancel(order: OrderRecord, now: EpochMs): void {
    this.#hand(now);
    this.#venue.cancel(order, now);
  }

  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void {
    this.#hand(now);
    this.#venue.replace(order, change, now);
  }

  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void {
    this.#journal.admit();
    this.#journal.records.venueTick(tick, instrumentIndex, now);
    this.#venue.onTick(instrumentIndex, tick, now);
  }

  /** A bar comes in its two parts: those are what is recorded. */
  passBar(): boolean {
    return false;
  }

  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void {
    this.#journal.add((records) => records.barOpen(instrumentIndex, open, now));
    this.#venue.onBarOpen(instrumentIndex, open, now);
  }

  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void {
    this.#journal.add((records) => records.barRange(instrumentIndex, bar, now));
    this.#venue.onBarRange(instrumentIndex, bar, now);
  }

  advance(now: EpochMs): void {
    this.#journal.add((records) => records.advance(now));
    this.#venue.advance(now);
  }

  /** A question changes nothing: its answer is an input. */
  query(venue: string, query: number, now: EpochMs): void {
    this.#venue.query?.(venue, query, now);
  }

  /** Recorded when the kernel made it; asked again where it is lost, so nothing waits for it. */
  cancelForeign(venue: string, ref: OrderRef): void {
    this.#journal.commit();
    this.#venue.cancelForeign?.(venue, ref);
  }

  /** The request itself was recorded when the kernel made it; this says that it goes out now. */
  #hand(now: EpochMs): void {
    this.#journal.add((records) => records.handed(now));
    this.#journal.commit();
  }
}
