import type { CancelOutcome, SubmitOutcome, Venue, VenueCapabilities, VenueSink } from '../../interfaces/venue.js';
import type { Order, OrderChange, OrderRef } from '../../model/order.js';
import type { VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import { anInstrument } from '../builders.js';
import type { ContractSuite } from '../contract.js';
import { FakeClock } from '../fake-clock.js';
import { PAPER_CAPABILITIES, PaperVenue } from '../paper-venue/paper-venue.js';
import { venueContract } from './venue-contract.js';
import type { VenueFixture } from './venue-fixture.js';

export const instrument = anInstrument();
const { simulated: _simulated, ...REMOTE } = PAPER_CAPABILITIES;

/** A venue that is no simulator. */
export const REMOTE_CAPABILITIES: VenueCapabilities = REMOTE;

/** A paper venue in a thin shell whose calls and reports a test can bend. */
export class BentVenue implements Venue {
  readonly inner: PaperVenue;
  capabilities: VenueCapabilities;
  sink: VenueSink | undefined;
  isConnected = true;
  /** How the connection is lost during the next submit. */
  cutNext: 'before' | 'after' | undefined;

  constructor(inner: PaperVenue, capabilities: VenueCapabilities) {
    this.inner = inner;
    this.capabilities = capabilities;
  }

  open(sink: VenueSink): Promise<void> {
    this.sink = sink;
    return this.inner.open({
      report: (report) => {
        if (this.isConnected) this.relay(report).forEach((item) => sink.report(item));
      },
      account: (state) => sink.account(state),
      status: (status) => sink.status(status),
      heartbeat: (heartbeat) => sink.heartbeat(heartbeat),
    });
  }

  relay(report: VenueReport): readonly VenueReport[] {
    return [report];
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    if (!this.isConnected)
      return Promise.resolve({ kind: 'unknown', reason: 'LOST', message: 'The connection is cut.' });
    const { cutNext } = this;
    this.cutNext = undefined;
    if (cutNext !== undefined) return this.submitCut(group, cutNext);
    return this.inner.submit(group.map((order) => this.bend(order)));
  }

  /** A submit during which the connection is lost. */
  async submitCut(group: readonly Order[], how: 'before' | 'after'): Promise<SubmitOutcome> {
    this.connect(false);
    if (how === 'after') await this.inner.submit(group);
    return { kind: 'unknown', reason: 'LOST', message: 'The connection was lost.' };
  }

  bend(order: Order): Order {
    return order;
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.inner.cancel(ref);
  }

  replace(ref: OrderRef, change: OrderChange): Promise<CancelOutcome> {
    return this.inner.replace(ref, change);
  }

  snapshot(): Promise<VenueSnapshot> {
    if (!this.isConnected) return Promise.reject(new Error('There is no connection.'));
    return this.inner.snapshot();
  }

  connect(isConnected: boolean): void {
    this.isConnected = isConnected;
    const state = isConnected ? 'ready' : 'disconnected';
    this.sink?.status({ ts: 0, venue: 'bent', state, reason: isConnected ? '' : 'LOST', message: '' });
  }
}

/** What a suite is bent by. */
export interface Bend {
  readonly declared?: VenueCapabilities;
  readonly Shell?: new (inner: PaperVenue, capabilities: VenueCapabilities) => BentVenue;
}

/** The suite over paper venues in the given shell. */
export function suiteOf({ declared = PAPER_CAPABILITIES, Shell = BentVenue }: Bend = {}): ContractSuite {
  const create = (): VenueFixture => {
    const clock = new FakeClock();
    const inner = new PaperVenue({ instruments: [instrument], clock });
    const venue = new Shell(inner, declared);
    return {
      venue,
      instrument,
      account: 'test',
      market: { quote: (symbol, bid, ask) => inner.quote(symbol, bid, ask) },
      clock,
      connection: {
        cut: () => venue.connect(false),
        restore: () => venue.connect(true),
        cutBeforeWrite: () => {
          venue.cutNext = 'before';
        },
        cutAfterWrite: () => {
          venue.cutNext = 'after';
        },
      },
      settle: () => Promise.resolve(),
    };
  };
  return venueContract({ capabilities: declared, create, movesClock: true, cutsCalls: true });
}
