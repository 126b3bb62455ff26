// Orders of one broker: out as plain copies, and the honest outcome of each call.
import type { Clock, EpochMs, OrderChange, OrderRef, SubmitOutcome, Venue } from '@bookrunner/sdk';
import type { OrderRecord } from '../../execution/order-record.js';
import { isFinal } from '../../execution/order-state.js';
import type { KernelEvent, VenueReportEvent } from '../../kernel/event.js';
import { callBroker } from './broker-call.js';
import type { BrokerInbox } from './broker-inbox.js';
import { copyOfOrder, refOf } from './broker-order.js';
import { plainReport } from './broker-reports.js';
import { maskedTexts } from './masked-texts.js';

/** Nothing was sent, for sure. */
export type Refusal = Extract<SubmitOutcome, { readonly kind: 'refused' }>;

/** What {@link BrokerOrders} works on. */
export interface BrokerOrdersOptions {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly inbox: BrokerInbox;
  /** How long a call may take. */
  readonly callMs: number;
  readonly mask: (text: string) => string;
  /** The broker's id of an account. */
  readonly idOf: (account: string) => string;
  readonly deliver: (make: (at: EpochMs) => KernelEvent | undefined) => void;
  readonly warn: (code: string, text: string) => void;
  /** Why nothing may be sent now; undefined where it may. */
  readonly refusal: () => Refusal | undefined;
}

/** The only one that sends to a broker's plugin. */
export class BrokerOrders {
  readonly #options: BrokerOrdersOptions;

  constructor(options: BrokerOrdersOptions) {
    this.#options = options;
  }

  submit(group: readonly OrderRecord[]): void {
    const records = [...group];
    const orders = Object.freeze(records.map((order) => copyOfOrder(order, (account) => this.#options.idOf(account))));
    this.#call(
      (venue) => venue.submit(orders),
      (outcome) => {
        for (const order of records) this.#onSubmit(order, outcome);
      },
    );
  }

  /** The group is not sent, and the kernel is told so. */
  refuse(group: readonly OrderRecord[], why: { readonly reason: string; readonly message: string }): void {
    const records = [...group];
    this.#options.inbox.push(() => {
      for (const order of records) this.#onSubmit(order, { kind: 'refused', ...why });
    });
  }

  cancel(order: OrderRecord): void {
    const ref = refOf(order);
    this.#call(
      (venue) => venue.cancel(ref),
      (outcome) => this.#onChange(order, 'cancel', outcome),
    );
  }

  replace(order: OrderRecord, change: OrderChange): void {
    const ref = refOf(order);
    const wanted = Object.freeze({ ...change });
    const cannot = {
      kind: 'refused',
      reason: 'BROKER_CANNOT_REPLACE',
      message: 'The venue changes no orders.',
    } as const;
    this.#call(
      (venue) => venue.replace?.(ref, wanted) ?? Promise.resolve(cannot),
      (outcome) => this.#onChange(order, 'replace', outcome),
    );
  }

  /** What becomes of it the next snapshot shows. */
  cancelForeign(ref: OrderRef): void {
    const frozen = Object.freeze({ ...ref });
    this.#call(
      (venue) => venue.cancel(frozen),
      (outcome) => {
        if (outcome.kind === 'sent') return;
        const what = `Order ${ref.venueOrderId} in ${ref.symbol}, which is not the engine's`;
        this.#options.warn('BROKER_CANCEL_UNKNOWN', `${what}: ${outcome.kind}, ${outcome.reason} ${outcome.message}`);
      },
    );
  }

  #call(call: (venue: Venue) => Promise<SubmitOutcome>, settle: (outcome: SubmitOutcome) => void): void {
    const { inbox, venue, clock, callMs } = this.#options;
    const refusal = this.#options.refusal();
    if (refusal !== undefined) return inbox.push(() => settle(refusal));
    callBroker({
      ...{ clock, limitMs: callMs },
      call: () => inbox.call(() => call(venue)),
      settle: (outcome) => inbox.push(() => settle(outcome)),
    });
  }

  /** What was reported meanwhile says more than the outcome of the call. */
  #onSubmit(order: OrderRecord, outcome: SubmitOutcome): void {
    const { status } = order;
    if (outcome.kind === 'sent') {
      if (status === 'pending') this.#say(order, 'sent');
    } else if (outcome.kind === 'unknown') {
      if (status === 'pending' || status === 'sent') this.#say(order, 'unknown', outcome);
    } else if (!isFinal(status)) this.#say(order, 'refused', outcome);
  }

  #onChange(order: OrderRecord, kind: 'cancel' | 'replace', outcome: SubmitOutcome): void {
    // Answered by a report, or over, in the meantime.
    if (outcome.kind === 'sent' || order.status !== `pending-${kind}`) return;
    if (outcome.kind === 'refused') return this.#say(order, `${kind}-rejected`, outcome);
    this.#options.warn(
      kind === 'cancel' ? 'BROKER_CANCEL_UNKNOWN' : 'BROKER_REPLACE_UNKNOWN',
      `Whether the ${kind} of order ${order.clientOrderId} arrived is not known: ${outcome.reason} ${outcome.message}`,
    );
  }

  #say(
    order: OrderRecord,
    report: VenueReportEvent['report'],
    why: { readonly reason: string; readonly message: string } = { reason: '', message: '' },
  ): void {
    const texts = maskedTexts(why, this.#options.mask);
    this.#options.deliver((at) => plainReport(order, report, { at, ...texts }));
  }
}
