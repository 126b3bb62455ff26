// Money as the backtest's books count it at the end of the period; both sides are valued with it.
import type { Currency } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Valuation } from './difference.js';
import { keyOf, type SideOrder } from './side-ledger.js';

/** Last prices and rates of a kernel. */
export class KernelValuation implements Valuation {
  readonly #kernel: Kernel;
  readonly #slots: ReadonlyMap<string, TargetSlot>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    const { runners } = kernel.parts.signals;
    this.#slots = new Map(
      runners.flatMap((runner) => runner.slots.map((slot) => [keyOf(runner.name, slot.instrument.symbol), slot])),
    );
  }

  unitValue(order: SideOrder): number {
    const slot = this.#slotOf(order);
    return slot === undefined ? Number.NaN : slot.bookOf.unitValue(slot.state);
  }

  mark(order: SideOrder): number {
    return this.#slotOf(order)?.state.price ?? Number.NaN;
  }

  rate({ book }: SideOrder, currency: Currency): number {
    return this.bookRate(book, currency);
  }

  /** Whether the kernel trades the symbol for that strategy in that book. */
  has(order: SideOrder): boolean {
    return this.#slotOf(order)?.book === order.book;
  }

  accountOf(book: string): string {
    return this.#kernel.parts.portfolio.books.find(({ name }) => name === book)?.account ?? '';
  }

  /** Venue of the book's account; empty where it has none. */
  venueOf(book: string): string {
    return this.#kernel.setup.books.find(({ name }) => name === book)?.venue ?? '';
  }

  currencyOf(book: string): Currency {
    const found = this.#kernel.parts.portfolio.books.find(({ name }) => name === book);
    return found?.base ?? this.#kernel.setup.baseCurrency;
  }

  /** One unit of a currency in that of the book. */
  bookRate(book: string, currency: Currency): number {
    return this.#kernel.parts.converter.rate(currency, this.currencyOf(book));
  }

  /** One unit of the book's currency in the engine's. */
  baseRate(book: string): number {
    return this.#kernel.parts.converter.rate(this.currencyOf(book), this.#kernel.setup.baseCurrency);
  }

  #slotOf({ strategy, symbol }: SideOrder): TargetSlot | undefined {
    return this.#slots.get(keyOf(strategy, symbol));
  }
}
