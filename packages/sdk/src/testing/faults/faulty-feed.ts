import type { Clock } from '../../interfaces/clock.js';
import type {
  Feed,
  FeedCapabilities,
  FeedSink,
  RecordedFeed,
  ResolvedInstrument,
  Subscription,
} from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import { FaultLog } from './fault-log.js';
import { FaultScript } from './fault-script.js';
import type { Strike } from './fault-script.js';
import { FaultyLine } from './faulty-line.js';
import { canHappenAtFeed, FEED_FAULTS } from './feed-fault.js';
import type { FeedFault, FeedMoment } from './feed-fault.js';
import { FeedPath } from './feed-path.js';
import { SkewedClock } from './skewed-clock.js';
import { Transit } from './transit.js';

/** Options of {@link FaultyFeed}. */
export interface FaultyFeedOptions {
  /** The test's clock. Nothing else moves what is held back. */
  readonly clock: Clock;
  /** Equal seeds give equal chances; 1 unless told otherwise. */
  readonly seed?: number;
  /** What goes wrong; nothing unless told otherwise. */
  readonly script?: readonly FeedFault[];
}

const DOWN_MS = 5_000;
const SILENCE_MS = 30_000;
const SKEW_LASTS_MS = 60_000;
const SKEW_MS = -5_000;

/**
 * Any {@link Feed} behind a bad connection, for tests of what is made of its data.
 *
 * Rules: 1. With nothing in its script it is the inner feed, delivery for delivery. 2. It delivers nothing that the inner feed did
 * not deliver, but for quotes bent and instants skewed by a fault that says so. 3. All subscriptions share one connection. 4. Faults
 * happen to what is delivered; `resolve`, `history` and `read` are the inner feed's own. 5. `ended` comes once, behind all that is
 * on its way. 6. Equal scripts, seeds and deliveries give equal deliveries and logs. 7. Nothing comes after `close`.
 *
 * @example
 * const feed = new FaultyFeed(inner, { clock, script: [{ kind: 'disconnect', when: { nth: 5 }, downMs: 2_000 }] });
 */
export class FaultyFeed implements Feed {
  /** Absent where the inner feed has none. */
  readonly history?: NonNullable<Feed['history']>;
  /** Absent where the inner feed is not a {@link RecordedFeed}. */
  readonly read?: RecordedFeed['read'];
  /** What has been done to what; as text it belongs into a failure's message. */
  readonly log: FaultLog;
  readonly #inner: Feed;
  readonly #clock: Clock;
  readonly #script: FaultScript<FeedFault, FeedMoment>;
  readonly #transit: Transit;
  readonly #line: FaultyLine;
  readonly #skew: SkewedClock;
  readonly #paths = new Set<FeedPath>();
  readonly #counts = { tick: 0, bars: 0 };
  #hearsHeartbeats = false;

  /** Errors: TESTING_INPUT_INVALID for a script that could never be meant. */
  constructor(inner: Feed | RecordedFeed, { clock, seed = 1, script = [] }: FaultyFeedOptions) {
    this.#inner = inner;
    this.#clock = clock;
    this.log = new FaultLog(clock);
    this.#transit = new Transit(clock);
    this.#skew = new SkewedClock(clock);
    this.#script = new FaultScript({ faults: script, kinds: FEED_FAULTS, seed, canHappen: canHappenAtFeed });
    this.#line = new FaultyLine(clock, {
      lost: () => this.#paths.forEach((path) => path.lost()),
      restored: () => {
        this.log.add('', 'connection restored');
        this.#paths.forEach((path) => path.restored());
      },
    });
    if (inner.history !== undefined) this.history = (request) => inner.history!(request);
    if ('read' in inner && inner.read !== undefined) this.read = (instruments, range) => inner.read(instruments, range);
  }

  get capabilities(): FeedCapabilities {
    return this.#inner.capabilities;
  }

  /** Whether the connection stands and nothing is on its way. */
  get isQuiet(): boolean {
    return this.#line.isQuiet && this.#transit.size === 0;
  }

  resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    return this.#inner.resolve(instrument);
  }

  open(): Promise<void> {
    return this.#inner.open();
  }

  async close(): Promise<void> {
    for (const path of this.#paths) path.close();
    this.#paths.clear();
    this.#transit.clear();
    this.#line.reset();
    await this.#inner.close();
  }

  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    const path = new FeedPath({
      clock: this.#clock,
      log: this.log,
      transit: this.#transit,
      line: this.#line,
      skew: this.#skew,
      sink,
      judge: (moment) => this.#judge(moment),
      strike: (strikes, at) => strikes.forEach((strike) => this.#strike(strike.fault, at)),
      hearsHeartbeats: () => this.#hearsHeartbeats,
    });
    this.#paths.add(path);
    if (this.#line.isCut) path.lost();
    try {
      const subscription = await this.#inner.subscribe(instruments, path);
      return {
        close: () => {
          path.close();
          this.#paths.delete(path);
          return subscription.close();
        },
      };
    } catch (error) {
      this.#paths.delete(path);
      throw error;
    }
  }

  /** Loses the connection by hand, until `reconnect` or for so long. */
  disconnect(downMs = Number.POSITIVE_INFINITY): void {
    this.#cut('', 'a disconnect by hand', downMs);
  }

  /** Ends a lost connection or a silence now. */
  reconnect(): void {
    this.#line.restore();
  }

  /** Lets no fault of the script happen from now on. What has happened stays so until it ends or is settled. */
  heal(): void {
    this.#script.heal();
  }

  /**
   * Lets everything still on its way come, now and in the order it would have come, without moving the clock: the connection is
   * restored, silence ends, clocks are right again. The script goes on afterwards, unless healed.
   */
  settle(): Promise<void> {
    this.#script.pause(true);
    this.#skew.correct();
    do {
      this.reconnect();
      this.#transit.flush();
    } while (!this.isQuiet);
    this.#script.pause(false);
    this.log.add('', 'settled');
    return Promise.resolve();
  }

  #judge(moment: Omit<FeedMoment, 'count' | 'ts'>): readonly Strike<FeedFault>[] {
    this.#counts[moment.on] += 1;
    return this.#script.judge({ ...moment, count: this.#counts[moment.on], ts: this.#clock.nowUtc() });
  }

  #strike(fault: FeedFault, at: string): void {
    switch (fault.kind) {
      case 'disconnect':
        return this.#cut(fault.kind, at, fault.downMs ?? DOWN_MS);
      case 'silent': {
        const { lastsMs = SILENCE_MS, keeps = true, heartbeats = false } = fault;
        const isSilent = this.#line.fallSilent({ lastsMs, keeps });
        if (isSilent) this.#hearsHeartbeats = heartbeats;
        return this.log.add(fault.kind, isSilent ? `for ${lastsMs} ms, at ${at}` : `nothing, as it is cut, at ${at}`);
      }
      case 'skew-clock': {
        const { skewMs = SKEW_MS, lastsMs = SKEW_LASTS_MS } = fault;
        this.#skew.skew(skewMs, lastsMs);
        return this.log.add(fault.kind, `by ${skewMs} ms for ${lastsMs} ms, at ${at}`);
      }
      default:
    }
  }

  #cut(kind: string, at: string, downMs: number): void {
    this.log.add(kind, `connection lost for ${downMs} ms, at ${at}`);
    const lost = this.#line.cut(downMs);
    if (lost > 0) this.log.add(kind, `${lost} messages held by a silence are lost`);
  }
}
