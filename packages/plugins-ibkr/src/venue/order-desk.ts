// Orders, cancels and changes on their way to the gateway.
import type { Clock, Order, OrderChange, OrderRef, SubmitOutcome } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';
import type { Contract, IBApi, Order as IbOrder } from '@stoqey/ib';
import type { ContractBook, QualifiedContract } from '../contracts/qualified-contract.js';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import type { AnswerWaits } from './answer-waits.js';
import { HeldFamilies } from './held-families.js';
import { changedOrder, ibOrder, orderFault } from './ib-order.js';
import { exactTerms, priceFault, quantityFault } from './order-prices.js';
import type { OrderRegister } from './order-register.js';
import { isSameTerms, termsOf } from './order-terms.js';
import { type Refusal, refused, SENT, unknown } from './refusal.js';
import type { VenueOrder } from './venue-order.js';
import { writeInTurn, type Written } from './write-in-turn.js';

/** What a desk works with. */
export interface OrderDeskParts {
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly contracts: ContractBook;
  readonly register: OrderRegister;
  readonly waits: AnswerWaits;
  readonly outsideRth: boolean;
  readonly isOurs: (account: string) => boolean;
  /** Why no order, or no cancel, may go out now; undefined where it may. */
  readonly closedFor: (what: 'order' | 'cancel') => Refusal | undefined;
  /** Has the open orders told anew. Errors: as of a question to the gateway. */
  readonly lookAtOpenOrders: () => Promise<void>;
}

/** An order that passed all checks. */
interface Ready {
  readonly order: Order;
  readonly qualified: QualifiedContract;
}

