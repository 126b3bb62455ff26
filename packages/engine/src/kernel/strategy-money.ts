import type { ScopeMoney } from '../execution/scope-view.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Book } from '../portfolio/book.js';
import type { StrategySetup } from './setup.js';

/**
 * Money of one strategy inside its book: its allocation of the book's capital plus everything its own holdings earned. The day's
 * start is taken when the book's trading day changes.
 */
export function strategyMoney(setup: StrategySetup, slots: readonly TargetSlot[], book: Book): ScopeMoney {
  const dayStart = { day: 0, equity: Number.NaN };
  const equity = (): number => {
    let total = book.capital * setup.allocation;
    for (const { position } of slots) {
      const { holding, state } = position;
      const earned = holding.realisedNumber - holding.feesNumber - holding.costNumber;
      if (earned !== 0) total += (earned * book.unitValue(state)) / state.instrument.pointValue;
      total += position.value;
    }
    return total;
  };
  return {
    equity,
    dayStart,
    dayStartEquity: () => {
      if (book.day !== dayStart.day) {
        dayStart.day = book.day;
        dayStart.equity = equity();
      }
      return dayStart.equity;
    },
    dayEnd: () => book.dayEnd,
    unitValue: (state) => book.unitValue(state),
  };
}
