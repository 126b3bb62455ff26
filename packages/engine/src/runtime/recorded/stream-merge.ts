import type { EpochMs } from '@bookrunner/sdk';
import { BarCursor } from './bar-cursor.js';
import { BarGroup } from './bar-group.js';
import type { Driver } from '../driver.js';
import type { MergeEntry, StreamCursor } from './stream-cursor.js';

/**
 * Merges recorded streams by time and rank and drives them through the driver. A tournament tree finds the first entry in
 * log2(entries) comparisons; an entry runs on for as long as no other comes first. Several streams of bars are one entry.
 */
export class StreamMerge {
  readonly cursors: readonly StreamCursor[];
  private readonly entries: readonly MergeEntry[];
  /** Winner of each match; leaves are the entries, padded to a power of two. */
  private readonly tree: Int32Array;
  private readonly leaves: number;

  constructor(cursors: readonly StreamCursor[]) {
    this.cursors = cursors;
    this.entries = entriesOf(cursors);
    let leaves = 1;
    while (leaves < this.entries.length) leaves *= 2;
    this.leaves = leaves;
    this.tree = new Int32Array(2 * leaves).fill(-1);
  }

  /**
   * Runs to the end of all streams. Waits only for blocks, never for a row. `pace`, where given, is asked before each new instant
   * is delivered, and a promise it gives is awaited: that is how a replay keeps pace with a clock. `signal` ends the run before
   * the next instant; without `pace`, before the run next turns to another stream or block.
   */
  async run(driver: Driver, pace?: (at: EpochMs) => Promise<void> | undefined, signal?: AbortSignal): Promise<void> {
    await this.#feed();
    this.#build();
    for (;;) {
      const winner = this.tree[1] as number;
      const entry = this.entries[winner];
      if (entry === undefined || entry.at === Number.POSITIVE_INFINITY) return;
      const waiting = pace?.(entry.at);
      if (waiting !== undefined) await waiting;
      if (signal?.aborted === true) return;
      const rival = this.#runnerUp(winner);
      // A paced run stops at each instant, so that the clock is asked again.
      if (pace === undefined) entry.run(driver, rival?.at ?? Number.POSITIVE_INFINITY, rival?.rank ?? 0);
      else this.#runInstant(entry, driver, rival);
      if (entry.isStarved) await this.#refill(entry);
      this.#replay(winner);
    }
  }

  #runInstant(entry: MergeEntry, driver: Driver, rival: MergeEntry | undefined): void {
    const isRivalNow = rival !== undefined && rival.at === entry.at;
    entry.run(driver, entry.at, isRivalNow ? rival.rank : Number.POSITIVE_INFINITY);
  }

  async #feed(): Promise<void> {
    for (const entry of this.entries) await this.#refill(entry);
  }

  async #refill(entry: MergeEntry): Promise<void> {
    if (!(entry instanceof BarGroup)) return this.#give(entry as StreamCursor);
    for (const cursor of entry.cursors) await this.#give(cursor);
    entry.aim();
  }

  async #give(cursor: StreamCursor): Promise<void> {
    while (cursor.isStarved) {
      const next = cursor.source.next();
      const result = next instanceof Promise ? await next : await Promise.resolve(next);
      cursor.take(result.done === true ? undefined : result.value);
    }
  }

  #build(): void {
    const tree = this.tree;
    for (let i = 0; i < this.leaves; i++) tree[this.leaves + i] = i < this.entries.length ? i : -1;
    for (let node = this.leaves - 1; node >= 1; node--) {
      tree[node] = this.#better(tree[2 * node] as number, tree[2 * node + 1] as number);
    }
  }

  /** Plays the matches of one leaf again. */
  #replay(leaf: number): void {
    const tree = this.tree;
    let node = (this.leaves + leaf) >> 1;
    while (node >= 1) {
      tree[node] = this.#better(tree[2 * node] as number, tree[2 * node + 1] as number);
      node >>= 1;
    }
  }

  /** The best of those the winner beat on its way up. */
  #runnerUp(winner: number): MergeEntry | undefined {
    const tree = this.tree;
    let best = -1;
    let node = this.leaves + winner;
    while (node > 1) {
      best = this.#better(best, tree[node ^ 1] as number);
      node >>= 1;
    }
    return this.entries[best];
  }

  #better(a: number, b: number): number {
    if (a < 0) return b;
    if (b < 0) return a;
    const left = this.entries[a] as MergeEntry;
    const right = this.entries[b] as MergeEntry;
    if (left.at !== right.at) return left.at < right.at ? a : b;
    return left.rank <= right.rank ? a : b;
  }
}

/** The streams of prompt bars as one entry, before all others; any other stream by itself. */
function entriesOf(cursors: readonly StreamCursor[]): readonly MergeEntry[] {
  const bars = cursors.filter((cursor) => cursor instanceof BarCursor && cursor.isPrompt) as BarCursor[];
  if (bars.length < 2) return cursors;
  return [new BarGroup(bars), ...cursors.filter((cursor) => !(bars as readonly StreamCursor[]).includes(cursor))];
}
