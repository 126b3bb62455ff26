import type { EpochMs } from '@bookrunner/sdk';
import type { BarCursor } from './bar-cursor.js';
import type { Driver } from '../driver.js';
import { GroupMember } from './group-member.js';
import { type MergeEntry, OPEN_RANK, TICK_RANK } from './stream-cursor.js';

/**
 * All streams of bars of a run as one. Bars open and close at the same instants, so a pass over all of them in their order is far
 * cheaper than a tournament for each: at an instant first what closes, then what opens. Ticks come after both.
 *
 * Most opens nobody looks at (see UnseenBars): such a bar begins when the one before it has closed, and its row is read when it closes. An
 * order that comes before its turn to open puts it back among those that are still to open.
 */
export class BarGroup implements MergeEntry {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank = OPEN_RANK;
  /** In the order in which their bars close. */
  readonly cursors: readonly BarCursor[];
  private readonly members: readonly GroupMember[];
  /** By member: when its bar under way ends; infinity where none is. */
  private readonly ends: Float64Array;
  /** By member: when its next bar starts; infinity while one is under way, and where a block or the stream has ended. */
  private readonly starts: Float64Array;
  /** Members from here on have not had their turn to open at this instant. */
  private turn = 0;
  /** When the next event after this instant comes, as far as is known. */
  private next: EpochMs = Number.POSITIVE_INFINITY;
  private isOffered = false;

  constructor(cursors: readonly BarCursor[]) {
    this.cursors = cursors;
    this.members = cursors.map((cursor, index) => new GroupMember(cursor, () => this.#opensLater(index)));
    this.ends = new Float64Array(cursors.length).fill(Number.POSITIVE_INFINITY);
    this.starts = new Float64Array(cursors.length).fill(Number.POSITIVE_INFINITY);
  }

  get isStarved(): boolean {
    return this.cursors.some((cursor) => cursor.isStarved);
  }

  /** Takes the next events of those that were given a block. */
  aim(): void {
    for (let i = 0; i < this.cursors.length; i++) {
      if (this.ends[i] === Number.POSITIVE_INFINITY) this.starts[i] = (this.cursors[i] as BarCursor).nextStart();
    }
    this.#aimAt(Math.min(...this.starts, ...this.ends));
  }

  run(driver: Driver, otherAt: EpochMs, otherRank: number): void {
    if (!this.isOffered) this.#offer(driver);
    while (this.at < otherAt || (this.at === otherAt && this.rank < otherRank)) {
      // The first row of a block that is still to come may open now.
      if (this.#close(driver, otherAt > this.at || otherRank >= OPEN_RANK)) return;
      this.#open(driver);
      if (this.at === Number.POSITIVE_INFINITY) return;
    }
  }

  #offer(driver: Driver): void {
    this.isOffered = true;
    for (const member of this.members) driver.offerUnseen(member.instrumentIndex, member);
  }

  /** Closes what ends now; true where a member needs a further block. */
  #close(driver: Driver, isInstantOurs: boolean): boolean {
    const last = this.ends.lastIndexOf(this.at);
    if (last >= 0) {
      driver.settleBefore(this.at);
      this.#readRows(last);
      const { bar } = this.members[last] as GroupMember;
      bar.isLast = isInstantOurs;
      this.#closeBars(driver, last);
      bar.isLast = false;
    }
    return this.#follow(driver);
  }

  // Three passes, since V8 makes of each a function of its own with all that it calls: of one pass it would be too much.

  #readRows(last: number): void {
    const { at, members, ends } = this;
    for (let i = 0; i <= last; i++) if (ends[i] === at) (members[i] as GroupMember).read();
  }

  #closeBars(driver: Driver, last: number): void {
    const { at, members, ends } = this;
    for (let i = 0; i <= last; i++) {
      if (ends[i] !== at) continue;
      const member = members[i] as GroupMember;
      driver.settleBefore(at);
      if (member.isOpenUnseen === true) {
        member.end();
        driver.unseenBar(member.bar);
      } else driver.barClose(member.instrumentIndex, member.bar);
    }
  }

  /** Finds what comes next of each; true where it is in a further block. */
  #follow(driver: Driver): boolean {
    const { at, members, ends } = this;
    const unseen = driver.calmBars;
    this.turn = 0;
    this.next = Number.POSITIVE_INFINITY;
    let isStarved = false;
    for (let i = 0; i < members.length; i++) {
      let end = ends[i] as number;
      if (end === at) {
        end = (members[i] as GroupMember).follow(at, unseen);
        ends[i] = end;
      }
      if (end === Number.POSITIVE_INFINITY) isStarved = this.#awaitStart(i) || isStarved;
      else if (end < this.next) this.next = end;
    }
    return isStarved;
  }

  /** Finds when the next bar of a member starts; true where that is in a further block. */
  #awaitStart(index: number): boolean {
    const { cursor } = this.members[index] as GroupMember;
    const start = cursor.nextStart();
    this.starts[index] = start;
    if (start > this.at && start < this.next) this.next = start;
    return start === Number.POSITIVE_INFINITY && cursor.isStarved;
  }

  /** Whether a bar that nobody looked at is still to open at this instant: then it does so in its turn. */
  #opensLater(index: number): boolean {
    const start = (this.cursors[index] as BarCursor).nextStart();
    if (start !== this.at || index < this.turn) return false;
    this.ends[index] = Number.POSITIVE_INFINITY;
    this.starts[index] = start;
    return true;
  }

  /** Opens what starts now, and finds the next instant. */
  #open(driver: Driver): void {
    const { at, members, starts } = this;
    driver.settleTo(at);
    for (let i = starts.indexOf(at); i >= 0; i = starts.indexOf(at, i + 1)) {
      const member = members[i] as GroupMember;
      const { instrumentIndex, bar } = member;
      member.open();
      starts[i] = Number.POSITIVE_INFINITY;
      this.ends[i] = bar.endTs;
      if (bar.endTs < this.next) this.next = bar.endTs;
      this.turn = i + 1;
      if (!bar.isWarmup) driver.barOpen(instrumentIndex, bar);
      driver.settleTo(at);
    }
    this.#aimAt(this.next);
  }

  #aimAt(next: EpochMs): void {
    this.at = next;
    this.rank = next === Number.POSITIVE_INFINITY ? TICK_RANK : 0;
  }
}
