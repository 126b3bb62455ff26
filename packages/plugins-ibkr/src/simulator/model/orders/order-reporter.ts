import { moneyToNumber } from '@bookrunner/sdk';
import { UNSET_DOUBLE } from '../../wire/contract.js';
import type { ServerMessage, WireOrderState } from '../../wire/messages.js';
import type { ClientDirectory } from '../client-directory.js';
import type { KnobSettings } from '../knob-settings.js';
import type { Execution, ExecutionRegister } from './execution-register.js';
import type { OrderRecord } from './order-record.js';

/** Margin and commission of a preview; everything else of an order state is empty. */
export type PreviewFigures = Partial<
  Pick<
    WireOrderState,
    | 'initMarginBefore'
    | 'maintMarginBefore'
    | 'equityWithLoanBefore'
    | 'initMarginChange'
    | 'maintMarginChange'
    | 'equityWithLoanChange'
    | 'initMarginAfter'
    | 'maintMarginAfter'
    | 'equityWithLoanAfter'
    | 'commission'
    | 'minCommission'
    | 'maxCommission'
    | 'commissionCurrency'
    | 'warningText'
  >
>;

interface Parts {
  readonly clients: ClientDirectory;
  readonly executions: ExecutionRegister;
  readonly knobs: KnobSettings;
  readonly masterClientId: number | undefined;
  readonly permIdLate: boolean;
  /** Why an order is not at the market: `child`, `trigger`, `locate`. */
  readonly whyHeld: (order: OrderRecord) => string;
}

/** Tells clients of their orders, in the sequences of the real gateway. */
export class OrderReporter {
  readonly #parts: Parts;
  /** Orders whose permId has been told. */
  readonly #named = new WeakSet<OrderRecord>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** openOrder and orderStatus, as the order stands. */
  state(order: OrderRecord): void {
    const isFirst = this.#parts.permIdLate && !this.#named.has(order);
    this.#named.add(order);
    this.toOwners(order, openOrder(order, { permId: isFirst ? 0 : order.permId }));
    this.status(order, isFirst ? 0 : order.permId);
  }

  /** orderStatus alone. */
  status(order: OrderRecord, permId = order.permId): void {
    if (this.#parts.knobs.dropOrderStatus) return;
    this.toOwners(order, { ...this.statusOf(order), permId });
  }

  /** The state again, where a commission has become known. */
  openOrder(order: OrderRecord): void {
    this.toOwners(order, openOrder(order));
  }

  /** One fill of an order: executions, state, commissions, in the order that the knobs say. */
  fill(order: OrderRecord, executions: readonly Execution[]): void {
    if (this.#isDeaf(order)) return;
    const { executions: register, knobs } = this.#parts;
    const commissions = executions.map((execution) => register.commissionReport(execution)).filter(isTold);
    order.isCommissionTold = false;
    const tell = {
      execution: () => {
        for (const execution of executions) this.toOwners(order, register.details(execution, -1));
      },
      openOrder: () => this.openOrder(order),
      orderStatus: () => this.status(order),
      commission: () => {
        if (commissions.length === 0) return;
        order.isCommissionTold = true;
        // The real gateway tells the filled order once more, now with what it cost.
        if (order.status === 'Filled') this.openOrder(order);
        for (const report of commissions) this.toOwners(order, report);
      },
    };
    for (const message of knobs.fillOrder) tell[message]();
  }

  /** An execution and its commission, without the order's state. */
  execution(execution: Execution): void {
    const { executions } = this.#parts;
    this.toOwners(execution.order, executions.details(execution, -1));
    const report = executions.commissionReport(execution);
    if (report !== undefined) this.toOwners(execution.order, report);
  }

  commission(execution: Execution): void {
    const report = this.#parts.executions.commissionReport(execution);
    if (report !== undefined && !this.#isDeaf(execution.order)) this.toOwners(execution.order, report);
  }

  error(order: OrderRecord, code: number, message: string): void {
    this.#parts.clients.send(order.clientId, { kind: 'error', id: order.orderId, code, message });
  }

  /** As somebody sees the order who may not own it. */
  statusOf(order: OrderRecord, orderId = order.orderId): ServerMessage & { readonly kind: 'orderStatus' } {
    return {
      kind: 'orderStatus',
      orderId,
      status: order.status,
      filled: order.units(order.filledLots),
      remaining: order.units(order.remainingLots),
      avgFillPrice: order.averagePrice,
      permId: order.permId,
      parentId: order.terms.parentId,
      lastFillPrice: order.lastFillPrice,
      clientId: order.clientId,
      whyHeld: this.#parts.whyHeld(order),
      mktCapPrice: 0,
    };
  }

  /** To the client that placed the order and to the master client, as often as the knobs say. */
  toOwners(order: OrderRecord, message: ServerMessage): void {
    const { clients, masterClientId, knobs } = this.#parts;
    for (let n = 0; n <= knobs.duplicates; n += 1) {
      clients.send(order.clientId, message);
      if (masterClientId !== undefined && masterClientId !== order.clientId) clients.send(masterClientId, message);
    }
  }

  #isDeaf(order: OrderRecord): boolean {
    return this.#parts.knobs.deafClients.has(order.clientId);
  }
}

function isTold<T>(message: T | undefined): message is T {
  return message !== undefined;
}

/** The openOrder message of an order. */
export function openOrder(
  order: OrderRecord,
  as: { readonly orderId?: number; readonly permId?: number; readonly figures?: PreviewFigures } = {},
): ServerMessage & { readonly kind: 'openOrder' } {
  return { kind: 'openOrder', state: orderState(order, as) };
}

/** An order and its state. The commission is known once the order is filled. */
export function orderState(
  order: OrderRecord,
  as: { readonly orderId?: number; readonly permId?: number; readonly figures?: PreviewFigures } = {},
): WireOrderState {
  const isKnown = order.status === 'Filled' && order.isCommissionTold;
  const stop = Number.isNaN(order.stopPrice) ? UNSET_DOUBLE : order.stopPrice;
  const { orderType, trailStopPrice } = order.terms;
  return {
    ...NO_FIGURES,
    contract: order.subject.contract,
    order: {
      ...order.terms,
      orderId: as.orderId ?? order.orderId,
      totalQuantity: order.units(order.totalLots),
      trailStopPrice: orderType.startsWith('TRAIL') ? stop : trailStopPrice,
    },
    clientId: order.clientId,
    permId: as.permId ?? order.permId,
    status: order.status,
    commission: isKnown ? moneyToNumber(order.commission) : UNSET_DOUBLE,
    commissionCurrency: isKnown ? order.commissionCurrency : '',
    ...as.figures,
  };
}

const NO_FIGURES = {
  initMarginBefore: '',
  maintMarginBefore: '',
  equityWithLoanBefore: '',
  initMarginChange: '',
  maintMarginChange: '',
  equityWithLoanChange: '',
  initMarginAfter: '',
  maintMarginAfter: '',
  equityWithLoanAfter: '',
  minCommission: UNSET_DOUBLE,
  maxCommission: UNSET_DOUBLE,
  warningText: '',
  deltaNeutralOrderType: 'None',
} as const;
