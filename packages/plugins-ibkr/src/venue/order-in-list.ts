// What a whole list of open orders proves of one of them. Of a request that the gateway swallowed there is no other word.
import type { PendingRequests } from './order-requests.js';
import { type ChangeableTerms, isSameTerms } from './order-terms.js';

/** What was known of an order when the list was asked for. */
export interface BeforeList {
  readonly terms: ChangeableTerms;
  readonly wanted: ChangeableTerms | undefined;
  /** Asked so long before that it should have been answered. */
  readonly overdue: PendingRequests;
}

/** What the list proves. */
export interface ListVerdict {
  /** A change that was asked for before the list has been made. */
  readonly isChangeDone: boolean;
  /** A change that was overdue has had no effect. */
  readonly isChangeLost: boolean;
  /** The same of a cancel. */
  readonly isCancelLost: boolean;
  /** Nothing is asked of it, and its terms are others than were known: whatever copies of older ones came, these are its own. */
  readonly isNews: boolean;
}

/** Why a swallowed request is over, as reports tell it. */
export const SWALLOWED = 'IBKR_NO_ANSWER: The gateway has not answered, and its list of open orders shows no effect.';
const PENDING_CANCEL = 'PendingCancel';

/** `now` is what is known when the list is in: terms and requests are compared by what they are, not by what they say. */
export function judgeList(
  { seen, status }: { readonly seen: ChangeableTerms; readonly status: string },
  { terms, wanted, overdue }: BeforeList,
  now: Pick<BeforeList, 'terms' | 'wanted'> & Pick<PendingRequests, 'cancelAskedAt'>,
): ListVerdict {
  const { change, cancelAskedAt } = overdue;
  const isChangeLost = change !== undefined && change === now.wanted && !isSameTerms(seen, change);
  const isQuiet = isChangeLost || (wanted === undefined && now.wanted === undefined);
  const isOther = !Number.isNaN(seen.qty) && !isSameTerms(seen, now.terms);
  return {
    isChangeDone: wanted !== undefined && wanted === now.wanted && isSameTerms(seen, wanted),
    isChangeLost,
    isCancelLost: cancelAskedAt !== undefined && cancelAskedAt === now.cancelAskedAt && status !== PENDING_CANCEL,
    isNews: isQuiet && terms === now.terms && isOther,
  };
}
