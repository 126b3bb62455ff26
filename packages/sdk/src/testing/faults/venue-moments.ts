import type { Clock } from '../../interfaces/clock.js';
import type { Order, OrderRef } from '../../model/order.js';
import type { VenueReport } from '../../model/venue-report.js';
import type { VenueMoment } from './venue-fault.js';

/** Counts what crosses the connection to a venue and numbers its orders as they are submitted. */
export class VenueMoments {
  readonly #clock: Clock;
  readonly #counts = new Map<VenueMoment['on'], number>();
  readonly #numbers = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  report(report: VenueReport): VenueMoment {
    return { ...this.#next('report', [report]), report };
  }

  submit(orders: readonly Order[]): VenueMoment {
    for (const { clientOrderId } of orders) {
      if (!this.#numbers.has(clientOrderId)) this.#numbers.set(clientOrderId, this.#numbers.size + 1);
    }
    return { ...this.#next('submit', orders), orders };
  }

  ask(on: 'cancel' | 'replace', ref: OrderRef): VenueMoment {
    return { ...this.#next(on, [ref]), ref };
  }

  snapshot(): VenueMoment {
    return this.#next('snapshot', []);
  }

  #next(on: VenueMoment['on'], refs: readonly OrderRef[]): VenueMoment {
    const count = (this.#counts.get(on) ?? 0) + 1;
    this.#counts.set(on, count);
    const orderNumbers = refs.flatMap(({ clientOrderId }) => this.#numbers.get(clientOrderId) ?? []);
    return { on, count, ts: this.#clock.nowUtc(), orderNumbers };
  }
}

/** A moment as a person reads it: `report 3, filled of TEST000000000001 (paper-execution-2, 4 units)`. */
export function describeMoment({ on, count, report, orders, ref }: VenueMoment): string {
  if (report !== undefined) return `${on} ${count}, ${describeReport(report)}`;
  const ids = (orders ?? (ref === undefined ? [] : [ref])).map((order) => order.clientOrderId);
  return ids.length === 0 ? `${on} ${count}` : `${on} ${count} of ${ids.join(', ')}`;
}

/** A report as a person reads it. */
export function describeReport(report: VenueReport): string {
  const { kind, clientOrderId } = report;
  if (kind === 'filled') return `filled of ${clientOrderId} (${report.fill.executionId}, ${report.fill.qty} units)`;
  return 'executionId' in report
    ? `${kind} of ${clientOrderId} (${report.executionId})`
    : `${kind} of ${clientOrderId}`;
}
