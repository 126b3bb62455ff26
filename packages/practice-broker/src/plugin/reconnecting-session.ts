import type { Clock, Logger } from '@bookrunner/sdk';
import { practiceError } from '../practice-errors.js';
import type { Message } from '../wire/line-codec.js';
import { LineConnection } from '../wire/line-connection.js';
import type { RequestOutcome } from '../wire/line-connection.js';
import type { PracticeOptions } from './practice-options.js';

/** How the session stands. */
export type SessionState = 'connecting' | 'ready' | 'disconnected';

interface ConnectFault {
  readonly code: 'PRACTICE_UNREACHABLE' | 'PRACTICE_NO_ANSWER' | 'PRACTICE_LOGIN_REFUSED';
  readonly message: string;
}

/** What a session is made of, and who hears of it. */
export interface ReconnectingSessionParts {
  readonly options: PracticeOptions;
  readonly login: Message;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: Message) => void;
  readonly onDamaged: (line: string) => void;
  /** Last step of a login, for example to subscribe again; false ends the attempt. */
  readonly onLogin?: (connection: LineConnection) => Promise<boolean>;
  readonly onState: (state: SessionState, reason: string, message: string) => void;
}

/** One logged-in connection that comes back by itself: each attempt waits longer than the one before, with a share of chance. */
export class ReconnectingSession {
  readonly #parts: ReconnectingSessionParts;
  #connection: LineConnection | undefined;
  #isOpen = false;
  #attempts = 0;
  #stopTimer: () => void = () => undefined;

  constructor(parts: ReconnectingSessionParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Connects and logs in. Errors: PRACTICE_UNREACHABLE, PRACTICE_NO_ANSWER, PRACTICE_LOGIN_REFUSED. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const fault = await this.#connect();
    if (fault === undefined) return;
    this.#isOpen = false;
    throw practiceError(fault.code, fault.message);
  }

  close(): void {
    this.#isOpen = false;
    this.#stopTimer();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }

  /** Sends a request where there is a session; else it certainly was not written. */
  request(op: string, fields: Message = {}): Promise<RequestOutcome> {
    if (this.#connection !== undefined) return this.#connection.request(op, fields);
    return Promise.resolve({ kind: 'not-written', message: 'There is no session with the broker.' });
  }

  async #connect(): Promise<ConnectFault | undefined> {
    const { options, clock, login, onEvent, onDamaged, onState } = this.#parts;
    const { host, port, connectLimitMs, answerLimitMs } = options;
    onState('connecting', '', '');
    const limits = { connectLimitMs, answerLimitMs };
    const connection: LineConnection | string = await LineConnection.open({
      ...{ host, port, clock, ...limits, onEvent, onDamaged },
      onClosed: () => this.#lost(connection),
    });
    if (typeof connection === 'string')
      return { code: 'PRACTICE_UNREACHABLE', message: `${host}:${port}: ${connection}.` };
    const outcome = await connection.request('login', login);
    const isReady = outcome.kind === 'answered' && (await this.#parts.onLogin?.(connection)) !== false;
    if (!isReady || !this.#isOpen) {
      connection.close();
      if (outcome.kind === 'answered') return { code: 'PRACTICE_LOGIN_REFUSED', message: 'The login did not end.' };
      // Silence is no refusal: the account is not what to look at.
      if (outcome.kind === 'declined') return { code: 'PRACTICE_LOGIN_REFUSED', message: outcome.message };
      return { code: 'PRACTICE_NO_ANSWER', message: `${host}:${port}, to the login: ${outcome.message}` };
    }
    this.#connection = connection;
    this.#attempts = 0;
    onState('ready', '', '');
    return undefined;
  }

  #lost(connection: unknown): void {
    if (!this.#isOpen || connection !== this.#connection) return;
    this.#connection = undefined;
    this.#parts.onState('disconnected', 'PRACTICE_DISCONNECTED', 'The connection to the broker was lost.');
    this.#retryLater();
  }

  #retryLater(): void {
    const { clock, logger, options, onState } = this.#parts;
    const longest = Math.min(options.retryLongestMs, options.retryFirstMs * 2 ** this.#attempts);
    const waitMs = longest * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    this.#stopTimer = clock.callAt(clock.nowUtc() + waitMs, () => {
      void this.#connect().then((fault) => {
        if (fault === undefined || !this.#isOpen) return;
        logger.warn('The broker cannot be reached.', { code: fault.code, attempt: this.#attempts });
        onState('disconnected', fault.code, fault.message);
        this.#retryLater();
      });
    });
  }
}
