import type { GatewayClient, GatewayModel } from './model/gateway-model.js';
import type { ServerMessage } from './wire/messages.js';
import type { ClientRequest } from './wire/requests.js';

/** A gateway without a business: it keeps what it is asked, and answers as the test says. */
export class ScriptedModel implements GatewayModel {
  readonly accounts: readonly string[];
  readonly requests: ClientRequest[] = [];
  readonly clients = new Set<GatewayClient>();
  readonly left: number[] = [];
  /** Answers to a request, sent at once. */
  answer: (request: ClientRequest) => readonly ServerMessage[] = () => [];
  #nextIds = new Map<number, number>();

  constructor(accounts: readonly string[] = ['DU1234567']) {
    this.accounts = accounts;
  }

  nextOrderId(clientId: number): number {
    return this.#nextIds.get(clientId) ?? 1;
  }

  setNextOrderId(clientId: number, orderId: number): void {
    this.#nextIds.set(clientId, orderId);
  }

  rollBackOrderIds(clientId: number, count: number): void {
    this.setNextOrderId(clientId, Math.max(1, this.nextOrderId(clientId) - count));
  }

  connect(client: GatewayClient): void {
    this.clients.add(client);
  }

  disconnect(client: GatewayClient): void {
    this.clients.delete(client);
    this.left.push(client.clientId);
  }

  handle(client: GatewayClient, request: ClientRequest): void {
    this.requests.push(request);
    for (const message of this.answer(request)) client.send(message);
  }

  /** Sends to every client. */
  push(...messages: readonly ServerMessage[]): void {
    for (const client of this.clients) for (const message of messages) client.send(message);
  }
}
