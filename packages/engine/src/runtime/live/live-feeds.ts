// The feeds of a live run: subscribed before its history is asked for, so that no row falls between the two.
import type { Clock, EngineNotice, EpochMs, Subscription } from '@bookrunner/sdk';
import { pluginError } from '../../plugins/index.js';
import { withTimeLimit } from '../../plugins/time-limit.js';
import type { AwayParts } from './away-parts.js';
import { type ClockLimit, untilLimit } from './clock-limit.js';
import { Arrivals } from './live-arrivals.js';
import type { LiveChannel } from './live-channel.js';
import { type LiveChannelParts, makeChannel } from './live-channels.js';
import { liveError } from './live-errors.js';
import { LiveInbox } from './live-inbox.js';
import type { LiveMarket } from './live-market.js';
import { queueFull } from './live-queue.js';
import type { LiveInstrument } from './live-warmup.js';

/** As long as a feed may take to open. */
export const ANSWER_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** Options of {@link LiveFeeds}. */
export interface LiveFeedsOptions {
  readonly instruments: readonly LiveInstrument[];
  readonly clock: Clock;
  readonly onNotice: (notice: EngineNotice) => void;
  /** Absent where all have to be there. */
  readonly away?: AwayParts | undefined;
}

interface SubscribedFeed {
  readonly name: string;
  readonly members: readonly LiveInstrument[];
  inbox: LiveInbox;
  channel?: LiveChannel;
}

/** All feeds of one run, in order of their first instrument. */
export class LiveFeeds {
  readonly #options: LiveFeedsOptions;
  readonly #feeds: readonly SubscribedFeed[];
  readonly #arrivals: Arrivals;
  readonly #subscriptions: Subscription[] = [];

