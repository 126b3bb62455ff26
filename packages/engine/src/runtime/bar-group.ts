import type { EpochMs } from '@bookrunner/sdk';
import type { BarCursor } from './bar-cursor.js';
import type { Driver } from './driver.js';
import { type MergeEntry, OPEN_RANK, TICK_RANK } from './stream-cursor.js';

/**
 * All streams of bars of a run as one. Bars open and close at the same instants, so a pass over all of them in their order is far
 * cheaper than a tournament for each: at an instant first what closes, then what opens. Ticks come after both.
 */
export class BarGroup implements MergeEntry {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank = OPEN_RANK;
  readonly members: readonly BarCursor[];
  /** When the next event of each member comes. */
  readonly #times: Float64Array;
  /** Places of the members that close at the instant under way. */
  readonly #closing: Int32Array;

  /** `members` in the order in which their bars close. */
  constructor(members: readonly BarCursor[]) {
    this.members = members;
    this.#times = new Float64Array(members.length);
    this.#closing = new Int32Array(members.length);
  }

  get isStarved(): boolean {
    for (let i = 0; i < this.members.length; i++) if ((this.members[i] as BarCursor).isStarved) return true;
    return false;
  }

  /** Takes the members' next events anew, after some of them were given a block. */
  aim(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.members.length; i++) {
      const { at } = this.members[i] as BarCursor;
      this.#times[i] = at;
      if (at < next) next = at;
    }
    this.#aimAt(next);
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    while (this.at < otherAt || (this.at === otherAt && this.rank < otherRank)) {
      // The first row of a block that is still to come may open now.
      if (this.#close(driver, otherAt > this.at || otherRank >= OPEN_RANK)) return;
      this.#open(driver);
      if (this.at === Number.POSITIVE_INFINITY) return;
    }
  }

  /** Closes what ends now; true where a member needs a further block. */
  #close(driver: Driver, isInstantOurs: boolean): boolean {
    const { members, at } = this;
    const times = this.#times;
    const closing = this.#closing;
    let count = 0;
    for (let i = 0; i < times.length; i++) {
      if (times[i] === at && (members[i] as BarCursor).isOpen) closing[count++] = i;
    }
    let isStarved = false;
    for (let k = 0; k < count; k++) {
      const place = closing[k] as number;
      const member = members[place] as BarCursor;
      member.close(driver, isInstantOurs && k === count - 1);
      times[place] = member.at;
      isStarved ||= member.isStarved;
    }
    return isStarved;
  }

  /** Opens what starts now, and finds the next instant. */
  #open(driver: Driver): void {
    const { members, at } = this;
    const times = this.#times;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times.length; i++) {
      let time = times[i] as number;
      if (time === at) {
        const member = members[i] as BarCursor;
        member.open(driver);
        time = member.at;
        times[i] = time;
      }
      if (time < next) next = time;
    }
    this.#aimAt(next);
  }

  #aimAt(next: EpochMs): void {
    this.at = next;
    this.rank = next === Number.POSITIVE_INFINITY ? TICK_RANK : 0;
  }
}
