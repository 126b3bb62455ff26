import type { EpochMs } from '@bookrunner/sdk';
import type { BarCursor } from './bar-cursor.js';
import type { Driver } from '../driver.js';
import type { MutableBar } from './mutable-bar.js';
import { type MergeEntry, OPEN_RANK, TICK_RANK } from './stream-cursor.js';

/** One stream of the group. */
class Member {
  readonly cursor: BarCursor;
  readonly bar: MutableBar;
  readonly instrumentIndex: number = -1;
  /** Whether the row's open was delivered, so that its end comes next. */
  isOpen = false;
  /** When the next event comes; begun as infinity, so that it is a double in place. */
  at: EpochMs = Number.POSITIVE_INFINITY;

  constructor(cursor: BarCursor) {
    this.cursor = cursor;
    this.bar = cursor.event;
    this.instrumentIndex = cursor.setup.instrumentIndex;
  }
}

/**
 * All streams of bars of a run as one. Bars open and close at the same instants, so a pass over all of them in their order is far
 * cheaper than a tournament for each: at an instant first what closes, then what opens. Ticks come after both.
 */
export class BarGroup implements MergeEntry {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank = OPEN_RANK;
  /** In the order in which their bars close. */
  readonly cursors: readonly BarCursor[];
  private readonly members: readonly Member[];

  constructor(cursors: readonly BarCursor[]) {
    this.cursors = cursors;
    this.members = cursors.map((cursor) => new Member(cursor));
  }

  get isStarved(): boolean {
    return this.cursors.some((cursor) => cursor.isStarved);
  }

  /** Takes the next events of those that were given a block. */
  aim(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.members.length; i++) {
      const member = this.members[i] as Member;
      if (!member.isOpen) member.at = member.cursor.nextStart();
      if (member.at < next) next = member.at;
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
    const { at, members } = this;
    const last = this.#lastToClose();
    const lastOfInstant = isInstantOurs ? last : -1;
    let isStarved = false;
    for (let i = 0; i <= last; i++) {
      const member = members[i] as Member;
      if (!member.isOpen || member.at !== at) continue;
      const { bar, cursor } = member;
      member.isOpen = false;
      bar.isLast = i === lastOfInstant;
      driver.barClose(member.instrumentIndex, bar);
      const next = cursor.nextStart();
      member.at = next;
      if (next === Number.POSITIVE_INFINITY && cursor.isStarved) isStarved = true;
    }
    return isStarved;
  }

  /** Place of the last member that closes now; -1 where none does. */
  #lastToClose(): number {
    const { at, members } = this;
    let last = members.length - 1;
    while (last >= 0 && !((members[last] as Member).isOpen && (members[last] as Member).at === at)) last -= 1;
    return last;
  }

  /** Opens what starts now, and finds the next instant. */
  #open(driver: Driver): void {
    const { at, members } = this;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as Member;
      if (member.at === at) {
        const { bar } = member;
        member.cursor.takeRow();
        member.at = bar.endTs;
        member.isOpen = true;
        if (!bar.isWarmup) driver.barOpen(member.instrumentIndex, bar);
      }
      if (member.at < next) next = member.at;
    }
    this.#aimAt(next);
  }

  #aimAt(next: EpochMs): void {
    this.at = next;
    this.rank = next === Number.POSITIVE_INFINITY ? TICK_RANK : 0;
  }
}
