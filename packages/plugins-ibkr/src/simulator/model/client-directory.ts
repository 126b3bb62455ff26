import type { ServerMessage } from '../wire/messages.js';
import type { GatewayClient } from './gateway-model.js';

/** The clients that are connected. Two sessions never share a client id: the wire sees to it. */
export class ClientDirectory {
  readonly #clients = new Map<number, GatewayClient>();

  connect(client: GatewayClient): void {
    this.#clients.set(client.clientId, client);
  }

  disconnect(client: GatewayClient): void {
    if (this.#clients.get(client.clientId) === client) this.#clients.delete(client.clientId);
  }

  get(clientId: number): GatewayClient | undefined {
    return this.#clients.get(clientId);
  }

  get all(): readonly GatewayClient[] {
    return [...this.#clients.values()];
  }

  /** To one client, where it is connected. */
  send(clientId: number, message: ServerMessage): void {
    this.#clients.get(clientId)?.send(message);
  }
}

/** An error to a client. */
export function sendError(
  client: Pick<GatewayClient, 'send'> | undefined,
  error: {
    readonly id: number;
    readonly code: number;
    readonly message: string;
    readonly advancedOrderRejectJson?: string;
  },
): void {
  client?.send({ kind: 'error', ...error });
}
