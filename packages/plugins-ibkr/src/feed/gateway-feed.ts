import type {
  EpochMs,
  Feed,
  FeedCapabilities,
  FeedSink,
  HistoryBlock,
  HistoryRequest,
  Instrument,
  PluginContext,
  ResolvedInstrument,
  Subscription,
} from '@bookrunner/sdk';
import { GatewayContractBook } from '../contracts/contract-book.js';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Farm, Gateway, GatewayState, GatewayUser } from '../session/gateway.js';
import { FeedReporter, type FeedCounters } from './feed-reporter.js';
import type { IbkrFeedOptions } from './feed-options.js';
import type { IbkrHistory } from './history/ibkr-history.js';

/** The subscriptions of a feed at the gateway. */
export interface FeedData {
  /** Starts to listen. */
  open(): void;
  /** Ends everything; the gateway is told where it is there to be told. */
  close(): void;
  /** Errors: of the feed, where it has no data of such a contract. */
  add(contract: QualifiedContract, sink: FeedSink): void;
  remove(symbol: string, sink: FeedSink): void;
  /** The connection is gone, and every request with it. */
  onDown(): void;
  /** A connection is there: what is not asked for on it is asked for. */
  onUp(): void;
  /** IB is back behind the gateway; the feed as a whole was said to be live. */
  onUpstream(isDataLost: boolean): void;
  onFarm(farm: Farm): void;
}

/** Options that every feed of this plugin has. */
export type CommonFeedOptions = Pick<
  IbkrFeedOptions,
  'contracts' | 'hours' | 'historySmallBarPages' | 'historyTickPages'
>;

/** What a {@link GatewayFeed} is made of. */
export interface GatewayFeedParts {
  readonly context: PluginContext<CommonFeedOptions>;
  readonly gateway: Gateway;
  readonly capabilities: FeedCapabilities;
  readonly history: IbkrHistory;
  readonly makeData: (reporter: FeedReporter) => FeedData;
}

interface Subscriber {
  readonly symbols: ReadonlySet<string>;
  readonly sink: FeedSink;
}

/** A feed over the session of a gateway: connection and reconnection are the gateway's; subscriptions outlive them. */
export class GatewayFeed implements Feed, GatewayUser {
  readonly capabilities: FeedCapabilities;
  readonly name: string;
  readonly #gateway: Gateway;
  readonly #book: GatewayContractBook;
  readonly #reporter: FeedReporter;
  readonly #data: FeedData;
  readonly #history: IbkrHistory;
  readonly #subscribers = new Set<Subscriber>();
  #isOpen = false;

  constructor({ context, gateway, capabilities, history, makeData }: GatewayFeedParts) {
    const { name, options, clock, logger } = context;
    this.name = name;
    this.capabilities = capabilities;
    this.#gateway = gateway;
    this.#history = history;
    this.#book = new GatewayContractBook({ gateway, clock, name: options.contracts ?? name });
    this.#reporter = new FeedReporter({ feed: name, clock, logger, sinks: () => this.#sinks() });
    this.#data = makeData(this.#reporter);
  }

  /** Rows that were not delivered, since the feed was made. */
  get counters(): FeedCounters {
    return this.#reporter.counters;
  }

