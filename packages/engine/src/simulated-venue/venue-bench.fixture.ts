// A venue under test: a listener that writes down what it hears, orders made in one line, and two calendars.
import {
  type BarValues,
  DAY_MS,
  defineInstrument,
  type Instrument,
  type InstrumentOptions,
  type MarketCalendar,
  type OrderPurpose,
  type OrderType,
  type TimeInForce,
} from '@bookrunner/sdk';
import { OrderRecord, type OrderOwner } from '../execution/order-record.js';
import type { LiquidationListener } from './liquidation-listener.js';
import { simulatedVenueOptions } from './options.js';
import type { SimulatedVenueOptions } from './options.js';
import { SimulatedVenue } from './simulated-venue.js';
import type { SimulatedVenueSetup } from './venue-setup.js';

/** 2014-05-05T00:00:00Z, a Monday. */
export const MONDAY = 1_399_248_000_000;
export const MINUTE = 60_000;

/** Always open; trading days are UTC days. */
export const ALWAYS_OPEN: MarketCalendar = calendarOf('24x7', 0, DAY_MS, () => true);

/** Monday to Friday, 14:00 to 20:00 UTC. */
export const DAY_SESSION: MarketCalendar = calendarOf(
  'day',
  14 * 60 * MINUTE,
  20 * 60 * MINUTE,
  (day) => ((day + 4) % 7) % 6 !== 0,
);

function calendarOf(id: string, from: number, to: number, trades: (day: number) => boolean): MarketCalendar {
  const dayOf = (ts: number): number => {
    let day = Math.floor(ts / DAY_MS);
    while (!trades(day) || ts >= day * DAY_MS + to) day += 1;
    return day;
  };
  const dayOpen = (ts: number): number => dayOf(ts) * DAY_MS + from;
  const dayClose = (ts: number): number => dayOf(ts) * DAY_MS + to;
  const isOpen = (ts: number): boolean => ts >= dayOpen(ts);
  return {
    id,
    timeZone: 'UTC',
    validFrom: 0,
    validTo: Number.MAX_SAFE_INTEGER,
    dataVersion: 'test',
    isOpen,
    sessionOpen: (ts) => (isOpen(ts) ? dayOpen(ts) : Number.NaN),
    sessionClose: (ts) => (isOpen(ts) ? dayClose(ts) : Number.NaN),
    nextOpen: (ts) => (ts <= dayOpen(ts) ? dayOpen(ts) : dayOpen(dayClose(ts))),
    nextClose: dayClose,
    tradingDay: (ts) => {
      const date = new Date(dayOf(ts) * DAY_MS);
      return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
    },
    dayOpen,
    dayClose,
  };
}

/** One line of what a listener heard: plain values, copied. */
export interface Heard {
  readonly kind: string;
  readonly ts: number;
  /** Sequence of the order; 0 where there is none. */
  readonly order: number;
  readonly reason?: string;
  readonly qty?: number;
  readonly price?: number;
  readonly fee?: number;
  readonly leaves?: number;
  readonly liquidity?: string;
  readonly amount?: number;
  readonly execution?: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
}

export class RecordingListener implements LiquidationListener {
  readonly heard: Heard[] = [];
  accepted: LiquidationListener['accepted'] = (order, ts) =>
    this.#note({ kind: 'accepted', ts, order: order.sequence });
  rejected: LiquidationListener['rejected'] = (order, ts, reason) =>
    this.#note({ kind: 'rejected', ts, order: order.sequence, reason });
  filled: LiquidationListener['filled'] = (order, ts, fill) =>
    this.#note({
      kind: 'filled',
      ts,
      order: order.sequence,
      qty: fill.qty,
      price: fill.price,
      fee: fill.fee,
      leaves: fill.leavesQty,
      liquidity: fill.liquidity,
      execution: fill.executionNumber,
    });
  cancelled: LiquidationListener['cancelled'] = (order, ts, reason) =>
    this.#note({ kind: 'cancelled', ts, order: order.sequence, reason });
  expired: LiquidationListener['expired'] = (order, ts) => this.#note({ kind: 'expired', ts, order: order.sequence });
  replaced: LiquidationListener['replaced'] = (order, ts, change) =>
    this.#note({ kind: 'replaced', ts, order: order.sequence, ...change });
  cancelRejected: LiquidationListener['cancelRejected'] = (order, ts, reason) =>
    this.#note({ kind: 'cancel-rejected', ts, order: order.sequence, reason });
  replaceRejected: LiquidationListener['replaceRejected'] = (order, ts, reason) =>
    this.#note({ kind: 'replace-rejected', ts, order: order.sequence, reason });
  cash: LiquidationListener['cash'] = (_account, ts, amount, _currency, reason) =>
    this.#note({ kind: 'cash', ts, order: 0, amount, reason });
  liquidated: LiquidationListener['liquidated'] = (liquidation, ts) =>
    this.#note({
      kind: 'liquidated',
      ts,
      order: 0,
      qty: liquidation.side === 'buy' ? liquidation.fill.qty : -liquidation.fill.qty,
      price: liquidation.fill.price,
      leaves: liquidation.fill.leavesQty,
    });

  /** What was heard since the last call. */
  take(): Heard[] {
    return this.heard.splice(0);
  }

  #note(line: Heard): void {
    this.heard.push(line);
  }
}

/** Fields of an order in units; what is left out is a GTC market buy of 100. */
export interface OrderFields {
  side?: 'buy' | 'sell';
  qty?: number;
  type?: OrderType;
  limit?: number;
  stop?: number;
  trail?: number;
  tif?: TimeInForce;
  expiresAt?: number;
  purpose?: OrderPurpose;
  oco?: number;
  parent?: number;
  instrument?: number;
  account?: string;
  sequence?: number;
}

