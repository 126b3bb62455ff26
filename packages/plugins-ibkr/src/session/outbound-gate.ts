// Everything that is sent passes here: one limit over three lanes, and nothing of it outlives the connection it was meant for.
import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock, Logger } from '@bookrunner/sdk';
import type { IBApi } from '@stoqey/ib';
import type { Lane, Send, SendOutcome } from './gateway.js';
import { RateWindow } from './rate-window.js';

/** Limits of what is sent. IB cuts whoever sends more than 50 messages a second again and again. */
export interface GateLimits {
  /** Most messages in any second, of all lanes. */
  readonly messagesPerSecond: number;
  /** Of these, how many data and history leave free in any second: what a cancel in a storm of subscriptions finds. */
  readonly reservedForOrders: number;
  /** Most messages in any tenth of a second that data and history may make it; a larger group waits for a quiet one. */
  readonly burst: number;
}

/** The connection as the gate sees it. */
export interface GateTarget {
  readonly api: IBApi;
  /** Messages handed to the socket so far. */
  readonly messagesWritten: number;
}

/** What a gate is made from. */
export interface OutboundGateParts {
  readonly limits: GateLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Waiting {
  readonly send: Send;
  readonly resolve: (outcome: SendOutcome) => void;
}

const LANES: readonly Lane[] = ['order', 'data', 'history'];
const BURST_MS = 100;

/**
 * Orders go ahead of data, data ahead of history; within a lane the order is kept. Laws: at most `messagesPerSecond` in any
 * second; every send ends as `written` or `purged`, once; the messages of one send follow each other.
 */
export class OutboundGate {
  readonly #parts: OutboundGateParts;
  readonly #window: RateWindow;
  readonly #waiting: Readonly<Record<Lane, Waiting[]>> = { order: [], data: [], history: [] };
  #target: GateTarget | undefined;
  #isPumping = false;
  #stopTimer: () => void = () => undefined;

  constructor(parts: OutboundGateParts) {
    this.#parts = parts;
    this.#window = new RateWindow(parts.limits.messagesPerSecond);
  }

  /** Sends that wait for their turn. */
  get waiting(): number {
    return LANES.reduce((sum, lane) => sum + this.#waiting[lane].length, 0);
  }

  /** From now on sends go to this connection. The rate of the one before still counts: the gateway may count both. */
  open(target: GateTarget): void {
    this.#target = target;
  }

  /** The connection is gone: whatever waits is purged, and so is what comes until the next {@link open}. */
  close(): void {
    this.#target = undefined;
    this.#stopTimer();
    for (const lane of LANES) for (const { resolve } of this.#waiting[lane].splice(0)) resolve('purged');
  }

  /** Written now where the limit allows it, else in turn. A send that fits no second is purged. */
  send(send: Send): Promise<SendOutcome> {
    if (this.#target === undefined) return Promise.resolve('purged');
    const cost = send.cost ?? 1;
    if (cost > this.#limitOf(send.lane)) {
      this.#parts.logger.error('A group of messages is larger than what one second may hold; it was not sent.', {
        ...{ lane: send.lane, cost, limit: this.#limitOf(send.lane) },
      });
      return Promise.resolve('purged');
    }
    const outcome = new Promise<SendOutcome>((resolve) => this.#waiting[send.lane].push({ send, resolve }));
    this.#pump();
    return outcome;
  }

  #pump(): void {
    // A write may lead to another send before it returns.
    if (this.#isPumping) return;
    this.#isPumping = true;
    this.#stopTimer();
    try {
      while (this.#target !== undefined) {
        const lane = LANES.find((name) => this.#waiting[name].length > 0);
        if (lane === undefined) return;
        const now = this.#parts.clock.nowUtc();
        const at = this.#freeAt(this.#waiting[lane][0]!.send, now);
        if (at > now) {
          this.#stopTimer = this.#parts.clock.callAt(at, () => this.#pump());
          return;
        }
        this.#write(this.#waiting[lane].shift()!, this.#target);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #freeAt({ lane, cost = 1 }: Send, now: number): number {
    const limit = this.#limitOf(lane);
    const inSecond = this.#window.freeAt({ cost, limit, spanMs: SECOND_MS, now });
    if (lane === 'order') return inSecond;
    const burst = Math.min(this.#parts.limits.burst, limit);
    return this.#window.freeAt({ cost: Math.min(cost, burst), limit: burst, spanMs: BURST_MS, now: inSecond });
  }

  #limitOf(lane: Lane): number {
    const { messagesPerSecond, reservedForOrders } = this.#parts.limits;
    return lane === 'order' ? messagesPerSecond : messagesPerSecond - reservedForOrders;
  }

  #write({ send, resolve }: Waiting, target: GateTarget): void {
    const before = target.messagesWritten;
    try {
      send.write(target.api);
    } catch (error) {
      this.#parts.logger.error('A message could not be encoded.', { lane: send.lane, error: String(error) });
    }
    const count = target.messagesWritten - before;
    this.#window.note(count, this.#parts.clock.nowUtc());
    if (count > (send.cost ?? 1)) {
      this.#parts.logger.warn('More messages were sent than were announced.', { lane: send.lane, count });
    }
    resolve(count > 0 ? 'written' : 'purged');
  }
}
