import type { EpochMs, Money } from '@bookrunner/sdk';
import type { WireOrderStatus } from '../wire/messages.js';
import { averageCostOf, quantityOf } from './accounts/account-ledger.js';
import type { CashBalances } from './accounts/account-ledger.js';
import { sizeGrid } from './accounts/amounts.js';
import type { GatewayParts } from './gateway-parts.js';
import { execIdOf } from './orders/execution-register.js';
import type { Execution } from './orders/execution-register.js';
import type { OrderRecord } from './orders/order-record.js';

/** An order as the broker knows it. Quantities are units. */
export interface TrueOrder {
  readonly permId: number;
  readonly clientId: number;
  readonly orderId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly conId: number;
  readonly action: string;
  readonly orderType: string;
  readonly totalQuantity: number;
  readonly filled: number;
  readonly avgFillPrice: number;
  readonly status: WireOrderStatus;
  readonly isLive: boolean;
}

/** An execution that is booked. A busted one is listed and counts nowhere. */
export interface TrueExecution {
  readonly execId: string;
  readonly permId: number;
  readonly account: string;
  readonly conId: number;
  readonly ts: EpochMs;
  readonly side: 'BOT' | 'SLD';
  readonly shares: number;
  readonly price: number;
  readonly commission: Money;
  readonly commissionCurrency: string;
  readonly state: Execution['state'];
}

/** A position with its exact cost: commissions in it, like `avgCost`. */
export interface TruePosition {
  readonly account: string;
  readonly conId: number;
  readonly symbol: string;
  readonly qty: number;
  readonly avgCost: number;
  readonly cost: Money;
}

/** The broker's own record: what is true whatever a client was told. */
export interface BrokerTruth {
  readonly ts: EpochMs;
  readonly orders: readonly TrueOrder[];
  readonly executions: readonly TrueExecution[];
  readonly positions: readonly TruePosition[];
  /** By account, then by currency. */
  readonly cash: Readonly<Record<string, CashBalances>>;
}

/** Reads the record. */
export function readTruth({ clock, register, executions, accounts }: GatewayParts): BrokerTruth {
  return {
    ts: clock.nowUtc(),
    orders: register.all.map(trueOrder),
    executions: executions.all.filter(({ role }) => role === 'trade').map(trueExecution),
    positions: accounts.ledgers.flatMap(({ account, holdings }) =>
      holdings
        .filter(({ lots }) => lots !== 0)
        .map((holding) => ({
          account,
          conId: holding.instrument.conId,
          symbol: holding.instrument.symbol,
          qty: quantityOf(holding),
          avgCost: averageCostOf(holding),
          cost: holding.cost + holding.fees,
        })),
    ),
    cash: Object.fromEntries(accounts.ledgers.map(({ account, cash }) => [account, cash])),
  };
}

function trueOrder(order: OrderRecord): TrueOrder {
  const { permId, clientId, orderId, account, status, isLive, terms } = order;
  return {
    permId,
    clientId,
    orderId,
    orderRef: terms.orderRef,
    account,
    conId: order.instrument.conId,
    action: terms.action,
    orderType: terms.orderType,
    totalQuantity: order.units(order.totalLots),
    filled: order.units(order.filledLots),
    avgFillPrice: order.averagePrice,
    status,
    isLive,
  };
}

function trueExecution(execution: Execution): TrueExecution {
  const { order, instrument, ts, isBuy, lots, price, commission, state } = execution;
  return {
    execId: execIdOf(execution),
    permId: order.permId,
    account: order.account,
    conId: instrument.conId,
    ts,
    side: isBuy ? 'BOT' : 'SLD',
    shares: sizeGrid(instrument).toValue(lots),
    price,
    commission: commission.amount,
    commissionCurrency: commission.currency,
    state,
  };
}
