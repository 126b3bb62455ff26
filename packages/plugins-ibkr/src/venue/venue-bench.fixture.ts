// A venue on a socket to a simulated gateway, both on a clock that a test moves.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Instrument, type Order, type PluginContext, SILENT_LOGGER } from '@bookrunner/sdk';
import { aCalendar, anInstrument, anOrder, FakeClock, RecordingVenueSink } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { GatewayPool } from '../session/gateway-pool.js';
import type { Gateway, SendOutcome } from '../session/gateway.js';
import { SimulatedGateway } from '../simulator/model/simulated-gateway.js';
import type { SimulatorOptions } from '../simulator/model/simulator-options.js';
import { startTwsSimulator, type TwsSimulator } from '../simulator/start-tws-simulator.js';
import { IbkrVenue } from './ibkr-venue.js';
import { ibkrVenueOptions, type IbkrVenueOptions } from './venue-options.js';

export const ACCOUNT = 'DU1234567';
const STOCK = { assetClass: 'equity', quote: 'USD', priceStep: 0.01, venues: { ib: { exchange: 'SMART' } } } as const;

export const AAPL = anInstrument({ symbol: 'AAPL', ...STOCK });
export const MSFT = anInstrument({ symbol: 'MSFT', ...STOCK });
export const EURUSD = anInstrument({
  ...{ symbol: 'EURUSD', assetClass: 'fx', base: 'EUR', quote: 'USD', priceStep: 0.00005, lotStep: 1 },
  venues: { ib: { secType: 'CASH' } },
});

/** Real milliseconds after which something that has to come will not. */
const PATIENCE_MS = 30_000;
/** Fake milliseconds of one round of settling: more than anything waits for others to speak up. */
const ROUND_MS = 100;

/** What a bench is made with. */
export interface VenueBenchOptions {
  readonly simulator?: SimulatorOptions;
  readonly venue?: Partial<IbkrVenueOptions>;
  readonly instruments?: readonly Instrument[];
  /** What the gateway does from the start. */
  readonly prepare?: (model: SimulatedGateway) => void;
  /** A simulator that is there already, with its clock: what another venue left. */
  readonly beside?: VenueBench;
}

export class VenueBench {
  readonly clock: FakeClock;
  readonly sim: TwsSimulator<SimulatedGateway>;
  readonly gateway: Gateway;
  readonly venue: IbkrVenue;
  readonly sink = new RecordingVenueSink();
  readonly logged: string[] = [];

  private constructor(sim: TwsSimulator<SimulatedGateway>, clock: FakeClock, options: VenueBenchOptions) {
    const { instruments = [AAPL, MSFT, EURUSD], venue = {} } = options;
    this.sim = sim;
    this.clock = clock;
    const venueOptions = ibkrVenueOptions.parse({
      ...{ port: sim.port, restart: false, heartbeat: { everyMs: 0 }, timeZone: 'America/New_York' },
      ...venue,
    });
    const logger = {
      ...SILENT_LOGGER,
      error: (message: string, fields?: Readonly<Record<string, unknown>>) =>
        this.logged.push(`${String(fields?.['code'] ?? '')} ${message}`),
    };
    this.gateway = new GatewayPool(() => 1).gateway(venueOptions, { clock, logger: SILENT_LOGGER });
    const context: PluginContext<IbkrVenueOptions> = {
      ...{ name: 'ib', clock, logger, configDir: '.', dataDir: '.', options: venueOptions },
      instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
      calendar: () => aCalendar([]),
    };
    this.venue = new IbkrVenue(context, this.gateway);
  }

  /** Nothing is open yet but the simulator. */
  static async start(options: VenueBenchOptions = {}): Promise<VenueBench> {
    if (options.beside !== undefined) return new VenueBench(options.beside.sim, options.beside.clock, options);
    const clock = new FakeClock();
    const model = new SimulatedGateway({ fillSize: 'whole', ...options.simulator }, clock);
    options.prepare?.(model);
    const sim = await startTwsSimulator({ model, clock });
    return new VenueBench(sim, clock, options);
  }

  /** An open venue that is ready, with AAPL at 100 bid, 100.01 ask. */
  static async ready(options: VenueBenchOptions = {}): Promise<VenueBench> {
    const bench = await VenueBench.start(options);
    await bench.venue.open(bench.sink);
    await bench.untilReady();
    bench.quote(100, 100.01);
    return bench;
  }

  get model(): SimulatedGateway {
    return this.sim.model;
  }

  get lastState(): string | undefined {
    return this.sink.statuses.at(-1)?.state;
  }

  quote(bid: number, ask: number, symbol: string | number = 'AAPL'): void {
    this.model.quote(symbol, { bid, ask });
  }

  order(fields: Partial<Order> = {}): Order {
    return anOrder({ symbol: 'AAPL', account: ACCOUNT, createdTs: this.clock.nowUtc(), ...fields });
  }

  limit(fields: Partial<Order> = {}): Order {
    return this.order({ orderType: 'limit', limitPrice: 99, qty: 100, ...fields });
  }

  kinds(order: Order): readonly string[] {
    return this.sink.kinds(order.clientOrderId);
  }

  /** Resolves when all that was sent has been answered, and what waits a little for others has gone on. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      // oxlint-disable-next-line no-await-in-loop
      await this.#roundTrip();
      this.clock.advance(ROUND_MS);
    }
    await this.#roundTrip();
  }

  /** Moves the clock over waits until the condition holds. */
  async until(isSo: () => boolean, stepMs = 100): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      if (Date.now() > giveUp) throw new Error(`It never came; reported was ${JSON.stringify(this.sink.reports)}`);
      this.clock.advance(stepMs);
      // oxlint-disable-next-line no-await-in-loop
      await sleep(2);
    }
  }

  untilReady(): Promise<void> {
    return this.until(() => this.venue.isReady);
  }

  /** Cuts the connection, and waits until the venue has noticed. */
  async cut(): Promise<void> {
    this.sim.faults.cut();
    await this.until(() => !this.venue.isReady, 1);
  }

  async close(): Promise<void> {
    await this.venue.close();
    await this.sim.close();
    this.model.close();
  }

  /** The gateway answers in order: the time comes after all that was asked before. */
  async #roundTrip(): Promise<void> {
    let isAnswered = false;
    const stop = this.gateway.on(EventName.currentTime, () => {
      isAnswered = true;
    });
    const outcome = await this.#written(this.gateway.send({ lane: 'history', write: (api) => api.reqCurrentTime() }));
    const giveUp = Date.now() + PATIENCE_MS;
    while (outcome === 'written' && !isAnswered && this.gateway.state.startsWith('up') && Date.now() < giveUp) {
      // oxlint-disable-next-line no-await-in-loop
      await sleep(1);
    }
    if (outcome === 'purged') await sleep(5);
    stop();
    await sleep(0);
  }

  /** What may go out in a tenth of a second is limited, and the clock is ours: it goes on until there is room. */
  async #written(sending: Promise<SendOutcome>): Promise<SendOutcome> {
    let outcome: SendOutcome | undefined;
    const settled = sending.then((value) => (outcome = value));
    await sleep(0);
    while (outcome === undefined) {
      this.clock.advance(ROUND_MS);
      // oxlint-disable-next-line no-await-in-loop
      await sleep(0);
    }
    return settled;
  }
}
