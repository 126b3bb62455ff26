// Warm-up of a live run: history bars fill windows and features, history ticks make the bars under way whole.
import {
  type Clock,
  type EngineNotice,
  type EpochMs,
  type Feed,
  type HistoryBlock,
  type HistoryRequest,
  type Instrument,
  type MarketCalendar,
} from '@bookrunner/sdk';
import { endOfBar } from '../../feeds/history-blocks.js';
import type { StreamSetup } from '../../kernel/setup.js';
import type { InstrumentTerms } from '../brokers/broker-instruments.js';
import { BarCursor } from '../recorded/bar-cursor.js';
import { HeldTicks } from './held-ticks.js';
import { HistoryAhead, HistorySlots } from './history-ahead.js';
import { type HistorySpan, HistoryStart } from './history-start.js';
import { untilAborted } from './live-history.js';
import type { Seam } from './live-seam.js';
import type { Turns } from './pace-turns.js';
import type { BlockSource, StreamCursor } from '../recorded/stream-cursor.js';
import { StreamMerge } from '../recorded/stream-merge.js';
import { TickCursor } from '../recorded/tick-cursor.js';

/** One instrument of a live run. */
export interface LiveInstrument {
  readonly instrument: Instrument;
  readonly index: number;
  readonly feedName: string;
  readonly feed: Feed;
  readonly calendar: MarketCalendar;
  /** What of it a broker gave other than engine.yaml. */
  readonly terms?: InstrumentTerms;
}

/** What {@link warmUp} needs. */
export interface WarmupSetup extends HistorySpan {
  readonly instruments: readonly LiveInstrument[];
  readonly seam: Seam;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: EngineNotice) => void;
  /** Start of the newest ready bar that history gave: a feed that delivers it again is not heard. */
  readonly onBars: (live: LiveInstrument, last: EpochMs) => void;
}

/**
 * Runs history through the kernel, in order of time over all instruments. History that fails, or has not come within
 * `engine.history.limitMs`, is told, and done without: commands wait for it.
 */
export async function warmUp(setup: WarmupSetup): Promise<void> {
  const { clock, prepared, signal } = setup;
  const { limitMs } = prepared.config.engine.history;
  const limit = new AbortController();
  const cancel = clock.callAt(clock.nowUtc() + limitMs, () => limit.abort(new Error(`nothing within ${limitMs} ms`)));
  try {
    const asking = { until: AbortSignal.any([signal, limit.signal]), slots: new HistorySlots(), held: new HeldTicks() };
    const cursors = await Promise.all(
      setup.instruments.map((live) => new InstrumentHistory(live, { ...setup, ...asking }).cursors()),
    );
    await new StreamMerge(cursors.flat()).run(setup.assembly.driver, () => setup.turns.next(), signal);
  } finally {
    cancel();
  }
}

interface BoundedSetup extends WarmupSetup {
  /** When history is waited for no longer. */
  readonly until: AbortSignal;
  /** For questions of all instruments. */
  readonly slots: HistorySlots;
  readonly held: HeldTicks;
}

/** The history of one instrument. */
class InstrumentHistory {
  readonly #live: LiveInstrument;
  readonly #setup: BoundedSetup;
  readonly #start: HistoryStart;
  /** Streams that take the feed's rows themselves: the others are made of them. */
  readonly #streams: readonly { readonly stream: StreamSetup; readonly index: number }[];

  constructor(live: LiveInstrument, setup: BoundedSetup) {
    this.#live = live;
    this.#setup = setup;
    this.#start = new HistoryStart(live, setup);
    this.#streams = setup.assembly.plan.streams
      .map((stream, index) => ({ stream, index }))
      .filter(({ stream }) => stream.instrumentIndex === live.index && stream.source !== 'bars');
  }

