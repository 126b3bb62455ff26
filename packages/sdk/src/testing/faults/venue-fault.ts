import type { Order, OrderRef } from '../../model/order.js';
import type { EpochMs } from '../../model/time.js';
import type { VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import type { Strike } from './fault-script.js';
import type { FaultMoment, FaultWhen } from './fault-when.js';

/** A report of the inner venue, or a call to it: what a fault of a venue may happen to. */
export interface VenueMoment extends FaultMoment {
  readonly on: 'report' | 'submit' | 'cancel' | 'replace' | 'snapshot';
  readonly ts: EpochMs;
  /** How many of `on` there were, this one included. */
  readonly count: number;
  /** Numbers of the orders it concerns, from 1 as they were submitted; empty for a snapshot. */
  readonly orderNumbers: readonly number[];
  readonly report?: VenueReport;
  /** The group of a submit. */
  readonly orders?: readonly Order[];
  /** The order of a cancel or replace. */
  readonly ref?: OrderRef;
}

interface Fault<Kind extends string> {
  readonly kind: Kind;
  readonly when: FaultWhen<VenueMoment>;
}

/** A fault that cuts the connection for a time. */
interface Cut {
  /** How long the connection is down; 5,000 ms unless told otherwise. */
  readonly downMs?: number;
}

/**
 * What may go wrong at a {@link FaultyVenue}. Every setting but `kind` and `when` has a default, so `{ kind, when }` is a fault for
 * every kind. "Moments" says what the kind can happen to, and so what `{ nth }` counts.
 *
 * Reports (moments: reports of the inner venue):
 * 1. `lose-report`: it never comes.
 * 2. `delay-report`: it comes later by `delayMs`, and what comes meanwhile overtakes it.
 * 3. `duplicate-report`: it comes `copies` times in all.
 * 4. `reorder-reports`: it comes after the next `count` reports, or after `holdMs` if there are none.
 * 5. `split-fill` (moments: reports of fills): the execution is told in up to `parts` parts of whole lots, with ids of their own, and
 *    from then on everywhere; an execution of one lot, or told before, stays whole.
 *
 * Calls:
 * 6. `reject-after-accept` (submits): the group never reaches the inner venue; `accepted`, then after `delayMs` `rejected`.
 * 7. `fill-after-cancel` (cancels): the cancel is answered `sent` and travels until the order has filled, wholly or in part, or for
 *    `holdMs`; then it arrives, and what comes back is what really is: `cancelled` for the rest, or `cancel-rejected`.
 * 8. `drop-before-write` (submits, cancels, replaces): the connection is lost, the call never arrives, its outcome is `unknown`.
 * 9. `drop-after-write` (the same): the connection is lost, the call arrives, its outcome is `unknown` (unless the inner venue
 *    refuses it, which needs no connection), and its reports are lost.
 *
 * The connection (reports and calls):
 * 10. `disconnect`: the connection is lost. Reports are lost, calls refused, snapshots fail, until it is back.
 * 11. `silent`: for `lastsMs` nothing comes, and no status says so. Calls hang: each arrives with the chance `reach`, and ends in
 *     `unknown` after `limitMs`, snapshots in TESTING_VENUE_SILENT. What was to come comes at the end, or is lost if `keeps` is
 *     false; `heartbeats` lets signs of life come all the same. Infinity as `limitMs` or `lastsMs`: until settled or reconnected.
 * 12. `roll-ids-back`: a disconnect, after which the venue's counter of order ids is behind by `count`.
 * 13. `replay-executions`: a disconnect, after which the last `count` executions are reported again, with the same execution ids,
 *     those lost meanwhile among them.
 * 14. `skew-clock`: for `lastsMs` all instants of the venue are off by `skewMs`.
 *
 * Snapshots (moments: snapshots):
 * 15. `snapshot-incomplete`: each of `parts` misses something, if it has anything, and says so.
 * 16. `snapshot-empty`: nothing in it. It says that it is incomplete, unless `claimsComplete` makes a liar of the venue.
 * 17. `snapshot-stale`: what was true when the last snapshot was taken, or at open, under that instant.
 * 18. `snapshot-late`: what is true now, told after `delayMs`.
 * 19. `snapshot-fail`: rejects with TESTING_SNAPSHOT_FAILED.
 */
export type VenueFault =
  | Fault<'lose-report'>
  | (Fault<'delay-report'> & { readonly delayMs?: number })
  | (Fault<'duplicate-report'> & { readonly copies?: number })
  | (Fault<'reorder-reports'> & { readonly count?: number; readonly holdMs?: number })
  | (Fault<'split-fill'> & { readonly parts?: number; readonly lotStep?: number })
  | (Fault<'reject-after-accept'> & { readonly delayMs?: number })
  | (Fault<'fill-after-cancel'> & { readonly holdMs?: number })
  | (Fault<'drop-before-write'> & Cut)
  | (Fault<'drop-after-write'> & Cut)
  | (Fault<'disconnect'> & Cut)
  | (Fault<'silent'> & {
      readonly lastsMs?: number;
      readonly limitMs?: number;
      readonly keeps?: boolean;
      readonly heartbeats?: boolean;
      readonly reach?: number;
    })
  | (Fault<'roll-ids-back'> & Cut & { readonly count?: number })
  | (Fault<'replay-executions'> & Cut & { readonly count?: number })
  | (Fault<'skew-clock'> & { readonly skewMs?: number; readonly lastsMs?: number })
  | (Fault<'snapshot-incomplete'> & { readonly parts?: readonly (keyof VenueSnapshot)[] })
  | (Fault<'snapshot-empty'> & { readonly claimsComplete?: boolean })
  | Fault<'snapshot-stale'>
  | (Fault<'snapshot-late'> & { readonly delayMs?: number })
  | Fault<'snapshot-fail'>;

/** Name of a fault of venues. */
export type VenueFaultKind = VenueFault['kind'];

const ORDER_CALLS = ['submit', 'cancel', 'replace'] as const;
const ANYTHING = ['report', ...ORDER_CALLS, 'snapshot'] as const;

/** What each kind can happen to. */
const MOMENTS: Readonly<Record<VenueFaultKind, readonly VenueMoment['on'][]>> = {
  'lose-report': ['report'],
  'delay-report': ['report'],
  'duplicate-report': ['report'],
  'reorder-reports': ['report'],
  'split-fill': ['report'],
  'reject-after-accept': ['submit'],
  'fill-after-cancel': ['cancel'],
  'drop-before-write': ORDER_CALLS,
  'drop-after-write': ORDER_CALLS,
  disconnect: ANYTHING,
  silent: ANYTHING,
  'roll-ids-back': ANYTHING,
  'replay-executions': ANYTHING,
  'skew-clock': ANYTHING,
  'snapshot-incomplete': ['snapshot'],
  'snapshot-empty': ['snapshot'],
  'snapshot-stale': ['snapshot'],
  'snapshot-late': ['snapshot'],
  'snapshot-fail': ['snapshot'],
};

/** Every kind of {@link VenueFault}, so that a test can run each alone and every pair. */
export const VENUE_FAULTS: readonly VenueFaultKind[] = Object.freeze(Object.keys(MOMENTS) as VenueFaultKind[]);

/** Whether a fault's kind can happen to a moment. */
export function canHappenAtVenue(fault: VenueFault, moment: VenueMoment): boolean {
  if (fault.kind === 'split-fill') return moment.report?.kind === 'filled';
  return MOMENTS[fault.kind].includes(moment.on);
}

/** The fault of a kind among those that happen now. */
export function strikeOf<Kind extends VenueFaultKind>(
  strikes: readonly Strike<VenueFault>[],
  kind: Kind,
): Strike<VenueFault & { readonly kind: Kind }> | undefined {
  return strikes.find((strike) => strike.fault.kind === kind) as
    | Strike<VenueFault & { readonly kind: Kind }>
    | undefined;
}
