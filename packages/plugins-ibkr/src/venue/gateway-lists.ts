// Lists that the gateway gives whole: each with an end, a time limit, and one question at a time, since most carry no id.
import type { Clock } from '@bookrunner/sdk';
import type { CommissionReport, Contract, Execution, IBApi } from '@stoqey/ib';
import type { Order as IbOrder, OrderState } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { askGateway, type Reply } from '../contracts/gateway-question.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import { isLive } from './order-status.js';
import { onOpenOrder, onOrderStatus, onPosition } from './wire-events.js';
import type { ToldOpenOrder, ToldPosition, ToldStatus } from './wire-events.js';

/** An open order as it stood when the list ended. */
export interface OpenOrderRow extends ToldOpenOrder {
  /** Units still to come; NaN where no status told. */
  readonly remaining: number;
}

/** An execution as it was told. */
export interface ExecutionRow {
  readonly contract: Contract;
  readonly execution: Execution;
}

/** A completed order. */
export interface CompletedRow {
  readonly contract: Contract;
  readonly order: IbOrder;
  readonly state: OrderState;
}

/** What lists are asked with. */
export interface GatewayListsParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly limitMs: number;
}

interface List<Row> {
  readonly what: string;
  readonly write: (api: IBApi) => void;
  readonly listen: (rows: Row[], reply: Reply<readonly Row[]>) => readonly (() => void)[];
  readonly id?: number;
}

/** Errors of all: IBKR_NOT_CONNECTED, IBKR_NO_ANSWER; IBKR_ORDER_REFUSED where the gateway declines. */
export class GatewayLists {
  readonly #parts: GatewayListsParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: GatewayListsParts) {
    this.#parts = parts;
  }

  /** Of all clients, and those given by hand. */
  openOrders(): Promise<readonly OpenOrderRow[]> {
    const { gateway } = this.#parts;
    const statuses = new Map<string, ToldStatus>();
    return this.#ask<OpenOrderRow>({
      what: 'open orders',
      write: (api) => api.reqAllOpenOrders(),
      listen: (rows, { answer }) => [
        onOpenOrder(gateway, (told) => rows.push({ ...told, remaining: Number.NaN })),
        onOrderStatus(gateway, (told) => statuses.set(keyOf(told), told)),
        gateway.on(TWS_EVENT.openOrderEnd, () => answer(lastOf(rows, statuses))),
      ],
    });
  }

  /**
   * Has orders made by hand in TWS bound to ids of this session, those there are and those to come; only client 0 may. They are told as
   * open orders.
   */
  async bindOrdersByHand(): Promise<void> {
    const { gateway } = this.#parts;
    if (gateway.clientId !== 0) return;
    await this.#ask<never>({
      what: 'orders made by hand',
      write: (api) => api.reqAutoOpenOrders(true),
      listen: (rows, { answer }) => [gateway.on(TWS_EVENT.openOrderEnd, () => answer(rows))],
    });
  }

  positions(): Promise<readonly ToldPosition[]> {
    const { gateway } = this.#parts;
    const list = this.#ask<ToldPosition>({
      what: 'positions',
      write: (api) => api.reqPositions(),
      listen: (rows, { answer }) => [
        onPosition(gateway, (told) => rows.push(told)),
        // A change on the way comes as another row of the same contract.
        gateway.on(TWS_EVENT.positionEnd, () =>
          answer([...new Map(rows.map((row) => [`${row.account} ${row.contract.conId}`, row])).values()]),
        ),
      ],
    });
    const stop = (): void => void gateway.send({ lane: 'data', write: (api) => api.cancelPositions() });
    list.then(stop, stop);
    return list;
  }

  /** Of today, by the gateway's day. Their commissions come after the end. */
  executions(): Promise<readonly ExecutionRow[]> {
    const { gateway } = this.#parts;
    const id = gateway.nextRequestId();
    return this.#ask<ExecutionRow>({
      ...{ what: 'executions', id },
      write: (api) => api.reqExecutions(id, {}),
      listen: (rows, { answer }) => [
        gateway.on(TWS_EVENT.execDetails, (requestId: number, contract: Contract, execution: Execution) => {
          if (requestId === id) rows.push({ contract, execution });
        }),
        gateway.on(TWS_EVENT.execDetailsEnd, (requestId: number) => {
          if (requestId === id) answer(rows);
        }),
      ],
    });
  }

  /** Orders of any API client that are over. */
  completed(): Promise<readonly CompletedRow[]> {
    const { gateway } = this.#parts;
    return this.#ask<CompletedRow>({
      what: 'completed orders',
      write: (api) => api.reqCompletedOrders(true),
      listen: (rows, { answer }) => [
        gateway.on(TWS_EVENT.completedOrder, (contract: Contract, order: IbOrder, state: OrderState) => {
          rows.push({ contract, order, state });
        }),
        gateway.on(TWS_EVENT.completedOrdersEnd, () => answer(rows)),
      ],
    });
  }

  /** Resolves once a commission of each is known, or the time is over. */
  commissions(isKnown: () => boolean, limitMs: number): Promise<void> {
    const { gateway, clock } = this.#parts;
    if (isKnown()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        stopListening();
        stopTimer();
        resolve();
      };
      const stopListening = gateway.on(TWS_EVENT.commissionReport, (_report: CommissionReport) => {
        // The venue listens as well: it is to have heard first.
        queueMicrotask(() => {
          if (isKnown()) end();
        });
      });
      const stopTimer = clock.callAt(clock.nowUtc() + limitMs, end);
    });
  }

  #ask<Row>({ what, write, listen, id }: List<Row>): Promise<readonly Row[]> {
    const ask = (): Promise<readonly Row[]> => {
      const rows: Row[] = [];
      return askGateway<readonly Row[]>(this.#parts, {
        ...{ lane: 'order', what, write, limitMs: this.#parts.limitMs },
        id: id ?? this.#parts.gateway.nextRequestId(),
        listen: (reply) => listen(rows, reply),
        refused: ({ code, message }) =>
          ibkrError('IBKR_ORDER_REFUSED', `The gateway declines ${what}: ${code}: ${message}`),
      });
    };
    const answer = this.#last.then(ask, ask);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

/** Rows come several times, and orders may end while the list is told: what counts is how each stood at the end. */
function lastOf(rows: readonly OpenOrderRow[], statuses: ReadonlyMap<string, ToldStatus>): readonly OpenOrderRow[] {
  const byKey = new Map<string, OpenOrderRow>();
  for (const row of rows) {
    if (row.wire.whatIf === true) continue;
    const { status, remaining } = statuses.get(keyOf(row)) ?? row;
    byKey.set(keyOf(row), { ...row, status, remaining });
  }
  return [...byKey.values()].filter(({ status }) => isLive(status) !== false);
}

function keyOf({ permId, orderId }: { readonly permId: number; readonly orderId: number }): string {
  return permId === 0 ? `order ${orderId}` : `perm ${permId}`;
}
