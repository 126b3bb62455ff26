// What stands in suspense goes to a book.
import type { EpochMs } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import { moveSuspense } from './compare-balances.js';
import type { Place } from './freeze.js';
import type { Reconciler } from './reconciler.js';

/** Moves a quantity from the suspense book to a slot, at the price it has there unless another is given; answers the price. */
export function give(
  { parts }: Reconciler,
  { account, index }: Pick<Place, 'account' | 'index'>,
  {
    heir,
    scaled,
    at,
    given = Number.NaN,
  }: { readonly heir: TargetSlot; readonly scaled: number; readonly at: EpochMs; readonly given?: number },
): number {
  const { state } = heir;
  const suspense = account.slotOf(index).position.holding;
  const average = [given, suspense.avgPrice, state.price].find((candidate) => Number.isFinite(candidate)) ?? 0;
  const price = state.exactPrice(average);
  moveSuspense(parts.execution, account, { state, scaled: -scaled, price, at });
  parts.execution.bookOutside(heir, {
    at,
    side: scaled > 0 ? 'buy' : 'sell',
    qty: state.units(Math.abs(scaled)),
    price,
    fee: 0,
    feeCurrency: state.instrument.quote,
    liquidity: 'unknown',
    executionId: '',
  });
  return price;
}