  async cursors(): Promise<readonly StreamCursor[]> {
    const { feed, instrument } = this.#live;
    const { seam, at } = this.#setup;
    const takesTicks = this.#streams.some(({ stream }) => stream.source === 'ticks');
    const hasTicks = takesTicks && feed.capabilities.historyTicks === true;
    if (this.#start.hasBars) {
      const bars = this.#bars();
      const ticks = hasTicks ? await this.#allTicks(seam.startAt(instrument.symbol, at)) : undefined;
      seam.open(instrument.symbol, at, ticks !== undefined);
      return [...bars, ...(ticks === undefined ? [] : [this.#tickCursor(ticks.values())])];
    }
    const from = this.#start.ticks;
    const ticks = hasTicks ? await this.#ticks(from) : undefined;
    seam.open(instrument.symbol, ticks === undefined ? at : from, false);
    if (ticks === undefined && this.#streams.length > 0) {
      this.#tell(
        'LIVE_WITHOUT_HISTORY',
        'has no history to warm up with; its strategies wait until live bars have come',
      );
    }
    return ticks === undefined ? [] : [ticks];
  }

  #bars(): readonly StreamCursor[] {
    const { instrument, index } = this.#live;
    const { at, assembly } = this.#setup;
    const from = this.#start.bars;
    return this.#streams.map(({ stream, index: streamIndex }) => {
      const blocks = this.#untilFailure(this.#ask({ instrument, from, to: at, bars: stream.spec }));
      return new BarCursor({
        symbol: instrument.symbol,
        instrumentIndex: index,
        streamIndex,
        barMs: stream.barMs,
        order: streamIndex,
        closeDelayMs: assembly.kernel.setup.closeDelayMs,
        tradeFrom: Number.POSITIVE_INFINITY,
        source: closedBars(blocks, {
          barMs: stream.barMs,
          at,
          onLast: (last) => {
            if (stream.source === 'feed') this.#setup.onBars(this.#live, last);
          },
        }),
      });
    });
  }

  /** Ticks of the bar under way; undefined where not all of them can be had: a part does not make it whole. */
  async #allTicks(from: EpochMs): Promise<readonly HistoryBlock[] | undefined> {
    try {
      return await this.#setup.held.collect(this.#askTicks(from));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** Undefined where the history cannot be had. */
  async #ticks(from: EpochMs): Promise<StreamCursor | undefined> {
    const blocks = this.#askTicks(from);
    let first: IteratorResult<HistoryBlock>;
    try {
      first = await blocks.next();
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
    return this.#tickCursor(this.#untilFailure(blocks, first));
  }

  #askTicks(from: EpochMs): HistoryAhead {
    return this.#ask({ instrument: this.#live.instrument, from, to: this.#setup.at });
  }

  #tickCursor(source: BlockSource): StreamCursor {
    const { instrument, index } = this.#live;
    const { kernel } = this.#setup.assembly;
    return new TickCursor({
      symbol: instrument.symbol,
      instrumentIndex: index,
      streamIndex: -1,
      barMs: Number.NaN,
      order: index,
      closeDelayMs: kernel.setup.closeDelayMs,
      tradeFrom: Number.POSITIVE_INFINITY,
      // Orders of a run that goes on rest at the venue already, and wait for a new price.
      isPast: Number.isFinite(kernel.now),
      source,
    });
  }

  #ask(request: HistoryRequest): HistoryAhead {
    const { feed } = this.#live;
    const { until, slots } = this.#setup;
    const blocks = (feed.history as NonNullable<Feed['history']>).call(feed, request);
    return new HistoryAhead(untilAborted(blocks, until), slots);
  }

  async *#untilFailure(
    blocks: AsyncIterator<HistoryBlock>,
    first?: IteratorResult<HistoryBlock>,
  ): AsyncGenerator<HistoryBlock> {
    try {
      for (let block = first ?? (await blocks.next()); block.done !== true; block = await blocks.next()) {
        yield block.value;
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (this.#setup.signal.aborted) return;
    const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
    this.#tell('LIVE_HISTORY_FAILED', `gave no complete history: ${message.split('\n')[0]?.replace(/\.$/, '')}`);
  }

  #tell(code: string, what: string): void {
    const { instrument, feedName } = this.#live;
    const message = `Feed '${feedName}', ${instrument.symbol}: ${what}.`;
    const details = { feed: feedName, symbol: instrument.symbol };
    this.#setup.onNotice({ ts: this.#setup.at, level: 'warning', code, message, details });
  }
}

/** Bars that are over at the instant: the one under way at the seam is dropped. */
async function* closedBars(
  blocks: AsyncIterable<HistoryBlock>,
  seam: { readonly barMs: number; readonly at: EpochMs; readonly onLast: (ts: EpochMs) => void },
): AsyncGenerator<HistoryBlock> {
  for await (const block of blocks) {
    if (block.kind !== 'bars') continue;
    const { columns } = block;
    let { length } = columns;
    const endOf = (row: number): EpochMs => endOfBar(columns, row, seam.barMs);
    while (length > 0 && endOf(length - 1) > seam.at) length -= 1;
    if (length === 0) continue;
    seam.onLast(columns.ts[length - 1] as number);
    yield { ...block, columns: { ...columns, length } };
  }
}
