// What the gateway is asked before orders go out: after each connection, after each loss of its line to IB, and when what it says does not add up.
import type { Clock, Logger } from '@bookrunner/sdk';
import type { CompletedRow, GatewayLists, OpenOrderRow } from './gateway-lists.js';
import type { OrderRegister } from './order-register.js';
import { statusKind } from './order-status.js';

/** What a recovery works with. */
export interface SessionRecoveryParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lists: GatewayLists;
  /** The list of open orders, which lets each of them know how it stands. */
  readonly openOrders: () => Promise<readonly OpenOrderRow[]>;
  readonly register: OrderRegister;
  /** As of a snapshot: undefined while the gateway or its line is away. */
  readonly session: () => number | undefined;
  /** All is in: orders may go out. */
  readonly onSettled: () => void;
  /** Waits before it asks again after no answer. */
  readonly retryMs: number;
}

/** Several reasons to ask are one question. */
const GATHER_MS = 50;

export class SessionRecovery {
  readonly #parts: SessionRecoveryParts;
  #settled: number | undefined;
  #isRunning = false;
  #isAskedAgain = false;
  /** Somebody has asked, and others are gathered. */
  #isGathering = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: SessionRecoveryParts) {
    this.#parts = parts;
  }

  /** Whether the session that is open now has been asked, and has answered. */
  get isSettled(): boolean {
    const session = this.#parts.session();
    return session !== undefined && this.#settled === session;
  }

  /** Asks at once. */
  run(): void {
    this.#isGathering = false;
    if (this.#isRunning) {
      this.#isAskedAgain = true;
      return;
    }
    const session = this.#parts.session();
    if (session === undefined) return;
    this.#stopTimer();
    this.#isRunning = true;
    void this.#ask(session).then((isDone) => {
      this.#isRunning = false;
      const isSame = this.#parts.session() === session;
      if (isDone && isSame) this.#settle(session);
      else if (isSame) this.#later(this.#parts.retryMs);
      if (this.#isAskedAgain || !isSame) this.#again();
    });
  }

  /** Asks soon, once for all who ask meanwhile. */
  request(): void {
    if (this.#isRunning) this.#isAskedAgain = true;
    else this.#gather();
  }

  stop(): void {
    this.#settled = undefined;
    this.#isGathering = false;
    this.#stopTimer();
  }

  #again(): void {
    this.#isAskedAgain = false;
    if (this.#parts.session() !== undefined) this.#gather();
  }

  /** Who asks again and again puts nothing off. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#later(GATHER_MS);
  }

  #later(ms: number): void {
    const { clock } = this.#parts;
    this.#stopTimer();
    this.#stopTimer = clock.callAt(clock.nowUtc() + ms, () => this.run());
  }

  #settle(session: number): void {
    const isFirst = this.#settled !== session;
    this.#settled = session;
    this.#parts.register.settled();
    if (isFirst) this.#parts.onSettled();
  }

  /** Open orders and executions reach the register as they are told; completed ones are told apart from all others. */
  async #ask(session: number): Promise<boolean> {
    const { lists, logger, openOrders, register } = this.#parts;
    const short = register.all.filter(({ state }) => state.awaited.isAsked);
    const asked = [lists.executions(), lists.bindOrdersByHand(), openOrders()] as const;
    const completed = lists.completed().catch((error: unknown): readonly CompletedRow[] => {
      logger.warn('Completed orders were not told; what became of unknown ones, snapshots show.', {
        error: String(error),
      });
      return [];
    });
    try {
      const [, , open] = await Promise.all(asked);
      const rows = await completed;
      if (this.#parts.session() !== session) return false;
      const openIds = new Set(open.map(({ permId }) => permId));
      for (const { order, state } of rows) {
        // One that is held is Inactive in both lists, and may work yet.
        const isHeld = statusKind(state.status) === 'inactive' && openIds.has(order.permId ?? 0);
        if (!isHeld) register.onCompleted(order, state);
      }
      for (const { state } of short) state.awaited.giveUp();
      return true;
    } catch (error) {
      logger.warn('The gateway has not told of orders and executions yet.', { error: String(error) });
      return false;
    }
  }
}
