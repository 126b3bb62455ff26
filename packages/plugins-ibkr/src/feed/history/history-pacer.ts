// Keeps requests for history under the limits of IB. Source: "Historical Data Limitations" of IB's TWS API documentation, seen 2026-11.
import { HOUR_MS } from '@bookrunner/sdk';
import type { Clock, HistoryRequest } from '@bookrunner/sdk';
import { ibkrError } from '../../ibkr-errors.js';
import type { Gateway } from '../../session/gateway.js';

// Two requests may arrive closer together than they were let through: each span is longer than IB's by that much.
const SLACK_MS = 1_000;
const WINDOW_MS = 600_000 + SLACK_MS;
const MOST_IN_WINDOW = 60;
/** Of these, what long histories leave to short ones: a warm-up to what is missed after it. */
const KEPT_FOR_SHORT = 20;
const IDENTICAL_MS = 15_000 + SLACK_MS;
const SERIES_MS = 2_000 + SLACK_MS;
const MOST_IN_SERIES = 5;
const MOST_OPEN = 50;

/** Longer ones are long: what is missed in an outage of minutes is not among them. */
const LONG_MS = HOUR_MS;

/** Whether a history is long. */
export function isLongHistory({ from, to }: Pick<HistoryRequest, 'from' | 'to'>): boolean {
  return to - from > LONG_MS;
}

/** A request that wants to be sent. */
export interface PacedRequest {
  /** Equal for equal requests: not within 15 s. */
  readonly key: string;
  /** Contract, exchange and kind of data: at most five in 2 s. */
  readonly series: string;
  /** Bid and ask together count twice. */
  readonly weight: number;
  /** Bars of 30 s and less, and ticks: at most 60 in ten minutes. */
  readonly isSmall: boolean;
  /** Part of a long history: leaves a third of what IB allows in ten minutes to others. */
  readonly isLong?: boolean;
  /** Who would have to wait longer does without; absent, it waits as long as it takes. */
  readonly patienceMs?: number;
}

interface Sent {
  at: number;
  readonly request: PacedRequest;
}

interface Waiting {
  readonly request: PacedRequest;
  since: number;
  readonly refuse: (readyAt: number) => void;
  readonly go: (release: () => void) => void;
}

const pacers = new WeakMap<Gateway, HistoryPacer>();

/** Lets requests through, first come first served where the limits allow. */
export class HistoryPacer {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  readonly #sent: Sent[] = [];
  /** What the clock said last. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #open = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The one of a gateway: the limits are those of its login, whoever asks. */
  static of(gateway: Gateway, clock: Clock): HistoryPacer {
    const known = pacers.get(gateway) ?? new HistoryPacer(clock);
    pacers.set(gateway, known);
    return known;
  }

  /**
   * Resolves when the request may be sent; call what it gives when it was answered. Rejects with the signal's reason.
   * Errors: IBKR_HISTORY_NOT_AVAILABLE where its patience does not suffice.
   */
  acquire(request: PacedRequest, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#leave(waiting);
        reject(signal.reason as Error);
        this.#pump();
      };
      const waiting: Waiting = {
        ...{ request, since: this.#now() },
        refuse: (readyAt) => {
          signal.removeEventListener('abort', onAbort);
          reject(tooLong(request, readyAt - waiting.since));
        },
        go: (release) => {
          signal.removeEventListener('abort', onAbort);
          resolve(release);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#pump();
    });
  }

  /** A clock that was set back must not keep requests waiting until it has caught up. */
  #now(): number {
    const now = this.#clock.nowUtc();
    const ahead = this.#seenAt - now;
    this.#seenAt = now;
    if (ahead > 0) {
      for (const sent of this.#sent) sent.at -= ahead;
      for (const waiting of this.#waiting) waiting.since -= ahead;
    }
    return now;
  }

  #pump(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const now = this.#now();
    while (this.#sent.length > 0 && this.#sent[0]!.at <= now - WINDOW_MS) this.#sent.shift();
    let next = Number.POSITIVE_INFINITY;
    for (const waiting of [...this.#waiting]) {
      const at = this.#readyAt(waiting.request, now);
      const until = waiting.since + (waiting.request.patienceMs ?? Number.POSITIVE_INFINITY);
      // Nobody knows when others are answered: that may be at any moment until its patience is over.
      const isTooLong = at < Number.POSITIVE_INFINITY ? at > until : now >= until;
      if (at <= now) {
        this.#let(waiting, now);
      } else if (isTooLong) {
        this.#leave(waiting);
        waiting.refuse(at);
      } else {
        next = Math.min(next, at, until);
      }
    }
    if (next < Number.POSITIVE_INFINITY) this.#cancel = this.#clock.callAt(next, () => this.#pump());
  }

  #let(waiting: Waiting, now: number): void {
    this.#leave(waiting);
    this.#sent.push({ at: now, request: waiting.request });
    this.#open += 1;
    let isOpen = true;
    waiting.go(() => {
      if (!isOpen) return;
      isOpen = false;
      this.#open -= 1;
      this.#pump();
    });
  }

  #leave(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  #readyAt(request: PacedRequest, now: number): number {
    if (this.#open >= MOST_OPEN) return Number.POSITIVE_INFINITY;
    const same = this.#sent.findLast((sent) => sent.request.key === request.key);
    const series = this.#sent.filter(
      ({ at, request: { series: name } }) => name === request.series && at > now - SERIES_MS,
    );
    const fifth = series.at(-MOST_IN_SERIES);
    return Math.max(
      same === undefined ? now : same.at + IDENTICAL_MS,
      fifth === undefined ? now : fifth.at + SERIES_MS,
      request.isSmall ? this.#windowAt(request, now) : now,
    );
  }

  /** When enough of the last ten minutes has passed for so many more. */
  #windowAt({ weight, isLong = false }: PacedRequest, now: number): number {
    const most = isLong ? MOST_IN_WINDOW - KEPT_FOR_SHORT : MOST_IN_WINDOW;
    const small = this.#sent.filter(({ request }) => request.isSmall);
    let sum = weight + small.reduce((total, { request }) => total + request.weight, 0);
    let at = now;
    for (const sent of small) {
      if (sum <= most) break;
      sum -= sent.request.weight;
      at = sent.at + WINDOW_MS;
    }
    return at;
  }
}

function tooLong({ key }: PacedRequest, waitMs: number): Error {
  const wait = Number.isFinite(waitMs) ? `${Math.ceil(waitMs / 1_000)} s` : 'until others are answered';
  return ibkrError('IBKR_HISTORY_NOT_AVAILABLE', `The limits of IB would let the request wait ${wait}: ${key}.`, {
    remedy: 'Ask for less, or again in some minutes.',
  });
}
