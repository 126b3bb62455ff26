import type { Clock } from '../../interfaces/clock.js';
import type { CancelOutcome, SubmitOutcome, Venue, VenueCapabilities, VenueSink } from '../../interfaces/venue.js';
import type { Order, OrderChange, OrderRef } from '../../model/order.js';
import type { VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import { CallPath } from './call-path.js';
import type { StruckCall } from './call-path.js';
import { FaultLog } from './fault-log.js';
import { FaultScript } from './fault-script.js';
import { ReportPath } from './report-path.js';
import { SnapshotPath } from './snapshot-path.js';
import { Transit } from './transit.js';
import { VenueConnection } from './venue-connection.js';
import { canHappenAtVenue, VENUE_FAULTS } from './venue-fault.js';
import type { VenueFault, VenueMoment } from './venue-fault.js';
import { describeMoment, VenueMoments } from './venue-moments.js';

/** Options of {@link FaultyVenue}. */
export interface FaultyVenueOptions {
  /** The test's clock, which is the inner venue's too. Nothing else moves what is held back. */
  readonly clock: Clock;
  /** Equal seeds give equal chances; 1 unless told otherwise. */
  readonly seed?: number;
  /** What goes wrong; nothing unless told otherwise. */
  readonly script?: readonly VenueFault[];
}

/**
 * Any {@link Venue} behind a bad connection, for tests of recovery, reconciliation and unknown outcomes.
 *
 * Rules: 1. With nothing in its script it is the inner venue, call for call and report for report. 2. It never invents an execution:
 * what it tells, the inner venue did, whole or in parts that sum to it (`wholeExecutionId` names the whole). 3. An execution is told
 * in the same way by every report, replay and snapshot. 4. A call answered `refused` has not reached the inner venue; one answered
 * `unknown` may have, and the log knows. 5. Settled and reconnected, `snapshot` tells the inner venue's truth: its positions, open
 * orders, executions and accounts, apart from the names of rule 2 and of venue order ids rolled back. 6. Equal scripts, seeds and
 * calls give equal reports and logs: no timer, no chance of its own. 7. While closed it passes every call on, and no fault happens.
 *
 * @example
 * const script = [{ kind: 'drop-after-write', when: { order: 2 } }] as const;
 * const venue = new FaultyVenue(new PaperVenue({ instruments, clock }), { clock, script });
 */
export class FaultyVenue implements Venue {
  /** Absent where the inner venue has none. */
  readonly resolve?: NonNullable<Venue['resolve']>;
  /** Absent where the inner venue has none. */
  readonly replace?: (ref: OrderRef, change: OrderChange) => Promise<CancelOutcome>;
  /** What has been done to what; as text it belongs into a failure's message. */
  readonly log: FaultLog;
  readonly #inner: Venue;
  readonly #script: FaultScript<VenueFault, VenueMoment>;
  readonly #moments: VenueMoments;
  readonly #transit: Transit;
  readonly #connection: VenueConnection;
  readonly #reports: ReportPath;
  readonly #calls: CallPath;
  readonly #snapshots: SnapshotPath;

  /** Errors: TESTING_INPUT_INVALID for a script that could never be meant. */
  constructor(inner: Venue, { clock, seed = 1, script = [] }: FaultyVenueOptions) {
    const log = new FaultLog(clock);
    const transit = new Transit(clock);
    this.#inner = inner;
    this.log = log;
    this.#transit = transit;
    this.#moments = new VenueMoments(clock);
    this.#script = new FaultScript({ faults: script, kinds: VENUE_FAULTS, seed, canHappen: canHappenAtVenue });
    const after = {
      rollIdsBack: (count: number) => log.add('roll-ids-back', `by ${this.#reports.ids.rollBack(count)}`),
      replay: (count: number) => this.#reports.replay(count),
    };
    const connection = new VenueConnection({ clock, log, after });
    const { line, skew } = connection;
    this.#connection = connection;
    this.#reports = new ReportPath({ clock, log, transit, line, skew, sink: () => connection.sink });
    const report = (item: VenueReport): void => this.#onReport(item);
    this.#calls = new CallPath({ inner, clock, log, transit, connection, report });
    this.#snapshots = new SnapshotPath({ inner, clock, log, connection, reports: this.#reports, calls: this.#calls });
    if (inner.resolve !== undefined) this.resolve = (instrument) => inner.resolve!(instrument);
    if (inner.replace !== undefined) this.replace = (ref, change) => this.#replace(ref, change);
  }

  get capabilities(): VenueCapabilities {
    return this.#inner.capabilities;
  }

  /** Whether the connection stands and nothing is on its way: no report, no call, no snapshot. */
  get isQuiet(): boolean {
    return this.#connection.line.isQuiet && this.#transit.size === 0 && this.#calls.running.length === 0;
  }

  async open(sink: VenueSink): Promise<void> {
    this.#connection.open(sink);
    await this.#inner.open({
      report: (report) => this.#onReport(report),
      account: (state) => this.#connection.onAccount(state),
      status: (status) => this.#connection.onStatus(status),
      heartbeat: (heartbeat) => this.#connection.onHeartbeat(heartbeat),
    });
    if (this.#script.has('snapshot-stale')) this.#snapshots.remember();
  }

  /** As {@link Venue.close}; what is on its way is lost, and calls that hang end. */
  async close(): Promise<void> {
    this.#connection.close();
    this.#transit.clear();
    this.#reports.clear();
    this.#calls.clear();
    await this.#inner.close();
  }

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    if (this.#connection.sink === undefined) return this.#inner.submit(group);
    return this.#calls.submit(group, this.#strike(this.#moments.submit(group)));
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    if (this.#connection.sink === undefined) return this.#inner.cancel(ref);
    return this.#calls.cancel(ref, this.#strike(this.#moments.ask('cancel', ref)));
  }

  snapshot(): Promise<VenueSnapshot> {
    if (this.#connection.sink === undefined) return this.#inner.snapshot();
    return this.#snapshots.ask(this.#strike(this.#moments.snapshot()));
  }

  /** Loses the connection by hand, until `reconnect` or for so long. */
  disconnect(downMs = Number.POSITIVE_INFINITY): void {
    this.#connection.cut('', { at: 'a disconnect by hand', downMs });
  }

  /** Ends a lost connection or a silence now. */
  reconnect(): void {
    this.#connection.line.restore();
  }

  /** Lets no fault of the script happen from now on. What has happened stays so until it ends or is settled. */
  heal(): void {
    this.#script.heal();
  }

  /**
   * Lets everything still on its way come, now and in the order it would have come, without moving the clock: the connection is
   * restored, silence ends, the venue's clock is right again. No fault happens meanwhile; the script goes on afterwards, unless
   * healed. Waits for calls to the inner venue, not for reports that it still holds: settle that first.
   */
  async settle(): Promise<void> {
    this.#script.pause(true);
    try {
      this.#connection.skew.correct();
      do {
        this.reconnect();
        this.#transit.flush();
        await Promise.allSettled(this.#calls.running);
      } while (!this.isQuiet);
    } finally {
      this.#script.pause(false);
    }
    this.log.add('', 'settled');
  }

  #replace(ref: OrderRef, change: OrderChange): Promise<CancelOutcome> {
    if (this.#connection.sink === undefined) return this.#inner.replace!(ref, change);
    return this.#calls.replace(ref, change, this.#strike(this.#moments.ask('replace', ref)));
  }

  #onReport(report: VenueReport): void {
    this.#reports.send(report, this.#strike(this.#moments.report(report)).strikes);
    this.#calls.onReport(report);
  }

  /** Decides what happens to a moment; what happens to the connection happens at once. */
  #strike(moment: VenueMoment): StruckCall {
    const strikes = this.#script.judge(moment);
    const what = strikes.length === 0 && this.#connection.line.isOpen ? '' : describeMoment(moment);
    this.#connection.strike(strikes, what);
    return { strikes, what };
  }
}
