import type { Bar, EpochMs } from '@bookrunner/sdk';
import type { UnseenBars, UnseenSource } from '../../simulated-venue/unseen-bars.js';
import type { BarCursor } from './bar-cursor.js';
import type { MutableBar } from './mutable-bar.js';

/** One stream of a group of bars, and what of it the venue has not seen. */
export class GroupMember implements UnseenSource {
  readonly cursor: BarCursor;
  readonly bar: MutableBar;
  readonly instrumentIndex: number = -1;
  /** A bar is under way whose open the venue has not seen. */
  isOpenUnseen = false;
  /** Its row is still to be read, so that `bar` is the one before. */
  private isUnread = false;
  /** The venue has not seen the bar that ended last. */
  private isEndUnseen = false;
  /** An order may rest in the instrument: one came since it was last known that none does. */
  private isWatched = true;
  private readonly opensLater: () => boolean;

  /** `opensLater`: whether the bar under way has not had its turn to open, and from now on waits for it. */
  constructor(cursor: BarCursor, opensLater: () => boolean) {
    this.cursor = cursor;
    this.bar = cursor.event;
    this.instrumentIndex = cursor.setup.instrumentIndex;
    this.opensLater = opensLater;
  }

  /**
   * Lets the next bar begin where it does so now and nobody looks at it: when it ends, else infinity. `unseen` is undefined where the
   * venue sees each bar.
   */
  follow(at: EpochMs, unseen: UnseenBars | undefined): EpochMs {
    const { cursor } = this;
    // Behind the first bar that is traded a stream has none of the warm-up.
    if (unseen === undefined || cursor.nextStart() !== at || this.bar.isWarmup) return Number.POSITIVE_INFINITY;
    if (this.isWatched && this.#isStillWatched(unseen)) return Number.POSITIVE_INFINITY;
    this.isOpenUnseen = true;
    this.isUnread = true;
    return cursor.nextEnd();
  }

  /** Makes `bar` the one that starts: what the venue has not seen of the one before, it need not see any more. */
  open(): void {
    this.isUnread = false;
    this.isEndUnseen = false;
    this.cursor.takeRow();
  }

  /** Makes `bar` the one under way, unless it is. */
  read(): void {
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (this.isUnread === true) this.open();
  }

  /** The bar under way, which was read, ends unseen. */
  end(): void {
    this.isOpenUnseen = false;
    this.isEndUnseen = true;
  }

  showEnded(): Bar | undefined {
    this.isWatched = true;
    if (!this.isEndUnseen) return undefined;
    this.isEndUnseen = false;
    return this.bar;
  }

  showBegun(): Bar | undefined {
    if (!this.isOpenUnseen) return undefined;
    this.isOpenUnseen = false;
    if (this.isUnread && this.opensLater()) return undefined;
    this.read();
    return this.bar;
  }

  #isStillWatched(unseen: UnseenBars): boolean {
    this.isWatched = !unseen.isIdle(this.instrumentIndex);
    return this.isWatched;
  }
}
