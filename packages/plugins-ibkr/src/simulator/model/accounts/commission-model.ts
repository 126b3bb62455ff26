import { moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { Money } from '@bookrunner/sdk';
import { sizeGrid, valueOf } from './amounts.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';

/** What an execution costs. Negative amounts are rebates. */
export interface CommissionTerms {
  /** Per unit (share, contract); 0.005 where left out. */
  readonly perUnit?: number;
  /** Of an order's executions one by one; 1 where left out. */
  readonly minimum?: number;
  /** Share of the value, instead of `perUnit`, for currencies and crypto; 0.00002 where left out. */
  readonly ofValue?: number;
  /** The instrument's currency where left out. */
  readonly currency?: string;
}

/** A commission, exact. */
export interface Commission {
  readonly amount: Money;
  readonly currency: string;
}

/** Per unit with a minimum; currencies and crypto by value. */
export class CommissionModel {
  readonly #terms: CommissionTerms;

  constructor(terms: CommissionTerms) {
    this.#terms = terms;
  }

  /** Of one execution; `lots` are increments, unsigned. */
  of(instrument: InstrumentDefinition, lots: number, price: number): Commission {
    const { perUnit = 0.005, minimum = 1, ofValue = 0.00002, currency = instrument.currency } = this.#terms;
    const byValue = instrument.secType === 'CASH' || instrument.secType === 'CRYPTO';
    const qty = sizeGrid(instrument).toValue(lots);
    const plain = byValue ? moneyToNumber(valueOf(instrument, lots, price)) * ofValue : qty * perUnit;
    // A rebate has no minimum.
    const amount = plain < 0 || perUnit < 0 ? plain : Math.max(plain, minimum);
    return { amount: toMoney(amount, 4), currency };
  }
}
