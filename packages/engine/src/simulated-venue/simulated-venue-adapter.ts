import type {
  BarValues,
  CancelOutcome,
  Clock,
  EpochMs,
  Order,
  OrderChange,
  OrderRef,
  SubmitOutcome,
  Tick,
  Venue,
  VenueCapabilities,
  VenueSink,
  VenueSnapshot,
} from '@bookrunner/sdk';
import { checkGivenQuantity, FacadeOrder } from './facade-order.js';
import { FacadeListener } from './facade-listener.js';
import type { SimulatedVenueOptions } from './options.js';
import { VENUE_REASONS, type VenueReason } from './reasons.js';
import { SimulatedVenue } from './simulated-venue.js';
import type { SimulatedVenueSetup } from './venue-setup.js';

/** What the simulated venue can do. */
export const SIMULATED_VENUE_CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const),
  timeInForce: Object.freeze(['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] as const),
  oco: true,
  bracket: true,
  replace: true,
  shortSale: true,
  fractional: true,
  simulated: true,
});

/** A {@link SimulatedVenueSetup} behind the asynchronous interface. */
export interface SimulatedVenueAdapterSetup extends Omit<SimulatedVenueSetup, 'listener' | 'isTransient'> {
  /** Name of the venue in engine.yaml. */
  readonly name: string;
  readonly clock: Clock;
}

/** Parent of a child whose parent is not known: a sequence that no order has. */
const NO_ORDER = -1;

/**
 * The simulated venue as a {@link Venue}, in the time of a clock. Reports come during the calls. Prices are brought to
 * {@link onTick}, {@link onBarOpen} and {@link onBarRange}; outside `open` and `close` they are ignored.
 */