  /** Errors: those of the gateway's `attach`. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#data.open();
    try {
      await this.#gateway.attach(this);
    } catch (error) {
      this.#isOpen = false;
      this.#data.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#subscribers.clear();
    this.#history.close();
    this.#data.close();
    await this.#gateway.detach(this);
  }

  /** Errors: IBKR_FEED_NOT_OPEN, and those of {@link GatewayContractBook.qualify}. */
  async resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    const { instrument: resolved, conId } = await this.#qualify(instrument);
    return { instrument: resolved, sourceId: String(conId) };
  }

  /**
   * The contract of a symbol at an exchange in a currency, as IB completes it: `normalizeContract('EUR.USD', 'IDEALPRO', 'USD')`.
   * Errors: as {@link resolve}.
   */
  normalizeContract(symbol: string, exchange: string, currency: string): Promise<QualifiedContract> {
    this.#checkOpen();
    return this.#book.normalizeContract(symbol, exchange, currency);
  }

  /** Errors: as {@link resolve}; nothing is subscribed then. */
  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    const contracts = await Promise.all(instruments.map((instrument) => this.#qualify(instrument)));
    this.#checkOpen();
    const symbols = new Set(instruments.map((instrument) => instrument.symbol));
    const subscriber = { symbols, sink };
    this.#subscribers.add(subscriber);
    this.#reporter.tellFeedTo(sink);
    try {
      for (const contract of contracts) this.#data.add(contract, sink);
    } catch (error) {
      this.#leave(subscriber);
      throw error;
    }
    return {
      close: () => {
        this.#leave(subscriber);
        return Promise.resolve();
      },
    };
  }

  /**
   * Bars by `bars` (built-in time bars of a length and price that IB keeps), else ticks. Requests are spread under IB's limits, so
   * long ranges take minutes.
   * Errors: those of {@link resolve}, IBKR_HISTORY_NOT_AVAILABLE, IBKR_HISTORY_FAILED, IBKR_HISTORY_PACING, IBKR_NO_ANSWER,
   * IBKR_NOT_CONNECTED.
   */
  async *history(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    const contract = await this.#qualify(request.instrument);
    yield* this.#history.read(contract, request);
  }

  onState(state: GatewayState, code: string, message: string): void {
    if (!this.#isOpen) return;
    const text = message === '' ? `The gateway is ${state}.` : message;
    // Rows will be missing: that the feed was away makes the engine ask history for them when it is back.
    if (state === 'upstream-lost') this.#reporter.tellFeed('disconnected', code || 'IBKR_UPSTREAM_LOST', text);
    if (state !== 'disconnected' && state !== 'planned-outage' && state !== 'failed') return;
    this.#data.onDown();
    const feedState = state === 'failed' ? 'failed' : 'disconnected';
    this.#reporter.tellFeed(feedState, code || 'IBKR_NOT_CONNECTED', text);
  }

  onUp(): void {
    if (!this.#isOpen) return;
    if (this.#gateway.state !== 'upstream-lost') this.#reporter.tellFeed('live', '', 'The gateway is back.');
    this.#data.onUp();
  }

  onUpstream(isDataLost: boolean): void {
    if (!this.#isOpen) return;
    this.#reporter.tellFeed('live', '', 'The gateway has its line to IB again.');
    this.#data.onUpstream(isDataLost);
  }

  onFarm(farm: Farm): void {
    if (this.#isOpen) this.#data.onFarm(farm);
  }

  /** What could not be read may have been a row of anybody. */
  onAlarm(code: string, message: string): void {
    if (this.#isOpen && code === 'IBKR_UNREADABLE') this.#reporter.rejectUnread(message);
  }

  onHeartbeat(latencyMs: number, gatewayTs: EpochMs): void {
    if (!this.#isOpen) return;
    this.#reporter.heartbeat({ ts: gatewayTs, source: this.name, ok: true, latencyMs });
  }

  async #qualify(instrument: Instrument): Promise<QualifiedContract> {
    this.#checkOpen();
    return this.#book.qualify(instrument);
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw ibkrError('IBKR_FEED_NOT_OPEN', `Feed '${this.name}' is not open.`);
  }

  *#sinks(): Iterable<FeedSink> {
    yield* new Set([...this.#subscribers].map(({ sink }) => sink));
  }

  /** What nobody else has subscribed with this sink is no longer delivered to it. */
  #leave(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    const { symbols, sink } = subscriber;
    const others = [...this.#subscribers].filter((other) => other.sink === sink);
    for (const symbol of symbols) {
      if (!others.some((other) => other.symbols.has(symbol))) this.#data.remove(symbol, sink);
    }
  }
}
