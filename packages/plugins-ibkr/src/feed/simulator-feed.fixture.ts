// A feed on a socket to a simulated gateway, both on a clock that a test moves.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  defineInstrument,
  type Feed,
  type HistoryBlock,
  type HistoryRequest,
  marketCalendar,
  type PluginContext,
  SILENT_LOGGER,
} from '@bookrunner/sdk';
import { FakeClock, RecordingFeedSink, type SourceEvent } from '@bookrunner/sdk/testing';
import type { EventName } from '@stoqey/ib';
import { connectionOptions, type ConnectionOptions } from '../connection-options.js';
import { GatewayPool } from '../session/gateway-pool.js';
import type { Gateway } from '../session/gateway.js';
import { SimulatedGateway } from '../simulator/model/simulated-gateway.js';
import type { SimulatorOptions } from '../simulator/model/simulator-options.js';
import { startTwsSimulator, type TwsSimulator } from '../simulator/start-tws-simulator.js';
import { ibkrFeedOptions, type IbkrFeedOptions } from './feed-options.js';
import { IbkrFeed } from './ibkr-feed.js';

const STOCK = { assetClass: 'equity', quote: 'USD', priceStep: 0.01, calendar: '24x7' } as const;
export const AAPL = defineInstrument({ symbol: 'AAPL', ...STOCK });
export const MSFT = defineInstrument({ symbol: 'MSFT', ...STOCK });
export const EURUSD = defineInstrument({
  ...{ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.00005, lotStep: 1_000 },
  calendar: '24x5',
});

/** Real milliseconds after which something that has to come will not. */
const PATIENCE_MS = 8_000;

/** Real milliseconds to wait for an answer while the connection stands. */
const ANSWER_MS = 3_000;

/** What a feed of the plugin is created with. */
export type FeedMaker<Options> = (context: PluginContext<Options>, gateway: Gateway) => Feed;

/** What a bench is made with. */
export interface SimulatorBenchOptions<Options> {
  readonly simulator?: SimulatorOptions;
  readonly options: (connection: Partial<ConnectionOptions>) => Options;
  readonly make: FeedMaker<Options>;
}

export class SimulatorBench {
  readonly clock: FakeClock;
  readonly sim: TwsSimulator<SimulatedGateway>;
  readonly gateway: Gateway;
  readonly feed: Feed;
  readonly sink = new RecordingFeedSink();

  private constructor(
    parts: { readonly clock: FakeClock; readonly sim: TwsSimulator<SimulatedGateway>; readonly gateway: Gateway },
    feed: Feed,
  ) {
    this.clock = parts.clock;
    this.sim = parts.sim;
    this.gateway = parts.gateway;
    this.feed = feed;
  }

  /** Nothing is open yet but the simulator; its markets of stocks have no quote. */
  static async start<Options>(bench: SimulatorBenchOptions<Options>): Promise<SimulatorBench> {
    const clock = new FakeClock();
    const model = new SimulatedGateway(bench.simulator ?? {}, clock);
    const sim = await startTwsSimulator({ model, clock });
    const connection = { port: sim.port, restart: false as const, heartbeat: { everyMs: 0, limitMs: 20_000 } };
    const options = bench.options(connection);
    const gateway = new GatewayPool(() => 1).gateway(connectionOptions.parse(connection), {
      ...{ clock, logger: SILENT_LOGGER },
    });
    const context: PluginContext<Options> = {
      ...{ name: 'ib', clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.', instruments: new Map() },
      ...{ options, calendar: (id) => marketCalendar(id) },
    };
    return new SimulatorBench({ clock, sim, gateway }, bench.make(context, gateway));
  }

  /** An {@link IbkrFeed}, open. */
  static async ready(
    options: Partial<IbkrFeedOptions> = {},
    simulator: SimulatorOptions = {},
  ): Promise<SimulatorBench> {
    const bench = await SimulatorBench.start({
      ...{ simulator, options: (connection: object) => ibkrFeedOptions.parse({ ...connection, ...options }) },
      make: (context: PluginContext<IbkrFeedOptions>, gateway: Gateway) => new IbkrFeed(context, gateway),
    });
    await bench.feed.open();
    return bench;
  }

  get model(): SimulatedGateway {
    return this.sim.model;
  }

  /** An event of a market, a little later than the one before. */
  publish(symbol: string, { bid, ask, last }: SourceEvent): void {
    this.clock.advance(10);
    const quoted = (price: number): number => (Number.isNaN(price) ? -1 : price);
    this.model.quote(symbol, { bid: quoted(bid), ask: quoted(ask), bidSize: 300, askSize: 400 });
    if (!Number.isNaN(last)) this.model.trade(symbol, last, 100);
  }

  /** The wire's id of the last request of a kind for a symbol. */
  requestId(messageId: string, symbol: string): string {
    // A version comes first in the older requests.
    const place = messageId === '1' || messageId === '50' ? 2 : 1;
    const asked = this.sim.transcript.entries.findLast(
      ({ direction, fields }) => direction === 'in' && fields[0] === messageId && fields.includes(symbol),
    );
    return asked?.fields[place] ?? '0';
  }

  /** How often something was asked. */
  asked(messageId: string, symbol?: string): number {
    return this.sim.transcript.entries.filter(
      ({ direction, fields }) =>
        direction === 'in' && fields[0] === messageId && (symbol === undefined || fields.includes(symbol)),
    ).length;
  }

  /** Resolves when all that was sent has been answered, and what waits a little for others has gone on. */
  async settle(rounds = 3): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await this.#roundTrip();
      this.clock.advance(60);
    }
    await this.#roundTrip();
  }

  /** Moves the clock over waits until the condition holds. */
  async until(isSo: () => boolean, stepMs = 500): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      if (Date.now() > giveUp) throw new Error(`It never came; told was ${JSON.stringify(this.sink.statuses)}`);
      this.clock.advance(stepMs);
      await sleep(2);
    }
  }

  /** Lets the clock run on until a promise is settled. */
  async during<T>(promise: Promise<T>, stepMs = 250): Promise<T> {
    let isOver = false;
    const watched = promise.finally(() => (isOver = true));
    watched.catch(() => undefined);
    await this.until(() => isOver, stepMs);
    return watched;
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.sim.close();
    this.model.close();
  }

  /** The gateway answers in order: the time comes after all that was sent before. */
  async #roundTrip(): Promise<void> {
    let isAnswered = false;
    const stop = this.gateway.on('currentTime' as EventName.currentTime, () => {
      isAnswered = true;
    });
    const sent = this.gateway.send({ lane: 'order', write: (api) => api.reqCurrentTime() });
    const giveUp = Date.now() + ANSWER_MS;
    if ((await sent) === 'purged') await sleep(10);
    while (!isAnswered && this.gateway.state.startsWith('up') && Date.now() < giveUp) await sleep(1);
    stop();
    await sleep(0);
  }
}

/** The feed of a bench, whose waits are the clock's. */
export function clocked(bench: SimulatorBench): Feed {
  const { feed } = bench;
  const history = feed.history!.bind(feed);
  async function* read(request: HistoryRequest): AsyncGenerator<HistoryBlock> {
    const blocks = history(request)[Symbol.asyncIterator]();
    for (;;) {
      const next = await bench.during(Promise.resolve(blocks.next()));
      if (next.done === true) return;
      yield next.value;
    }
  }
  return {
    capabilities: feed.capabilities,
    resolve: (instrument) => feed.resolve(instrument),
    subscribe: (instruments, sink) => feed.subscribe(instruments, sink),
    open: () => bench.during(feed.open(), 1_000),
    close: () => feed.close(),
    history: read,
  };
}
