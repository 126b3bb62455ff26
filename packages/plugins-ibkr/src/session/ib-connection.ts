// One TCP session on one fresh object of the library: never connected twice, deaf and dumb once it is lost.
import type { Socket } from 'node:net';
import type { Clock } from '@bookrunner/sdk';
import type { EventName, IBApi } from '@stoqey/ib';
import type { IbkrErrorCode } from '../ibkr-errors.js';
import { guardDecoder, guardFrames, socketOf } from './library-guard.js';
import type { DecodingFault } from './library-guard.js';
import type { GateTarget } from './outbound-gate.js';
import type { TickEvent } from './tick-frames.js';

/** Why there is no session. */
export interface ConnectionFault {
  readonly code: IbkrErrorCode;
  readonly message: string;
}

/** What the handshake said. */
export interface Handshake {
  readonly serverVersion: number;
  /** Wall clock of the gateway with a name of its zone, such as `20250415 19:38:30 British Summer Time`. */
  readonly wallClock: string;
  readonly accounts: readonly string[];
  readonly nextOrderId: number;
}

/** Who hears of a connection. Calls are synchronous; nothing follows `onLost`. */
export interface ConnectionListener {
  /** Handshake, account list and next order id are in, and the library takes requests. */
  onUp(handshake: Handshake): void;
  /** Once. The socket may still be closing: see {@link IbConnection.closed}. */
  onLost(fault: ConnectionFault): void;
  /** Whatever the library says, in order. */
  onEvent(event: string, values: readonly unknown[]): void;
  /** An event of market data, in order with the others; the object is the next one's as well. */
  onTick(tick: TickEvent): void;
  onDecodingFault(fault: DecodingFault): void;
}

/** What a connection is made from. */
export interface IbConnectionParts {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  readonly listener: ConnectionListener;
}

/** Below, the library cannot read completed orders; above it speaks no protocol. A newer gateway answers with the highest. */
export const LOWEST_SERVER_VERSION = 177;
export const HIGHEST_SERVER_VERSION = 193;

/** The library's own limit, out of the way: its queue has no lanes, and what waits there survives a disconnect. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const CLIENT_ID_IN_USE = 326;
const KEEP_ALIVE_MS = 30_000;
/** Longest wait until the last messages have left, when a session is ended on purpose. */
const FAREWELL_MS = 1_000;

/** A connection. Created without I/O; {@link start} connects. */
export class IbConnection implements GateTarget {
  /** Resolves once no socket is left. */
  readonly closed: Promise<void>;
  messagesWritten = 0;
  /** What was received so far: a sign of life. */
  messagesReceived = 0;
  readonly #parts: IbConnectionParts;
  #api: IBApi | undefined;
  #socket: Socket | undefined;
  #isLost = false;
  #isUp = false;
  #serverVersion = 0;
  #wallClock = '';
  #accounts: readonly string[] | undefined;
  #nextOrderId: number | undefined;
  #stopTimer: () => void = () => undefined;
  #resolveClosed: () => void = () => undefined;

  constructor(parts: IbConnectionParts) {
    this.#parts = parts;
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
  }

