import type { Clock, EpochMs } from '@bookrunner/sdk';

/** What a heartbeat is made from. */
export interface HeartbeatParts {
  readonly everyMs: number;
  readonly limitMs: number;
  readonly clock: Clock;
  /** Asks the gateway for the time; resolves with whether the question left. */
  readonly ask: () => Promise<boolean>;
  /** Messages received so far on this connection. */
  readonly received: () => number;
  readonly onAnswer: (latencyMs: number, gatewayTs: EpochMs) => void;
  /** The other side is gone although the socket says nothing of it. */
  readonly onSilence: () => void;
}

/** After a limit has passed, what was received while this process was busy is read first. */
const SECOND_LOOK_MS = 250;

/**
 * Finds a connection that is half open. Any message after a question is a sign of life, so a gateway that is busy with a long answer is
 * asked once more for each limit, not given up; a socket on which nothing comes for the limit is.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #askedAt: number | undefined;
  #receivedBefore = 0;
  #stopTimer: () => void = () => undefined;
  #isRunning = false;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(): void {
    this.stop();
    this.#isRunning = this.#parts.everyMs > 0;
    this.#later(this.#parts.everyMs, () => this.#ask());
  }

  stop(): void {
    this.#isRunning = false;
    this.#askedAt = undefined;
    this.#stopTimer();
  }

  /** The gateway said the time. Others may have asked too: an answer that was not waited for says nothing. */
  answered(gatewayTs: EpochMs): void {
    if (this.#askedAt === undefined) return;
    const latencyMs = this.#parts.clock.nowUtc() - this.#askedAt;
    this.#askedAt = undefined;
    this.#later(this.#parts.everyMs, () => this.#ask());
    this.#parts.onAnswer(latencyMs, gatewayTs);
  }

  #ask(): void {
    this.#stopTimer();
    this.#askedAt = this.#parts.clock.nowUtc();
    this.#receivedBefore = this.#parts.received();
    void this.#parts.ask().then((hasLeft) => {
      if (hasLeft) this.#later(this.#parts.limitMs, () => this.#look(true));
    });
  }

  #look(isFirst: boolean): void {
    if (this.#askedAt === undefined) return;
    if (this.#parts.received() > this.#receivedBefore) {
      // It lives, and its answer may be lost: to wait for that alone would be to measure nothing ever again.
      return this.#ask();
    }
    if (isFirst) return this.#later(SECOND_LOOK_MS, () => this.#look(false));
    this.stop();
    this.#parts.onSilence();
  }

  #later(waitMs: number, call: () => void): void {
    this.#stopTimer();
    if (this.#isRunning) this.#stopTimer = this.#parts.clock.callAt(this.#parts.clock.nowUtc() + waitMs, call);
  }
}
