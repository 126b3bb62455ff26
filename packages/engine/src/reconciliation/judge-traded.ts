// What others traded on an account: whether somebody has to decide on it.
import type { EpochMs } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { OrderDesk } from '../execution/order-desk.js';
import { release } from './compare-balances.js';
import type { ReportDraft } from './difference.js';
import { frozenAction } from './undecided.js';
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
  {
    traded,
    before,
    draft,
    at,
  }: { readonly traded: number; readonly before: number; readonly draft: ReportDraft; readonly at: EpochMs },
): void {
  const { account, watch, index } = place;
  const { execution, desk } = parts;
  const { state, instrument } = account.slotOf(index);
  const wasFrozen = account.isFrozen(index);
  const back = takenBack(traded, before);
  const left = before + back;
  account.closeIgnored(index, traded - back);
  // Where all that others traded sums up to nothing, the broker has what the books have.
  const isNothing = account.isExclusive && account.openOf(index) === 0;
  const open = isNothing ? 0 : toDecide(place, { open: left, traded: traded - back });
  if (open === 0 && !account.explained.has(index)) return;
  account.ask(index, open);
  // What others do beside what is being closed took nothing off the books: strategies trade on.
  if (account.unheld.has(index) && (open === 0 || open === left)) return;
  account.unheld.delete(index);
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
      action: frozenAction(place, at),
    },
    true,
  );
}

/** Scaled, signed: what others traded of what a person has to decide on. */
function takenBack(traded: number, before: number): number {
  const isBack = before !== 0 && before > 0 !== traded > 0;
  return isBack ? Math.sign(traded) * Math.min(Math.abs(traded), Math.abs(before)) : 0;
}

/** Scaled quantity that a person has to decide on: what is open of it yet, and what others traded besides of what the books have. */
function toDecide(place: Place, { open, traded }: { readonly open: number; readonly traded: number }): number {
  const taken = takenAt(place);
  if (traded === 0 || taken === 0 || traded > 0 !== taken > 0) return open;
  const known = open !== 0 && open > 0 === taken > 0 ? Math.abs(open) : 0;
  return open + Math.sign(taken) * Math.min(Math.abs(traded), Math.max(0, Math.abs(taken) - known));
}
