// The plugin's feed and venue on one session to a simulated gateway, over a socket, with time that a case moves.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { marketCalendar, SILENT_LOGGER } from '@bookrunner/sdk';
import type {
  FeedSink,
  Instrument,
  Logger,
  Order,
  OrderChange,
  OrderRef,
  PluginContext,
  SubmitOutcome,
  Subscription,
  VenueSnapshot,
} from '@bookrunner/sdk';
import { check, FakeClock, RecordingFeedSink, RecordingVenueSink, seededRandom } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { IbkrFeed } from '../../feed/ibkr-feed.js';
import { ibkrFeedOptions } from '../../feed/feed-options.js';
import type { IbkrFeedOptions } from '../../feed/feed-options.js';
import { GatewayPool } from '../../session/gateway-pool.js';
import type { Gateway } from '../../session/gateway.js';
import { startTwsSimulator } from '../../simulator/index.js';
import type {
  FaultRule,
  SimulatedGateway,
  TwsSimulator,
  TwsSimulatorOptions,
  WireSettings,
} from '../../simulator/index.js';
import { IbkrVenue } from '../../venue/ibkr-venue.js';
import { ibkrVenueOptions } from '../../venue/venue-options.js';
import type { IbkrVenueOptions } from '../../venue/venue-options.js';
import { AAPL, EURUSD, MSFT } from './instruments.js';
import { WireTap } from './wire-tap.js';

/** What is wrong with the wire through a whole case. */
export interface WireTrouble {
  readonly settings?: Partial<WireSettings>;
  readonly rules?: readonly FaultRule[];
  /** Largest piece into which what the client sends is cut; whole unless given. */
  readonly clientPieceBytes?: number;
}

/** What a scene is made with; everything may be left out. */
export interface SceneOptions {
  readonly seed?: number;
  readonly simulator?: TwsSimulatorOptions;
  readonly trouble?: WireTrouble;
  readonly venue?: Readonly<Record<string, unknown>>;
  readonly feed?: Readonly<Record<string, unknown>>;
  readonly instruments?: readonly Instrument[];
  /** When the clock begins. */
  readonly startTs?: number;
  /** Where order ids are kept; nowhere unless given. */
  readonly dataDir?: string;
  /** The simulator of another scene, with its clock: this one is our next process. */
  readonly after?: Scene;
}

/** Real milliseconds after which something that has to come will not. */
const PATIENCE_MS = 6_000;
/** More of the clock than anything waits for others to speak up. */
const ROUND_MS = 60;
/** A session's options in which nothing happens by the clock alone. */
const QUIET = { restart: false, heartbeat: { everyMs: 0 } } as const;

interface Stage {
  readonly modelFaults: readonly unknown[];
  readonly clock: FakeClock;
  readonly sim: TwsSimulator<SimulatedGateway>;
  readonly tap: WireTap;
}

export class Scene {
  readonly clock: FakeClock;
  readonly sim: TwsSimulator<SimulatedGateway>;
  readonly tap: WireTap;
  readonly gateway: Gateway;
  readonly venue: IbkrVenue;
  readonly feed: IbkrFeed;
  readonly reports = new RecordingVenueSink();
  readonly data = new RecordingFeedSink();
  /** Codes and messages of the errors that were logged. */
  readonly alarms: string[] = [];
  /** What the simulator's model threw: never anything. */
  readonly modelFaults: readonly unknown[];
  readonly #ownsSimulator: boolean;

  private constructor({ clock, sim, tap, modelFaults }: Stage, options: SceneOptions) {
    this.modelFaults = modelFaults;
    this.clock = clock;
    this.sim = sim;
    this.tap = tap;
    this.#ownsSimulator = options.after === undefined;
    const connection = { ...QUIET, port: tap.port };
    const venueOptions = ibkrVenueOptions.parse({
      ...{ ...connection, timeZone: 'America/New_York', ...options.venue },
    });
    const feedOptions = ibkrFeedOptions.parse({ ...connection, ...options.feed });
    const environment = {
      clock,
      logger: this.#logger(),
      ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
    };
    this.gateway = new GatewayPool(() => 1).gateway(venueOptions, environment);
    const instruments = options.instruments ?? [AAPL, MSFT, EURUSD];
    const context = {
      ...{ name: 'ib', clock, logger: environment.logger, configDir: '.', dataDir: options.dataDir ?? '.' },
      instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
      calendar: (id: string) => marketCalendar(id),
    };
    const venueContext: PluginContext<IbkrVenueOptions> = { ...context, options: venueOptions };
    const feedContext: PluginContext<IbkrFeedOptions> = { ...context, options: feedOptions };
    this.venue = new IbkrVenue(venueContext, this.gateway);
    this.feed = new IbkrFeed(feedContext, this.gateway);
  }

