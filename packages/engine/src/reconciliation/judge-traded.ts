// What others traded on an account: whether somebody has to decide on it.
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { OrderDesk } from '../execution/order-desk.js';
import { release } from './compare-balances.js';
import type { ReportDraft } from './difference.js';
import { booksAt, brokerAt, cancelEntriesAt, holdAt, type Place, takenAt } from './freeze.js';

/** What judging works with. */
export interface JudgeParts {
  readonly execution: Execution;
  readonly desk: OrderDesk;
}

/** Whether somebody has to decide on what others traded: where it took off what the books have, and where they took back what they had. */
export function judgeTraded(
  parts: JudgeParts,
  place: Place,
  { traded, before, draft }: { readonly traded: number; readonly before: number; readonly draft: ReportDraft },
): void {
  const { account, watch, index } = place;
  const { execution, desk } = parts;
  const { state, instrument } = account.slotOf(index);
  const wasFrozen = account.explained.has(index);
  const open = toDecide(place, { traded, before });
  if (open === 0 && !wasFrozen) return;
  account.ask(index, open);
  // What is being closed is looked at when all is booked.
  if (open === 0 && !account.closing.has(index)) {
    account.decided(index);
    release(execution, watch, { account, index, hold: HOLD.frozen });
  }
  if (open === 0) return;
  // More than a person has let close: nothing is closed before somebody decides on all of it.
  if (Math.abs(open) > Math.abs(before) && account.closing.delete(index)) {
    const own = account.slotOf(index);
    own.targetScaled = Number.NaN;
    for (const order of [...own.entries]) desk.takeBack(order);
  }
  holdAt(place, HOLD.frozen);
  cancelEntriesAt(place, desk);
  if (wasFrozen) return;
  draft.add(
    {
      cause: 'position-taken',
      account: account.account,
      symbol: instrument.symbol,
      evidence: `others ${open < 0 ? 'sold' : 'bought'} ${state.units(Math.abs(open))} of what the books have: the broker has ${state.units(brokerAt(place))}, the books have ${state.units(booksAt(place))}`,
      action: `frozen, in the suspense book: adopt, flatten or ignore ${instrument.symbol}`,
    },
    true,
  );
}

/** Scaled quantity that a person has to decide on after others have traded: `before` is what it was. */
function toDecide(place: Place, { traded, before }: { readonly traded: number; readonly before: number }): number {
  const isBack = before !== 0 && before > 0 !== traded > 0;
  const back = isBack ? Math.sign(traded) * Math.min(Math.abs(traded), Math.abs(before)) : 0;
  const open = before + back;
  const rest = traded - back;
  const taken = takenAt(place);
  if (rest === 0 || taken === 0 || rest > 0 !== taken > 0) return open;
  const known = open !== 0 && open > 0 === taken > 0 ? Math.abs(open) : 0;
  return open + Math.sign(taken) * Math.min(Math.abs(rest), Math.max(0, Math.abs(taken) - known));
}
