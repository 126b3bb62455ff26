import type { ScopeMoney } from '../execution/scope-view.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Book } from '../portfolio/book.js';

/**
 * Money of one strategy inside its book: its allocation of the book's capital plus everything its own holdings earned. What it had
 * earned at the day's start is taken when the book's trading day changes; a changed allocation moves start and equity alike, so
 * that it is neither profit nor loss.
 */
export function strategyMoney(allocation: () => number, slots: readonly TargetSlot[], book: Book): ScopeMoney {
  const dayStart = { day: 0, earned: Number.NaN };
  const earned = (): number => {
    let total = 0;
    for (const { position } of slots) {
      const { holding, state } = position;
      const booked = holding.realisedNumber - holding.feesNumber - holding.costNumber;
      if (booked !== 0) total += (booked * book.unitValue(state)) / state.instrument.pointValue;
      total += position.value;
    }
    return total;
  };
  return {
    equity: () => book.capital * allocation() + earned(),
    dayStart,
    dayStartEquity: () => {
      if (book.day !== dayStart.day) {
        dayStart.day = book.day;
        dayStart.earned = earned();
      }
      return book.capital * allocation() + dayStart.earned;
    },
    dayEnd: () => book.dayEnd,
    unitValue: (state) => book.unitValue(state),
  };
}