export class OrderDesk {
  readonly #parts: OrderDeskParts;
  readonly #families = new HeldFamilies();

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
  }

  /** All of the group in one turn, or none. */
  async submit(group: readonly Order[]): Promise<SubmitOutcome> {
    if (group.length === 0) return SENT;
    const { closedFor, gateway, waits, register } = this.#parts;
    const closed = closedFor('order');
    if (closed !== undefined) return closed;
    const ready: Ready[] = [];
    for (const order of group) {
      const checked = this.#check(order, group);
      if ('kind' in checked) return checked;
      ready.push(checked);
    }
    const orderIds = this.#orderIds(group.length);
    if ('kind' in orderIds) return orderIds;
    const orders = this.#register(ready, orderIds);
    const families = ready.map(({ order }) => familyOf(order, ready));
    const sent = orders.map((order, i) => ({ order, orderId: orderIds[i] as number, family: families[i] as string }));
    let left: Written = { written: 0, fault: '' };
    const outcome = await gateway.send({
      ...{ lane: 'order', cost: orders.length },
      write: (api) => {
        // The line to IB may have been lost while it waited for its turn: then nothing is written.
        if (closedFor('order') !== undefined) return;
        left = writeInTurn(
          api,
          orders.map((order, i) => () => place(api, orderIds[i] as number, order)),
        );
        this.#families.keep(sent, left.written);
        if (left.written < orders.length) this.#takeBack(api, orders.slice(0, left.written).toReversed());
      },
    });
    const { written, fault } = left;
    if (outcome === 'purged') {
      for (const order of orders) register.forget(order);
      return this.#unwritten('order', fault);
    }
    if (written === orders.length) return waits.wait(orders);
    const message = `Only ${written} of ${orders.length} orders of a group could be written; these are cancelled.${fault}`;
    for (const { state } of orders.slice(written)) state.neverLeft('IBKR_ORDER_UNWRITTEN', message);
    return unknown('IBKR_ORDER_UNWRITTEN', message);
  }

  /**
   * What arrived of a bracket without its last order, or with one that IB refused, the gateway holds for ever and shows nobody: it is taken
   * back, by ids that no other order will ever have. What did not arrive, the gateway does not know; its saying so changes nothing.
   */
  dropRemnants(): void {
    for (const orderIds of this.#families.takeHeldIds()) this.#sendCancels(orderIds);
  }

  /** An order is over other than by its fills; what only made sense with it is cancelled. */
  onEnded(clientOrderId: string, isRejected: boolean): void {
    const order = this.#parts.register.find(clientOrderId);
    if (order === undefined) return;
    if (isRejected) this.#dropChildren(order);
    const held = this.#families.heldBy(order);
    if (held.length === 0) return;
    void this.#parts.gateway.send({ lane: 'order', cost: held.length, write: (api) => this.#takeBack(api, held) });
  }

  /** The entry of a bracket is rejected: its children would protect nothing, and open what nobody wants. */
  #dropChildren(parent: VenueOrder): void {
    // What has been filled of it is protected by them.
    if (parent.state.hasFilled) return;
    const children = this.#parts.register.all.filter((order) => !order.state.isOver && order.isChildOf(parent));
    // Those of other clients have no ids here.
    for (const child of children) this.#sendCancels(child.state.permIds.orderIds);
  }

  /** Sends the cancel once more: what is left under its ids is another order. */
  cancelRest({ state }: VenueOrder): void {
    this.#sendCancels(state.permIds.orderIds);
  }

  async cancel({ clientOrderId, venueOrderId }: OrderRef): Promise<SubmitOutcome> {
    const { clock, closedFor, gateway, register, waits } = this.#parts;
    const closed = closedFor('cancel');
    if (closed !== undefined) return closed;
    const byVenue = venueOrderId === undefined ? undefined : register.byVenueOrderId(venueOrderId);
    const order = register.find(clientOrderId) ?? byVenue;
    if (order === undefined || !order.mayWork) {
      return refused('IBKR_ORDER_NOT_WORKING', `Order ${clientOrderId} is not working at this gateway.`);
    }
    // Its own name alone cancels nothing that is not an engine's.
    if (order.isForeign && byVenue === undefined) {
      return refused(
        'IBKR_ORDER_NOT_SUPPORTED',
        `Order ${clientOrderId} is not the engine's; venueOrderId has to name it.`,
      );
    }
    const orderIds = order.cancelIds;
    if (orderIds.length === 0) {
      // Before a session has told of open orders it has no ids, and nobody knows whose the order is.
      const unsettled = closedFor('order');
      if (unsettled !== undefined) return unsettled;
      return refused('IBKR_ORDER_OF_OTHERS', `Order ${order.id} was given by another client, or by hand in TWS.`);
    }
    const { requests } = order.state;
    requests.askCancel(clock.nowUtc());
    const outcome = await gateway.send({
      ...{ lane: 'order', cost: orderIds.length },
      write: (api) => orderIds.forEach((orderId) => api.cancelOrder(orderId)),
    });
    if (outcome === 'written') {
      waits.watch(() => requests.isCancelAsked && !order.state.isOver);
      return SENT;
    }
    requests.withdraw('cancel');
    return this.#unwritten('cancel');
  }

  async replace({ clientOrderId }: OrderRef, change: OrderChange): Promise<SubmitOutcome> {
    const { clock, closedFor, gateway, register, waits, lookAtOpenOrders } = this.#parts;
    const order = register.find(clientOrderId);
    const first = this.#changeRefusal(order, clientOrderId);
    if (first !== undefined || order === undefined) return first ?? notWorking(clientOrderId);
    if (order.state.terms.orderType === 'trailing-stop') {
      // Sent without its level, it would begin anew behind the market: IB has to say how far it has come.
      try {
        await lookAtOpenOrders();
      } catch (error) {
        return refused('IBKR_NO_ANSWER', `The level of ${clientOrderId} could not be asked: ${String(error)}`);
      }
      const second = this.#changeRefusal(order, clientOrderId);
      if (second !== undefined) return second;
    }
    const changed = changedFields(order, change);
    if ('kind' in changed) return changed;
    const [orderId] = order.state.permIds.orderIds as [number];
    const { wire, terms } = changed;
    if (isSameTerms(terms, order.state.terms)) {
      order.state.confirmTerms();
      return SENT;
    }
    const { requests } = order.state;
    requests.askChange(terms, clock.nowUtc());
    const outcome = await gateway.send({
      lane: 'order',
      write: (api) => {
        if (closedFor('order') === undefined) api.placeOrder(orderId, contractOf(order), wire);
      },
    });
    if (outcome === 'written') {
      waits.watch(() => requests.wanted === terms);
      return SENT;
    }
    requests.withdraw('change');
    return this.#unwritten('order');
  }

  /** A part is no group: what has left of it could work without what protects it. Children first: IB would not find them after their parent. */
  #takeBack(api: IBApi, childrenFirst: readonly VenueOrder[]): void {
    const { clock, waits } = this.#parts;
    for (const { state } of childrenFirst) {
      state.requests.askCancel(clock.nowUtc());
      waits.watch(() => state.requests.isCancelAsked && !state.isOver);
      for (const orderId of state.permIds.orderIds) api.cancelOrder(orderId);
    }
  }

  #sendCancels(orderIds: readonly number[]): void {
    if (orderIds.length === 0) return;
    const write = (api: IBApi): void => orderIds.forEach((orderId) => api.cancelOrder(orderId));
    void this.#parts.gateway.send({ lane: 'order', cost: orderIds.length, write });
  }

  /** Why nothing of it was written. */
  #unwritten(what: 'order' | 'cancel', fault = ''): Refusal {
    const { closedFor, gateway } = this.#parts;
    const closed = closedFor(what);
    if (closed !== undefined) return closed;
    return gateway.state === 'up'
      ? refused('IBKR_ORDER_UNWRITTEN', `It could not be written, and nothing of it has left.${fault}`)
      : refused('IBKR_NOT_CONNECTED', 'The connection was lost before it was written.');
  }

  #check(order: Order, group: readonly Order[]): Ready | Refusal {
    const { contracts, register, isOurs } = this.#parts;
    const { clientOrderId, symbol, account, parentId } = order;
    if (
      register.find(clientOrderId) !== undefined ||
      group.some((one) => one !== order && one.clientOrderId === clientOrderId)
    ) {
      return refused('IBKR_ORDER_DUPLICATE', `Order ${clientOrderId} was sent before.`);
    }
    if (!isOurs(account)) return refused('IBKR_ACCOUNT_UNKNOWN', `Account '${account}' is not one of this venue.`);
    const qualified = contracts.of(symbol);
    if (qualified === undefined) return refused('IBKR_CONTRACT_NOT_FOUND', `Nobody has asked IB for ${symbol} yet.`);
    const before = group.slice(0, group.indexOf(order));
    if (
      parentId !== '' &&
      !before.some((one) => one.clientOrderId === parentId) &&
      this.#idOf(parentId) === undefined
    ) {
      return refused('IBKR_ORDER_NOT_SUPPORTED', `The parent of ${clientOrderId} has to be sent before it.`);
    }
    const fault = orderFault(order, qualified);
    return fault === undefined
      ? { order: exactTerms(order, qualified), qualified }
      : refused(fault.reason, fault.message);
  }

  /** Rising, one for each. */
  #orderIds(count: number): readonly number[] | Refusal {
    try {
      return Array.from({ length: count }, () => this.#parts.gateway.nextOrderId());
    } catch (error) {
      if (isTradingError(error)) return refused(error.code as IbkrErrorCode, error.message);
      throw error;
    }
  }

  /** Known before they are written: an execution may come before anything else. */
  #register(ready: readonly Ready[], orderIds: readonly number[]): readonly VenueOrder[] {
    const { register, outsideRth } = this.#parts;
    const families = ready.map(({ order }) => familyOf(order, ready));
    return ready.map(({ order, qualified }, i) => {
      const parentId = order.parentId === '' ? 0 : (this.#idOf(order.parentId) ?? 0);
      // The last of a bracket sends the others off.
      const transmit = families.lastIndexOf(families[i] as string) === i;
      const wire = ibOrder(order, qualified, { parentId, transmit, outsideRth });
      return register.addSent(termsOf(order), wire, { orderId: orderIds[i] as number, qualified });
    });
  }

  #idOf(clientOrderId: string): number | undefined {
    const parent = this.#parts.register.find(clientOrderId);
    return parent === undefined || parent.state.isOver ? undefined : parent.state.permIds.orderIds[0];
  }

  #changeRefusal(order: VenueOrder | undefined, clientOrderId: string): Refusal | undefined {
    const closed = this.#parts.closedFor('order');
    if (closed !== undefined) return closed;
    const isWorking = order !== undefined && order.state.phase === 'working' && order.state.permIds.orderIds.length > 0;
    if (!isWorking || order.isForeign) return notWorking(clientOrderId);
    const { permIds, requests } = order.state;
    if (permIds.live.length > 1) return refused('IBKR_ORDER_TWICE', `Order ${clientOrderId} lives twice at IB.`);
    if (requests.wanted !== undefined) return underWay('change', clientOrderId);
    // A change that meets a cancel may give the order a second life.
    return requests.isCancelAsked ? underWay('cancel', clientOrderId) : undefined;
  }
}

