import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  FeedState,
  ResolvedInstrument,
  Subscription,
} from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import type { Tick } from '../../model/tick.js';
import type { EpochMs } from '../../model/time.js';
import { testingError } from '../errors.js';

/** Options of {@link PushFeed}. */
export interface PushFeedOptions {
  readonly instruments: readonly Instrument[];
  readonly nowUtc: () => EpochMs;
  readonly name?: string;
}

interface LiveSubscription {
  readonly symbols: ReadonlySet<string>;
  readonly sink: FeedSink;
}

const CAPABILITIES: FeedCapabilities = Object.freeze({ quotes: true, trades: true });

/** The reference live {@link Feed}: delivers the ticks a test pushes, and loses its connection when told to. */
export class PushFeed implements Feed {
  readonly capabilities = CAPABILITIES;
  readonly name: string;
  readonly #options: PushFeedOptions;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #subscriptions = new Set<LiveSubscription>();
  readonly #lastTs = new Map<string, EpochMs>();
  #isOpen = false;
  #isConnected = true;
  #rows = 0;

  constructor(options: PushFeedOptions) {
    this.#options = options;
    this.name = options.name ?? 'push';
    this.#instruments = new Map(options.instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    const known = this.#instruments.get(instrument.symbol);
    if (known === undefined) return Promise.reject(this.#unknown(instrument.symbol));
    return Promise.resolve({ instrument: known, sourceId: `${this.name}:${known.symbol}` });
  }

  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#isOpen = false;
    this.#subscriptions.clear();
    return Promise.resolve();
  }

  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    if (!this.#isOpen) throw testingError('TESTING_FEED_NOT_OPEN', `Feed '${this.name}' is not open.`);
    for (const { symbol } of instruments) if (!this.#instruments.has(symbol)) throw this.#unknown(symbol);
    const subscription = { symbols: new Set(instruments.map((instrument) => instrument.symbol)), sink };
    this.#subscriptions.add(subscription);
    this.#tell(sink, this.#isConnected ? 'live' : 'disconnected');
    return {
      close: () => {
        this.#subscriptions.delete(subscription);
        return Promise.resolve();
      },
    };
  }

  /** A tick from the source: delivered, or rejected where no feed could use it. Lost while disconnected. */
  push(tick: Tick): void {
    this.#rows += 1;
    if (!this.#isConnected) return;
    const fault = this.#faultOf(tick);
    for (const { symbols, sink } of Array.from(this.#subscriptions)) {
      if (!symbols.has(tick.symbol)) continue;
      if (fault === undefined) sink.tick(tick);
      else sink.rejected({ source: this.name, line: this.#rows, reason: fault });
    }
    if (fault === undefined) this.#lastTs.set(tick.symbol, tick.recvTs);
  }

  /** A sign of life from the source. Lost while disconnected. */
  beat(): void {
    if (!this.#isConnected) return;
    const heartbeat = { ts: this.#options.nowUtc(), source: this.name, ok: true, latencyMs: Number.NaN };
    for (const { sink } of this.#subscriptions) sink.heartbeat(heartbeat);
  }

  /** Loses the connection, or has it back; subscriptions live on. */
  connect(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    for (const { sink } of this.#subscriptions) this.#tell(sink, isConnected ? 'live' : 'disconnected');
  }

  #faultOf({ symbol, recvTs, bid, ask, last }: Tick): string | undefined {
    if (!(recvTs >= (this.#lastTs.get(symbol) ?? Number.NEGATIVE_INFINITY))) return 'the time runs backwards';
    const prices = [bid, ask, last].filter((price) => !Number.isNaN(price));
    if (prices.length === 0) return 'there is no price';
    return prices.includes(0) ? 'a price is 0' : undefined;
  }

  #tell(sink: FeedSink, state: FeedState): void {
    const isLost = state === 'disconnected';
    const text = { reason: isLost ? 'TESTING_FEED_NOT_OPEN' : '', message: isLost ? 'The connection is lost.' : '' };
    sink.status({ ts: this.#options.nowUtc(), feed: this.name, state, ...text });
  }

  #unknown(symbol: string): Error {
    const message = `Feed '${this.name}' does not know '${symbol}'.`;
    return testingError('TESTING_INSTRUMENT_UNKNOWN', message, { details: { symbol } });
  }
}
