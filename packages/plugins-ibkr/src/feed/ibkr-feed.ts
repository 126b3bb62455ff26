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
import { IbkrHistory } from './history/ibkr-history.js';
import { MarketData } from './market-data.js';

/** What the feed can do at any gateway. */
export const IBKR_FEED_CAPABILITIES: FeedCapabilities = Object.freeze({
  quotes: true,
  trades: true,
  historyBars: true,
  historyTicks: true,
});

interface Subscriber {
  readonly symbols: ReadonlySet<string>;
  readonly sink: FeedSink;
}

/**
 * Market data of Interactive Brokers: quotes and trades as they come, bars and ticks of the past. One market-data line at IB for
 * each instrument, however many subscribe it. Connection and reconnection are the gateway's; subscriptions outlive them.
 */
export class IbkrFeed implements Feed, GatewayUser {
  readonly capabilities = IBKR_FEED_CAPABILITIES;
  readonly name: string;
  readonly #gateway: Gateway;
  readonly #book: GatewayContractBook;
  readonly #reporter: FeedReporter;
  readonly #data: MarketData;
  readonly #history: IbkrHistory;
  readonly #subscribers = new Set<Subscriber>();
  #isOpen = false;

  constructor(context: PluginContext<IbkrFeedOptions>, gateway: Gateway) {
    const { name, options, clock, logger } = context;
    this.name = name;
    this.#gateway = gateway;
    this.#book = new GatewayContractBook({ gateway, clock, name: options.contracts ?? name });
    this.#reporter = new FeedReporter({ feed: name, clock, sinks: () => this.#sinks() });
    this.#data = new MarketData({ gateway, clock, logger, options, reporter: this.#reporter });
    this.#history = new IbkrHistory({ gateway, clock, logger, options, calendar: (id) => context.calendar(id) });
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
    for (const contract of contracts) this.#data.add(contract, sink);
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
    if (state === 'upstream-lost') this.#reporter.tellFeed('stale', code || 'IBKR_UPSTREAM_LOST', text);
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
    if (isDataLost) this.#data.onDataLost();
    else this.#data.repeatStates();
  }

  onFarm(farm: Farm): void {
    if (this.#isOpen) this.#data.onFarm(farm);
  }

  onHeartbeat(latencyMs: number, gatewayTs: EpochMs): void {
    if (!this.#isOpen) return;
    for (const sink of this.#sinks()) sink.heartbeat({ ts: gatewayTs, source: this.name, ok: true, latencyMs });
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
