// All brokers of a live run: what lies between the one kernel and the venue plugins.
import type { EngineNotice, EpochMs, Logger, Clock, OrderChange, OrderRef, Venue } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import type { VenueFacts } from '../../control/engine-snapshot.js';
import type { OrderRecord } from '../../execution/order-record.js';
import type { KernelEvent } from '../../kernel/event.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Openable } from '../../plugins/index.js';
import { BrokerInbox } from './broker-inbox.js';
import { BrokerLine } from './broker-line.js';
import type { BrokerOrders } from './broker-orders.js';
import type { BrokerVenue } from './broker-setup.js';
import type { BrokerDesk } from './broker-venue.js';

const SNAPSHOT_LIMIT_MS = 30_000;

const STALE = {
  reason: 'ENGINE_RESTARTED',
  message: 'It had not left when the last session ended, and is not sent any more.',
};

/** What {@link Brokers} is made from. */
export interface BrokersOptions {
  readonly brokers: readonly BrokerVenue[];
  readonly venues: ReadonlyMap<string, Venue>;
  readonly config: Pick<EngineConfig, 'engine' | 'books' | 'source'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The run that the brokers trade for. */
export interface BrokersRun {
  readonly kernel: Kernel;
  /** Takes one event into the kernel, at the instant it is made. */
  readonly take: (make: (at: EpochMs) => KernelEvent | undefined) => void;
  readonly notify: (notice: EngineNotice) => void;
  /** The run cannot go on. */
  readonly onFault: (error: unknown) => void;
}

/** Made before the venues are opened, and connected once there is a kernel. */
export class Brokers implements BrokerDesk {
  readonly lines: readonly BrokerLine[];
  readonly #config: BrokersOptions['config'];
  readonly #byVenue: ReadonlyMap<string, BrokerLine>;
  readonly #byAccount: ReadonlyMap<string, BrokerLine>;
  readonly #inbox: BrokerInbox;
  #run: BrokersRun | undefined;
  #hasBegun = false;

  constructor({ brokers, venues, config, clock, log }: BrokersOptions) {
    this.#config = config;
    this.#inbox = new BrokerInbox((error) => this.#run?.onFault(error));
    const { reconcile, guards } = config.engine;
    const limits = { callMs: reconcile.callMs, snapshotMs: SNAPSHOT_LIMIT_MS, skewMs: guards.clockSkewMs };
    this.lines = brokers.map(
      (broker) =>
        new BrokerLine({
          ...{ broker, venue: venues.get(broker.name) as Venue, clock, log, limits, inbox: this.#inbox },
          mask: (text) => config.source.mask(text),
          deliver: (make) => this.#run?.take(make),
          notify: (notice) => this.#run?.notify(notice),
        }),
    );
    this.#byVenue = new Map(this.lines.map((line) => [line.name, line]));
    this.#byAccount = new Map(
      this.lines.flatMap((line, index) => (brokers[index] as BrokerVenue).accounts.map(({ name }) => [name, line])),
    );
  }

  /** For `openInOrder`. */
  openables(): readonly Openable[] {
    return this.lines.map((line) => ({ name: line.name, open: () => line.open(), close: () => line.close() }));
  }

  /** What brokers say waits until {@link begin}. */
  connect(run: BrokersRun): void {
    this.#run = run;
    const { setup, parts } = run.kernel;
    const symbols = new Set(setup.instruments.map(({ instrument }) => instrument.symbol));
    for (const line of this.lines) {
      line.connect({
        ...{ runEpoch: setup.runEpoch, symbols },
        find: (sequence) => parts.desk.find(sequence),
        accountOfBook: (book) => this.#config.books[book]?.account,
      });
    }
  }

  begin(): void {
    this.#hasBegun = true;
    this.#inbox.open();
  }

  views(): readonly VenueFacts[] {
    return this.lines.map((line) => line.view());
  }

  /** Closes the venues, and hears nothing after that. Orders stay where they are. Gives what failed. */
  async close(): Promise<readonly unknown[]> {
    const outcomes = await Promise.allSettled(this.lines.map((line) => line.close()));
    this.#inbox.close();
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  }

  submit(group: readonly OrderRecord[]): void {
    const [first] = group;
    if (first === undefined) return;
    // Decided by a run that ended, for a market that is gone: only its cancels still go out.
    if (this.#hasBegun) this.#of(first).submit(group);
    else this.#of(first).refuse(group, STALE);
  }
  cancel(order: OrderRecord): void {
    this.#of(order).cancel(order);
  }
  replace(order: OrderRecord, change: OrderChange): void {
    this.#of(order).replace(order, change);
  }
  query(venue: string, query: number): void {
    this.#byVenue.get(venue)?.query(query);
  }
  cancelForeign(venue: string, ref: OrderRef): void {
    this.#byVenue.get(venue)?.orders.cancelForeign(ref);
  }

  #of({ account }: OrderRecord): BrokerOrders {
    return (this.#byAccount.get(account) as BrokerLine).orders;
  }
}
