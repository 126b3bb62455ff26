import type { Tick } from '../../model/tick.js';
import type { EpochMs } from '../../model/time.js';
import type { FaultMoment, FaultWhen } from './fault-when.js';

/** A tick of the inner feed, alone or as a row of columns, or a block of bars: what a fault of a feed may happen to. */
export interface FeedMoment extends FaultMoment {
  readonly on: 'tick' | 'bars';
  readonly ts: EpochMs;
  /** How many of `on` there were, this one included, over all subscriptions. */
  readonly count: number;
  readonly symbol: string;
  /** To be read during the call, as every tick. */
  readonly tick?: Tick;
}

interface Fault<Kind extends string> {
  readonly kind: Kind;
  readonly when: FaultWhen<FeedMoment>;
}

/**
 * What may go wrong at a {@link FaultyFeed}. Every setting but `kind` and `when` has a default, so `{ kind, when }` is a fault for
 * every kind. Moments are ticks and blocks of bars, unless said otherwise.
 *
 * 1. `lose-tick`: it never comes. 2. `delay-tick`: it comes later by `delayMs`, and what comes meanwhile overtakes it.
 * 3. `duplicate-tick`: it comes `copies` times in all. 4. `reorder-ticks`: it comes after the next `count`, or after `holdMs` if there
 * are none. 5. `silent`: for `lastsMs` nothing comes, and no status says so; what was to come comes at the end, or is lost if `keeps`
 * is false; `heartbeats` lets signs of life come all the same. 6. `disconnect`: `disconnected`, then after `downMs` `live`; what
 * comes meanwhile, this one included, is lost. 7. `skew-clock`: for `lastsMs` the source's instants (`ts`, and the ends of bars) are
 * off by `skewMs`; `recvTs` is ours, and right. 8. `crossed-quote` (ticks): bid and ask change places; where they are equal or one is
 * unknown nothing happens. 9. `nan-quote` (ticks): bid, ask and their sizes become NaN.
 */
export type FeedFault =
  | Fault<'lose-tick'>
  | (Fault<'delay-tick'> & { readonly delayMs?: number })
  | (Fault<'duplicate-tick'> & { readonly copies?: number })
  | (Fault<'reorder-ticks'> & { readonly count?: number; readonly holdMs?: number })
  | (Fault<'silent'> & { readonly lastsMs?: number; readonly keeps?: boolean; readonly heartbeats?: boolean })
  | (Fault<'disconnect'> & { readonly downMs?: number })
  | (Fault<'skew-clock'> & { readonly skewMs?: number; readonly lastsMs?: number })
  | Fault<'crossed-quote'>
  | Fault<'nan-quote'>;

/** Name of a fault of feeds. */
export type FeedFaultKind = FeedFault['kind'];

const NEEDS_QUOTE: Readonly<Record<FeedFaultKind, boolean>> = {
  'lose-tick': false,
  'delay-tick': false,
  'duplicate-tick': false,
  'reorder-ticks': false,
  silent: false,
  disconnect: false,
  'skew-clock': false,
  'crossed-quote': true,
  'nan-quote': true,
};

/** Every kind of {@link FeedFault}, so that a test can run each alone and every pair. */
export const FEED_FAULTS: readonly FeedFaultKind[] = Object.freeze(Object.keys(NEEDS_QUOTE) as FeedFaultKind[]);

/** Whether a fault's kind can happen to a moment. */
export function canHappenAtFeed(fault: FeedFault, moment: FeedMoment): boolean {
  return moment.on === 'tick' || !NEEDS_QUOTE[fault.kind];
}