  constructor(options: LiveFeedsOptions) {
    this.#options = options;
    const { instruments, clock } = options;
    this.#arrivals = new Arrivals(clock);
    const names = [...new Set(instruments.map(({ feedName }) => feedName))];
    this.#feeds = names.map((name) => ({
      name,
      members: instruments.filter(({ feedName }) => feedName === name),
      inbox: this.#newInbox(name),
    }));
  }

  /** Rows come from now on, and wait; so does the run, but not once it is stopped. Errors: LIVE_SUBSCRIBE_TIMEOUT, and those of the feeds. */
  async subscribe(stop: AbortSignal): Promise<void> {
    const { away } = this.#options;
    const limitOf = ({ name }: SubscribedFeed): number =>
      away?.answerMs({ kind: 'feed', name }, ANSWER_TIMEOUT_MS) ?? ANSWER_TIMEOUT_MS;
    const there = this.#feeds.filter(({ name }) => away?.isAway({ kind: 'feed', name }) !== true);
    // All of them, whichever fails: each subscription is known when they are closed.
    const outcomes = await Promise.allSettled(
      there.map((feed) => this.#subscribe(feed, { stop, limitMs: limitOf(feed) })),
    );
    outcomes.forEach((outcome, place) => {
      if (outcome.status === 'fulfilled') return;
      const { name } = there[place] as SubscribedFeed;
      if (away?.take({ kind: 'feed', name }, outcome.reason) !== true) throw outcome.reason;
    });
  }

  /**
   * A feed that was away joins the run: what it did not bring comes from history, then what it brings. Errors: PLUGIN_OPEN_TIMEOUT,
   * LIVE_RESOLVE_TIMEOUT, LIVE_SUBSCRIBE_TIMEOUT, those of the feed, and the reason of the signal: nothing joins any more.
   */
  async join(name: string, stop: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const joining = this.#feeds.find((one) => one.name === name) as SubscribedFeed;
    const { feed } = joining.members[0] as LiveInstrument;
    const opened = await untilLimit(feed.open(), { clock, limitMs: ANSWER_TIMEOUT_MS, stop });
    stop.throwIfAborted();
    if (opened === undefined) {
      throw pluginError('PLUGIN_OPEN_TIMEOUT', `feed '${name}' did not open within ${ANSWER_TIMEOUT_MS} ms.`);
    }
    for (const member of joining.members) {
      await askFeed(member, { clock, stop, limitMs: ANSWER_TIMEOUT_MS });
      stop.throwIfAborted();
    }
    // What an earlier try brings late is not heard, and what this one brings not before it has gone well.
    joining.inbox.cut();
    joining.inbox = this.#newInbox(name);
    await this.#subscribe(joining, { stop, limitMs: ANSWER_TIMEOUT_MS });
    stop.throwIfAborted();
    const channel = joining.channel as LiveChannel;
    channel.join(joining.inbox.openTo(channel));
  }

  /** It is away for another reason now. */
  stillAway(name: string, why: string): void {
    this.#feeds.find((feed) => feed.name === name)?.channel?.stillAway(why);
  }

  #newInbox(name: string): LiveInbox {
    const { clock, onNotice } = this.#options;
    return new LiveInbox(clock, this.#arrivals, () => onNotice(queueFull(name, '', clock.nowUtc())));
  }

  /** Not where the run is stopped first. */
  async #subscribe(
    { name, members, inbox }: SubscribedFeed,
    { stop, limitMs }: Omit<ClockLimit, 'clock'>,
  ): Promise<void> {
    const { clock } = this.#options;
    const { feed } = members[0] as LiveInstrument;
    const subscribing = feed.subscribe(
      members.map(({ instrument }) => instrument),
      inbox,
    );
    const subscribed = await untilLimit(subscribing, { clock, limitMs, stop });
    if (subscribed !== undefined) return void this.#subscriptions.push(subscribed.value);
    // Nobody waits for it, and nobody would hear its rows.
    subscribing.then((late) => late.close()).catch(() => {});
    if (stop.aborted) return;
    throw liveError(
      'LIVE_SUBSCRIBE_TIMEOUT',
      `Feed '${name}' has not subscribed its instruments within ${limitMs} ms.`,
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

  /** What waited is delivered, in order over all feeds and each at its instant, and from now on everything at once; `before` all that, as of `at`. */
  open(market: LiveMarket, at: EpochMs, before: (channel: LiveChannel) => void): void {
    const { away } = this.#options;
    for (const { name, inbox } of this.#feeds) if (away?.isAway({ kind: 'feed', name }) === true) inbox.cut();
    const opened = this.#feeds.flatMap(({ channel, inbox }) =>
      channel === undefined ? [] : { channel, ...inbox.openTo(channel) },
    );
    market.asOf(at, () => {
      for (const { channel, missed } of opened) {
        before(channel);
        channel.goLive(missed);
      }
    });
    const waiting = opened.flatMap(({ channel, waiting: rows }) => rows.map((row) => ({ channel, row })));
    for (const { channel, row } of waiting.toSorted((a, b) => a.row.arrival.order - b.row.arrival.order)) {
      market.asOf(this.#arrivals.instantOf(row.arrival), () => channel.waited(row));
    }
    for (const { channel } of opened) channel.caughtUp();
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

/** Whether the feed has the instrument, before anything is subscribed. Errors: LIVE_RESOLVE_TIMEOUT, and those of the feed. */
export async function askFeed(
  { feedName, feed, instrument }: Pick<LiveInstrument, 'feedName' | 'feed' | 'instrument'>,
  { clock, stop, limitMs }: ClockLimit,
): Promise<void> {
  const answer = await untilLimit(feed.resolve(instrument), { clock, limitMs, stop });
  if (answer !== undefined || stop.aborted) return;
  const { symbol } = instrument;
  throw liveError(
    'LIVE_RESOLVE_TIMEOUT',
    `Feed '${feedName}' has not said within ${limitMs} ms whether it has ${symbol}.`,
    { details: { feed: feedName, symbol } },
  );
}
