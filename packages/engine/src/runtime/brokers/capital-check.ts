// Capital of books against what their account has, looked at once: nothing stops books from being given money that is not there.
import type { AccountState, Currency, EngineNotice, EpochMs, VenueSnapshot } from '@bookrunner/sdk';
import type { Kernel } from '../../kernel/kernel.js';

/** What a mark or a fee told late may be off by, as a part of the account's equity. */
const TOLERANCE = 0.01;

/** Compares the equity of books with that of their accounts, once for each account. */
export class CapitalCheck {
  readonly #kernel: Kernel;
  readonly #notify: (notice: EngineNotice) => void;
  readonly #done = new Set<string>();

  constructor(kernel: Kernel, notify: (notice: EngineNotice) => void) {
    this.#kernel = kernel;
    this.#notify = notify;
  }

  /** A broker has said what its accounts have. What cannot be compared yet, for want of a rate, is with a later answer. */
  look({ accounts }: VenueSnapshot, at: EpochMs): void {
    if (!accounts.complete) return;
    for (const { account, currency } of accounts.items) {
      if (this.#done.has(account)) continue;
      const equity = this.#sum(
        accounts.items.filter((row) => row.account === account),
        currency,
      );
      const books = this.#booksOf(account, currency);
      if (Number.isNaN(equity + books)) continue;
      this.#done.add(account);
      if (books > equity + Math.abs(equity) * TOLERANCE) this.#tell({ account, currency, equity, books }, at);
    }
  }

  /** An account has a row for each currency. */
  #sum(rows: readonly AccountState[], currency: Currency): number {
    const { converter } = this.#kernel.parts;
    return rows.reduce(
      (sum, row) => sum + (row.equity === 0 ? 0 : row.equity * converter.rate(row.currency, currency)),
      0,
    );
  }

  #booksOf(account: string, currency: Currency): number {
    const { portfolio, converter } = this.#kernel.parts;
    return portfolio.books
      .filter((book) => book.account === account)
      .reduce((sum, book) => sum + book.equity() * converter.rate(book.base, currency), 0);
  }

  #tell(found: { account: string; currency: Currency; equity: number; books: number }, at: EpochMs): void {
    const { account, currency, equity, books } = found;
    const message =
      `The books of account ${account} have ${plain(books)} ${currency} together, and the account has ${plain(equity)} ${currency}: ` +
      'sizes and limits count money that is not there. Correct `capital` of these books.';
    this.#notify({ ts: at, level: 'warning', code: 'CAPITAL_ABOVE_EQUITY', message, details: { ...found } });
  }
}

function plain(money: number): string {
  return String(Number(money.toFixed(2)));
}
