// One client id at one gateway, as feed and venue use it: it may be lost and come back, and whoever uses it is told.
import type { EpochMs } from '@bookrunner/sdk';
import type { EventName, IBApi } from '@stoqey/ib';

/**
 * How the session stands. `up` means handshake, account list and next order id are in. `upstream-lost`: the gateway has no line to IB
 * (1100, 2110): reports still come, new orders must not be sent. `connecting`: for the first time; after a loss it stays `disconnected`. `planned-outage`: down, and expected to be.
 */
export type GatewayState =
  | 'closed'
  | 'connecting'
  | 'up'
  | 'upstream-lost'
  | 'disconnected'
  | 'planned-outage'
  | 'failed';

/** What a user of the session is told. Calls are synchronous; what a listener throws is caught, counted and logged. */
export interface GatewayUser {
  readonly name: string;
  /** State changed; `code` is a code of this plugin's error table, empty when well. */
  onState(state: GatewayState, code: string, message: string): void;
  /**
   * Up, or up again on a new connection; also told to who attaches to a session that is up. Everything has to be asked for anew.
   * Orders are sent only after the user's own reconciliation.
   */
  onUp(): void;
  /** IB is back behind the gateway on the same connection; with `isDataLost` (1101) subscriptions are gone, else (1102) bars are. */
  onUpstream(isDataLost: boolean): void;
  /**
   * A farm broke (2103, 2105, 2157) or, having been broken, is whole again (2104, 2106, 2158; 2107 and 2108, whole but idle). Who attaches
   * later is told of those that are broken.
   */
  onFarm(farm: Farm): void;
  /** A question for the time was answered. `gatewayTs` is the gateway's clock, in whole seconds. */
  onHeartbeat?(latencyMs: number, gatewayTs: EpochMs): void;
  /** Something a person has to see that changes no state: what was received could not be read, or the gateway has moved to another port. */
  onAlarm?(code: string, message: string): void;
}

/** A group of IB's servers. */
export interface Farm {
  readonly kind: 'market-data' | 'history' | 'contracts';
  readonly name: string;
  readonly isBroken: boolean;
}

/** Orders and cancels go ahead of data, data ahead of history. */
export type Lane = 'order' | 'data' | 'history';

/**
 * `written`: the bytes were handed to an open socket. `purged`: certainly not, and they never will be; also where `write` threw, or
 * the library refused to encode.
 */
export type SendOutcome = 'written' | 'purged';

/** What is written: `cost` messages, all in one turn, none of them in between others. */
export interface Send {
  readonly lane: Lane;
  /** Messages it writes; 1 where it is not said. */
  readonly cost?: number;
  readonly write: (api: IBApi) => void;
}

/** The session. Get one from `GatewayPool`, which hands out the same for the same host, port and client id. */
export interface Gateway {
  readonly state: GatewayState;
  readonly clientId: number;
  /** Accounts the login manages; empty before the first connection. */
  readonly accounts: readonly string[];
  /** How far the gateway's wall clock was ahead of UTC when it was connected last; undefined where it did not say. */
  readonly offsetMs?: number | undefined;
  /** Within the window of the daily restart, and the gateway has not restarted in it: what is sent now may be lost. New orders wait. */
  readonly isRestartDue: boolean;
  /**
   * Connects if nobody else did; resolves once the session is up. Errors: IBKR_UNREACHABLE, IBKR_HANDSHAKE_TIMEOUT,
   * IBKR_HANDSHAKE_REFUSED, IBKR_CLIENT_ID_IN_USE, IBKR_SERVER_VERSION, all only after the open timeout; meanwhile it is tried again.
   * IBKR_ORDER_IDS_DAMAGED at once. After an error the user is not attached.
   */
  attach(user: GatewayUser): Promise<void>;
  /** The last user's leaving closes the connection. */
  detach(user: GatewayUser): Promise<void>;
  /**
   * Listens to an event of whichever connection is open. Returns how to stop. What the gateway says of a request comes with its id
   * as `error`, what concerns no request as `info`. `disconnected` comes once when a session that was up ends: what was asked on it
   * will not be answered. Not `all`, `result`, `sent` and `received`.
   */
  on(event: EventName, listener: (...values: never[]) => void): () => void;
  /** Queued by lane under the rate limit, in order within a lane. While not up, and for what still waits when the connection is lost: purged. */
  send(send: Send): Promise<SendOutcome>;
  /** Id of a request; never the id of an order. */
  nextRequestId(): number;
  /**
   * Ids of orders, rising over the life of the data directory: never below what the gateway or any report has shown.
   * Errors: IBKR_NOT_CONNECTED before the first handshake, IBKR_ORDER_IDS_EXHAUSTED, IBKR_ORDER_IDS_UNWRITABLE.
   */
  nextOrderId(): number;
  /** An order id was seen in a report or an open order. The session itself sees those of its own client id. */
  sawOrderId(orderId: number): void;
}
