// Feed and venue at a real gateway, in real time. Whatever a case leaves working is cancelled after it.
import { setTimeout as sleep } from 'node:timers/promises';
import { marketCalendar, SILENT_LOGGER, SystemClock } from '@bookrunner/sdk';
import type { Order } from '@bookrunner/sdk';
import { check, RecordingFeedSink, RecordingVenueSink } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import type { Contract, Order as IbOrder } from '@stoqey/ib';
import { ibkrFeedOptions } from '../../feed/feed-options.js';
import { IbkrFeed } from '../../feed/ibkr-feed.js';
import { GatewayPool } from '../../session/gateway-pool.js';
import type { Gateway, GatewayUser } from '../../session/gateway.js';
import { IbkrVenue } from '../../venue/ibkr-venue.js';
import { ibkrVenueOptions } from '../../venue/venue-options.js';
import { AAPL } from '../scene/instruments.js';
import { limitOrder } from '../scene/trading.js';
import { WireTap } from '../scene/wire-tap.js';
import { isPaper } from './paper-account.js';
import type { PaperAccount } from './paper-account.js';

/** A gateway answers within this time, or does not. */
const PATIENCE_MS = 60_000;
/** What follows an answer comes within this time. */
const QUIET_MS = 1_500;

const BYSTANDER: GatewayUser = {
  name: 'conformance',
  onState: () => undefined,
  onUp: () => undefined,
  onUpstream: () => undefined,
  onFarm: () => undefined,
};

export class PaperScene {
  readonly paper: PaperAccount;
  readonly tap: WireTap;
  readonly gateway: Gateway;
  readonly venue: IbkrVenue;
  readonly feed: IbkrFeed;
  readonly reports = new RecordingVenueSink();
  readonly data = new RecordingFeedSink();
  /** Marks the orders of this scene; its ids begin with it. */
  readonly prefix: string;
  readonly clock = new SystemClock();
  readonly #orderIds = new Set<number>();
  #count = 0;

  private constructor(paper: PaperAccount, tap: WireTap) {
    this.paper = paper;
    this.tap = tap;
    this.prefix = (Date.now() % 36 ** 4).toString(36).padStart(4, '0').toUpperCase();
    const { clientId } = paper;
    const connection = {
      host: '127.0.0.1',
      port: tap.port,
      clientId,
      restart: false,
      openTimeoutMs: PATIENCE_MS,
    } as const;
    const venueOptions = ibkrVenueOptions.parse(connection);
    const feedOptions = ibkrFeedOptions.parse({ ...connection, marketData: 'delayed-if-needed' });
    const { clock } = this;
    this.gateway = new GatewayPool().gateway(venueOptions, { clock, logger: SILENT_LOGGER });
    const context = {
      ...{ name: 'ib', clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.' },
      instruments: new Map([[AAPL.symbol, AAPL]]),
      calendar: (id: string) => marketCalendar(id),
    };
    this.venue = new IbkrVenue({ ...context, options: venueOptions }, this.gateway);
    this.feed = new IbkrFeed({ ...context, options: feedOptions }, this.gateway);
    this.gateway.on(EventName.openOrder, (orderId: number, _contract: Contract, order: IbOrder) => {
      if (order.orderRef?.startsWith(this.prefix) === true) this.#orderIds.add(orderId);
    });
  }

  /** Connected, feed and venue not yet open. Errors: CONTRACT_BROKEN where the account is not a paper one. */
  static async start(paper: PaperAccount): Promise<PaperScene> {
    const tap = await WireTap.start(paper);
    const scene = new PaperScene(paper, tap);
    try {
      await scene.gateway.attach(BYSTANDER);
      check(isPaper(scene.account), `${scene.account} is no paper account: nothing is tried on it.`);
      return scene;
    } catch (error) {
      await scene.close();
      throw error;
    }
  }

  get account(): string {
    return this.paper.account ?? this.gateway.accounts[0] ?? '';
  }

  async openVenue(): Promise<void> {
    await this.venue.open(this.reports);
    await this.until(() => this.venue.isReady, 'the venue to be ready');
  }

  /** One share, far below the market. */
  order(fields: Partial<Order> = {}): Order {
    this.#count += 1;
    const clientOrderId = `${this.prefix}P${String(this.#count).padStart(11, '0')}`;
    const common = { account: this.account, createdTs: this.clock.nowUtc(), qty: 1, limitPrice: this.paper.price };
    return limitOrder(this, { ...common, clientOrderId, ...fields });
  }

  async until(isSo: () => boolean, what: string): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      check(Date.now() < giveUp, `Waited a minute in vain for ${what}; the session is ${this.gateway.state}.`);
      await sleep(20);
    }
  }

  /** Waits for what was asked, and for what may follow it. */
  async settle(): Promise<void> {
    let isAnswered = false;
    const stop = this.gateway.on(EventName.currentTime, () => {
      isAnswered = true;
    });
    const outcome = await this.gateway.send({ lane: 'history', write: (api) => api.reqCurrentTime() });
    if (outcome === 'written') {
      await this.until(() => isAnswered || this.gateway.state !== 'up', 'an answer of the gateway');
    }
    stop();
    await sleep(QUIET_MS);
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.venue.close();
    const orderIds = [...this.#orderIds];
    const write = orderIds.map((orderId) =>
      this.gateway.send({ lane: 'order', write: (api) => api.cancelOrder(orderId) }),
    );
    if ((await Promise.all(write)).includes('written')) await sleep(QUIET_MS);
    await this.gateway.detach(BYSTANDER);
    await this.tap.close();
  }
}
