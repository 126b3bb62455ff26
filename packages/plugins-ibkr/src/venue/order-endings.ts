// How an order ends, in the words of reports.
import type { EpochMs } from '@bookrunner/sdk';
import type { OrderEnding } from './order-report.js';
import type { OrderTerms } from './order-terms.js';

/** What IB said as it refused. */
export interface SaidRefusal {
  readonly reason: string;
  readonly text: string;
}

/** A GTD order ends this much before its time by another clock. */
const CLOCK_TOLERANCE_MS = 2_000;

/** What a cancel is; `text` is what IB said of it, empty for nothing. */
export function cancellationOf(
  { tif, expiresAt }: OrderTerms,
  { isOurs, text, now }: { readonly isOurs: boolean; readonly text: string; readonly now: EpochMs },
): OrderEnding {
  if (isOurs) return { kind: 'cancelled', reason: 'asked' };
  if (tif === 'GTD' && now >= expiresAt - CLOCK_TOLERANCE_MS) return { kind: 'expired' };
  return { kind: 'cancelled', reason: text === '' ? 'by IB' : text };
}

export function rejectionOf({ reason, text }: SaidRefusal): OrderEnding {
  return { kind: 'rejected', reason, message: text };
}
