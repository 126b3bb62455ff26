// What stands in a suspense book until a person decides: told when it grows, and again now and then, so that nobody forgets it.
import { type EpochMs, HOUR_MS } from '@bookrunner/sdk';
import type { ReportDraft } from './difference.js';
import type { Place } from './freeze.js';
import type { SuspenseAccount } from './suspense.js';

/** Between two warnings of the same. */
const REMIND_MS = 4 * HOUR_MS;

/** Whether a person has to decide on it: what others trade on a shared account is theirs. */
export function isToDecide(account: SuspenseAccount, index: number): boolean {
  if (!account.isExclusive && !account.explained.has(index)) return false;
  return account.openOf(index) !== 0 && !account.slotOf(index).isFlattening;
}

/** What there is to do about a symbol that froze, and how much of it there is; to be told at once. */
export function frozenAction({ account, index }: Pick<Place, 'account' | 'index'>, at: EpochMs): string {
  const { state, instrument } = account.slotOf(index);
  const scaled = account.openOf(index);
  account.told.set(index, { scaled, at });
  return `frozen, ${state.units(scaled)} in the suspense book: adopt, flatten or ignore ${instrument.symbol}`;
}

/** Whether there is more to decide on than a person was told of: its broker is asked soon, and he is told the sum of many fills. */
export function hasNews(account: SuspenseAccount): boolean {
  return account.slots.some(({ heldScaled }, index) => heldScaled !== 0 && isNews(account, index));
}

function isNews(account: SuspenseAccount, index: number): boolean {
  if (account.closing.has(index) || !isToDecide(account, index)) return false;
  const told = account.told.get(index)?.scaled ?? 0;
  const open = account.openOf(index);
  return open > 0 !== told > 0 || Math.abs(open) > Math.abs(told);
}

/** With a complete answer: an alarm where more is frozen than was told, else a warning; the same once more after hours. */
export function tellUndecided(place: Place, at: EpochMs, draft: ReportDraft): void {
  const { account, index } = place;
  const told = account.told.get(index);
  if (!isToDecide(account, index)) return void account.told.delete(index);
  const scaled = account.openOf(index);
  const isMore = isNews(account, index);
  if (!isMore && told !== undefined && at - told.at < REMIND_MS) {
    account.told.set(index, { scaled, at: told.at });
    return;
  }
  if (account.closing.has(index)) return;
  const { state, instrument } = account.slotOf(index);
  const isFrozen = account.explained.has(index);
  const decide = `adopt, flatten or ignore ${instrument.symbol}`;
  const action = isFrozen ? frozenAction(place, at) : `strategies trade on; ${decide}`;
  account.told.set(index, { scaled, at });
  const isAlarm = isFrozen && isMore;
  draft.add(
    {
      // What grows without an answer that shows more than was told is what others traded; at a start nothing has been told yet.
      cause: isAlarm && told !== undefined ? 'position-taken' : 'undecided',
      account: account.account,
      symbol: instrument.symbol,
      evidence: `${state.units(scaled)} stand in the suspense book, and nobody has decided what becomes of them`,
      action,
    },
    isAlarm,
  );
}
