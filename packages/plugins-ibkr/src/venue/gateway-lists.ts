// Lists that the gateway gives whole: each with an end, a time limit, and one question at a time, since most carry no id.
import { type Clock, isTradingError } from '@bookrunner/sdk';
import type { CommissionReport, Contract, EventName, Execution, IBApi } from '@stoqey/ib';
import type { Order as IbOrder, OrderState } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import { askGateway, type Reply } from '../contracts/gateway-question.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Gateway } from '../session/gateway.js';
import { ListTurns } from './list-turns.js';
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
  /** Comes before the question where it is asked once more. */
  readonly writeBefore?: (api: IBApi) => void;
  readonly listen: (rows: Row[], reply: Reply<readonly Row[]>) => readonly (() => void)[];
  /** Of a question that has one. */
  readonly id?: number;
  /** Ends a question without an id. */
  readonly end?: EventName;
  /** Of a question that IB may end or not: the end that must not be owed by an older one. `end` unless given. */
  readonly notBefore?: EventName;
  /** Rows as they are to be told, once the list has ended. */
  readonly finish?: (rows: readonly Row[]) => readonly Row[];
}

/**
 * Errors of all: IBKR_NOT_CONNECTED, IBKR_NO_ANSWER; IBKR_ORDER_REFUSED where the gateway declines; IBKR_UNREADABLE where a message that
 * came meanwhile could not be read, since it may have been a row.
 */
export class GatewayLists {
  readonly #parts: GatewayListsParts;
  readonly #turns: ListTurns;

  constructor(parts: GatewayListsParts) {
    this.#parts = parts;
    this.#turns = ListTurns.of(parts.gateway);
  }

  /** Of all clients, and those given by hand. */
  openOrders(): Promise<readonly OpenOrderRow[]> {
    const { gateway } = this.#parts;
    return this.#ask<OpenOrderRow | ToldStatus>({
      ...{ what: 'open orders', end: TWS_EVENT.openOrderEnd },
      write: (api) => api.reqAllOpenOrders(),
      listen: (rows) => [
        onOpenOrder(gateway, (told) => rows.push({ ...told, remaining: Number.NaN })),
        onOrderStatus(gateway, (told) => rows.push(told)),
      ],
    }).then((told) => lastOf(told, gateway.clientId));
  }

  /**
   * Has orders made by hand in TWS bound to ids of this session, those there are and those to come; only client 0 may, and once in a
   * connection is enough. They are told as open orders. IB promises no end: silence is none of its errors, and yet it is waited for, since a
   * later one would be taken for that of the open orders.
   */
  async bindOrdersByHand(): Promise<void> {
    const { gateway, clock } = this.#parts;
    if (gateway.clientId !== 0 || this.#turns.isBound) return;
    try {
      await this.#ask<never>({
        ...{ what: 'orders made by hand', notBefore: TWS_EVENT.openOrderEnd },
        write: (api) => void api.reqAutoOpenOrders(true),
        listen: (rows, { answer }) => [gateway.on(TWS_EVENT.openOrderEnd, () => answer(rows))],
      });
    } catch (error) {
      const isOwed = this.#turns.isAmbiguous(TWS_EVENT.openOrderEnd, clock.nowUtc());
      if (!isSilence(error) || isOwed) throw error;
    }
    this.#turns.isBound = true;
  }

  positions(): Promise<readonly ToldPosition[]> {
    const { gateway } = this.#parts;
    const list = this.#ask<ToldPosition>({
      ...{ what: 'positions', end: TWS_EVENT.positionEnd },
      write: (api) => api.reqPositions(),
      // Of a subscription that goes on only changes may be told.
      writeBefore: (api) => api.cancelPositions(),
      listen: (rows) => [onPosition(gateway, (told) => rows.push(told))],
      // A change on the way comes as another row of the same contract.
      finish: (rows) => [...new Map(rows.map((row) => [`${row.account} ${row.contract.conId}`, row])).values()],
    });
    // In the lane of the question: behind data it would end the next one.
    const stop = (): void => void gateway.send({ lane: 'order', write: (api) => api.cancelPositions() });
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
      ...{ what: 'completed orders', end: TWS_EVENT.completedOrdersEnd },
      write: (api) => api.reqCompletedOrders(true),
      listen: (rows) => [
        gateway.on(TWS_EVENT.completedOrder, (contract: Contract, order: IbOrder, state: OrderState) => {
          rows.push({ contract, order, state });
        }),
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

  #ask<Row>(list: List<Row>): Promise<readonly Row[]> {
    return this.#turns.take(list.notBefore ?? list.end, () => this.#askNow(list));
  }

  async #askNow<Row>(list: List<Row>): Promise<readonly Row[]> {
    const { what, write, writeBefore, listen, id, end, finish, notBefore = end } = list;
    const { gateway, clock, limitMs } = this.#parts;
    if (notBefore !== undefined && this.#turns.isAmbiguous(notBefore, clock.nowUtc())) {
      throw ibkrError(
        'IBKR_NO_ANSWER',
        `The gateway still owes the end of an older list: ${what} are not asked for yet.`,
      );
    }
    const rows: Row[] = [];
    let unread = '';
    let late = end === undefined ? 0 : this.#turns.lateEnds(end, clock.nowUtc());
    const onEnd = (answer: () => void): void => {
      if (late === 0) return answer();
      late -= 1;
      if (writeBefore !== undefined) void gateway.send({ lane: 'order', write: writeBefore });
      void gateway.send({ lane: 'order', write });
    };
    try {
      const answered = await askGateway<readonly Row[]>(this.#parts, {
        ...{ lane: 'order', what, write, limitMs, id: id ?? gateway.nextRequestId() },
        listen: (reply) => [
          ...listen(rows, reply),
          ...(end === undefined ? [] : [gateway.on(end, () => onEnd(() => reply.answer(rows)))]),
          gateway.on(TWS_EVENT.error, (error: Error, code: number) => {
            if (isLostMessage(code, error.message)) unread = error.message;
          }),
        ],
        refused: ({ code, message }) =>
          ibkrError('IBKR_ORDER_REFUSED', `The gateway declines ${what}: ${code}: ${message}`),
      });
      if (unread !== '') throw ibkrError('IBKR_UNREADABLE', `A message that came with ${what} is lost: ${unread}`);
      return finish?.(answered) ?? answered;
    } catch (error) {
      if (end !== undefined && isSilence(error)) this.#turns.gaveUp(end, clock.nowUtc());
      throw error;
    }
  }
}

