// One venue to the driver, two behind it: requests of accounts at brokers leave the process, all else is simulated.
import type { Bar, BarValues, EpochMs, OrderChange, OrderRef, Tick } from '@bookrunner/sdk';
import type { OrderRecord } from '../../execution/order-record.js';
import type { SynchronousVenue } from '../synchronous-venue.js';

/** Where requests of accounts at brokers go. Answers are events, and come later. */
export interface BrokerDesk {
  submit(group: readonly OrderRecord[]): void;
  cancel(order: OrderRecord): void;
  replace(order: OrderRecord, change: OrderChange): void;
  query(venue: string, query: number): void;
  cancelForeign(venue: string, ref: OrderRef): void;
}

/** The desk of a replay: what brokers said is in the journal, and nothing leaves. */
export const SILENT_BROKERS: BrokerDesk = Object.freeze({
  submit() {},
  cancel() {},
  replace() {},
  query() {},
  cancelForeign() {},
});

/** Sends requests of some accounts to brokers; the market is the simulator's alone. */
export class BrokerVenue implements SynchronousVenue {
  readonly #simulator: SynchronousVenue;
  readonly #brokers: BrokerDesk;
  readonly #accounts: ReadonlySet<string>;

  constructor(simulator: SynchronousVenue, brokers: BrokerDesk, accounts: ReadonlySet<string>) {
    this.#simulator = simulator;
    this.#brokers = brokers;
    this.#accounts = accounts;
  }

  get nextDeadline(): EpochMs {
    return this.#simulator.nextDeadline;
  }

  submit(group: readonly OrderRecord[], now: EpochMs): boolean {
    if (!this.#isBrokers(group[0])) return this.#simulator.submit(group, now);
    this.#brokers.submit(group);
    return false;
  }
  cancel(order: OrderRecord, now: EpochMs): void {
    if (this.#isBrokers(order)) this.#brokers.cancel(order);
    else this.#simulator.cancel(order, now);
  }
  replace(order: OrderRecord, change: OrderChange, now: EpochMs): void {
    if (this.#isBrokers(order)) this.#brokers.replace(order, change);
    else this.#simulator.replace(order, change, now);
  }
  query(venue: string, query: number): void {
    this.#brokers.query(venue, query);
  }
  cancelForeign(venue: string, ref: OrderRef): void {
    this.#brokers.cancelForeign(venue, ref);
  }

  onTick(instrumentIndex: number, tick: Tick, now: EpochMs): void {
    this.#simulator.onTick(instrumentIndex, tick, now);
  }
  passBar(instrumentIndex: number, bar: Bar): boolean {
    return this.#simulator.passBar(instrumentIndex, bar);
  }
  onBarOpen(instrumentIndex: number, open: number, now: EpochMs): void {
    this.#simulator.onBarOpen(instrumentIndex, open, now);
  }
  onBarRange(instrumentIndex: number, bar: BarValues, now: EpochMs): void {
    this.#simulator.onBarRange(instrumentIndex, bar, now);
  }
  advance(now: EpochMs): void {
    this.#simulator.advance(now);
  }

  #isBrokers(order: OrderRecord | undefined): boolean {
    return order !== undefined && this.#accounts.has(order.account);
  }
}
