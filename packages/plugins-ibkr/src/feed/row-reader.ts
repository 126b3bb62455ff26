// Prices and sizes as the gateway tells them: what is not given becomes NaN, what cannot be is told apart from it.
import { StepGrid } from '@bookrunner/sdk';
import { priceFromIb } from '../contracts/ib-numbers.js';
import type { QualifiedContract } from '../contracts/qualified-contract.js';

/** Contracts whose prices may be zero or less. */
const SIGNED = new Set(['FUT', 'FOP', 'CONTFUT', 'CMDTY']);
/** What the gateway tells where there is no quote. */
const NO_QUOTE = -1;

/** Marks a value that cannot be used. Never delivered. */
export const UNUSABLE = Number.NEGATIVE_INFINITY;

/** Reads the numbers of one contract. */
export class RowReader {
  readonly #contract: QualifiedContract;
  readonly #isSigned: boolean;
  /** Finest price that is a fact: a trade may lie inside a step, but not at the tenth decimal. */
  readonly #grid: StepGrid;

  constructor(contract: QualifiedContract) {
    this.#contract = contract;
    this.#isSigned = SIGNED.has(contract.secType);
    this.#grid = new StepGrid(Number(`1e-${contract.instrument.priceDecimals}`));
  }

  /** In the quote currency; NaN for none, {@link UNUSABLE} for what is no price of this contract. */
  price(told: number | undefined): number {
    if (told === undefined || told === NO_QUOTE) return Number.NaN;
    if (!Number.isFinite(told)) return UNUSABLE;
    if (told <= 0 && !this.#isSigned) return told === 0 ? Number.NaN : UNUSABLE;
    const price = priceFromIb(this.#contract, told);
    return this.#grid.holds(price) ? price : UNUSABLE;
  }

  /** In units; NaN where none is told or what is told is no size. */
  size(told: number | undefined): number {
    return told !== undefined && told >= 0 && told < Number.POSITIVE_INFINITY ? told : Number.NaN;
  }
}
