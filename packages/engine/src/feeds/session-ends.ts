import { DAY_MS, type EpochMs, type HistoryBlock, type MarketCalendar, MINUTE_MS } from '@bookrunner/sdk';
import type { RecordedStream } from '@bookrunner/sdk';

/**
 * The stream with bars ended by the close of their session. Of bars below a day whose source does not say when they end, one that starts in
 * a session and would last beyond its close ends with it, as one made of ticks does: the half hour before a close at half past is no hour,
 * and belongs to its day. Not where the market opens again before the bar would have ended: it may hold what came then.
 */
export function endedAtClose(stream: RecordedStream, calendar: MarketCalendar): RecordedStream {
  const lengthMs = Number(stream.spec?.options['seconds']) * 1_000;
  // Sessions begin and end on whole minutes.
  if (!(lengthMs > MINUTE_MS && lengthMs < DAY_MS)) return stream;
  const ends = new SessionEnds(calendar, lengthMs);
  const { blocks } = stream;
  return { ...stream, blocks: Symbol.asyncIterator in blocks ? eachLater(blocks, ends) : each(blocks, ends) };
}

function* each(blocks: Iterable<HistoryBlock>, ends: SessionEnds): Generator<HistoryBlock> {
  for (const block of blocks) yield ends.put(block);
}

async function* eachLater(blocks: AsyncIterable<HistoryBlock>, ends: SessionEnds): AsyncGenerator<HistoryBlock> {
  for await (const block of blocks) yield ends.put(block);
}

/** When bars of one length end in the sessions of a market. Asks the calendar only where the answer may change. */
class SessionEnds {
  readonly #calendar: MarketCalendar;
  readonly #lengthMs: number;
  /** From when until when the rest holds: within one session, or between two, or where the calendar knows nothing. */
  #from: EpochMs = Number.NaN;
  #until: EpochMs = Number.NaN;
  /** End of the session; infinity outside of sessions. */
  #close: EpochMs = Number.POSITIVE_INFINITY;
  #reopens: EpochMs = Number.POSITIVE_INFINITY;

  constructor(calendar: MarketCalendar, lengthMs: number) {
    this.#calendar = calendar;
    this.#lengthMs = lengthMs;
  }

  /** The block with the ends that sessions give; the same block where they give none. */
  put(block: HistoryBlock): HistoryBlock {
    if (block.kind !== 'bars') return block;
    const { columns } = block;
    const { ts, endTs, length } = columns;
    let ends: Float64Array | undefined;
    for (let row = 0; row < length; row += 1) {
      const start = ts[row]!;
      if (endTs !== undefined && !Number.isNaN(endTs[row]!)) continue;
      if (!this.#isCut(start)) continue;
      ends ??= endTs?.slice(0, length) ?? new Float64Array(length).fill(Number.NaN);
      ends[row] = this.#close;
    }
    return ends === undefined ? block : { ...block, columns: { ...columns, endTs: ends } };
  }

  /** Whether a bar that starts then ends with its session, which is then {@link #close}. */
  #isCut(start: EpochMs): boolean {
    if (!(start >= this.#from && start < this.#until)) this.#look(start);
    const end = start + this.#lengthMs;
    return end > this.#close && end <= this.#reopens;
  }

  #look(ts: EpochMs): void {
    const { validFrom, validTo } = this.#calendar;
    this.#from = ts;
    this.#close = Number.POSITIVE_INFINITY;
    this.#reopens = Number.POSITIVE_INFINITY;
    if (!(ts >= validFrom && ts < validTo)) {
      this.#until = ts < validFrom ? validFrom : Number.POSITIVE_INFINITY;
    } else if (this.#calendar.isOpen(ts)) {
      this.#close = this.#calendar.sessionClose(ts);
      this.#until = this.#close;
      this.#reopens = this.#nextOpen(this.#close);
    } else this.#until = this.#nextOpen(ts);
  }

  /** Infinity where that lies behind what the calendar knows. */
  #nextOpen(ts: EpochMs): EpochMs {
    try {
      return this.#calendar.nextOpen(ts);
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }
}
