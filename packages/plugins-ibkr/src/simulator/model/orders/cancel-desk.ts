import type { Clock } from '@bookrunner/sdk';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import type { KnobSettings } from '../knob-settings.js';
import type { OrderDesk } from './order-desk.js';
import type { OrderRecord } from './order-record.js';
import type { OrderRegister } from './order-register.js';
import type { OrderReporter } from './order-reporter.js';

interface Parts {
  readonly clock: Clock;
  readonly cancelMs: number;
  readonly knobs: KnobSettings;
  readonly register: OrderRegister;
  readonly reporter: OrderReporter;
  readonly desk: OrderDesk;
}

const READ_ONLY = {
  code: 321,
  message: "Error validating request.-'ck' : cause - The API interface is currently in Read-Only mode.",
};

/** Cancels: done, in progress, or refused with the code that says why. */
export class CancelDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A client cancels an order by its id. */
  cancel(client: GatewayClient, orderId: number): void {
    const { knobs, register } = this.#parts;
    const refuse = (code: number, message: string): void => sendError(client, { id: orderId, code, message });
    if (knobs.readOnly) return refuse(READ_ONLY.code, READ_ONLY.message);
    const { cancelError } = knobs;
    knobs.cancelError = undefined;
    if (cancelError !== undefined) return refuse(cancelError.code, cancelError.message);
    const order = register.find(client.clientId, orderId);
    if (order === undefined) return refuse(10147, `OrderId ${orderId} that needs to be cancelled is not found.`);
    if (order.status === 'PendingCancel') {
      return refuse(161, `Cancel attempted when order is not in a cancellable state. Order permId = ${order.permId}`);
    }
    this.#fillFirst(order);
    if (!order.isLive) {
      return refuse(
        10148,
        `OrderId ${orderId} that needs to be cancelled cannot be cancelled, state: ${order.status}.`,
      );
    }
    this.begin(order);
  }

  /** Everything that lives, whoever placed it. */
  cancelAll(client: GatewayClient): void {
    if (this.#parts.knobs.readOnly) return sendError(client, { id: -1, ...READ_ONLY });
    for (const order of this.#parts.register.live)
      if (order.isLive && order.status !== 'PendingCancel') this.begin(order);
  }

  /** Starts the cancel of a live order, as a client or a person asked. */
  begin(order: OrderRecord): void {
    const { cancelMs, clock, reporter } = this.#parts;
    if (cancelMs === 0 || !order.isTransmitted) return this.#finish(order);
    order.status = 'PendingCancel';
    reporter.status(order);
    order.timers.push(clock.callAt(clock.nowUtc() + cancelMs, () => this.#finish(order)));
  }

  /** The market was faster than the cancel. */
  #fillFirst(order: OrderRecord): void {
    const { knobs, desk } = this.#parts;
    if (knobs.fillBeforeCancel === 0 || !order.isLive) return;
    const lots = Math.min(order.remainingLots, order.lotsOf(knobs.fillBeforeCancel));
    knobs.fillBeforeCancel = 0;
    if (lots > 0) desk.fill(order, { lots, price: desk.priceOf(order), isAggressive: false });
  }

  #finish(order: OrderRecord): void {
    const { knobs, desk } = this.#parts;
    const price = desk.priceOf(order);
    desk.end(order);
    if (knobs.fillAfterCancel === 0) return;
    const lots = Math.min(order.remainingLots, order.lotsOf(knobs.fillAfterCancel));
    knobs.fillAfterCancel = 0;
    if (lots > 0) desk.fill(order, { lots, price, isAggressive: false });
  }
}
