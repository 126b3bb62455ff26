import type { Clock } from '../../interfaces/clock.js';
import type { CancelOutcome, SubmitOutcome, Venue } from '../../interfaces/venue.js';
import type { Order, OrderChange, OrderRef } from '../../model/order.js';
import type { VenueReport } from '../../model/venue-report.js';
import { textOf } from '../check.js';
import type { FaultLog } from './fault-log.js';
import type { Strike } from './fault-script.js';
import type { Parcel, Transit } from './transit.js';
import type { VenueConnection } from './venue-connection.js';
import { strikeOf } from './venue-fault.js';
import type { VenueFault } from './venue-fault.js';
import { WithheldOrders } from './withheld-orders.js';

/** Options of {@link CallPath}. */
export interface CallPathOptions {
  readonly inner: Venue;
  readonly clock: Clock;
  readonly log: FaultLog;
  readonly transit: Transit;
  readonly connection: VenueConnection;
  /** Reports of orders that the inner venue never sees. */
  readonly report: (report: VenueReport) => void;
}

/** A call with the faults that happen to it. */
export interface StruckCall {
  readonly strikes: readonly Strike<VenueFault>[];
  readonly what: string;
}

const HOLD_MS = 5_000;
const RANDOM_RANGE = 2 ** 32;
const SENT: SubmitOutcome = Object.freeze({ kind: 'sent' });
/** Reports after which a cancel has lost its race, or has nothing to race for. */
const ENDS_RACE: ReadonlySet<VenueReport['kind']> = new Set(['filled', 'cancelled', 'expired', 'rejected']);

/** The way of submits, cancels and replaces to the inner venue: they may not arrive, arrive late, or nobody may know. */
export class CallPath {
  readonly withheld = new WithheldOrders();
  readonly #options: CallPathOptions;
  /** Calls to the inner venue whose outcome nobody else waits for. */
  readonly #running = new Set<Promise<unknown>>();
  /** Cancels on their way, by order. */
  readonly #racing = new Map<string, Parcel>();

  constructor(options: CallPathOptions) {
    this.#options = options;
  }

