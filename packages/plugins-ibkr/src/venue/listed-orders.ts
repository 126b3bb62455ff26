// Open orders as a whole list shows them: the only word on requests that the gateway never answers.
import type { Clock } from '@bookrunner/sdk';
import type { GatewayLists, OpenOrderRow } from './gateway-lists.js';
import type { OrderRegister } from './order-register.js';
import type { OrderWording } from './order-wording.js';

/** What lists are read with. */
export interface ListedOrdersParts {
  readonly clock: Clock;
  readonly lists: GatewayLists;
  readonly register: OrderRegister;
  readonly wording: OrderWording;
  readonly isOurs: (account: string) => boolean;
  readonly clientId: number;
  /** How long the gateway may take to answer a request. */
  readonly answerMs: number;
}

export class ListedOrders {
  readonly #parts: ListedOrdersParts;

  constructor(parts: ListedOrdersParts) {
    this.#parts = parts;
  }

  /** Asks for all, and lets each order know how it stands. Errors: as of {@link GatewayLists.openOrders}. */
  async ask(): Promise<readonly OpenOrderRow[]> {
    const { clock, lists, register, wording, isOurs, answerMs } = this.#parts;
    const working = register.all.filter(({ state }) => state.phase === 'working');
    const over = register.all.filter(({ state }) => state.isOver);
    const before = new Map(working.map((order) => [order, order.state.beforeList(answerMs)]));
    const askedAt = clock.nowUtc();
    const rows = await lists.openOrders();
    register.listed(askedAt);
    for (const order of over) order.workingId = undefined;
    const wasOver = new Set(over);
    for (const row of rows) {
      const { account, contract, wire, permId, status } = row;
      const order = isOurs(account) ? register.named(wire.orderRef, permId) : undefined;
      if (order !== undefined && wasOver.has(order) && order.isOpenAs(status)) order.workingId = this.#ownId(row);
      const known = order === undefined ? undefined : before.get(order);
      if (known !== undefined) order?.state.onListed(wording.changeableTerms(contract, wire), status, known);
    }
    return rows;
  }

  /** Undefined where this session cannot cancel it. */
  #ownId({ clientId, orderId }: OpenOrderRow): number | undefined {
    return clientId === this.#parts.clientId && orderId !== 0 ? orderId : undefined;
  }
}