function place(api: IBApi, orderId: number, order: VenueOrder): void {
  api.placeOrder(orderId, contractOf(order), order.wire as IbOrder);
}

/** Open orders of older gateways leave out parts of it. */
function contractOf({ qualified, contract }: VenueOrder): Contract {
  return qualified?.contract ?? contract;
}

function notWorking(clientOrderId: string): Refusal {
  return refused('IBKR_ORDER_NOT_WORKING', `Order ${clientOrderId} is not working at this gateway.`);
}

function underWay(what: 'change' | 'cancel', clientOrderId: string): Refusal {
  return refused('IBKR_ORDER_NOT_SUPPORTED', `A ${what} of ${clientOrderId} is under way.`);
}

/** Orders that wait for each other: a parent and its children. */
function familyOf(order: Order, ready: readonly Ready[]): string {
  const parent = ready.find((one) => one.order.clientOrderId === order.parentId)?.order;
  if (parent !== undefined) return familyOf(parent, ready);
  return order.parentId === '' ? order.clientOrderId : order.parentId;
}

/** The order as it is to become, or why it cannot. */
function changedFields(
  { state, wire, qualified }: VenueOrder,
  change: OrderChange,
): { readonly wire: IbOrder; readonly terms: VenueOrder['state']['terms'] } | Refusal {
  const { terms } = state;
  if (wire === undefined || qualified === undefined) return notWorking(terms.clientOrderId);
  const isTrailing = terms.orderType === 'trailing-stop';
  if (isTrailing && (change.stopPrice !== undefined || change.limitPrice !== undefined)) {
    return refused('IBKR_ORDER_NOT_SUPPORTED', 'The level of a trailing stop is the market’s.');
  }
  if (isTrailing && wire.trailStopPrice === undefined) {
    return refused('IBKR_ORDER_NOT_SUPPORTED', `IB does not say which level ${terms.clientOrderId} has reached.`);
  }
  const wanted = { ...terms, ...change };
  const fault = quantityFault(wanted.qty, qualified) ?? priceFault(wanted, qualified);
  if (fault !== undefined) return refused('IBKR_ORDER_OFF_GRID', `Order ${terms.clientOrderId} would have ${fault}.`);
  const exact = exactTerms(wanted, qualified);
  return { wire: changedOrder(wire, exact, qualified), terms: exact };
}
