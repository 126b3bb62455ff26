import type {
  BarColumns,
  BarSpec,
  Clock,
  FeedSink,
  FeedStatus,
  Heartbeat,
  RejectedRow,
  Tick,
  TickColumns,
} from '@bookrunner/sdk';
import type { LiveChannel } from './live-channel.js';
import { LiveQueue, QUEUE_ROWS, queuedTick } from './live-queue.js';

/**
 * The sink of one live feed from its subscription on. What comes before the run has begun waits here: history ends where the subscription
 * began, so nothing is lost between the two.
 */
export class LiveInbox implements FeedSink {
  readonly #clock: Clock;
  readonly #queue: LiveQueue;
  #rejected = 0;
  #channel: LiveChannel | undefined;

  /** `onFull`: more would wait than may. */
  constructor(clock: Clock, onFull: () => void) {
    this.#clock = clock;
    this.#queue = new LiveQueue(QUEUE_ROWS, onFull);
  }

  /** What has waited goes to the channel, in order, and from now on everything at once. */
  openTo(channel: LiveChannel): void {
    this.#channel = channel;
    channel.goLive({ entries: this.#queue.take(), dropped: this.#queue.dropped, rejected: this.#rejected });
  }

  tick(tick: Tick): void {
    if (this.#channel !== undefined) return this.#channel.tick(tick);
    this.#queue.push(queuedTick(tick, this.#clock));
  }

  ticks(columns: TickColumns): void {
    if (this.#channel === undefined) this.#queue.push({ kind: 'ticks', columns });
    else this.#channel.ticks(columns);
  }

  bars(columns: BarColumns, spec: BarSpec): void {
    if (this.#channel === undefined) this.#queue.push({ kind: 'bars', columns, spec });
    else this.#channel.bars(columns, spec);
  }

  status(status: FeedStatus): void {
    if (this.#channel === undefined) this.#queue.push({ kind: 'status', status });
    else this.#channel.status(status);
  }

  /** A heartbeat is no data: it makes nothing fresh. */
  heartbeat(_heartbeat: Heartbeat): void {}

  rejected(row: RejectedRow): void {
    if (this.#channel === undefined) this.#rejected += 1;
    else this.#channel.rejected(row);
  }
}
