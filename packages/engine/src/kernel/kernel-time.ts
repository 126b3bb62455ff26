import type { EpochMs } from '@bookrunner/sdk';

/**
 * Kernel time and what is due when, shared by the parts of one kernel. One object read in place: a double handed from function to
 * function is boxed on the heap, and a look into five objects costs five checks. Whoever makes a deadline earlier says so with
 * {@link KernelTime.bringForward}; whoever moves one away with {@link KernelTime.aim}. The instant to be settled comes and goes with most
 * bars and has ways of its own.
 */
export class KernelTime {
  /** When the event being processed became available. */
  now: EpochMs = Number.NEGATIVE_INFINITY;
  /** The earliest of the deadlines below; infinity when there is nothing. */
  next: EpochMs = Number.POSITIVE_INFINITY;
  /** The same without the instant to be settled: before it nothing but that is due. */
  later: EpochMs = Number.POSITIVE_INFINITY;
  /** The instant whose bars still wait to be settled: books marked, strategies asked; infinity for none. */
  settleAt: EpochMs = Number.POSITIVE_INFINITY;
  /** When the clock next closes a bar, a trading day of a book ends, a declared time of a strategy comes. */
  barAt: EpochMs = Number.POSITIVE_INFINITY;
  dayAt: EpochMs = Number.POSITIVE_INFINITY;
  scheduleAt: EpochMs = Number.POSITIVE_INFINITY;
  /** When a broker is asked next, or a person paged. */
  reconcileAt: EpochMs = Number.POSITIVE_INFINITY;
  /** When a person hears that a panic is not complete. */
  panicAt: EpochMs = Number.POSITIVE_INFINITY;

  /** Bars of the present instant wait to be settled. */
  settleNow(): void {
    const { now } = this;
    this.settleAt = now;
    if (now < this.next) this.next = now;
  }

  /** They are. */
  settled(): void {
    this.settleAt = Number.POSITIVE_INFINITY;
    this.next = this.later;
  }

  /** Takes a deadline that may be earlier than all others. */
  bringForward(at: EpochMs): void {
    if (at < this.later) this.later = at;
    if (at < this.next) this.next = at;
  }

  /** Finds the earliest deadline anew. */
  aim(): void {
    let next = this.barAt;
    if (this.dayAt < next) next = this.dayAt;
    if (this.scheduleAt < next) next = this.scheduleAt;
    if (this.reconcileAt < next) next = this.reconcileAt;
    if (this.panicAt < next) next = this.panicAt;
    this.later = next;
    this.next = this.settleAt < next ? this.settleAt : next;
  }
}