export class SimulatedVenueAdapter implements Venue {
  readonly capabilities = SIMULATED_VENUE_CAPABILITIES;
  private readonly venue: SimulatedVenue;
  private readonly setup: SimulatedVenueAdapterSetup;
  private readonly listener: FacadeListener;
  private readonly indexes: ReadonlyMap<string, number>;
  readonly #orders = new Map<string, FacadeOrder>();
  readonly #groups = new Map<string, number>();
  #now: EpochMs = Number.NEGATIVE_INFINITY;
  #deadline: EpochMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SimulatedVenueOptions, setup: SimulatedVenueAdapterSetup) {
    this.setup = setup;
    this.listener = new FacadeListener(setup.instruments);
    this.venue = new SimulatedVenue(options, { ...setup, listener: this.listener });
    this.indexes = new Map(setup.instruments.map((instrument, index) => [instrument.symbol, index]));
  }

  open(sink: VenueSink): Promise<void> {
    this.listener.sink = sink;
    this.#tellStatus('ready');
    this.#settle();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#deadline = Number.POSITIVE_INFINITY;
    if (this.listener.sink !== undefined) this.#tellStatus('disconnected');
    this.listener.sink = undefined;
    return Promise.resolve();
  }

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    const reason = this.#checkGroup(group);
    if (reason !== undefined) return Promise.resolve(reason);
    const records = group.map((order) => this.#record(order));
    for (const [index, order] of group.entries()) this.#link(records[index]!, order);
    this.venue.submit(records, this.#time());
    this.#settle();
    return Promise.resolve({ kind: 'sent' });
  }

  cancel(order: OrderRef): Promise<CancelOutcome> {
    return Promise.resolve(this.#ask(order, (record, now) => this.venue.cancel(record, now)));
  }

  replace(order: OrderRef, change: OrderChange): Promise<CancelOutcome> {
    return Promise.resolve(this.#ask(order, (record, now) => this.venue.replace(record, change, now)));
  }

  snapshot(): Promise<VenueSnapshot> {
    const snapshot = this.venue.snapshot(this.#time());
    if (this.listener.sink !== undefined) return Promise.resolve(snapshot);
    const { positions, openOrders, executions, accounts } = snapshot;
    const complete = false;
    return Promise.resolve({
      positions: { ...positions, complete },
      openOrders: { ...openOrders, complete },
      executions: { ...executions, complete },
      accounts: { ...accounts, complete },
    });
  }

  /** A tick of an instrument the venue trades; others are not its business. */
  onTick(tick: Tick): void {
    this.#feed(tick.symbol, (index, now) => this.venue.onTick(index, tick, now));
  }

  /** A bar that starts now. */
  onBarOpen(symbol: string, open: number): void {
    this.#feed(symbol, (index, now) => this.venue.onBarOpen(index, open, now));
  }

  /** A bar that ends now. */
  onBarRange(symbol: string, bar: BarValues): void {
    this.#feed(symbol, (index, now) => this.venue.onBarRange(index, bar, now));
  }

  #feed(symbol: string, deliver: (index: number, now: EpochMs) => void): void {
    const index = this.indexes.get(symbol);
    if (index === undefined || this.listener.sink === undefined) return;
    deliver(index, this.#time());
    this.#settle();
  }

  #ask(ref: OrderRef, send: (record: FacadeOrder, now: EpochMs) => void): CancelOutcome {
    if (this.listener.sink === undefined) return refusedFor('VENUE_NOT_OPEN');
    const record = this.#orders.get(ref.clientOrderId);
    if (record === undefined) return refusedFor('ORDER_NOT_WORKING');
    send(record, this.#time());
    this.#settle();
    return { kind: 'sent' };
  }

  /** Why a group is refused before it reaches the venue; undefined if it is not. */
  #checkGroup(group: readonly Order[]): SubmitOutcome | undefined {
    if (this.listener.sink === undefined) return refusedFor('VENUE_NOT_OPEN');
    const ids = new Set<string>();
    for (const order of group) {
      const index = this.indexes.get(order.symbol);
      if (index === undefined) return refusedFor('INSTRUMENT_UNKNOWN');
      if (this.#orders.has(order.clientOrderId) || ids.has(order.clientOrderId)) return refusedFor('ORDER_DUPLICATE');
      ids.add(order.clientOrderId);
      const reason = checkGivenQuantity(order.qty, this.setup.instruments[index]!);
      if (reason !== undefined) return refusedFor(reason);
    }
    return undefined;
  }

  #record(order: Order): FacadeOrder {
    const instrumentIndex = this.indexes.get(order.symbol)!;
    const instrument = this.setup.instruments[instrumentIndex]!;
    const record = new FacadeOrder(order, { instrument, instrumentIndex, sequence: this.#orders.size + 1 });
    this.#orders.set(order.clientOrderId, record);
    return record;
  }

  #link(record: FacadeOrder, order: Order): void {
    if (order.parentId !== '') record.parentSequence = this.#orders.get(order.parentId)?.sequence ?? NO_ORDER;
    if (order.ocoGroup === '') return;
    const group = this.#groups.get(order.ocoGroup) ?? this.#groups.size + 1;
    this.#groups.set(order.ocoGroup, group);
    record.ocoSequence = group;
  }

  #time(): EpochMs {
    this.#now = Math.max(this.#now, this.setup.clock.nowUtc());
    return this.#now;
  }

  /** After every call: tells what the accounts are worth where that has changed, and sets the timer. */
  #settle(): void {
    const { sink } = this.listener;
    if (sink === undefined) return;
    if (this.listener.hasBooked) {
      this.listener.hasBooked = false;
      for (const state of this.venue.snapshot(this.#now).accounts.items) sink.account(state);
    }
    const next = this.venue.nextDeadline;
    if (next === this.#deadline) return;
    this.#cancelTimer?.();
    this.#deadline = next;
    this.#cancelTimer =
      next === Number.POSITIVE_INFINITY ? undefined : this.setup.clock.callAt(next, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    this.venue.advance(this.#time());
    this.#settle();
  }

  #tellStatus(state: 'ready' | 'disconnected'): void {
    const { name } = this.setup;
    this.listener.sink?.status({ ts: this.#time(), venue: name, state, reason: '', message: '' });
  }
}

function refusedFor(reason: VenueReason): SubmitOutcome {
  return { kind: 'refused', reason, message: VENUE_REASONS[reason] };
}
