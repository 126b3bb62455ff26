import type { EpochMs } from '@bookrunner/sdk';
import type { BarCursor } from './bar-cursor.js';
import { BAR_STRIDE, CLOSE, END, HIGH, LOW, OPEN, START, TICKS, VOLUME, VWAP } from './bar-table.js';
import type { Driver } from '../driver.js';
import { MutableBar } from './mutable-bar.js';
import { type MergeEntry, OPEN_RANK, TICK_RANK } from './stream-cursor.js';

/** Rows of each stream that are read ahead at once. */
const AHEAD = 32;

/** One stream of the group. `row` and `end` are places in the table: of the row under way, and behind the last one read. */
class Member {
  readonly cursor: BarCursor;
  readonly symbol: string;
  readonly streamIndex: number;
  readonly instrumentIndex: number;
  row = 0;
  end = 0;
  /** Whether the row's open was delivered, so that its end comes next. */
  isOpen = false;

  constructor(cursor: BarCursor) {
    this.cursor = cursor;
    this.symbol = cursor.symbol;
    this.streamIndex = cursor.setup.streamIndex;
    this.instrumentIndex = cursor.setup.instrumentIndex;
  }
}

/**
 * All streams of bars of a run as one. Bars open and close at the same instants, so a pass over all of them in their order is far
 * cheaper than a tournament for each: at an instant first what closes, then what opens. Ticks come after both.
 *
 * Some rows of each stream are read ahead into one table, row by row: the columns of a hundred streams, six each, are more than a
 * processor can walk side by side.
 */
export class BarGroup implements MergeEntry {
  at: EpochMs = Number.POSITIVE_INFINITY;
  rank = OPEN_RANK;
  /** In the order in which their bars close. */
  readonly cursors: readonly BarCursor[];
  readonly #members: readonly Member[];
  /** AHEAD rows of each member. */
  readonly #table: Float64Array;
  /** When the next event of each member comes. */
  readonly #times: Float64Array;
  /** From when on each member trades. */
  readonly #tradeFrom: Float64Array;
  /** Places of the members that close at the instant under way. */
  readonly #closing: Int32Array;
  readonly #event = new MutableBar(-1, '');

  constructor(cursors: readonly BarCursor[]) {
    this.cursors = cursors;
    this.#members = cursors.map((cursor) => new Member(cursor));
    this.#table = new Float64Array(cursors.length * AHEAD * BAR_STRIDE);
    this.#times = new Float64Array(cursors.length);
    this.#tradeFrom = Float64Array.from(cursors, ({ setup }) => setup.tradeFrom);
    this.#closing = new Int32Array(cursors.length);
  }

  get isStarved(): boolean {
    return this.cursors.some((cursor) => cursor.isStarved);
  }

  /** Takes the next events of those that were given a block. */
  aim(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#members.length; i++) {
      const member = this.#members[i] as Member;
      if (member.row === member.end) this.#readAhead(i);
      next = Math.min(next, this.#times[i] as number);
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
    const members = this.#members;
    const times = this.#times;
    const closing = this.#closing;
    const event = this.#event;
    let count = 0;
    for (let i = 0; i < times.length; i++) {
      if (times[i] === at && (members[i] as Member).isOpen) closing[count++] = i;
    }
    let isStarved = false;
    for (let k = 0; k < count; k++) {
      const place = closing[k] as number;
      const member = members[place] as Member;
      this.#fillOpen(place);
      this.#fillRange(place);
      event.isLast = isInstantOurs && k === count - 1;
      member.isOpen = false;
      member.row += BAR_STRIDE;
      if (member.row === member.end) isStarved = this.#readAhead(place) || isStarved;
      else times[place] = this.#table[member.row + START] as number;
      driver.barClose(member.instrumentIndex, event);
    }
    return isStarved;
  }

  /** Opens what starts now, and finds the next instant. */
  #open(driver: Driver): void {
    const { at } = this;
    const members = this.#members;
    const times = this.#times;
    const event = this.#event;
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times.length; i++) {
      if (times[i] === at) {
        const member = members[i] as Member;
        this.#fillOpen(i);
        member.isOpen = true;
        times[i] = event.endTs;
        if (!event.isWarmup) driver.barOpen(member.instrumentIndex, event);
      }
      const time = times[i] as number;
      if (time < next) next = time;
    }
    this.#aimAt(next);
  }

  /** Makes the event that of a member's row under way, as far as it is known when the bar opens. */
  #fillOpen(place: number): void {
    const { row, streamIndex, symbol } = this.#members[place] as Member;
    const table = this.#table;
    const event = this.#event;
    event.streamIndex = streamIndex;
    event.symbol = symbol;
    event.ts = table[row + START] as number;
    event.open = table[row + OPEN] as number;
    event.endTs = table[row + END] as number;
    event.isWarmup = event.ts < (this.#tradeFrom[place] as number);
  }

  /** The rest of it. */
  #fillRange(place: number): void {
    const { row } = this.#members[place] as Member;
    const table = this.#table;
    const event = this.#event;
    event.high = table[row + HIGH] as number;
    event.low = table[row + LOW] as number;
    event.close = table[row + CLOSE] as number;
    event.volume = table[row + VOLUME] as number;
    event.nTicks = table[row + TICKS] as number;
    event.vwap = table[row + VWAP] as number;
    event.at = event.endTs;
  }

  /** Takes the next rows of a member; true where it needs a further block. */
  #readAhead(place: number): boolean {
    const member = this.#members[place] as Member;
    const from = place * AHEAD * BAR_STRIDE;
    const rows = member.cursor.readAhead(this.#table, from, AHEAD);
    member.row = from;
    member.end = from + rows * BAR_STRIDE;
    this.#times[place] = rows === 0 ? Number.POSITIVE_INFINITY : (this.#table[from + START] as number);
    return member.cursor.isStarved;
  }

  #aimAt(next: EpochMs): void {
    this.at = next;
    this.rank = next === Number.POSITIVE_INFINITY ? TICK_RANK : 0;
  }
}
