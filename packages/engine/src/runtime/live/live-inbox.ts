import type {
  BarColumns,
  BarSpec,
  Clock,
  EpochMs,
  FeedSink,
  FeedStatus,
  Heartbeat,
  RejectedRow,
  Tick,
  TickColumns,
} from '@bookrunner/sdk';
import type { Arrivals, WaitingRows } from './live-arrivals.js';
import type { LiveChannel, MissedBefore } from './live-channel.js';
import { LiveQueue, QUEUE_ROWS, type QueuedRows, queuedTick } from './live-queue.js';

const NOBODY: FeedSink = {
  tick() {},
  ticks() {},
  bars() {},
  status() {},
  heartbeat() {},
  rejected() {},
};

/**
 * The sink of one live feed from its subscription on. What comes before the run has begun waits here: history ends where the subscription
 * began, so nothing is lost between the two.
 */
export class LiveInbox implements FeedSink {
  readonly #clock: Clock;
  readonly #arrivals: Arrivals;
  readonly #queue: LiveQueue<WaitingRows>;
  readonly #since: EpochMs;
  #rejected = 0;
  #channel: FeedSink | undefined;

  /** `onFull`: more would wait than may. */
  constructor(clock: Clock, arrivals: Arrivals, onFull: () => void) {
    this.#clock = clock;
    this.#arrivals = arrivals;
    this.#since = clock.nowUtc();
    this.#queue = new LiveQueue(QUEUE_ROWS, onFull);
  }

  /** The subscription is given up: nothing of what it brought, or brings late, is heard. */
  cut(): void {
    this.#channel = NOBODY;
    this.#queue.take();
  }

  /** From now on everything goes to the channel, unless it was cut; what has waited, in order, is given back, and what has not. */
  openTo(channel: LiveChannel): { readonly waiting: readonly WaitingRows[]; readonly missed: MissedBefore } {
    this.#channel ??= channel;
    const waiting = this.#queue.take();
    return { waiting, missed: { dropped: this.#queue.dropped, since: this.#since, rejected: this.#rejected } };
  }

  tick(tick: Tick): void {
    if (this.#channel !== undefined) return this.#channel.tick(tick);
    this.#wait(queuedTick(tick, this.#clock));
  }

  ticks(columns: TickColumns): void {
    if (this.#channel === undefined) this.#wait({ kind: 'ticks', columns });
    else this.#channel.ticks(columns);
  }

  bars(columns: BarColumns, spec: BarSpec): void {
    if (this.#channel === undefined) this.#wait({ kind: 'bars', columns, spec });
    else this.#channel.bars(columns, spec);
  }

  status(status: FeedStatus): void {
    if (this.#channel === undefined) this.#wait({ kind: 'status', status });
    else this.#channel.status(status);
  }

  /** A heartbeat is no data: it makes nothing fresh. */
  heartbeat(_heartbeat: Heartbeat): void {}

  rejected(row: RejectedRow): void {
    if (this.#channel === undefined) this.#rejected += 1;
    else this.#channel.rejected(row);
  }

  #wait(rows: QueuedRows): void {
    this.#queue.push({ ...rows, arrival: this.#arrivals.next() });
  }
}