function isSilence(error: unknown): boolean {
  return isTradingError(error) && error.code === 'IBKR_NO_ANSWER';
}

const LEFT_OVER_OR_SHORT = 505;
const UNDECODABLE = 508;

/** Whether the library dropped a message; where some of it was left over, the rest was told. */
function isLostMessage(code: number, text: string): boolean {
  return code === UNDECODABLE || (code === LEFT_OVER_OR_SHORT && text.startsWith('Underrun'));
}

/**
 * Rows come several times, the first maybe before there is a permId, and orders may end while the list is told: what counts is how each
 * stood at the end. What has ended stays so, whatever comes late.
 */
function lastOf(told: readonly (OpenOrderRow | ToldStatus)[], clientId: number): readonly OpenOrderRow[] {
  const placeOf = (one: OpenOrderRow | ToldStatus): string => `${one.clientId ?? clientId}/${one.orderId}`;
  const permIds = new Map(told.filter(({ permId }) => permId !== 0).map((one) => [placeOf(one), one.permId]));
  const keyOf = (one: OpenOrderRow | ToldStatus): string => {
    const permId = one.permId === 0 && one.orderId !== 0 ? permIds.get(placeOf(one)) : one.permId;
    return permId === undefined || permId === 0 ? placeOf(one) : String(permId);
  };
  const rows = new Map<string, OpenOrderRow>();
  const statuses = new Map<string, ToldStatus>();
  const ended = new Set<string>();
  for (const one of told) {
    const key = keyOf(one);
    if (isLive(one.status) === false) ended.add(key);
    if (!('wire' in one)) statuses.set(key, one);
    else if (one.wire.whatIf !== true) rows.set(key, one);
  }
  return [...rows].flatMap(([key, row]) => {
    if (ended.has(key)) return [];
    const { status, remaining } = statuses.get(key) ?? row;
    return [{ ...row, status, remaining }];
  });
}
