// What an order would cost and bind, asked without giving it.
import type { Clock, Order } from '@bookrunner/sdk';
import type { Order as IbOrder, OrderState } from '@stoqey/ib';
import { askGateway } from '../contracts/gateway-question.js';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { classify } from '../errors/classify.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import { ibOrder } from './ib-order.js';
import { onOpenOrder } from './wire-events.js';

/** What IB says beforehand; NaN where it says nothing. Margins in the account's base currency. */
export interface OrderPreview {
  readonly initialMarginChange: number;
  readonly maintenanceMarginChange: number;
  readonly initialMarginAfter: number;
  readonly maintenanceMarginAfter: number;
  readonly equityWithLoanAfter: number;
  readonly commission: number;
  readonly minCommission: number;
  readonly maxCommission: number;
  readonly commissionCurrency: string;
  /** Empty where IB warns of nothing. */
  readonly warning: string;
}

/** What a preview is asked with. */
export interface PreviewParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly limitMs: number;
  readonly outsideRth: boolean;
}

/** Leaves nothing at IB. Errors: IBKR_NOT_CONNECTED, IBKR_NO_ANSWER, IBKR_ORDER_REFUSED. */
export function askPreview(parts: PreviewParts, order: Order, qualified: QualifiedContract): Promise<OrderPreview> {
  const { gateway, limitMs, outsideRth } = parts;
  const orderId = gateway.nextOrderId();
  const wire: IbOrder = { ...ibOrder(order, qualified, { parentId: 0, transmit: true, outsideRth }), whatIf: true };
  return askGateway<OrderPreview>(parts, {
    ...{ id: orderId, lane: 'order', what: `preview of an order in ${order.symbol}`, limitMs },
    write: (api) => void api.placeOrder(orderId, qualified.contract, wire),
    listen: ({ answer }) => [
      onOpenOrder(gateway, (told) => {
        // Other clients have orders of the same id.
        if (told.orderId === orderId && told.clientId === gateway.clientId) answer(previewOf(told.state));
      }),
    ],
    refused: ({ code, message }) => {
      const { consequence, text } = classify(code, 'new-order', message);
      if (consequence === 'advisory') return undefined;
      return ibkrError('IBKR_ORDER_REFUSED', `IB would not take the order: ${text}`, { details: { code } });
    },
  });
}

function previewOf(state: OrderState): OrderPreview {
  return {
    initialMarginChange: amount(state.initMarginChange),
    maintenanceMarginChange: amount(state.maintMarginChange),
    initialMarginAfter: amount(state.initMarginAfter),
    maintenanceMarginAfter: amount(state.maintMarginAfter),
    equityWithLoanAfter: amount(state.equityWithLoanAfter),
    commission: amount(state.commission),
    minCommission: amount(state.minCommission),
    maxCommission: amount(state.maxCommission),
    commissionCurrency: state.commissionCurrency ?? '',
    warning: state.warningText ?? '',
  };
}

function amount(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) || value === Number.MAX_VALUE ? Number.NaN : value;
}