  /** Calls to the inner venue that have not been answered. */
  get running(): readonly Promise<unknown>[] {
    return [...this.#running];
  }

  submit(group: readonly Order[], call: StruckCall): Promise<SubmitOutcome> {
    return this.#send(call, () => {
      const again = group.find((order) => this.withheld.knows(order));
      if (again !== undefined) return Promise.resolve(sentBefore(again));
      const reject = strikeOf(call.strikes, 'reject-after-accept');
      if (reject === undefined) return this.#options.inner.submit(group);
      this.#withhold(group, { delayMs: reject.fault.delayMs ?? 0, what: call.what });
      return Promise.resolve(SENT);
    });
  }

  cancel(ref: OrderRef, call: StruckCall): Promise<CancelOutcome> {
    return this.#send(call, () => {
      const { inner, clock, transit, log } = this.#options;
      if (this.withheld.knows(ref)) return this.#cancelWithheld(ref);
      const race = strikeOf(call.strikes, 'fill-after-cancel');
      if (race === undefined) return inner.cancel(ref);
      const { holdMs = HOLD_MS } = race.fault;
      log.add('fill-after-cancel', `${call.what} travels until a fill, or for ${holdMs} ms`);
      const parcel = transit.send(clock.nowUtc() + holdMs, () => {
        this.#racing.delete(ref.clientOrderId);
        log.add('fill-after-cancel', `${call.what} arrives`);
        void this.track(inner.cancel(ref));
      });
      this.#racing.set(ref.clientOrderId, parcel);
      return Promise.resolve(SENT);
    });
  }

  replace(ref: OrderRef, change: OrderChange, call: StruckCall): Promise<CancelOutcome> {
    return this.#send(call, () => {
      if (!this.withheld.knows(ref)) return this.#options.inner.replace!(ref, change);
      this.#reportOf(ref, { kind: 'replace-rejected', reason: 'TESTING_ORDER_WITHHELD' });
      return Promise.resolve(SENT);
    });
  }

  /** Lets a cancel arrive whose race has been decided: in a turn of its own, when the inner venue is done reporting. */
  onReport(report: VenueReport): void {
    const parcel = this.#racing.get(report.clientOrderId);
    if (parcel === undefined || !ENDS_RACE.has(report.kind)) return;
    this.#racing.delete(report.clientOrderId);
    const { transit, clock } = this.#options;
    transit.send(clock.nowUtc(), () => parcel.hurry());
  }

  /** Remembers a call until it is answered. */
  track<T>(call: Promise<T>): Promise<T> {
    const running: Promise<unknown> = call.then(
      () => this.#running.delete(running),
      (error: unknown) => {
        this.#running.delete(running);
        this.#options.log.add('', `failed: ${textOf(error)}`);
      },
    );
    this.#running.add(running);
    return call;
  }

  clear(): void {
    this.#racing.clear();
  }

  async #send({ strikes, what }: StruckCall, go: () => Promise<SubmitOutcome>): Promise<SubmitOutcome> {
    const { connection, log } = this.#options;
    if (connection.line.isCut) {
      log.add('', `refused without a connection: ${what}`);
      return { kind: 'refused', reason: 'TESTING_CONNECTION_LOST', message: 'There is no connection to the venue.' };
    }
    const before = strikeOf(strikes, 'drop-before-write');
    const after = strikeOf(strikes, 'drop-after-write');
    if (before !== undefined) {
      connection.cut('drop-before-write', { at: `${what}, which never arrives`, downMs: before.fault.downMs });
      return unknown('The connection was lost during the call.');
    }
    if (after !== undefined) {
      connection.cut('drop-after-write', { at: `${what}, which arrives`, downMs: after.fault.downMs });
      const outcome = await this.track(go());
      return outcome.kind === 'refused' ? outcome : unknown('The connection was lost during the call.');
    }
    return connection.line.isSilent ? this.#hang(what, go) : go();
  }

  #hang(what: string, go: () => Promise<SubmitOutcome>): Promise<SubmitOutcome> {
    const { connection, log } = this.#options;
    const { limitMs, keeps, reach, random } = connection.silence;
    const arrives = random() < reach * RANDOM_RANGE;
    log.add('silent', `${what} hangs, and ${arrives ? 'arrives' : 'never arrives'}`);
    const outcome = arrives ? this.track(go()) : undefined;
    const giveUp = (): SubmitOutcome => unknown('The venue has not answered.');
    return connection.line.wait({ limitMs, giveUp, answer: () => (keeps ? outcome : undefined) ?? giveUp() });
  }

  #withhold(group: readonly Order[], { delayMs, what }: { readonly delayMs: number; readonly what: string }): void {
    const { clock, transit, log } = this.#options;
    log.add('reject-after-accept', `${what} never reaches the inner venue`);
    for (const order of group) {
      const { venueOrderId } = this.withheld.accept(order);
      this.#reportOf(order, { kind: 'accepted', venueOrderId });
    }
    const reject = (): void => {
      const text = { reason: 'TESTING_ORDER_WITHHELD', message: 'Rejected after it was accepted.' };
      for (const order of group) {
        const open = this.withheld.end(order);
        if (open !== undefined) this.#reportOf(order, { kind: 'rejected', venueOrderId: open.venueOrderId, ...text });
      }
    };
    if (delayMs === 0) reject();
    else transit.send(clock.nowUtc() + delayMs, reject);
  }

  #cancelWithheld(ref: OrderRef): Promise<CancelOutcome> {
    const open = this.withheld.end(ref);
    if (open === undefined) this.#reportOf(ref, { kind: 'cancel-rejected', reason: 'TESTING_ORDER_WITHHELD' });
    else this.#reportOf(ref, { kind: 'cancelled', reason: 'requested', venueOrderId: open.venueOrderId });
    return Promise.resolve(SENT);
  }

  #reportOf({ clientOrderId, symbol }: OrderRef, what: ReportText): void {
    this.#options.report({ ts: this.#options.clock.nowUtc(), clientOrderId, symbol, ...what });
  }
}

/** A report but for what every report has. */
type ReportText =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  | { readonly kind: 'rejected'; readonly venueOrderId: string; readonly reason: string; readonly message: string }
  | { readonly kind: 'cancelled'; readonly venueOrderId: string; readonly reason: string }
  | { readonly kind: 'cancel-rejected' | 'replace-rejected'; readonly reason: string };

function unknown(message: string): SubmitOutcome {
  return { kind: 'unknown', reason: 'TESTING_OUTCOME_UNKNOWN', message };
}

function sentBefore({ clientOrderId }: Order): SubmitOutcome {
  const message = `Order ${clientOrderId} was sent before.`;
  return { kind: 'refused', reason: 'TESTING_ORDER_WITHHELD', message };
}
