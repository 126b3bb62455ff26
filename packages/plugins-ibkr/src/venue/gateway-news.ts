// Hands what the gateway says of orders and executions to the register.
import type { Clock } from '@bookrunner/sdk';
import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';
import { mayBeOurs, readExecution, readFee } from './ib-execution.js';
import type { OpenFees } from './open-fees.js';
import type { OrderRegister } from './order-register.js';
import { isCombination } from './order-wording.js';
import { onOpenOrder, onOrderStatus } from './wire-events.js';

/** Who hears of orders. */
export interface GatewayNewsParts {
  readonly gateway: Gateway;
  readonly register: OrderRegister;
  readonly zone: string;
  readonly clock: Clock;
  readonly openFees: OpenFees;
  /** After each that was heard. */
  readonly onHeard: () => void;
  readonly isOurs: (account: string) => boolean;
  /** An execution of ours that names no trade, quantity, price or side: once, however often it is told. */
  readonly onUnreadable: (told: Execution) => void;
  /** What the gateway said of an order of this session. */
  readonly onCode: (code: number, message: string) => void;
}

/** Request id of what nobody asked for. */
const LIVE = -1;

/** Listens from now on. Returns how to stop. */
export function listenForOrders(parts: GatewayNewsParts): () => void {
  const { gateway, register, zone, clock, openFees, onHeard, onCode, onUnreadable } = parts;
  const unreadable = new Set<string>();
  const onUnread = (contract: Contract, told: Execution): void => {
    const { execId = '' } = told;
    if (!mayBeOurs(told, parts.isOurs) || isCombination(contract) || unreadable.has(execId)) return;
    if (execId !== '') unreadable.add(execId);
    onUnreadable(told);
  };
  const heard = (act: () => void): void => {
    act();
    onHeard();
  };
  const stops = [
    onOpenOrder(gateway, (told) => heard(() => register.onOpenOrder(told))),
    onOrderStatus(gateway, (told) => heard(() => register.onStatus(told))),
    gateway.on(TWS_EVENT.execDetails, (requestId: number, contract: Contract, told: Execution) => {
      const execution = readExecution(contract, told, zone);
      if (execution === undefined) return onUnread(contract, told);
      openFees.onExecution(execution, clock.nowUtc());
      heard(() => register.onExecution(execution, requestId !== LIVE));
    }),
    gateway.on(TWS_EVENT.commissionReport, (report: CommissionReport) => {
      const fee = readFee(report);
      if (fee === undefined) return;
      openFees.onFee(fee);
      heard(() => register.onFee(fee));
    }),
    gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => {
      if (!register.onCode(id, code, error.message)) return;
      onCode(code, error.message);
      onHeard();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
