// Lists that carry no id are told apart by their turn alone: one question at a time over all users of a session.
import type { EpochMs } from '@bookrunner/sdk';
import type { EventName } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';

const turns = new WeakMap<Gateway, ListTurns>();

/**
 * How long the end of a list that was given up may still come. A gateway that says nothing at all for so long has been given up by its
 * heartbeat, and with the connection its ends are gone.
 */
const LATE_MS = 60_000;

/** Whose turn it is, and which ends may still come of questions that were given up. */
export class ListTurns {
  /** Whether this connection has been asked to bind orders made by hand: it goes on doing so. */
  isBound = false;
  #last: Promise<unknown> = Promise.resolve();
  /** When a question was given up whose end has not come. */
  readonly #givenUp = new Map<EventName, EpochMs>();

  constructor(gateway: Gateway) {
    for (const end of [TWS_EVENT.openOrderEnd, TWS_EVENT.positionEnd, TWS_EVENT.completedOrdersEnd]) {
      gateway.on(end, () => this.#givenUp.delete(end));
    }
    gateway.on(TWS_EVENT.disconnected, () => {
      this.#givenUp.clear();
      this.isBound = false;
    });
  }

  /** The one of a session: ends go to everybody who listens, whoever asked. */
  static of(gateway: Gateway): ListTurns {
    const known = turns.get(gateway) ?? new ListTurns(gateway);
    turns.set(gateway, known);
    return known;
  }

  /** After all who asked before, answered or not. */
  take<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(ask, ask);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /**
   * Whether the end of an older question may come instead of that of one asked now: then it is not asked, since nobody could tell whose rows
   * are whose, and half a list is worse than none.
   */
  isAmbiguous(end: EventName, now: EpochMs): boolean {
    const givenUpAt = this.#givenUp.get(end);
    return givenUpAt !== undefined && now - givenUpAt < LATE_MS;
  }

  gaveUp(end: EventName, now: EpochMs): void {
    this.#givenUp.set(end, now);
  }
}
