// What lies behind the wire: contracts, markets, orders, accounts. It knows clients and typed messages, no sockets and no bytes.
import type { ServerMessage } from '../wire/messages.js';
import type { ClientRequest } from '../wire/requests.js';

/** One API client that is connected. */
export interface GatewayClient {
  readonly clientId: number;
  /** As negotiated: some answers differ. */
  readonly serverVersion: number;
  /** Synchronous; never throws. After the disconnect it does nothing. */
  send(message: ServerMessage): void;
}

/** Requests that the session answers itself; all others come to the model. */
export type SessionRequest =
  | 'startApi'
  | 'requestCurrentTime'
  | 'requestManagedAccounts'
  | 'requestIds'
  | 'setServerLogLevel'
  | 'unsupported';

/** The gateway's business. Everything is synchronous; what takes time takes the clock it was given. */
export interface GatewayModel {
  /** Managed accounts, in order. */
  readonly accounts: readonly string[];
  /** The id a client's next order has to have at least; persistent by client id over its sessions. */
  nextOrderId(clientId: number): number;
  /** Forgets the last ids of this client, as a gateway does that was reset while orders were on their way. */
  rollBackOrderIds?(clientId: number, count: number): void;
  /** The client has started its session: its own open orders are known to be asked for, pushes may come. */
  connect(client: GatewayClient): void;
  /** The session is gone: subscriptions end, orders live on. */
  disconnect(client: GatewayClient): void;
  /** One request; answers go to `client.send`, now or later. */
  handle(client: GatewayClient, request: Exclude<ClientRequest, { readonly kind: SessionRequest }>): void;
  /** The gateway is over: what runs by the clock stops. */
  close?(): void;
}
