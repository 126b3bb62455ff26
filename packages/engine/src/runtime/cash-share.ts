import { divideRounded, moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { CashEvent } from '../kernel/event.js';
import type { Kernel } from '../kernel/kernel.js';
import type { VenueCash } from './report-relay.js';

/**
 * Shares cash that a venue booked on an account among its books, by their signed quantity of the instrument; the last one takes
 * what rounding leaves, so the shares add up to the amount. Without a position to go by, the account's first book has it.
 */
export function shareCash(kernel: Kernel, cash: VenueCash): readonly CashEvent[] {
  const books = kernel.parts.portfolio.books.filter((book) => book.account === cash.account);
  const held = books.map((book) =>
    book.positions
      .filter((position) => position.state.index === cash.instrumentIndex)
      .reduce((total, position) => total + position.holding.qtyScaled, 0),
  );
  const total = held.reduce((sum, quantity) => sum + quantity, 0);
  const event = (book: string, amount: number): CashEvent => ({
    kind: 'cash',
    at: cash.at,
    book,
    currency: cash.currency,
    amount,
    reason: 'financing',
  });
  const [first] = books;
  if (first === undefined) return [];
  if (total === 0) return [event(first.name, cash.amount)];
  const amount = toMoney(cash.amount);
  let left = amount;
  const last = held.findLastIndex((quantity) => quantity !== 0);
  return books.flatMap((book, index) => {
    const quantity = held[index] as number;
    if (quantity === 0) return [];
    // Shares are whole at the eight decimals venues book in.
    const share =
      index === last ? left : toMoney(moneyToNumber(divideRounded(amount * BigInt(quantity), BigInt(total))));
    left -= share;
    return [event(book.name, moneyToNumber(share))];
  });
}
