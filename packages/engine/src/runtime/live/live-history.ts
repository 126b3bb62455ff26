// What the history of a live feed has of the time it was away: asked for once, within a limit, and judged as a whole.
import {
  type BarColumns,
  BarSchedule,
  type EpochMs,
  type Feed,
  type HistoryBlock,
  type HistoryRequest,
  type TickColumns,
} from '@bookrunner/sdk';
import type { StreamSetup } from '../../kernel/setup.js';
import type { Assembly } from '../assemble.js';
import type { LiveInstrument } from './live-warmup.js';

/** Longest time of which ticks are asked for, where bars can be had as well. */
const TICKS_MOST_MS = 6 * 3_600_000;
/** Most rows of one answer that is held before it is entered. */
export const ROWS_MOST = 1_000_000;

/** Ready bars of one stream. */
export interface MissedBars {
  readonly streamIndex: number;
  readonly barMs: number;
  readonly blocks: readonly BarColumns[];
}

/** All that history has up to `to`. */
export interface MissedRows {
  readonly to: EpochMs;
  readonly ticks: readonly TickColumns[];
  readonly bars: readonly MissedBars[];
  /** For strategies that begin anew: windows are empty, whatever ticks the kernel has seen. */
  readonly isAnew: boolean;
}

/** What {@link LiveHistory.missed} is asked for. */
export interface MissedRange {
  readonly lostAt: EpochMs;
  readonly to: EpochMs;
  readonly isAnew: boolean;
  readonly signal: AbortSignal;
}

interface PlannedStream extends StreamSetup {
  readonly index: number;
}

/** The history of one instrument of a live feed, from what the kernel last saw of it on. */
export class LiveHistory {
  readonly #live: LiveInstrument;
  readonly #assembly: Assembly;
  /** Streams that take the feed's rows themselves: the others are made of them. */
  readonly #streams: readonly PlannedStream[];

  constructor(live: LiveInstrument, assembly: Assembly) {
    this.#live = live;
    this.#assembly = assembly;
    this.#streams = assembly.plan.streams
      .map((stream, index) => ({ ...stream, index }))
      .filter(({ instrumentIndex, source }) => instrumentIndex === live.index && source !== 'bars');
  }

  /** Whether its bars are made of ticks. */
  get takesTicks(): boolean {
    return this.#streams.some(({ source }) => source === 'ticks');
  }

  /** Whether the feed has anything to fill a gap with. */
  get isThere(): boolean {
    return this.#live.feed.history !== undefined && (this.#hasTicks || this.#hasBars);
  }

  /**
   * What was missed until `to`, of an instrument that was lost at `lostAt`; of one that begins anew all from then on, whatever the kernel
   * last saw of it, bars rather than ticks, and the newest of them where they are more than may be held. Rejects with what the feed says, or what
   * `signal` does.
   */
  async missed({ lostAt, to, isAnew, signal }: MissedRange): Promise<MissedRows> {
    const { tickTs } = this.#state;
    const from = isAnew || Number.isNaN(tickTs) ? lostAt : tickTs;
    const isLong = isAnew || to - from > TICKS_MOST_MS;
    const first = this.#hasTicks && !(isLong && this.#hasBars);
    try {
      return await (first ? this.#ticks({ from, to, isAnew, signal }) : this.#bars({ lostAt, to, isAnew, signal }));
    } catch (error) {
      const hasOther = first ? this.#hasBars : this.#hasTicks;
      if (signal.aborted || !hasOther) throw error;
      return first ? this.#bars({ lostAt, to, isAnew, signal }) : this.#ticks({ from, to, isAnew, signal });
    }
  }

  get #hasTicks(): boolean {
    return this.takesTicks && this.#live.feed.capabilities.historyTicks === true;
  }

  get #hasBars(): boolean {
    const { historyBars } = this.#live.feed.capabilities;
    const isTimed = this.#streams.every(({ barMs }) => Number.isFinite(barMs));
    return historyBars === true && isTimed && this.#streams.length > 0;
  }

  get #state() {
    const { instruments } = this.#assembly.kernel.parts.market;
    return instruments[this.#live.index] as (typeof instruments)[number];
  }

  async #ticks({ from, to, isAnew, signal }: Omit<MissedRange, 'lostAt'> & { from: EpochMs }): Promise<MissedRows> {
    const ticks: TickColumns[] = [];
    const request = { instrument: this.#live.instrument, from, to };
    for (const block of await this.#ask(request, { isAnew, signal })) {
      if (block.kind === 'ticks') ticks.push(block.columns);
    }
    return { to, ticks, bars: [], isAnew };
  }

  async #bars({ lostAt, to, isAnew, signal }: MissedRange): Promise<MissedRows> {
    const bars: MissedBars[] = [];
    for (const { index, barMs, spec } of this.#streams) {
      const from = this.#nextBar(index, barMs, lostAt);
      const request = { instrument: this.#live.instrument, from, to, bars: spec };
      const blocks = from < to ? await this.#ask(request, { isAnew, signal }) : [];
      const columns = blocks.flatMap((block) => (block.kind === 'bars' ? [block.columns] : []));
      bars.push({ streamIndex: index, barMs, blocks: columns });
    }
    return { to, ticks: [], bars, isAnew };
  }

  /** Where the bar after the newest one begins; without any, the one that was under way when the feed was lost. */
  #nextBar(streamIndex: number, barMs: number, lostAt: EpochMs): EpochMs {
    const { window } = this.#assembly.kernel.parts.market.streams[streamIndex] ?? {};
    if (window !== undefined && window.length > 0) return window.latest.endTs;
    const schedule = new BarSchedule(this.#live.calendar, barMs);
    return schedule.locate(lostAt) ? schedule.start : lostAt;
  }

  /** A gap with too many rows is none that can be filled; of bars that strategies need to begin anew the newest do. */
  async #ask(
    request: HistoryRequest,
    { isAnew, signal }: Pick<MissedRange, 'isAnew' | 'signal'>,
  ): Promise<readonly HistoryBlock[]> {
    const { feed } = this.#live;
    const blocks: HistoryBlock[] = [];
    let rows = 0;
    for await (const block of untilAborted(
      (feed.history as NonNullable<Feed['history']>).call(feed, request),
      signal,
    )) {
      blocks.push(block);
      rows += block.columns.length;
      if (rows > ROWS_MOST && !(isAnew && request.bars !== undefined)) throw new Error(`more than ${ROWS_MOST} rows`);
      while (rows > ROWS_MOST && blocks.length > 1) rows -= (blocks.shift() as HistoryBlock).columns.length;
    }
    return blocks;
  }
}

/** The same rows, until the signal: then it throws the signal's reason, whatever the source waits for. */
export async function* untilAborted<T>(rows: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  signal.throwIfAborted();
  const iterator = rows[Symbol.asyncIterator]();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Nobody waits for a source that hangs, nor for what it says in the end.
    iterator.return?.(undefined)?.catch(() => {});
  }
}
