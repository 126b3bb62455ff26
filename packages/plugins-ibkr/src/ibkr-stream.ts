// Market data of Interactive Brokers for who scripts without the engine: the engine's own session, contracts and feed behind a few calls.
import { marketCalendar, SILENT_LOGGER, SystemClock } from '@bookrunner/sdk';
import type { Clock, FeedSink, FeedStatus, Logger, Subscription, Tick } from '@bookrunner/sdk';
import type { QualifiedContract } from './contracts/qualified-contract.js';
import { ibkrFeedOptions } from './feed/feed-options.js';
import type { IbkrFeedOptions } from './feed/feed-options.js';
import { IbkrFeed } from './feed/ibkr-feed.js';
import { ibkrError } from './ibkr-errors.js';
import { GatewayPool } from './session/gateway-pool.js';
import type { Gateway, GatewayUser } from './session/gateway.js';
import { TickByTickRequests } from './stream/tick-by-tick.js';
import type { TickByTick, TickByTickKind } from './stream/tick-by-tick.js';

/** What a stream tells. What a listener throws is told as `error`; what a listener of `error` throws is lost. */
export interface IbkrStreamEvents {
  /** A quote (`last` is NaN) or a trade (`bid` and `ask` are NaN). The object is the listener's own. */
  tick: (tick: Tick) => void;
  tickByTick: (tick: TickByTick) => void;
  /** How the stream (no symbol), or the data of one symbol, stand; told on each change. */
  status: (status: FeedStatus) => void;
  /** What failed later than the call that asked for it. */
  error: (error: Error) => void;
}

/** Options of a stream; all have a default. */
export interface IbkrStreamOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Options of the feed besides host, port and client id: market data type, limits, timeouts, as in engine.yaml. */
  readonly options?: Partial<IbkrFeedOptions>;
}

interface Open {
  readonly gateway: Gateway;
  readonly feed: IbkrFeed;
  readonly ticks: TickByTickRequests;
  readonly user: GatewayUser;
  readonly isReadonly: boolean;
}

const NAME = 'stream';

/**
 * One connection for market data. It comes back by itself, and what was subscribed is asked for again. All requests pass the
 * limits of IB: 45 messages a second, history and tick-by-tick under theirs.
 * @example
 * const stream = new IbkrStream();
 * stream.on('tick', (tick) => console.log(tick.symbol, tick.bid, tick.ask));
 * await stream.connect('127.0.0.1', 4002, 7);
 * const apple = await stream.normalizeContract('AAPL', 'SMART', 'USD');
 * await stream.subscribeQuotes([apple]);
 */
