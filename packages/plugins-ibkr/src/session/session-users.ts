import type { Clock } from '@bookrunner/sdk';
import type { GatewayState, GatewayUser } from './gateway.js';
import type { ListenerHub } from './listener-hub.js';

/** How long a user waits. `onEnd` removes it. */
export interface WaitLimit {
  readonly clock: Clock;
  readonly ms: number;
  readonly onEnd: () => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Who uses a session: told one by one, so that what one of them throws stops no other; each may wait for the session to be up. */
export class SessionUsers {
  readonly #users = new Map<GatewayUser, Waiter | undefined>();
  readonly #promises = new WeakMap<GatewayUser, Promise<void>>();
  readonly #hub: ListenerHub;

  constructor(hub: ListenerHub) {
    this.#hub = hub;
  }

  get count(): number {
    return this.#users.size;
  }

  has(user: GatewayUser): boolean {
    return this.#users.has(user);
  }

  /** What a user that is known waits for, or has waited for. */
  waitOf(user: GatewayUser): Promise<void> {
    return this.#promises.get(user) ?? Promise.resolve();
  }

  add(user: GatewayUser): void {
    this.#users.set(user, undefined);
  }

  /** Adds a user that waits until {@link settle}, or the limit ends. */
  addWaiting(user: GatewayUser, limit: WaitLimit): Promise<void> {
    const { clock, ms, onEnd } = limit;
    const promise = new Promise<void>((resolve, reject) => {
      const stopTimer = clock.callAt(clock.nowUtc() + ms, () => onEnd());
      const settled = (call: () => void): void => {
        stopTimer();
        this.#users.set(user, undefined);
        call();
      };
      this.#users.set(user, { resolve: () => settled(resolve), reject: (reason) => settled(() => reject(reason)) });
    });
    this.#promises.set(user, promise);
    return promise;
  }

  /** Nobody waits any more. */
  settle(): void {
    for (const waiter of [...this.#users.values()]) waiter?.resolve();
  }

  /** False where it was none. One that still waits waits in vain, for this reason. */
  remove(user: GatewayUser, reason: () => Error): boolean {
    this.#users.get(user)?.reject(reason());
    this.#promises.delete(user);
    return this.#users.delete(user);
  }

  tell(what: keyof GatewayUser, call: (user: GatewayUser) => void): void {
    for (const user of [...this.#users.keys()]) {
      if (this.#users.has(user)) this.#hub.guard(`${user.name}.${what}`, () => call(user));
    }
  }

  tellState(state: GatewayState, code: string, message: string): void {
    this.tell('onState', (user) => user.onState(state, code, message));
  }
}