  /** Nothing is open yet but the simulator. AAPL stands at 100 bid, 100.01 ask; nothing moves by itself. */
  static async start(options: SceneOptions = {}): Promise<Scene> {
    const { after, seed = 1 } = options;
    if (after !== undefined) return new Scene(after, options);
    const clock = new FakeClock(options.startTs);
    const { settings, rules = [], clientPieceBytes } = options.trouble ?? {};
    const modelFaults: unknown[] = [];
    const sim = await startTwsSimulator({
      onModelFault: (error) => modelFaults.push(error),
      ...{ clock, seed, fillSize: 'whole', timeZone: 'US/Eastern' },
      ...(settings !== undefined && { settings }),
      ...options.simulator,
    });
    sim.faults.set(...rules);
    sim.model.quote('AAPL', { bid: 100, ask: 100.01, bidSize: 300, askSize: 400 });
    const pieces =
      clientPieceBytes === undefined ? {} : { pieces: { random: seededRandom(seed), maxBytes: clientPieceBytes } };
    const tap = await WireTap.start({ host: sim.host, port: sim.port, ...pieces });
    return new Scene({ clock, sim, tap, modelFaults }, options);
  }

  // Calls to the plugin, while the clock goes on: some of them wait for an answer.

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    return this.during(this.venue.submit(group), 'a submit', 10);
  }

  cancel(order: OrderRef): Promise<SubmitOutcome> {
    return this.during(this.venue.cancel(order), 'a cancel', 10);
  }

  replace(order: OrderRef, change: OrderChange): Promise<SubmitOutcome> {
    return this.during(this.venue.replace(order, change), 'a replace', 10);
  }

  snapshot(): Promise<VenueSnapshot> {
    return this.during(this.venue.snapshot(), 'a snapshot');
  }

  subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    return this.during(this.feed.subscribe(instruments, sink), 'a subscription', 10);
  }

  get model(): SimulatedGateway {
    return this.sim.model;
  }

  /** Opens the venue, and waits until it takes orders. */
  async openVenue(): Promise<void> {
    await this.during(this.venue.open(this.reports), 'the venue to open');
    await this.untilReady();
  }

  async openFeed(): Promise<void> {
    await this.during(this.feed.open(), 'the feed to open');
  }

  untilReady(): Promise<void> {
    return this.until(() => this.venue.isReady, 'the venue to be ready');
  }

  /** Cuts the connection, and waits until the session has noticed. */
  async cut(how: 'rst' | 'fin' = 'rst'): Promise<void> {
    this.sim.faults.cut(how);
    await this.until(() => this.gateway.state !== 'up', 'the loss to be noticed', 1);
  }

  untilUp(): Promise<void> {
    return this.until(() => this.gateway.state === 'up', 'the session to be up', 1_000);
  }

  /** Resolves when all that was sent has been answered, and what waits a little for others has gone on. */
  async settle(rounds = 3): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await this.#roundTrip();
      this.clock.advance(ROUND_MS);
    }
    await this.#roundTrip();
  }

  /** Moves the clock over waits until it is so. Errors: CONTRACT_BROKEN. */
  async until(isSo: () => boolean, what: string, stepMs = 100): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      check(Date.now() <= giveUp, `Waited in vain for ${what}; ${this.#lastWords()}`);
      this.clock.advance(stepMs);
      await sleep(1);
    }
  }

  /** Lets the clock run on until a promise is settled. */
  async during<T>(promise: Promise<T>, what: string, stepMs = 250): Promise<T> {
    let isOver = false;
    const watched = promise.finally(() => (isOver = true));
    watched.catch(() => undefined);
    // What needs only the other side gets it before time goes on.
    for (let round = 0; round < 20 && !isOver; round += 1) await turn();
    await this.until(() => isOver, what, stepMs);
    return watched;
  }

  /** Messages of the client with this id, as fields. */
  sent(messageId: string, symbol?: string): readonly (readonly string[])[] {
    return this.sim.transcript.entries
      .filter(({ direction, fields }) => direction === 'in' && fields[0] === messageId)
      .filter(({ fields }) => symbol === undefined || fields.includes(symbol))
      .map(({ fields }) => fields);
  }

  /** Closes feed and venue. */
  async leave(): Promise<void> {
    await this.feed.close();
    await this.venue.close();
  }

  async close(): Promise<void> {
    await this.leave();
    if (!this.#ownsSimulator) return;
    await this.tap.close();
    await this.sim.close();
    check(this.modelFaults.length === 0, `The simulator's model threw: ${String(this.modelFaults[0])}.`);
  }

  #logger(): Logger {
    return {
      ...SILENT_LOGGER,
      error: (message, fields) => void this.alarms.push(`${String(fields?.['code'] ?? '')} ${message}`.trim()),
    };
  }

  #lastWords(): string {
    const last = this.reports.statuses.at(-1) ?? this.data.statuses.at(-1);
    return `the session is ${this.gateway.state}, the last status ${last?.state ?? 'none'} ${last?.reason ?? ''}.`;
  }

  /** The gateway answers in order: the time comes after all that was asked before. */
  async #roundTrip(): Promise<void> {
    let isAnswered = false;
    const stop = this.gateway.on(EventName.currentTime, () => {
      isAnswered = true;
    });
    // Behind the limit of what is sent it waits for the clock.
    const sent = this.gateway.send({ lane: 'history', write: (api) => api.reqCurrentTime() });
    const outcome = await this.during(sent, 'a turn to send', 10);
    const giveUp = Date.now() + PATIENCE_MS;
    const isUp = (): boolean => this.gateway.state.startsWith('up');
    while (outcome === 'written' && !isAnswered && isUp() && Date.now() < giveUp) await turn();
    if (outcome === 'purged') await sleep(5);
    stop();
    await turn();
  }
}
