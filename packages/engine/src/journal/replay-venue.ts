// The simulated venue of a replay: given what it was given, it has to say what it said. What brokers said is in the journal alone.
import type { OrderChange } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import type { CashEvent, VenueReportEvent } from '../kernel/event.js';
import type { Kernel } from '../kernel/kernel.js';
import type { OutboxEntry } from '../kernel/outbox.js';
import { shareCash } from '../runtime/cash-share.js';
import { ReportRelay } from '../runtime/report-relay.js';
import { orderOf } from '../runtime/live/order-of.js';
import type { SimulatedVenues } from '../runtime/simulated-venues.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import type { LiquidationPart } from '../runtime/liquidation.js';
import type { VenueLiquidation } from '../simulated-venue/liquidation-listener.js';
import type { SavedVenue } from '../simulated-venue/venue-state.js';
import { plainText } from './entry-text.js';
import type { JournalledLiquidation, JournalRecord } from './journal-record.js';
import { type OpenEnds, ordersOf, type Statement, type WaitingRequest } from './open-ends.js';
import { type StateDifference, stateDifference } from './state-difference.js';

/** A relay that keeps what the venue says in place of handing it to the kernel: the kernel gets what the journal has. */
class KeepingRelay extends ReportRelay {
  kept: Statement[] = [];

  constructor() {
    super((cash) => void this.kept.push({ kind: 'venue-cash', cash }));
    const process = (report: VenueReportEvent): void => void this.kept.push({ kind: 'report', report: { ...report } });
    super.connect({ process } as unknown as Kernel);
  }

  /** The kernel of the replay is none of its business. */
  override connect(): void {}

  /** The journal has it, and the fills made of it. */
  override liquidated({ account, instrumentIndex, side, fill }: VenueLiquidation, at: number): void {
    const { executionNumber, qty, price, fee, leavesQty, feeCurrency, liquidity } = fill;
    const kept = { executionNumber, qty, price, fee, leavesQty, feeCurrency, liquidity };
    this.kept.push({ kind: 'liquidation', liquidation: { account, instrumentIndex, side, fill: kept }, at });
  }
}

/** A request that left the kernel and was not yet handed over. */
interface Request {
  readonly kind: OutboxEntry['kind'];
  readonly orders: readonly OrderRecord[];
  readonly change: OrderChange | undefined;
}

/** What the driver hands over; a query it keeps to itself. */
export function isRequest(kind: OutboxEntry['kind']): boolean {
  return kind === 'submit' || kind === 'cancel' || kind === 'replace';
}

/** Records that the venue takes. */
export type VenueRecord = Extract<JournalRecord, { kind: 'tick' | 'bar-open' | 'bar-range' | 'advance' | 'handed' }>;

/** Makes the venue's part of a run again. */
export class ReplayVenue {
  /** For `assemble`: the venue answers here. */
  readonly relay: ReportRelay;
  readonly #relay = new KeepingRelay();
  readonly #requests: Request[] = [];
  /** Numbers of orders at brokers: what is reported of them no simulator has said. */
  readonly #brokerOrders = new Set<number>();
  #venues!: SimulatedVenues;
  #venue!: SynchronousVenue;

  constructor() {
    this.relay = this.#relay;
  }

  connect(venues: SimulatedVenues): SynchronousVenue {
    this.#venues = venues;
    this.#venue = venues.venue;
    return venues.venue;
  }

  /** An entry of the outbox: requests wait until the journal says that they went out. */
  decided({ kind, orders, change }: Pick<OutboxEntry, 'kind' | 'orders' | 'change'>): void {
    if (!isRequest(kind)) return;
    this.#requests.push({ kind, orders: [...orders], change });
    this.#know(orders);
  }

  /** Requests that were decided and had not gone out when the run ended. */
  get waiting(): number {
    return this.#requests.length;
  }

