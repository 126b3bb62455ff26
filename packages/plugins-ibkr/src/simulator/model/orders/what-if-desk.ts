import type { ServerMessage } from '../../wire/messages.js';
import type { AccountValuation } from '../accounts/account-valuation.js';
import { sizeGrid } from '../accounts/amounts.js';
import type { CommissionModel } from '../accounts/commission-model.js';
import type { MarketPlace } from '../market/market-place.js';
import { moneyToNumber } from '@bookrunner/sdk';
import { openOrder } from './order-reporter.js';
import { limitOf } from './order-pricing.js';
import type { OrderRecord } from './order-record.js';

interface Parts {
  readonly commissions: CommissionModel;
  readonly markets: MarketPlace;
  readonly valuation: AccountValuation;
}

/** Previews: what an order would do to the margin, and cost. */
export class WhatIfDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The one message that answers a preview; no order comes of it. */
  preview(order: OrderRecord): ServerMessage {
    const { valuation } = this.#parts;
    const before = valuation.of(order.account);
    const change = order.instruments.reduce((sum, instrument) => {
      const { marginRate = 0.5 } = instrument;
      const value = valuation.toBase(this.#valueOf(order, instrument), {
        from: instrument.currency,
        account: order.account,
      });
      return sum + Math.abs(value) * marginRate;
    }, 0);
    const commission = this.#commissionOf(order);
    const text = (amount: number): string => amount.toFixed(2);
    order.status = 'PreSubmitted';
    return openOrder(order, {
      figures: {
        initMarginBefore: text(before.initialMargin),
        maintMarginBefore: text(before.maintenanceMargin),
        equityWithLoanBefore: text(before.equity),
        initMarginChange: text(change),
        maintMarginChange: text(change / 2),
        equityWithLoanChange: text(-commission),
        initMarginAfter: text(before.initialMargin + change),
        maintMarginAfter: text(before.maintenanceMargin + change / 2),
        equityWithLoanAfter: text(before.equity - commission),
        commission,
        minCommission: commission,
        maxCommission: commission,
        commissionCurrency: this.#parts.commissions.of(order.instrument, { lots: 1, price: 1 }).currency,
      },
    });
  }

  #valueOf(order: OrderRecord, instrument: OrderRecord['instrument']): number {
    const { multiplier = 1, priceMagnifier = 1 } = instrument;
    return (order.units(order.totalLots) * this.#parts.markets.of(instrument).midPoint * multiplier) / priceMagnifier;
  }

  #commissionOf(order: OrderRecord): number {
    const { commissions, markets } = this.#parts;
    const parts = order.instruments.map((instrument) => {
      const limit = limitOf(order);
      const price = Number.isNaN(limit) || order.subject.legs.length > 0 ? markets.of(instrument).midPoint : limit;
      const lots = sizeGrid(instrument).toSteps(order.units(order.totalLots));
      return moneyToNumber(commissions.of(instrument, { lots, price }).amount);
    });
    return parts.reduce((sum, part) => sum + part, 0);
  }
}
