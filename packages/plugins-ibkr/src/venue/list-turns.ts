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
/** A gateway that says other things meanwhile may be later than that; then it is not asked in vain, but one end more is waited for. */
const LOST_MS = 600_000;

/** Whose turn it is, and which ends may still come of questions that were given up. */
export class ListTurns {
  /** Whether this connection has been asked to bind orders made by hand: it goes on doing so. */
  isBound = false;
  #last: Promise<unknown> = Promise.resolve();
  /** Whose end is waited for. */
  #asked: EventName | undefined;
  /** When questions were given up whose ends have not come. */
  readonly #givenUp = new Map<EventName, EpochMs[]>();

  constructor(gateway: Gateway) {
    for (const end of [TWS_EVENT.openOrderEnd, TWS_EVENT.positionEnd, TWS_EVENT.completedOrdersEnd]) {
      // While one is waited for, what comes may be its own: as many are owed as before.
      gateway.on(end, () => {
        if (this.#asked !== end) this.#givenUp.get(end)?.shift();
      });
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

  /** After all who asked before, answered or not. `end` is the end it waits for; undefined for a question that has an id. */
  take<T>(end: EventName | undefined, ask: () => Promise<T>): Promise<T> {
    const asking = async (): Promise<T> => {
      this.#asked = end;
      try {
        return await ask();
      } finally {
        this.#asked = undefined;
      }
    };
    const answer = this.#last.then(asking, asking);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /**
   * Whether the end of an older question may come instead of that of one asked now: then it is not asked, since nobody could tell whose rows
   * are whose, and half a list is worse than none.
   */
  isAmbiguous(end: EventName, now: EpochMs): boolean {
    return this.#owed(end, now).some((givenUpAt) => now - givenUpAt < LATE_MS);
  }

  /**
   * How many ends may come, very late, before that of a question asked now. Who asks again at each of them, and takes the end after, has at
   * least one whole list, whether they come or not.
   */
  lateEnds(end: EventName, now: EpochMs): number {
    return this.#owed(end, now).length;
  }

  gaveUp(end: EventName, now: EpochMs): void {
    this.#givenUp.set(end, [...this.#owed(end, now), now]);
  }

  /** Where the clock was set back, the time counts from now: else it would last until the clock has caught up. */
  #owed(end: EventName, now: EpochMs): readonly EpochMs[] {
    const known = this.#givenUp.get(end) ?? [];
    const owed = known.map((at) => Math.min(at, now)).filter((at) => now - at < LOST_MS);
    this.#givenUp.set(end, owed);
    return owed;
  }
}
