// Lists that carry no id are told apart by their turn alone: one question at a time over all users of a session.
import type { EventName } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Gateway } from '../session/gateway.js';

const turns = new WeakMap<Gateway, ListTurns>();

/** Whose turn it is, and which ends may still come of questions that were given up. */
export class ListTurns {
  /** Whether orders made by hand were bound without a word about an end: nobody waits for it again. */
  isBindingSilent = false;
  #last: Promise<unknown> = Promise.resolve();
  readonly #late = new Map<EventName, number>();

  constructor(gateway: Gateway) {
    for (const end of [TWS_EVENT.openOrderEnd, TWS_EVENT.positionEnd, TWS_EVENT.completedOrdersEnd]) {
      gateway.on(end, () => this.#late.set(end, Math.max(0, this.lateEnds(end) - 1)));
    }
    gateway.on(TWS_EVENT.disconnected, () => this.#late.clear());
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

  /** Ends that are still to come before that of a question asked now. */
  lateEnds(end: EventName): number {
    return this.#late.get(end) ?? 0;
  }

  /** A question was given up. Where ends came during it and none was its own, one of them was lost: none is waited for any more. */
  gaveUp(end: EventName, seen: number): void {
    this.#late.set(end, seen > 0 ? 0 : this.lateEnds(end) + 1);
  }
}
