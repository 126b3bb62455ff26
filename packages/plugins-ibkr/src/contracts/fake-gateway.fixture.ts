// A gateway without a connection: it notes what it is asked, and answers as the test says.
import { EventName, type IBApi } from '@stoqey/ib';
import type { Farm, Gateway, GatewayState, GatewayUser, Send, SendOutcome } from '../session/gateway.js';

/** One call of the API, by name. */
export interface ApiCall {
  readonly name: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- arguments are the library's, each call's its own
  readonly args: readonly any[];
}

export class FakeGateway implements Gateway {
  state: GatewayState = 'closed';
  readonly clientId = 1;
  readonly accounts = ['DU1'];
  readonly isRestartDue = false;
  readonly calls: ApiCall[] = [];
  readonly users = new Set<GatewayUser>();
  readonly #listeners = new Map<EventName, Set<(...values: never[]) => void>>();
  readonly #answers = new Map<string, (...args: never[]) => void>();
  #requestId = 0;
  #api = new Proxy({} as IBApi, {
    get: (_api, name) =>
      typeof name !== 'string'
        ? undefined
        : (...args: never[]) => {
            this.calls.push({ name, args });
            this.#answers.get(name)?.(...args);
          },
  });

  attach(user: GatewayUser): Promise<void> {
    this.users.add(user);
    this.state = 'up';
    user.onState('up', '', '');
    user.onUp();
    return Promise.resolve();
  }

  detach(user: GatewayUser): Promise<void> {
    this.users.delete(user);
    return Promise.resolve();
  }

  on(event: EventName, listener: (...values: never[]) => void): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }

  send({ write }: Send): Promise<SendOutcome> {
    if (this.state !== 'up') return Promise.resolve('purged');
    write(this.#api);
    return Promise.resolve('written');
  }

  nextRequestId(): number {
    this.#requestId += 1;
    return this.#requestId;
  }

  nextOrderId(): number {
    throw new Error('A feed places no orders.');
  }

  sawOrderId(): void {}

  /** Listeners of an event: none are left once everything was closed. */
  listening(): number {
    return [...this.#listeners.values()].reduce((sum, all) => sum + all.size, 0);
  }

  /** What happens at the gateway when a function is called. */
  answer(name: keyof IBApi, answer: (...args: never[]) => void): void {
    this.#answers.set(name as string, answer);
  }

  emit(event: EventName, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])])
      (listener as (...all: unknown[]) => void)(...values);
  }

  error(id: number, code: number, message: string): void {
    this.emit(EventName.error, new Error(message), code, id);
  }

  /** Calls of one function, or those made since a mark. */
  of(name: keyof IBApi, since = 0): readonly ApiCall[] {
    return this.calls.slice(since).filter((call) => call.name === name);
  }

  cut(): void {
    this.state = 'disconnected';
    for (const user of this.users) user.onState('disconnected', 'IBKR_UNREACHABLE', 'The connection was lost.');
    this.emit(EventName.disconnected);
  }

  restore(): void {
    this.state = 'up';
    for (const user of this.users) {
      user.onState('up', '', '');
      user.onUp();
    }
  }

  farm(farm: Farm): void {
    for (const user of this.users) user.onFarm(farm);
  }

  upstream(isDataLost: boolean): void {
    for (const user of this.users) user.onState('up', '', '');
    for (const user of this.users) user.onUpstream(isDataLost);
  }

  loseUpstream(): void {
    for (const user of this.users) user.onState('upstream-lost', 'IBKR_UPSTREAM_LOST', 'Connectivity was lost.');
  }
}