export class IbkrStream {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: Partial<IbkrFeedOptions>;
  readonly #listeners: { readonly [Name in keyof IbkrStreamEvents]: Set<IbkrStreamEvents[Name]> } = {
    tick: new Set(),
    tickByTick: new Set(),
    status: new Set(),
    error: new Set(),
  };
  #open: Open | undefined;

  constructor({ clock = new SystemClock(), logger = SILENT_LOGGER, options = {} }: IbkrStreamOptions = {}) {
    this.#clock = clock;
    this.#logger = logger;
    this.#options = options;
  }

  /** Listens from now on. Returns how to stop. */
  on<Name extends keyof IbkrStreamEvents>(event: Name, listener: IbkrStreamEvents[Name]): () => void {
    const own = ((value: never) => (listener as (value: never) => void)(value)) as IbkrStreamEvents[Name];
    this.#listeners[event].add(own);
    return () => void this.#listeners[event].delete(own);
  }

  /**
   * Connects, and resolves once the gateway takes requests. `readonly`: nothing reachable from here can send an order; else
   * {@link gateway} gives the session itself. Errors: those of {@link Gateway.attach}, after 25 s of trying unless told otherwise.
   */
  // oxlint-disable-next-line max-params -- the signature that scripts expect
  async connect(host: string, port: number, clientId: number, readonly = true): Promise<void> {
    if (this.#open !== undefined) return;
    const options = ibkrFeedOptions.parse({
      restart: false,
      ...this.#options,
      host,
      port,
      clientId,
      readOnly: readonly,
    });
    const { clock, logger } = { clock: this.#clock, logger: this.#logger };
    const gateway = new GatewayPool().gateway(options, { clock, logger });
    const context = { name: NAME, options, clock, logger, configDir: '.', dataDir: '.', instruments: new Map() };
    const feed = new IbkrFeed({ ...context, calendar: (id) => marketCalendar(id) }, gateway);
    const ticks = new TickByTickRequests({
      ...{ gateway, clock },
      onTick: (tick) => this.#tell('tickByTick', tick),
      onError: (error) => this.#tell('error', error),
    });
    const open: Open = {
      gateway,
      feed,
      ticks,
      user: userOf(ticks, (error) => this.#tell('error', error)),
      isReadonly: readonly,
    };
    this.#open = open;
    ticks.listen();
    try {
      await Promise.all([gateway.attach(open.user), feed.open()]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The session, to send more than this class does. Errors: IBKR_READ_ONLY on a stream that is, IBKR_NOT_CONNECTED. */
  get gateway(): Gateway {
    const { gateway, isReadonly } = this.#opened();
    if (isReadonly) {
      throw ibkrError('IBKR_READ_ONLY', 'The stream is read-only.', { remedy: 'Connect with `readonly` false.' });
    }
    return gateway;
  }

  /**
   * The contract of a symbol at an exchange in a currency, as IB completes it: `('AAPL', 'SMART', 'USD')`,
   * `('EUR.USD', 'IDEALPRO', 'USD')`, `('ESZ6', 'CME', 'USD')`. Errors: IBKR_NOT_CONNECTED, IBKR_CONTRACT_NOT_FOUND,
   * IBKR_CONTRACT_AMBIGUOUS, IBKR_NO_ANSWER.
   */
  async normalizeContract(symbol: string, exchange: string, currency: string): Promise<QualifiedContract> {
    return this.#opened().feed.normalizeContract(symbol, exchange, currency);
  }

  /** Quotes and trades as `tick` events, sampled by IB unless the options say `tick-by-tick`. Errors: as {@link normalizeContract}. */
  async subscribeQuotes(contracts: readonly QualifiedContract[]): Promise<Subscription> {
    return this.#opened().feed.subscribe(
      contracts.map((contract) => contract.instrument),
      this.#sink(),
    );
  }

  /**
   * Every tick of a kind as `tickByTick` events. IB allows a few at a time, and one request for an instrument in 15 s: further ones
   * wait. What IB refuses is told as `error`. Errors: IBKR_NOT_CONNECTED.
   */
  async subscribeTickByTick(contracts: readonly QualifiedContract[], kind: TickByTickKind): Promise<Subscription> {
    const { ticks } = this.#opened();
    const ends = contracts.map((contract) => ticks.add(contract, kind));
    return {
      close: () => {
        for (const end of ends) end();
        return Promise.resolve();
      },
    };
  }

  /** Ends all; safe to call twice. Listeners stay, for another `connect`. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    open.ticks.close();
    await open.feed.close();
    await open.gateway.detach(open.user);
  }

  #opened(): Open {
    if (this.#open === undefined)
      throw ibkrError('IBKR_NOT_CONNECTED', 'The stream is not connected.', { remedy: 'Await `connect` first.' });
    return this.#open;
  }

  #sink(): FeedSink {
    return {
      tick: (tick) => this.#tell('tick', ownTick(tick)),
      ticks: () => undefined,
      bars: () => undefined,
      status: (status) => this.#tell('status', status),
      heartbeat: () => undefined,
      rejected: ({ source, reason }) => this.#tell('error', ibkrError('IBKR_UNREADABLE', `${source}: ${reason}`)),
    };
  }

  #tell<Name extends keyof IbkrStreamEvents>(event: Name, value: Parameters<IbkrStreamEvents[Name]>[0]): void {
    for (const listener of [...this.#listeners[event]]) {
      try {
        (listener as (told: typeof value) => void)(value);
      } catch (error) {
        this.#logger.error('A listener of the stream failed.', { event, error: String(error) });
        if (event !== 'error') this.#tell('error', error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

function ownTick({ ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size }: Tick): Tick {
  return { ts, recvTs, symbol, venue, bid, ask, bidSize, askSize, last, size };
}

function userOf(ticks: TickByTickRequests, onError: (error: Error) => void): GatewayUser {
  return {
    name: 'tick-by-tick',
    onState: () => undefined,
    onUp: () => ticks.repeat(),
    onUpstream: (isDataLost) => {
      if (isDataLost) ticks.repeat();
    },
    onFarm: () => undefined,
    onAlarm: (code, message) => onError(ibkrError(code as 'IBKR_UNREADABLE', message)),
  };
}
