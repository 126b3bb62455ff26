// Lets a run over files be interrupted. Plain files are read and run without ever leaving the thread, so that neither a signal nor
// a timer would be heard until the end; every so many milliseconds the event loop gets a turn between two blocks.
import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  HistoryBlock,
  HistoryRequest,
  Instrument,
  ReadRange,
  RecordedFeed,
  RecordedStream,
  ResolvedInstrument,
  Subscription,
} from '@bookrunner/sdk';
import { isRecorded } from '../../runtime/run-data.js';

const TURN_EVERY_MS = 100;

/** The feeds, those that are read in blocks with turns between blocks. */
export function withTurns(feeds: ReadonlyMap<string, Feed>): ReadonlyMap<string, Feed> {
  return new Map([...feeds].map(([name, feed]) => [name, isRecorded(feed) ? new TurningFeed(feed) : feed]));
}

class TurningFeed implements RecordedFeed {
  readonly #feed: RecordedFeed;
  #lastTurn = performance.now();

  constructor(feed: RecordedFeed) {
    this.#feed = feed;
  }

  get capabilities(): FeedCapabilities {
    return this.#feed.capabilities;
  }
  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    return this.#feed.resolve(instrument);
  }
  open(): Promise<void> {
    return this.#feed.open();
  }
  close(): Promise<void> {
    return this.#feed.close();
  }
  subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    return this.#feed.subscribe(instruments, sink);
  }
  async *history(request: HistoryRequest): AsyncIterable<HistoryBlock> {
    if (this.#feed.history !== undefined) yield* this.#feed.history(request);
  }

  async *read(instruments: readonly Instrument[], range: ReadRange): AsyncIterable<RecordedStream> {
    for await (const stream of this.#feed.read(instruments, range)) {
      yield { ...stream, blocks: this.#turning(stream.blocks) };
    }
  }

  async *#turning(blocks: RecordedStream['blocks']): AsyncGenerator<HistoryBlock> {
    for await (const block of blocks) {
      yield block;
      if (performance.now() - this.#lastTurn < TURN_EVERY_MS) continue;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      this.#lastTurn = performance.now();
    }
  }
}
