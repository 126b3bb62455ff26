import type { Clock } from '../../interfaces/clock.js';
import type { Venue } from '../../interfaces/venue.js';
import type { VenueSnapshot } from '../../model/venue-report.js';
import { testingError } from '../errors.js';
import type { CallPath, StruckCall } from './call-path.js';
import type { FaultLog } from './fault-log.js';
import type { ReportPath } from './report-path.js';
import { emptySnapshot, incompleteSnapshot, skewedSnapshot, SNAPSHOT_PARTS } from './spoiled-snapshot.js';
import type { VenueConnection } from './venue-connection.js';
import { strikeOf } from './venue-fault.js';

/** Options of {@link SnapshotPath}. */
export interface SnapshotPathOptions {
  readonly inner: Venue;
  readonly clock: Clock;
  readonly log: FaultLog;
  readonly connection: VenueConnection;
  readonly reports: ReportPath;
  readonly calls: CallPath;
}

const DELAY_MS = 1_000;

/** The way of snapshots: the inner venue's truth in the words that reports use, or less than that. */
export class SnapshotPath {
  readonly #options: SnapshotPathOptions;
  /** The last truth, for snapshots that are stale. */
  #last: VenueSnapshot | undefined;

  constructor(options: SnapshotPathOptions) {
    this.#options = options;
  }

  /** Takes a snapshot for later. */
  remember(): void {
    this.#options.calls.track(this.#take()).catch(() => undefined);
  }

  async ask(call: StruckCall): Promise<VenueSnapshot> {
    const { line, silence } = this.#options.connection;
    if (line.isCut) throw this.#lost(call);
    if (!line.isSilent) return this.#answer(call);
    this.#options.log.add('silent', `${call.what} hangs`);
    const giveUp = (): Promise<VenueSnapshot> =>
      Promise.reject(testingError('TESTING_VENUE_SILENT', 'The venue has not answered within the limit.'));
    return line.wait({ limitMs: silence.limitMs, giveUp, answer: () => this.#answer(call) });
  }

  async #answer(call: StruckCall): Promise<VenueSnapshot> {
    const { log, clock, connection, calls } = this.#options;
    const askedTs = clock.nowUtc();
    const spoiled = await calls.track(this.#prepare(call));
    const late = strikeOf(call.strikes, 'snapshot-late');
    if (late === undefined) return spoiled;
    const { delayMs = DELAY_MS } = late.fault;
    log.add('snapshot-late', `${call.what}, by ${delayMs} ms`);
    const arrive = async (): Promise<VenueSnapshot> => {
      if (connection.line.isCut) throw this.#lost(call);
      return spoiled;
    };
    return connection.line.wait({ limitMs: askedTs + delayMs - clock.nowUtc(), giveUp: arrive, answer: arrive });
  }

  /** The answer as it will be told, sooner or later. */
  async #prepare(call: StruckCall): Promise<VenueSnapshot> {
    const { log, connection } = this.#options;
    const { strikes, what } = call;
    if (strikeOf(strikes, 'snapshot-fail') !== undefined) {
      log.add('snapshot-fail', what);
      throw testingError('TESTING_SNAPSHOT_FAILED', 'The venue could not answer.');
    }
    const stale = strikeOf(strikes, 'snapshot-stale') === undefined ? undefined : this.#last;
    if (stale !== undefined) log.add('snapshot-stale', `${what}, as of ${stale.executions.asOf}`);
    const told = this.#inTheirWords(stale ?? (await this.#take()));
    // The connection may have been lost between question and answer.
    if (connection.line.isCut) throw this.#lost(call);
    return this.#spoil(told, call);
  }

  /** The inner venue's truth, with the orders withheld among the open. */
  async #take(): Promise<VenueSnapshot> {
    const { inner, calls } = this.#options;
    const { openOrders, ...parts } = await inner.snapshot();
    this.#last = { ...parts, openOrders: { ...openOrders, items: [...openOrders.items, ...calls.withheld.open] } };
    return this.#last;
  }

  /** Executions in the parts, and orders under the ids, that reports told, by their clock. */
  #inTheirWords(truth: VenueSnapshot): VenueSnapshot {
    const { reports, connection } = this.#options;
    const named = truth.openOrders.items.map((order) => {
      return { ...order, venueOrderId: reports.ids.ofSnapshot(order.venueOrderId) };
    });
    const fills = truth.executions.items.flatMap((fill) => reports.splits.fillsOf(fill));
    const told = {
      ...truth,
      openOrders: { ...truth.openOrders, items: named },
      executions: { ...truth.executions, items: fills },
    };
    return skewedSnapshot(told, connection.skew.ms);
  }

  #spoil(snapshot: VenueSnapshot, { strikes, what }: StruckCall): VenueSnapshot {
    const { log } = this.#options;
    const empty = strikeOf(strikes, 'snapshot-empty');
    if (empty !== undefined) {
      log.add('snapshot-empty', what);
      return emptySnapshot(snapshot, empty.fault.claimsComplete === true);
    }
    const incomplete = strikeOf(strikes, 'snapshot-incomplete');
    if (incomplete === undefined) return snapshot;
    const { parts = SNAPSHOT_PARTS } = incomplete.fault;
    log.add('snapshot-incomplete', `${what}, in ${parts.join(', ')}`);
    return incompleteSnapshot(snapshot, { parts, random: incomplete.random });
  }

  #lost({ what }: StruckCall): Error {
    this.#options.log.add('', `no answer without a connection: ${what}`);
    return testingError('TESTING_CONNECTION_LOST', 'There is no connection to the venue.');
  }
}
