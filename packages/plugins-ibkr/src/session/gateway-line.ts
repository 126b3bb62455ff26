// One connection after another to one gateway, as one client id: never two at a time, the id never another one.
import type { Clock, EpochMs, Logger } from '@bookrunner/sdk';
import type { ConnectionOptions } from '../connection-options.js';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import { backoffMs } from './backoff.js';
import { IbConnection } from './ib-connection.js';
import type { ConnectionFault, ConnectionListener, Handshake } from './ib-connection.js';

/** What a line is made from. */
export interface GatewayLineParts {
  readonly options: ConnectionOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 up to 1: spreads attempts to connect. */
  readonly random: () => number;
  /** Within the window of the daily restart. */
  readonly isRestarting: () => boolean;
  readonly listener: LineListener;
}

/** Who hears of a line. Calls are synchronous. */
export interface LineListener extends Omit<ConnectionListener, 'onUp'> {
  onConnecting(): void;
  onUp(connection: IbConnection, handshake: Handshake): void;
}

/** A session that was up this long starts its waits anew when it is lost; one that flaps does not. */
const STEADY_MS = 60_000;
/** A gateway that restarts is back after a minute or two: whoever waits five has lost three. */
const LONGEST_IN_RESTART_MS = 15_000;
/** Trying again at once would not change the answer. */
const STUBBORN: ReadonlySet<IbkrErrorCode> = new Set(['IBKR_SERVER_VERSION', 'IBKR_LIBRARY']);

/** Runs from {@link start} to {@link stop}; after a loss it connects again by itself, each wait longer than the one before. */
export class GatewayLine {
  readonly #parts: GatewayLineParts;
  #port: number;
  #connection: IbConnection | undefined;
  /** Until its socket is closed, no other is opened. */
  #previous: Promise<void> = Promise.resolve();
  /** Of the last start; zero while stopped. */
  #run = 0;
  #runs = 0;
  #attempts = 0;
  #upSince: EpochMs | undefined;
  #hasBeenUp = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: GatewayLineParts) {
    this.#parts = parts;
    this.#port = parts.options.port;
  }

  /** Messages received on the connection that is open. */
  get messagesReceived(): number {
    return this.#connection?.messagesReceived ?? 0;
  }

  start(): void {
    if (this.#run !== 0) return;
    this.#runs += 1;
    this.#run = this.#runs;
    this.#attempts = 0;
    this.#hasBeenUp = false;
    this.#connect();
  }

  /** Ends the connection and the attempts; resolves once no socket is left. */
  async stop(): Promise<void> {
    this.#run = 0;
    this.#stopTimer();
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) this.#previous = connection.close();
    await this.#previous;
  }

  /** Gives the open connection up and connects again. */
  abandon(code: IbkrErrorCode, message: string): void {
    this.#connection?.abandon(code, message);
  }

  /** TWS listens elsewhere from now on, until this process ends. */
  moveTo(port: number): void {
    this.#port = port;
  }

  #connect(): void {
    const run = this.#run;
    void this.#previous.then(() => {
      if (this.#run !== run || run === 0) return;
      const { options, clock, listener } = this.#parts;
      const connection: IbConnection = new IbConnection({
        ...{ host: options.host, port: this.#port, clientId: options.clientId, clock },
        handshakeTimeoutMs: options.handshakeTimeoutMs,
        listener: {
          onUp: (handshake) => {
            this.#upSince = clock.nowUtc();
            this.#hasBeenUp = true;
            listener.onUp(connection, handshake);
          },
          onLost: (fault) => this.#lost(connection, fault),
          onEvent: (event, values) => listener.onEvent(event, values),
          onTick: (tick) => listener.onTick(tick),
          onDecodingFault: (fault) => listener.onDecodingFault(fault),
        },
      });
      this.#connection = connection;
      listener.onConnecting();
      return connection.start();
    });
  }

  #lost(connection: IbConnection, fault: ConnectionFault): void {
    const { clock, logger, listener } = this.#parts;
    const now = clock.nowUtc();
    this.#connection = undefined;
    this.#previous = connection.closed;
    if (this.#upSince !== undefined && now - this.#upSince >= STEADY_MS) this.#attempts = 0;
    this.#upSince = undefined;
    const waitMs = this.#waitMs(fault);
    this.#attempts += 1;
    // Later people hear of it from whoever uses the line; while an engine starts nobody else says anything.
    const level = this.#attempts === 1 && !this.#hasBeenUp ? 'warn' : 'info';
    logger[level]('There is no session with the gateway.', {
      ...fault,
      attempt: this.#attempts,
      waitMs: Math.round(waitMs),
    });
    this.#stopTimer = clock.callAt(now + waitMs, () => this.#connect());
    listener.onLost(fault);
  }

  #waitMs({ code }: ConnectionFault): number {
    const { options, random, isRestarting } = this.#parts;
    if (STUBBORN.has(code)) return options.retryLongestMs;
    const waitMs = backoffMs(this.#attempts, options, random);
    return isRestarting() ? Math.min(waitMs, LONGEST_IN_RESTART_MS) : waitMs;
  }
}
