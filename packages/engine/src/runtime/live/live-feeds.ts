// The feeds of a live run: subscribed before its history is asked for, so that no row falls between the two.
import type { Clock, EngineNotice, Subscription } from '@bookrunner/sdk';
import { withTimeLimit } from '../../plugins/time-limit.js';
import type { LiveChannel } from './live-channel.js';
import { type LiveChannelParts, makeChannel } from './live-channels.js';
import { liveError } from './live-errors.js';
import { LiveInbox } from './live-inbox.js';
import { queueFull } from './live-queue.js';
import type { LiveInstrument } from './live-warmup.js';

/** As long as a feed may take to open. */
const SUBSCRIBE_TIMEOUT_MS = 30_000;
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
  readonly #options: LiveFeedsOptions;
  readonly #feeds: readonly SubscribedFeed[];
  readonly #subscriptions: Subscription[] = [];

  constructor(options: LiveFeedsOptions) {
    this.#options = options;
    const { instruments, clock, onNotice } = options;
    const names = [...new Set(instruments.map(({ feedName }) => feedName))];
    this.#feeds = names.map((name) => ({
      name,
      members: instruments.filter(({ feedName }) => feedName === name),
      inbox: new LiveInbox(clock, () => onNotice(queueFull(name, '', clock.nowUtc()))),
    }));
  }

  /** Rows come from now on, and wait; so does the run, but not once it is stopped. Errors: LIVE_SUBSCRIBE_TIMEOUT, and those of the feeds. */
  async subscribe(stop: AbortSignal): Promise<void> {
    for (const feed of this.#feeds) {
      const subscription = await this.#subscribe(feed, stop);
      if (subscription === undefined) return;
      this.#subscriptions.push(subscription);
    }
  }

  /** Undefined where the run was stopped first. */
  async #subscribe({ name, members, inbox }: SubscribedFeed, stop: AbortSignal): Promise<Subscription | undefined> {
    const { clock } = this.#options;
    const { feed } = members[0] as LiveInstrument;
    const subscribing = feed.subscribe(
      members.map(({ instrument }) => instrument),
      inbox,
    );
    const limit = new AbortController();
    const cancel = clock.callAt(clock.nowUtc() + SUBSCRIBE_TIMEOUT_MS, () => limit.abort());
    try {
      const subscription = await Promise.race([subscribing, aborted(AbortSignal.any([stop, limit.signal]))]);
      if (subscription !== undefined) return subscription;
    } finally {
      cancel();
    }
    // Nobody waits for it, and nobody would hear its rows.
    subscribing.then((late) => late.close()).catch(() => {});
    if (stop.aborted) return undefined;
    throw liveError(
      'LIVE_SUBSCRIBE_TIMEOUT',
      `Feed '${name}' has not subscribed its instruments within ${SUBSCRIBE_TIMEOUT_MS} ms.`,
      { details: { feed: name } },
    );
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

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