/** A venue with its listener and a maker of orders. */
export class VenueBench {
  readonly listener = new RecordingListener();
  readonly instruments: readonly Instrument[];
  readonly records = new Map<number, OrderRecord>();
  readonly options: SimulatedVenueOptions;
  venue: SimulatedVenue;
  now = MONDAY;
  #sequence = 0;
  readonly #owners = new Map<string, OrderOwner>();
  readonly #setup: SimulatedVenueSetup;

  constructor(
    options: Record<string, unknown> = {},
    more: {
      instruments?: readonly InstrumentOptions[];
      calendar?: MarketCalendar;
      setup?: Partial<SimulatedVenueSetup>;
    } = {},
  ) {
    this.options = simulatedVenueOptions.parse(options);
    this.instruments = (more.instruments ?? [stock()]).map((item) => defineInstrument(item));
    const calendars = this.instruments.map(() => more.calendar ?? ALWAYS_OPEN);
    this.#setup = { instruments: this.instruments, calendars, listener: this.listener, ...more.setup };
    this.venue = new SimulatedVenue(this.options, this.#setup);
  }

  /** The same venue anew, as after a restart. */
  restart(): void {
    const state = JSON.parse(JSON.stringify(this.venue.save())) as ReturnType<SimulatedVenue['save']>;
    this.venue = new SimulatedVenue(this.options, this.#setup);
    this.venue.load(state, (ref) => this.records.get(ref.sequence));
  }

  order(fields: OrderFields = {}): OrderRecord {
    this.#sequence += 1;
    const index = fields.instrument ?? 0;
    const account = fields.account ?? 'main';
    const order = new OrderRecord(this.#owner(account, index), fields.sequence ?? this.#sequence);
    order.side = fields.side ?? 'buy';
    order.qtyScaled = Math.round((fields.qty ?? 100) * 10 ** this.instruments[index]!.quantityDecimals);
    order.orderType = fields.type ?? 'market';
    order.limitPrice = fields.limit ?? Number.NaN;
    order.stopPrice = fields.stop ?? Number.NaN;
    order.trail = fields.trail ?? Number.NaN;
    order.tif = fields.tif ?? 'GTC';
    order.expiresAt = fields.expiresAt ?? Number.NaN;
    order.purpose = fields.purpose ?? 'entry';
    order.ocoSequence = fields.oco ?? 0;
    order.parentSequence = fields.parent ?? 0;
    order.tradingDay = 20_140_505;
    this.records.set(order.sequence, order);
    return order;
  }

  /** Sends orders as one group now. */
  submit(...fields: OrderFields[]): OrderRecord[] {
    const group = fields.map((item) => this.order(item));
    this.venue.submit(group, this.now);
    return group;
  }

  /** Feeds a whole bar: its open now, its range a minute later. */
  bar(open: number, high: number, low: number, close: number, volume = 1_000): void {
    if (this.takesWholeBars && this.#pass({ open, high, low, close, volume })) return;
    this.venue.onBarOpen(0, open, this.now);
    this.endBar(open, high, low, close, volume);
  }

  /** Feeds bars as a whole where the venue takes them so. */
  takesWholeBars = false;
  /** Bars it took so. */
  wholeBars = 0;

  #pass(values: BarValues): boolean {
    const endTs = this.now + MINUTE;
    const bar = { symbol: 'ABC', ts: this.now, endTs, nTicks: Number.NaN, vwap: Number.NaN, ...values };
    if (!this.venue.passBar(0, bar)) return false;
    this.now = endTs;
    this.wholeBars += 1;
    return true;
  }

  /** Ends the bar that has opened, a minute later. */
  endBar(open: number, high: number, low: number, close: number, volume = 1_000): void {
    this.now += MINUTE;
    this.venue.onBarRange(0, { open, high, low, close, volume }, this.now);
  }

  /** Feeds a tick a second later. */
  tick(fields: { bid?: number; ask?: number; last?: number; size?: number; bidSize?: number; askSize?: number }): void {
    this.now += 1_000;
    const unknown = Number.NaN;
    const sizes = { bidSize: unknown, askSize: unknown, size: unknown };
    const prices = { bid: unknown, ask: unknown, last: unknown };
    this.venue.onTick(
      0,
      { ts: this.now, recvTs: this.now, symbol: 'ABC', venue: 'test', ...prices, ...sizes, ...fields },
      this.now,
    );
  }

  /** What was heard since the last call, without the acceptances. */
  take(): Heard[] {
    return this.listener.take().filter((line) => line.kind !== 'accepted');
  }

  /** Fills heard since the last call as `sequence: qty @ price`. */
  fills(): string[] {
    return this.take()
      .filter((line) => line.kind === 'filled')
      .map((line) => `${line.order}: ${line.qty} @ ${line.price}`);
  }

  #owner(account: string, index: number): OrderOwner {
    const key = `${account}/${index}`;
    let owner = this.#owners.get(key);
    if (owner === undefined) {
      const instrument = this.instruments[index]!;
      owner = { runEpoch: '0000test', strategy: 'test', book: 'CORE', account, instrument, instrumentIndex: index };
      this.#owners.set(key, owner);
    }
    return owner;
  }
}

/** A share with a tick of 0.01 and a lot of 1. */
export function stock(fields: Partial<InstrumentOptions> = {}): InstrumentOptions {
  return { symbol: 'ABC', assetClass: 'equity', quote: 'USD', ...fields };
}
