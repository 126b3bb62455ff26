// Events of the gateway as objects: the library hands over up to eleven values in a row, some of them undefined.
import type { Contract, Order as IbOrder, OrderState } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';

/** An openOrder. */
export interface ToldOpenOrder {
  readonly orderId: number;
  /** 0 where there is none yet. */
  readonly permId: number;
  readonly clientId: number;
  readonly account: string;
  readonly status: string;
  readonly contract: Contract;
  readonly wire: IbOrder;
  readonly state: OrderState;
}

/** An orderStatus. */
export interface ToldStatus {
  readonly orderId: number;
  readonly permId: number;
  /** Undefined where it is not told. */
  readonly clientId: number | undefined;
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly whyHeld: string;
}

/** A position as IB counts it. */
export interface ToldPosition {
  readonly account: string;
  readonly contract: Contract;
  /** NaN where it is not told: that is not zero. */
  readonly qty: number;
  /** Money for one unit, commissions included. */
  readonly avgCost: number;
}

/** Returns how to stop, as all of these. */
export function onOpenOrder(gateway: Gateway, listener: (told: ToldOpenOrder) => void): () => void {
  return gateway.on(TWS_EVENT.openOrder, (...values: never[]) => {
    const [orderId, contract, wire, state] = values as unknown as [number, Contract, IbOrder, OrderState];
    const { permId = 0, clientId = 0, account = '' } = wire;
    listener({ orderId, permId, clientId, account, status: state.status, contract, wire, state });
  });
}

export function onOrderStatus(gateway: Gateway, listener: (told: ToldStatus) => void): () => void {
  return gateway.on(TWS_EVENT.orderStatus, (...values: never[]) => {
    const [orderId, status, filled = Number.NaN, remaining = Number.NaN] = values as unknown as StatusHead;
    const [permId = 0, , , clientId, whyHeld = ''] = values.slice(STATUS_TAIL) as unknown as StatusTail;
    listener({ orderId, permId, clientId, status, filled, remaining, whyHeld });
  });
}

export function onPosition(gateway: Gateway, listener: (told: ToldPosition) => void): () => void {
  return gateway.on(TWS_EVENT.position, (...values: never[]) => {
    const [account, contract, qty = Number.NaN, avgCost = Number.NaN] = values as unknown as PositionValues;
    listener({ account, contract, qty, avgCost });
  });
}

type PositionValues = [account: string, contract: Contract, qty: number | undefined, avgCost: number | undefined];
type StatusHead = [orderId: number, status: string, filled: number | undefined, remaining: number | undefined];
/** Place of the permId, behind the average price. */
const STATUS_TAIL = 5;
type StatusTail = [
  permId: number | undefined,
  unknown,
  unknown,
  clientId: number | undefined,
  whyHeld: string | undefined,
];
