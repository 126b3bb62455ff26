// What a session itself reads of what the gateway sends, before its users do: its lines, its clock, ids in use, what cannot be read.
import { MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import type { Clock, EpochMs, Logger } from '@bookrunner/sdk';
import type { Execution, Order } from '@stoqey/ib';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import { connectivityNews } from './connectivity.js';
import type { ConnectivityNews } from './connectivity.js';
import type { DecodingFault } from './library-guard.js';

/** What a watch is made from. */
export interface SessionWatchParts {
  readonly clientId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onNews: (news: ConnectivityNews, text: string) => void;
  readonly onTime: (gatewayTs: EpochMs) => void;
  /** An order id of this client was seen. */
  readonly onOrderId: (orderId: number) => void;
  /** The gateway's next order id. */
  readonly onNextOrderId: (orderId: number) => void;
  readonly onAlarm: (code: IbkrErrorCode, message: string) => void;
}

/** The library's codes for what it cannot read: unknown or left over, bad length, bad message. */
const UNREADABLE: ReadonlySet<unknown> = new Set([505, 507, 508]);
const TOO_MANY_MESSAGES = 100;
const SHOWN = 300;

/** Watches the events of one session, over all its connections. */
export class SessionWatch {
  readonly #parts: SessionWatchParts;
  readonly #alarmedAt = new Map<IbkrErrorCode, EpochMs>();
  /** Messages that could not be read, or not to their end. */
  unreadable = 0;

  constructor(parts: SessionWatchParts) {
    this.#parts = parts;
  }

  see(event: string, values: readonly unknown[]): void {
    switch (event) {
      case 'info':
        return this.#hear(values[1] as number, String(values[0]));
      case 'error':
        return this.#hearError(values);
      case 'currentTime':
        return this.#parts.onTime((values[0] as number) * SECOND_MS);
      case 'nextValidId':
        return this.#parts.onNextOrderId(values[0] as number);
      case 'openOrder':
        return this.#seeOrder(values[0], (values[2] as Order).clientId);
      case 'orderStatus':
        return this.#seeOrder(values[0], values[8]);
      case 'execDetails': {
        const { orderId, clientId } = values[2] as Execution;
        return this.#seeOrder(orderId, clientId);
      }
    }
  }

  seeFault({ kind, messageId, text }: DecodingFault): void {
    const what = kind === 'malformed-reject' ? 'reasons of a reject that are no JSON' : `message ${messageId}`;
    this.#unreadable(`The library could not read ${what}: ${text}`);
  }

  #seeOrder(orderId: unknown, clientId: unknown): void {
    if (clientId === this.#parts.clientId) this.#parts.onOrderId(orderId as number);
  }

  #hearError([error, code, requestId]: readonly unknown[]): void {
    const text = error instanceof Error ? error.message : String(error);
    if (UNREADABLE.has(code)) this.#unreadable(text);
    else if (requestId === -1) this.#hear(code as number, text);
  }

  #hear(code: number, text: string): void {
    this.#parts.logger.info('The gateway says:', { code, text: text.slice(0, SHOWN) });
    const news = connectivityNews(code, text);
    if (news !== undefined) this.#parts.onNews(news, text);
    if (code === TOO_MANY_MESSAGES) this.#alarm('IBKR_MESSAGE_RATE', text.slice(0, SHOWN));
  }

  #unreadable(text: string): void {
    this.unreadable += 1;
    this.#alarm('IBKR_UNREADABLE', `${text.slice(0, SHOWN)} (${this.unreadable} so far).`);
  }

  /** Of each kind one in a minute. */
  #alarm(code: IbkrErrorCode, message: string): void {
    const now = this.#parts.clock.nowUtc();
    const last = this.#alarmedAt.get(code);
    if (last !== undefined && Math.abs(now - last) < MINUTE_MS) return;
    this.#alarmedAt.set(code, now);
    this.#parts.logger.error(message, { code });
    this.#parts.onAlarm(code, message);
  }
}
