// Hands what the gateway says of orders and executions to the register.
import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';
import { readExecution, readFee } from './ib-execution.js';
import type { OrderRegister } from './order-register.js';
import { onOpenOrder, onOrderStatus } from './wire-events.js';

/** Who hears of orders. */
export interface GatewayNewsParts {
  readonly gateway: Gateway;
  readonly register: OrderRegister;
  readonly zone: string;
  /** After each that was heard. */
  readonly onHeard: () => void;
  /** What the gateway said of an order of this session. */
  readonly onCode: (code: number, message: string) => void;
}

/** Request id of what nobody asked for. */
const LIVE = -1;

/** Listens from now on. Returns how to stop. */
export function listenForOrders({ gateway, register, zone, onHeard, onCode }: GatewayNewsParts): () => void {
  const heard = (act: () => void): void => {
    act();
    onHeard();
  };
  const stops = [
    onOpenOrder(gateway, (told) => heard(() => register.onOpenOrder(told))),
    onOrderStatus(gateway, (told) => heard(() => register.onStatus(told))),
    gateway.on(TWS_EVENT.execDetails, (requestId: number, contract: Contract, told: Execution) => {
      const execution = readExecution(contract, told, zone);
      if (execution !== undefined) heard(() => register.onExecution(execution, requestId !== LIVE));
    }),
    gateway.on(TWS_EVENT.commissionReport, (report: CommissionReport) => {
      const fee = readFee(report);
      if (fee !== undefined) heard(() => register.onFee(fee));
    }),
    gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => {
      if (!register.onCode(id, code, error.message)) return;
      onCode(code, error.message);
      onHeard();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
