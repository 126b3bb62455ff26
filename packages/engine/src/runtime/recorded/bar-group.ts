import type { EpochMs } from '@bookrunner/sdk';
import type { BarCursor } from './bar-cursor.js';
import type { Driver } from '../driver.js';
import { MutableBar } from './mutable-bar.js';
import { type MergeEntry, OPEN_RANK, TICK_RANK } from './stream-cursor.js';

/** One stream of the group. */
class Member {
  readonly cursor: BarCursor;
  /** The row under way; made once, so that its stream need not be written at each row. */
  readonly bar: MutableBar;
  readonly instrumentIndex: number = -1;
  /** Whether the row's open was delivered, so that its end comes next. */
  isOpen = false;

  constructor(cursor: BarCursor) {
    const { streamIndex, instrumentIndex } = cursor.setup;
    this.cursor = cursor;
    this.bar = new MutableBar(streamIndex, cursor.symbol);
    this.instrumentIndex = instrumentIndex;
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
  /** When the next event of each member comes. */
  private readonly times: Float64Array;

  constructor(cursors: readonly BarCursor[]) {
    this.cursors = cursors;
    this.members = cursors.map((cursor) => new Member(cursor));
    this.times = new Float64Array(cursors.length);
  }

  get isStarved(): boolean {
    return this.cursors.some((cursor) => cursor.isStarved);
  }

  /** Takes the next events of those that were given a block. */
  aim(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.members.length; i++) {
      const member = this.members[i] as Member;
      if (!member.isOpen) this.times[i] = member.cursor.nextStart();
      next = Math.min(next, this.times[i] as number);
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
    const { at } = this;
    const members = this.members;
    const times = this.times;
    const last = this.#lastToClose();
    const lastOfInstant = isInstantOurs ? last : -1;
    let isStarved = false;
    for (let i = 0; i <= last; i++) {
      if (times[i] !== at) continue;
      const member = members[i] as Member;
      if (!member.isOpen) continue;
      const { bar } = member;
      member.isOpen = false;
      bar.isLast = i === lastOfInstant;
      driver.barClose(member.instrumentIndex, bar);
      const { cursor } = member;
      const next = cursor.nextStart();
      times[i] = next;
      if (next === Number.POSITIVE_INFINITY && cursor.isStarved) isStarved = true;
    }
    return isStarved;
  }

  /** Place of the last member that closes now; -1 where none does. */
  #lastToClose(): number {
    const { at } = this;
    const times = this.times;
    let last = times.length - 1;
    while (last >= 0 && !(times[last] === at && (this.members[last] as Member).isOpen)) last -= 1;
    return last;
  }

  /** Opens what starts now, and finds the next instant. */
  #open(driver: Driver): void {
    const { at } = this;
    const members = this.members;
    const times = this.times;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times.length; i++) {
      let time = times[i] as number;
      if (time === at) {
        const member = members[i] as Member;
        const { bar } = member;
        member.cursor.takeRow(bar);
        time = bar.endTs;
        times[i] = time;
        member.isOpen = true;
        if (!bar.isWarmup) driver.barOpen(member.instrumentIndex, bar);
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
