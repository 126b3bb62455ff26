// The feeds of a live run: subscribed before its history is asked for, so that no row falls between the two.
import type { Clock, EngineNotice, Subscription } from '@bookrunner/sdk';
import { withTimeLimit } from '../plugins/time-limit.js';
import type { LiveChannel } from './live-channel.js';
import { type LiveChannelParts, makeChannel } from './live-channels.js';
import { LiveInbox } from './live-inbox.js';
import { queueFull } from './live-queue.js';
import type { LiveInstrument } from './live-warmup.js';

const CLOSE_TIMEOUT_MS = 5_000;

/** Options of {@link LiveFeeds}. */
export interface LiveFeedsOptions {
  readonly instruments: readonly LiveInstrument[];
  readonly clock: Clock;
  readonly onNotice: (notice: EngineNotice) => void;
}

interface SubscribedFeed {
  readonly name: string;
  readonly members: readonly LiveInstrument[];
  readonly inbox: LiveInbox;
  channel?: LiveChannel;
}

/** All feeds of one run, in order of their first instrument. */
export class LiveFeeds {
  readonly #feeds: readonly SubscribedFeed[];
  readonly #subscriptions: Subscription[] = [];

  constructor({ instruments, clock, onNotice }: LiveFeedsOptions) {
    const names = [...new Set(instruments.map(({ feedName }) => feedName))];
    this.#feeds = names.map((name) => ({
      name,
      members: instruments.filter(({ feedName }) => feedName === name),
      inbox: new LiveInbox(clock, () => onNotice(queueFull(name, '', clock.nowUtc()))),
    }));
  }

  /** Rows come from now on, and wait. */
  async subscribe(): Promise<void> {
    for (const { members, inbox } of this.#feeds) {
      const { feed } = members[0] as LiveInstrument;
      const instruments = members.map(({ instrument }) => instrument);
      this.#subscriptions.push(await feed.subscribe(instruments, inbox));
    }
  }

  /** Where the rows will go. */
  connect(parts: LiveChannelParts): void {
    for (const feed of this.#feeds) feed.channel = makeChannel(feed.name, feed.members, parts);
  }

  get channels(): readonly LiveChannel[] {
    return this.#feeds.flatMap(({ channel }) => channel ?? []);
  }

  channelOf({ feedName }: LiveInstrument): LiveChannel | undefined {
    return this.#feeds.find(({ name }) => name === feedName)?.channel;
  }

  /** What waited is delivered, and from now on everything at once; `before` each feed's. */
  open(before: (channel: LiveChannel) => void): void {
    for (const { channel, inbox } of this.#feeds) {
      if (channel === undefined) continue;
      before(channel);
      inbox.openTo(channel);
    }
  }

  get haveEnded(): boolean {
    return this.channels.every(({ hasEnded }) => hasEnded);
  }

  async close(): Promise<void> {
    for (const channel of this.channels) channel.close();
    for (const subscription of this.#subscriptions.splice(0)) {
      await withTimeLimit(() => subscription.close(), CLOSE_TIMEOUT_MS);
    }
  }
}
