import { moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { Money } from '@bookrunner/sdk';
import { sizeGrid, valueOf } from './amounts.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';

/** What orders cost. Negative amounts are rebates. */
export interface CommissionTerms {
  /** Per unit (share, contract); 0.005 where left out. */
  readonly perUnit?: number;
  /** Of an order, in however many parts it fills; 1 where left out. A rebate has none. */
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

/** Units and their price; `lots` are increments, unsigned. */
export interface ChargedUnits {
  readonly lots: number;
  readonly price: number;
}

/** A part of an order that was charged before. */
export interface ChargedPart extends ChargedUnits {
  readonly commission: Commission;
}

/** Per unit with a minimum for the order; currencies and crypto by value. */
export class CommissionModel {
  readonly #terms: CommissionTerms;

  constructor(terms: CommissionTerms) {
    this.#terms = terms;
  }

  /** Of an order that fills at once. */
  of(instrument: InstrumentDefinition, units: ChargedUnits): Commission {
    return this.ofNext(instrument, [], units);
  }

  /** Of the next part of an order: what the whole comes to by then, less what its other parts have paid. */
  ofNext(instrument: InstrumentDefinition, before: readonly ChargedPart[], next: ChargedUnits): Commission {
    const { currency = instrument.currency } = this.#terms;
    const whole = this.#whole(instrument, [...before, next]);
    const paid = before.reduce((sum, { commission }) => sum + commission.amount, 0n);
    const rest = whole.amount - paid;
    // Parts that were corrected downwards have paid too much; nothing is paid back.
    return { amount: rest < 0n && !whole.isRebate ? 0n : rest, currency };
  }

  #whole(instrument: InstrumentDefinition, parts: readonly ChargedUnits[]): { amount: Money; isRebate: boolean } {
    const { perUnit = 0.005, minimum = 1, ofValue = 0.00002 } = this.#terms;
    const byValue = instrument.secType === 'CASH' || instrument.secType === 'CRYPTO';
    const lots = parts.reduce((sum, part) => sum + part.lots, 0);
    const value = parts.reduce((sum, part) => sum + valueOf(instrument, part.lots, part.price), 0n);
    const plain = byValue ? moneyToNumber(value) * ofValue : sizeGrid(instrument).toValue(lots) * perUnit;
    const isRebate = plain < 0 || perUnit < 0;
    return { amount: toMoney(isRebate ? plain : Math.max(plain, minimum), 4), isRebate };
  }
}
