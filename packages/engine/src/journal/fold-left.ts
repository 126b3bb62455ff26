// What a set-up has to have a place for: positions, orders and cash of strategies and books that are gone cannot be taken over.
import { moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Kernel } from '../kernel/kernel.js';
import type { PreparedEngine } from '../plugins/index.js';
import type { Book } from '../portfolio/book.js';
import { SUSPENSE } from '../reconciliation/suspense.js';

/** One sentence for each thing without a place, and what of the configuration would give it one. */
export function leftWithoutPlace(folded: Kernel, { config }: PreparedEngine): readonly string[] {
  const { execution, portfolio } = folded.parts;
  return [
    // What no book explains goes with its account.
    ...execution.slots
      .filter(({ strategy, account }) => strategy !== SUSPENSE || config.accounts[account] === undefined)
      .flatMap((slot) => slotLeft(slot, config)),
    ...portfolio.books.flatMap((book) => bookLeft(book, config)),
  ];
}

type Config = PreparedEngine['config'];

function slotLeft(slot: TargetSlot, { strategies }: Config): readonly string[] {
  const { strategy, book, instrument, heldScaled, entries, protection } = slot;
  const { symbol } = instrument;
  const now = strategies[strategy];
  if (now !== undefined && now.book === book && now.symbols.includes(symbol)) return [];
  const orders = entries.length + protection.length;
  if (heldScaled === 0 && orders === 0) return [];
  const holds = heldScaled === 0 ? [] : [`holds ${slot.position.holding.qty} ${symbol}`];
  const works = orders === 0 ? [] : [`has ${orders} order${orders === 1 ? '' : 's'} in ${symbol}`];
  const why =
    now === undefined
      ? 'is not in engine.yaml any more'
      : now.book === book
        ? `does not trade ${symbol} any more`
        : `has moved to book '${now.book}'`;
  return [`Strategy '${strategy}' ${[...holds, ...works].join(' and ')} in book '${book}' and ${why}.`];
}

function bookLeft(book: Book, { books }: Config): readonly string[] {
  const now = books[book.name];
  if (isUntouched(book) && now === undefined) return [];
  if (now === undefined) {
    const cash = book.currencies().map((currency) => `${moneyToNumber(book.cash(currency))} ${currency}`);
    return [`Book '${book.name}' has ${cash.join(' and ')} and is not in engine.yaml any more.`];
  }
  return [
    ...(now.account === book.account
      ? []
      : [`The account of book '${book.name}' was ${book.account} and is ${now.account}.`]),
    ...(now.base === book.base
      ? []
      : [`The base currency of book '${book.name}' was ${book.base} and is ${now.base}.`]),
  ];
}

/** Nothing was ever booked in it. */
function isUntouched(book: Book): boolean {
  return book
    .currencies()
    .every((currency) => book.cash(currency) === (currency === book.base ? toMoney(book.capital) : 0n));
}