  get api(): IBApi {
    if (this.#api === undefined) throw new Error('The connection has not been started.');
    return this.#api;
  }

  /** Connects; what comes of it is told to the listener. The library is loaded only here: listing plugins does not pay for it. */
  async start(): Promise<void> {
    const { host, port, clientId, clock, handshakeTimeoutMs, listener } = this.#parts;
    try {
      const { IBApi: Library } = await import('@stoqey/ib');
      if (this.#isLost) return;
      const api = new Library({ host, port, clientId, maxReqPerSec: NO_LIMIT });
      this.#api = api;
      guardDecoder(api, (fault) => this.#isLost || listener.onDecodingFault(fault));
      guardFrames(api, {
        onTick: (tick) => this.#receiveTick(tick),
        onBroken: () => this.#lose('IBKR_UNREADABLE', `${this.#where()} has sent bytes that are no message.`),
      });
      // One listener for all events: it hears them in order, and nothing it calls can throw into the library.
      api.on('all' as EventName.all, (event: string, values: readonly unknown[]) => this.#receive(event, values));
      api.connect();
      this.#socket = socketOf(api);
      this.#socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
      this.#socket.once('close', () => this.#resolveClosed());
      this.#stopTimer = clock.callAt(clock.nowUtc() + handshakeTimeoutMs, () => this.#timedOut());
    } catch (error) {
      this.#lose('IBKR_LIBRARY', error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends a connection that is of no use any more; what it still had to send is lost. */
  abandon(code: IbkrErrorCode, message: string): void {
    this.#lose(code, message);
  }

  /** Ends the connection on purpose: what was written leaves, and the listener hears nothing more. */
  close(): Promise<void> {
    const wasUp = this.#isUp && !this.#isLost;
    this.#isLost = true;
    this.#stopTimer();
    if (wasUp && this.#socket !== undefined) {
      const { clock } = this.#parts;
      this.#socket.once(
        'close',
        clock.callAt(clock.nowUtc() + FAREWELL_MS, () => this.#socket?.destroy()),
      );
      this.#socket.destroySoon();
    } else {
      this.#destroy();
    }
    return this.closed;
  }

  #receive(event: string, values: readonly unknown[]): void {
    if (this.#isLost) return;
    switch (event) {
      case 'sent':
        this.messagesWritten += 1;
        return;
      case 'received':
        this.messagesReceived += 1;
        return;
      case 'server':
        return this.#greeted(values as readonly [number, string | undefined]);
      case 'managedAccounts':
        this.#accounts = String(values[0]).split(',').filter(Boolean);
        this.#shaken();
        break;
      case 'nextValidId':
        this.#nextOrderId = values[0] as number;
        this.#shaken();
        break;
      case 'info':
        if (values[1] === CLIENT_ID_IN_USE) return this.#clientIdInUse();
        break;
      case 'error':
        if (this.#isTransportError(values)) return;
        break;
      case 'disconnected':
        return this.#hungUp();
    }
    this.#parts.listener.onEvent(event, values);
  }

  #receiveTick(tick: TickEvent): void {
    if (this.#isLost) return;
    this.messagesReceived += 1;
    this.#parts.listener.onTick(tick);
  }

  #greeted([version, wallClock = '']: readonly [number, string | undefined]): void {
    this.#wallClock = wallClock;
    this.#checkVersion(version);
  }

  #checkVersion(version: number): void {
    this.#serverVersion = version;
    if (version >= LOWEST_SERVER_VERSION && version <= HIGHEST_SERVER_VERSION) return;
    const answer = Number.isNaN(version) ? 'no server version' : `server version ${version}`;
    const needed = `${LOWEST_SERVER_VERSION} to ${HIGHEST_SERVER_VERSION} are needed`;
    this.#lose('IBKR_SERVER_VERSION', `${this.#where()} answered with ${answer}; ${needed}.`);
  }

  #shaken(): void {
    if (this.#isUp || this.#accounts === undefined || this.#nextOrderId === undefined) return;
    this.#isUp = true;
    this.#stopTimer();
    const handshake = {
      serverVersion: this.#serverVersion,
      wallClock: this.#wallClock,
      accounts: this.#accounts,
      nextOrderId: this.#nextOrderId,
    };
    // The library holds requests back until it has told everybody of the next order id: it takes them in the next turn.
    queueMicrotask(() => this.#isLost || this.#parts.listener.onUp(handshake));
  }

  #clientIdInUse(): void {
    const { clientId } = this.#parts;
    this.#lose('IBKR_CLIENT_ID_IN_USE', `${this.#where()} has another client with id ${clientId}.`);
  }

  /** Codes that the library makes up itself for the connection. */
  #isTransportError([error, code]: readonly unknown[]): boolean {
    const text = error instanceof Error ? error.message : String(error);
    if (code === 502) {
      const reason =
        text === '' ? ((this.#socket?.errored as { code?: string } | null)?.code ?? 'no reason given') : text;
      this.#lose(
        this.#isUp ? 'IBKR_NOT_CONNECTED' : 'IBKR_UNREACHABLE',
        `${this.#where()}: ${reason.replace(` ${this.#where()}`, '')}.`,
      );
      return true;
    }
    if (code !== 503 && code !== 506) return false;
    // Asked of the encoder, 503 means that one request needs a newer server; before a version is known it means the server.
    if (this.#isUp) return false;
    this.#checkVersion(this.api.serverVersion);
    return true;
  }

  #hungUp(): void {
    if (this.#isUp) return this.#lose('IBKR_NOT_CONNECTED', `${this.#where()} closed the connection.`);
    this.#lose('IBKR_HANDSHAKE_REFUSED', `${this.#where()} closed the connection in the handshake.`);
  }

  #timedOut(): void {
    const seconds = this.#parts.handshakeTimeoutMs / 1_000;
    if (this.#socket?.connecting !== false) {
      return this.#lose('IBKR_UNREACHABLE', `${this.#where()} did not answer within ${seconds} s.`);
    }
    const missing = [
      ...(this.#serverVersion === 0 ? ['server version'] : []),
      ...(this.#accounts === undefined ? ['accounts'] : []),
      ...(this.#nextOrderId === undefined ? ['next order id'] : []),
    ];
    this.#lose('IBKR_HANDSHAKE_TIMEOUT', `${this.#where()} did not say within ${seconds} s: ${missing.join(', ')}.`);
  }

  #lose(code: IbkrErrorCode, message: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#stopTimer();
    this.#destroy();
    this.#parts.listener.onLost({ code, message });
  }

  #destroy(): void {
    if (this.#socket === undefined || this.#socket.closed) this.#resolveClosed();
    this.#socket?.destroy();
  }

  #where(): string {
    return `${this.#parts.host}:${this.#parts.port}`;
  }
}
