// Puts pages of ticks together. Ticks are dated in whole seconds and a page may end inside one, so the next page begins with the
// second the last one ended in, and what of it is known already is left out.

/** One tick of a page; time in seconds. */
export interface PagedTick {
  readonly time: number;
}

/** The pages of one kind of ticks in a range of seconds. */
export class TickPages<T extends PagedTick> {
  readonly #to: number;
  #start: number;
  /** Ticks of the second `#start` that are known. */
  #known = 0;
  #isOver = false;

  /** `to` is exclusive. */
  constructor({ from, to }: { readonly from: number; readonly to: number }) {
    this.#start = from;
    this.#to = to;
  }

  /** Second from which the next page has to be asked for. */
  get start(): number {
    return this.#start;
  }
  /** Whether there is no more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What is new in a page. `limit`: how many ticks a page holds where there are more. */
  take(page: readonly T[], limit: number): readonly T[] {
    const rows = page.filter((tick) => tick.time >= this.#start).toSorted((a, b) => a.time - b.time);
    const fresh = rows.slice(Math.min(this.#known, countAt(rows, this.#start)));
    const last = fresh.at(-1);
    if (last === undefined) {
      // A full page of one second: whatever follows in that second is not to be had.
      this.#isOver = page.length < limit;
      this.#start += 1;
      this.#known = 0;
      return [];
    }
    // Asking the same again would bring the same, after the time that IB wants between equal requests.
    this.#isOver = page.length < limit && (last.time === this.#start || last.time + 1 >= this.#to);
    this.#known = countAt(fresh, last.time) + (last.time === this.#start ? this.#known : 0);
    this.#start = last.time;
    return fresh;
  }
}

function countAt(rows: readonly PagedTick[], time: number): number {
  return rows.reduce((count, row) => count + (row.time === time ? 1 : 0), 0);
}