  /** What lies between venue and kernel. */
  ends(): Pick<OpenEnds, 'statements' | 'requests'> {
    return {
      statements: [...this.#relay.kept],
      requests: this.#requests.map(({ kind, orders, change }) => ({
        kind: kind as WaitingRequest['kind'],
        orders: orders.map(({ sequence }) => sequence),
        change: change === undefined ? undefined : { ...change },
      })),
    };
  }

  /** Nobody watched the market for a while. */
  forgetPrices(): void {
    this.#venues.forgetPrices();
  }

  take(record: VenueRecord): void {
    const venue = this.#venue;
    if (record.kind === 'tick') venue.onTick(record.tick.instrumentIndex, record.tick, record.tick.at);
    else if (record.kind === 'bar-open') venue.onBarOpen(record.instrumentIndex, record.open, record.at);
    else if (record.kind === 'bar-range') venue.onBarRange(record.instrumentIndex, record.bar, record.at);
    else if (record.kind === 'advance') venue.advance(record.at);
    else this.#hand(record.at);
  }

  /** A liquidation of the journal, and the fills that were made of it: they come next. */
  liquidated(parts: readonly LiquidationPart[], at: number): void {
    const [, ...later] = this.#relay.kept;
    this.#relay.kept = [];
    for (const { order, fill } of parts) this.#relay.filled(order, at, fill);
    this.#relay.kept.push(...later);
  }

  /** Whether the venue has said that it closed a position. */
  saidLiquidation(recorded: JournalledLiquidation): { readonly recorded: string; readonly decided: string } {
    const [next] = this.#relay.kept;
    return {
      recorded: plainText(recorded),
      decided: next?.kind === 'liquidation' ? plainText(next.liquidation) : statementText(next),
    };
  }

  /** The venue's part of cash that the journal has; undefined for cash that is not the venue's. */
  saidCash(recorded: CashEvent, kernel: Kernel): { readonly recorded: string; readonly decided: string } | undefined {
    const { kept } = this.#relay;
    const [next] = kept;
    if (next?.kind === 'venue-cash') {
      const shares = shareCash(kernel, next.cash).map((event) => ({ kind: 'cash' as const, event }));
      kept.splice(0, 1, ...shares);
    }
    const [share] = kept;
    if (share?.kind !== 'cash') return undefined;
    kept.shift();
    return { recorded: plainText(recorded), decided: plainText(share.event) };
  }

  /** What the venue said, and the journal has not: undefined where there is nothing. */
  unsaid(): string | undefined {
    const [next] = this.#relay.kept;
    return next === undefined ? undefined : statementText(next);
  }

  /** The venue's text for a report of the journal; undefined for one that is not the venue's. */
  said(recorded: VenueReportEvent): { readonly recorded: string; readonly decided: string } | undefined {
    // Said by the driver, when a request has gone out and the venue is silent.
    if (recorded.report === 'sent' || this.#isBrokers(recorded)) return undefined;
    return { recorded: reportText(recorded), decided: statementText(this.#relay.kept.shift()) };
  }

  /** Errors: SIMULATED_VENUE_STATE_INVALID. */
  restore(states: readonly SavedVenue[], kernel: Kernel, ends?: OpenEnds): void {
    this.#venues.load(states, orderOf(kernel));
    this.#know(kernel.parts.desk.live());
    this.#relay.kept.push(...(ends?.statements ?? []));
    for (const request of ends?.requests ?? []) {
      const orders = ordersOf(kernel.parts.desk, request);
      if (orders !== undefined) this.#requests.push({ ...request, orders });
    }
  }

  states(): readonly SavedVenue[] {
    return this.#venues.save();
  }

  differenceFrom(states: readonly SavedVenue[]): StateDifference | undefined {
    return stateDifference('venues', [states, this.#venues.save()]);
  }

  #know(orders: Iterable<OrderRecord>): void {
    const { brokerAccounts } = this.#venues;
    if (brokerAccounts.size === 0) return;
    for (const order of orders) if (brokerAccounts.has(order.account)) this.#brokerOrders.add(order.sequence);
  }

  /** Of an order that was over before the replay began, it is the simulator's where the simulator has just said it. */
  #isBrokers({ sequence }: VenueReportEvent): boolean {
    if (this.#venues.brokerAccounts.size === 0) return false;
    if (this.#brokerOrders.has(sequence)) return true;
    const [next] = this.#relay.kept;
    return !(next?.kind === 'report' && next.report.sequence === sequence);
  }

  #hand(at: number): void {
    const request = this.#requests.shift();
    const order = request?.orders[0];
    if (request === undefined || order === undefined) return;
    if (request.kind === 'submit') this.#venue.submit(request.orders, at);
    else if (request.kind === 'cancel') this.#venue.cancel(order, at);
    else if (request.kind === 'replace') this.#venue.replace(order, request.change ?? {}, at);
  }
}

function statementText(statement: Statement | undefined): string {
  if (statement === undefined) return 'nothing';
  return statement.kind === 'report' ? reportText(statement.report) : plainText(statement);
}

/** What a report says: its object is used again and again, and fields of other kinds hold what was there before. */
function reportText(report: VenueReportEvent): string {
  const { sequence, at, qty, price, fee, feeCurrency, liquidity, limitPrice, stopPrice, reason, message } = report;
  const own =
    report.report === 'filled'
      ? [qty, 'at', price, 'fee', fee, feeCurrency, liquidity]
      : report.report === 'replaced'
        ? [qty, limitPrice, stopPrice]
        : [];
  return [`order ${sequence}`, report.report, `at ${at}:`, ...own, reason, message].join(' ').trimEnd();
}
