import type { VenueSink } from '../../interfaces/venue.js';
import type { VenueReport } from '../../model/venue-report.js';
import type { FaultLog } from './fault-log.js';
import type { Strike } from './fault-script.js';
import { MessageRoute } from './message-route.js';
import type { MessageRouteOptions } from './message-route.js';
import type { SkewedClock } from './skewed-clock.js';
import { SplitFills } from './split-fills.js';
import type { VenueFault } from './venue-fault.js';
import { strikeOf } from './venue-fault.js';
import { describeReport } from './venue-moments.js';
import { VenueOrderIds } from './venue-order-ids.js';

/** Options of {@link ReportPath}. */
export interface ReportPathOptions extends MessageRouteOptions {
  readonly skew: SkewedClock;
  /** Where reports arrive; undefined while the venue is closed. */
  readonly sink: () => VenueSink | undefined;
}

/** The way of reports from the inner venue to the sink: told in other words, lost, late, more than once or out of order. */
export class ReportPath {
  readonly splits = new SplitFills();
  readonly ids = new VenueOrderIds();
  readonly #log: FaultLog;
  readonly #skew: SkewedClock;
  readonly #sink: () => VenueSink | undefined;
  readonly #route: MessageRoute;
  /** Reports of executions as they were told, or would have been; replays come from here. */
  readonly #executions: VenueReport[] = [];

  constructor(options: ReportPathOptions) {
    this.#log = options.log;
    this.#skew = options.skew;
    this.#sink = options.sink;
    this.#route = new MessageRoute(options);
  }

  /** Sends a report of the inner venue on its way, with the faults that happen to it. */
  send(report: VenueReport, strikes: readonly Strike<VenueFault>[]): void {
    for (const told of this.#inTheirWords(report, strikes)) {
      if (told.kind === 'filled') this.#executions.push(told);
      this.#route.send(this.#messageOf(told), strikes);
    }
  }

  /** Reports the last executions again. */
  replay(count: number): void {
    const replayed = count === 0 ? [] : this.#executions.slice(-count);
    this.#log.add('replay-executions', `${replayed.length} executions are reported again`);
    for (const report of replayed) this.#route.arrive(this.#messageOf(report));
  }

  /** Forgets what was held back for others to overtake. */
  clear(): void {
    this.#route.clear();
  }

  /** The report under the ids, in the parts and by the clock that the outside is told. */
  #inTheirWords(report: VenueReport, strikes: readonly Strike<VenueFault>[]): readonly VenueReport[] {
    const split = strikeOf(strikes, 'split-fill');
    if (split !== undefined && report.kind === 'filled') {
      const { parts = 2, lotStep = 1 } = split.fault;
      const isSplit = this.splits.split(report.fill, { parts, lotStep, random: split.random });
      this.#log.add('split-fill', `${describeReport(report)}${isSplit ? '' : ' stays whole'}`);
    }
    const { venueOrderId } = report;
    const named = venueOrderId === undefined ? undefined : this.ids.ofReport(venueOrderId);
    const renamed = named === undefined || named === venueOrderId ? report : { ...report, venueOrderId: named };
    const skewMs = this.#skew.ms;
    return this.splits.reportsOf(renamed).map((told) => (skewMs === 0 ? told : skewedReport(told, skewMs)));
  }

  #messageOf(report: VenueReport): { readonly what: string; deliver(): void } {
    return { what: describeReport(report), deliver: () => this.#sink()?.report(report) };
  }
}

function skewedReport(report: VenueReport, skewMs: number): VenueReport {
  const ts = report.ts + skewMs;
  if (report.kind !== 'filled' && report.kind !== 'corrected') return { ...report, ts };
  return { ...report, ts, fill: { ...report.fill, ts: report.fill.ts + skewMs } };
}
