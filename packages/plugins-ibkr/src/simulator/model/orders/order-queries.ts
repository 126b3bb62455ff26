import type { Clock } from '@bookrunner/sdk';
import type { ExecutionFilter } from '../../wire/requests.js';
import type { ClientDirectory } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import { instantText, startOfDay } from '../wall-clock.js';
import type { ExecutionRegister } from './execution-register.js';
import type { OrderRecord } from './order-record.js';
import type { OrderRegister } from './order-register.js';
import { openOrder, orderState } from './order-reporter.js';
import type { OrderReporter } from './order-reporter.js';

interface Parts {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly clients: ClientDirectory;
  readonly register: OrderRegister;
  readonly executions: ExecutionRegister;
  readonly reporter: OrderReporter;
}

/** Who asks for orders and executions is told here. */
export class OrderQueries {
  readonly #parts: Parts;
  #isAutoBinding = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A client's own orders; client 0 sees those made by hand too. */
  openOrders(client: GatewayClient): void {
    this.pushOpenOrders(client);
    client.send({ kind: 'openOrderEnd' });
  }

  /** The same without an end: what a gateway may say to a client that just came back. */
  pushOpenOrders(client: GatewayClient): void {
    for (const order of this.#visible()) if (order.clientId === client.clientId) this.#tell(client, order);
  }

  /** Everybody's orders; those of others have no id that the client could use. */
  allOpenOrders(client: GatewayClient): void {
    for (const order of this.#visible()) this.#tell(client, order);
    client.send({ kind: 'openOrderEnd' });
  }

  /** Client 0 may have orders made by hand bound to ids of its own, now and from now on. */
  autoOpenOrders(client: GatewayClient, autoBind: boolean): void {
    if (client.clientId !== 0) return;
    this.#isAutoBinding = autoBind;
    for (const order of this.#visible()) if (order.clientId === 0) this.bind(order);
    this.openOrders(client);
  }

  /** Gives an order made by hand an id, where client 0 asked for that. */
  bind(order: OrderRecord): void {
    if (!this.#isAutoBinding || order.orderId !== 0) return;
    const { register, clients } = this.#parts;
    register.bind(order);
    clients.send(0, { kind: 'orderBound', permId: order.permId, clientId: 0, orderId: order.orderId });
  }

  /** What ended today; by hand or of the API alone. */
  completedOrders(client: GatewayClient, apiOnly: boolean): void {
    const { clock, timeZone, register } = this.#parts;
    const midnight = startOfDay(clock.nowUtc(), timeZone);
    for (const order of register.all) {
      if (order.isLive || !(order.completedAt >= midnight) || (apiOnly && order.isManual)) continue;
      const state = orderState(order);
      const isFilled = order.status === 'Filled';
      client.send({
        kind: 'completedOrder',
        // The real gateway says 0 once all is filled, and the size in filledQuantity.
        state: { ...state, order: { ...state.order, totalQuantity: isFilled ? 0 : state.order.totalQuantity } },
        filledQuantity: order.units(order.filledLots),
        completedTime: instantText(order.completedAt, timeZone),
        completedStatus: isFilled ? `Filled Size: ${order.units(order.filledLots)}` : `${order.status} by Trader`,
      });
    }
    client.send({ kind: 'completedOrdersEnd' });
  }

  /** Executions under the request's id, their end, and then the commissions again. */
  executions(client: GatewayClient, requestId: number, filter: ExecutionFilter): void {
    const { clock, executions } = this.#parts;
    const found = executions.matching(filter, clock.nowUtc());
    for (const execution of found) client.send(executions.details(execution, requestId));
    client.send({ kind: 'execDetailsEnd', requestId });
    for (const execution of found) {
      const report = executions.commissionReport(execution);
      if (report !== undefined) client.send(report);
    }
  }

  #visible(): readonly OrderRecord[] {
    return this.#parts.register.live.filter((order) => order.isTransmitted);
  }

  #tell(client: GatewayClient, order: OrderRecord): void {
    const orderId = order.clientId === client.clientId ? order.orderId : 0;
    client.send(openOrder(order, { orderId }));
    client.send(this.#parts.reporter.statusOf(order, orderId));
  }
}
